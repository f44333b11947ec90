"""Words fal's errors: what happened, which field, by a code that programs can use.

The body's ``type`` says more than its text. The input that an error echoes, a whole
prompt or picture, is never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from shotcaller.plugin import JSON, BadReply, Refused, Response
from shotcaller_fal.gateway import GATEWAY

CONTENT = "content"
UNPROCESSABLE = 422
LONGEST = 300

LEGIBLE = 2**13
"""How much of a vendor's text is looked at, files taken out: it may be megabytes."""

ECHO = 12
"""From how many characters on a text of the input is taken out of a message.

Shorter ones are values such as 16:9, which a message is about.
"""

_NO_CREDIT = frozenset({402, 403})
_TIMEOUT = 504
_IN_WORDS = frozenset({400, UNPROCESSABLE})  # some partners give no type
_WITHHELD = frozenset({"content_policy_violation", "no_media_generated"})
_THEIRS = frozenset(
    {
        "downstream_service_error",
        "downstream_service_unavailable",
        "generation_timeout",
        "internal_server_error",
    }
)
"""What a model says of itself in the form in which it complains of an input."""

_CODES: Mapping[int, str] = {
    400: "input",
    401: "key",
    403: "permission",
    404: "endpoint",
    405: "endpoint",
    413: "input",
    422: "input",
    429: "busy",
    499: "cancelled",
    504: "timeout",
}
_HINTS: Mapping[str, str] = {
    "key": "Set FAL_KEY to a key of your account",
    "credit": "Add credit at fal.ai; it may take minutes to count",
    "permission": "The key may not use this endpoint",
    "endpoint": "The endpoint may be gone, or misspelt",
}
_EMBEDDED = re.compile(r"data:[\w.+/-]*;base64,[\w+/=-]*", re.ASCII)
_QUERY = re.compile(r"(https?://[^\s?#'\"<>]*)[?#][^\s'\"<>]*", re.IGNORECASE)
_LINE = re.compile(r"\s+")


@frozen
class Said:
    """Is what an error says: a stable code, its own words, and a whole sentence."""

    code: str
    text: str
    sentence: str


def refusal(reply: Response) -> Refused | BadReply:
    """Returns the error for a submit that was turned down, or answered by nobody."""
    found = said(reply)
    if reply.status not in GATEWAY.refusals:
        return BadReply(found.text or "no reason was given")
    hint = _HINTS.get(found.code)
    message = f"{found.sentence.rstrip('.')}. {hint}." if hint else found.sentence
    return Refused(message, reason=found.code)


def said(reply: Response) -> Said:
    """Returns what fal's body, headers and status say went wrong."""
    body = _body(reply)
    details = _details(body)
    kinds = {kind for one in details if isinstance(kind := one.get("type"), str)}
    text = _sentences(details) if details else plain(_text(body))
    code = _code(reply.status, kinds, text)
    if code == CONTENT:
        return Said(code, text, f"fal turned it down for its content: {text}")
    if code == "input" and details:
        return Said(code, text, f"fal does not take the input: {text}")
    kind = _kind(reply, body)
    if kind and kind not in text:
        text = f"{text.rstrip('.')} ({kind})".strip()
    ending = f": {text}" if text else " without a reason"
    return Said(code, text, f"fal answered {reply.status}{ending}")


def plain(text: str, most: int = LONGEST) -> str:
    """Returns a vendor's text as one printable line, without embedded files or keys.

    The queries of addresses are left out, which may be signatures.
    """
    legible = _EMBEDDED.sub("data:…", text)[:LEGIBLE]
    short = _QUERY.sub(r"\1", legible)[: most * 4]
    shown = "".join(c if c.isprintable() else " " for c in short)
    line = _LINE.sub(" ", shown).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _code(status: int, kinds: set[str], text: str) -> str:
    if kinds & _WITHHELD:
        return CONTENT
    if status in _NO_CREDIT and "exhausted balance" in text.lower():
        return "credit"
    if status in _IN_WORDS and not kinds and "safety" in text.lower():
        return CONTENT
    if kinds & _THEIRS:
        slow = status == _TIMEOUT or "generation_timeout" in kinds
        return "timeout" if slow else "failed"
    return _CODES.get(status, "failed")


def _body(reply: Response) -> Mapping[str, JSON]:
    try:
        body = reply.json()
    except BadReply:
        return {}
    return body if isinstance(body, Mapping) else {}


def _details(body: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    details = body.get("detail")
    found = details if isinstance(details, list) else [details]
    return [one for one in found if isinstance(one, Mapping)]


def _text(body: Mapping[str, JSON]) -> str:
    """Returns the words of an error: of the queue, of the platform, of a partner."""
    error = body.get("error")
    inner = error.get("message") if isinstance(error, Mapping) else error
    words = (body.get("detail"), inner, body.get("message"), body.get("status"))
    return next((word for word in words if isinstance(word, str) and word), "")


def _kind(reply: Response, body: Mapping[str, JSON]) -> str:
    kind = reply.headers.get("x-fal-error-type") or body.get("error_type")
    return plain(kind, 60) if isinstance(kind, str) else ""


def _sentences(errors: Sequence[Mapping[str, JSON]]) -> str:
    text = "; ".join(_sentence(error) for error in errors)
    for echo in sorted(_echoes([one.get("input") for one in errors]), key=len)[::-1]:
        text = text.replace(echo, "…")
    return plain(text)


def _sentence(error: Mapping[str, JSON]) -> str:
    where = error.get("loc")
    parts = [str(part) for part in where] if isinstance(where, list) else []
    field = ".".join(parts[1:] if parts[:1] == ["body"] else parts)
    said = str(error.get("msg") or "no reason given").rstrip(".")
    text = f"{said} ({error.get('type') or 'no type'})"
    return f"{field}: {text}" if field else text


def _echoes(inputs: Sequence[JSON]) -> set[str]:
    return {text for text in _texts(inputs) if len(text) >= ECHO}


def _texts(inputs: Sequence[JSON]) -> Iterator[str]:
    """Yields every text in what was echoed, however deep; names are no echo."""
    left: list[JSON] = list(inputs)
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
