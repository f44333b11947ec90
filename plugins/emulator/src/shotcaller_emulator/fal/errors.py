"""Words what goes wrong at fal, in the four forms in which its servers say so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from attrs import field, frozen

from shotcaller.plugin import JSON, Response


def say(status: int, body: JSON = None, **headers: str) -> Response:
    """Returns an answer of JSON; ``_`` in a header's name means ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(status, {"content-type": "application/json", **named}, content)


def refuse(status: int, detail: JSON) -> Response:
    """Returns an answer as the queue gives it: ``detail`` says what is wrong."""
    return say(status, {"detail": detail})


def platform(status: int, kind: str, message: str) -> Response:
    """Returns an error of the platform's, which has a form of its own."""
    return say(status, {"error": {"type": kind, "message": message}})


NOT_FOUND = say(404, {"status": "NOT_FOUND"})
NOT_ALLOWED = refuse(405, "Method Not Allowed")
NO_KEY = refuse(401, "Authentication is required to access this application.")
BAD_KEY = refuse(401, "Invalid authentication credentials.")
EXHAUSTED_DETAIL = (
    "User is locked. Reason: Exhausted balance. "
    "Top up your balance at fal.ai/dashboard/billing."
)
EXHAUSTED = refuse(403, EXHAUSTED_DETAIL)
IN_PROGRESS = refuse(400, "Request is still in progress")
NGINX = Response(
    502,
    {"content-type": "text/html", "server": "nginx"},
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n"
    b"</body>\r\n</html>\r\n",
)
"""What stands before fal's servers says so, without any of fal's own headers."""


@frozen
class Ending:
    """Is how a job ended: what its result answers, and whether it is billed.

    ``told`` is what the status says of it as well, as ``error`` and ``error_type``;
    often it says nothing. An ``Ending`` without ``body`` is that of a job that went
    well: its result is its clip.
    """

    status: int = 200
    body: JSON = None
    headers: Mapping[str, str] = field(factory=dict)
    told: tuple[str, str] | None = None
    billed: bool = False

    @property
    def good(self) -> bool:
        """Whether there is a clip."""
        return self.body is None


WELL = Ending(billed=True)


def model(
    status: int, details: Sequence[Mapping[str, JSON]] | str, *, retry: bool = False
) -> Ending:
    """Returns the ending of a job that its model would not, or could not, do."""
    headers = {
        "x-fal-retryable": "true" if retry else "false",
        "x-fal-needs-retry": "1" if retry else "0",
    }
    return Ending(status, {"detail": details}, headers)


def detail(
    kind: str,
    message: str,
    *where: str | int,
    value: JSON = None,
    ctx: Mapping[str, JSON] | None = None,
) -> Mapping[str, JSON]:
    """Returns one complaint in the form that pydantic gave to all of them."""
    said: dict[str, JSON] = {"loc": list(where), "msg": message, "type": kind}
    said["url"] = f"https://docs.fal.ai/errors#{kind}"
    return {**said, **({"ctx": ctx} if ctx else {}), "input": value}


def infrastructure(
    status: int, kind: str, text: str, *, billed: bool = False, **headers: str
) -> Ending:
    """Returns the ending of a job that fal's own machinery lost."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body: JSON = {"detail": text, "error_type": kind}
    return Ending(
        status, body, {"x-fal-error-type": kind, **named}, (text, kind), billed
    )


def cancelled(*, billed: bool) -> Ending:
    """Returns the ending of a job that was cancelled."""
    text = "The request was cancelled by the client."
    return infrastructure(499, "client_cancelled", text, billed=billed)


def no_path(path: str) -> Ending:
    """Returns the ending of a job at an app that has no such path."""
    return Ending(404, {"detail": f"Path {path} not found"})


TOO_LATE_TO_START = infrastructure(
    504,
    "request_timeout",
    "The request was not started in time.",
    x_fal_request_timeout_type="user",
)

__all__ = [
    "BAD_KEY",
    "EXHAUSTED",
    "EXHAUSTED_DETAIL",
    "IN_PROGRESS",
    "NGINX",
    "NOT_ALLOWED",
    "NOT_FOUND",
    "NO_KEY",
    "TOO_LATE_TO_START",
    "WELL",
    "Ending",
    "cancelled",
    "detail",
    "infrastructure",
    "model",
    "no_path",
    "platform",
    "refuse",
    "say",
]
