"""Words HeyGen's errors: what happened, by a code that programs can use.

Three shapes are about: v3 has ``error`` with a code, v2 the same beside ``data`` and
sometimes with status 200, v1 a number and a message at the top.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from shotcaller.plugin import JSON, BadReply, Refused, Response

CONTENT = "content"
LONGEST = 300
FINE = 100
"""The code of the oldest replies that says that nothing went wrong."""

_BY_NAME: Mapping[str, str] = {
    "400105": CONTENT,  # "blocked words" of the old API
    "content_policy_violation": CONTENT,
    "insufficient_credit": "credit",
    "40009": "key",
    "400112": "key",
    "authentication_failed": "key",
    "unauthorized": "key",
    "400561": "permission",
    "400562": "permission",
    "400573": "permission",
    "400599": "permission",
    "400631": "permission",
    "api_key_required": "permission",
    "forbidden": "permission",
    "resource_access_denied": "permission",
}
_BY_STATUS: Mapping[int, str] = {
    400: "input",
    401: "key",
    402: "credit",
    403: "permission",
    404: "missing",
    405: "retired",
    410: "retired",
    413: "input",
    422: "input",
}
_HINTS: Mapping[str, str] = {
    "credit": "Add funds to the API wallet at HeyGen.",
    "key": "Set HEYGEN_API_KEY to a key of your account.",
    "permission": "The key, or the plan, may not do this.",
    "retired": "Use heygen/video-1.",
}


@frozen
class Said:
    """Is what an error says: a stable code, and a sentence."""

    code: str
    text: str


def refusal(reply: Response) -> Refused:
    """Returns the error for what was turned down."""
    found = said(reply)
    return Refused(found.text, _HINTS.get(found.code, ""), reason=found.code)


def retired(reply: Response) -> Refused:
    """Returns the error for what HeyGen does not serve any more."""
    text = f"HeyGen does not serve this any more ({said(reply).text})"
    return Refused(text, _HINTS["retired"], reason="retired")


def good(reply: Response) -> bool:
    """Whether a reply is what was asked for: some errors come with status 200."""
    return 200 <= reply.status < 300 and not _error(body(reply))  # noqa: PLR2004  2xx


def said(reply: Response) -> Said:
    """Returns what a reply's body and status say went wrong."""
    found = _error(body(reply))
    name = _text(found.get("code"))
    message = _text(found.get("message") or found.get("msg"))
    field = _text(found.get("param"))
    named = f" ({name})" if name else ""
    told = f"{field}: {message}" if field else message
    code = failing(name, message) or _BY_STATUS.get(reply.status, name or "failed")
    if code == "missing" and not name:
        code = "retired"  # HeyGen names what it does not find; this path is not there
    text = f"HeyGen answered {reply.status}{named}: {told[:LONGEST] or '-'}"
    return Said(code, text)


def failing(name: str, message: str) -> str:
    """Returns our code for HeyGen's name of a failure, if it stands for more."""
    blocked = "content policy" in message.lower()
    return CONTENT if blocked else _BY_NAME.get(name, "")


def body(reply: Response) -> Mapping[str, JSON]:
    """Returns a reply's JSON, empty where it is none or no table."""
    try:
        found = reply.json()
    except BadReply:
        return {}
    return found if isinstance(found, Mapping) else {}


def _error(found: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Returns the part that says what went wrong, empty where nothing did."""
    error = found.get("error")
    if isinstance(error, Mapping):
        return error
    if error:
        return {"message": error}
    old = found.get("code")
    return {} if old is None or old == FINE else found


def _text(value: JSON) -> str:
    return str(value) if isinstance(value, str | int) else ""
