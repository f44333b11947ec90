"""Words fal's errors: what happened, which field, by a code that programs can use.

The body's ``type`` says more than its text. The input that an error echoes, a whole
prompt or picture, is never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from shotcaller.plugin import JSON, BadReply, Refused, Response

CONTENT = "content"
UNPROCESSABLE = 422
LONGEST = 300

_WITHHELD = frozenset({"content_policy_violation", "no_media_generated"})
_CODES: Mapping[int, str] = {
    401: "key",
    403: "permission",
    404: "endpoint",
    413: "input",
    422: "input",
    499: "cancelled",
}
_HINTS: Mapping[str, str] = {
    "key": "Set FAL_KEY to a key of your account.",
    "credit": "Add credit at fal.ai; it may take minutes to show.",
    "permission": "The key may not use this endpoint.",
    "endpoint": "The endpoint may be gone, or misspelt.",
}


@frozen
class Said:
    """Is what an error says: a stable code, and a sentence."""

    code: str
    text: str


def refusal(reply: Response) -> Refused:
    """Returns the error for a submit that was turned down."""
    found = said(reply)
    return Refused(found.text, _HINTS.get(found.code, ""), reason=found.code)


def said(reply: Response) -> Said:
    """Returns what fal's body, headers and status say went wrong."""
    body = _body(reply)
    detail = body.get("detail")
    if isinstance(detail, list) and detail:
        return _invalid(detail)
    text = detail if isinstance(detail, str) else ""
    kind = _kind(reply, body)
    code = _CODES.get(reply.status, kind or "failed")
    if "exhausted balance" in text.lower():
        code = "credit"
    if reply.status == UNPROCESSABLE and "safety" in text.lower():
        code = CONTENT  # some partners say it in words only
    named = f" ({kind})" if kind else ""
    return Said(code, f"fal answered {reply.status}{named}: {text[:LONGEST] or '-'}")


def _body(reply: Response) -> Mapping[str, JSON]:
    try:
        body = reply.json()
    except BadReply:
        return {}
    return body if isinstance(body, Mapping) else {}


def _kind(reply: Response, body: Mapping[str, JSON]) -> str:
    kind = reply.headers.get("x-fal-error-type") or body.get("error_type")
    return kind if isinstance(kind, str) else ""


def _invalid(details: list[JSON]) -> Said:
    errors = [error for error in details if isinstance(error, Mapping)]
    kinds = {error.get("type") for error in errors}
    if kinds & _WITHHELD:
        return Said(CONTENT, f"fal withheld it: {_sentences(errors)}")
    return Said("input", f"fal does not take the input: {_sentences(errors)}")


def _sentences(errors: list[Mapping[str, JSON]]) -> str:
    return "; ".join(_sentence(error) for error in errors)[:LONGEST] or "-"


def _sentence(error: Mapping[str, JSON]) -> str:
    where = error.get("loc")
    field = ".".join(str(part) for part in where[1:]) if isinstance(where, list) else ""
    text = f"{error.get('msg') or 'no reason given'} ({error.get('type') or 'no type'})"
    return f"{field}: {text}" if field else text
