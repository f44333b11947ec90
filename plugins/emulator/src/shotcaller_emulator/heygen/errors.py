"""Words what goes wrong at HeyGen, in the forms of both dialects."""

from __future__ import annotations

import json

from shotcaller.plugin import JSON, Response


def say(status: int, body: JSON = None, **headers: str) -> Response:
    """Returns an answer of JSON; ``_`` in a header's name means ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(status, {"content-type": "application/json", **named}, content)


def refuse(status: int, code: str, message: str, param: str | None = None) -> Response:
    """Returns an error of v3."""
    error: dict[str, JSON] = {"code": code, "message": message}
    return say(status, {"error": error if param is None else {**error, "param": param}})


def legacy(status: int, code: int, message: str) -> Response:
    """Returns an error of the old dialect."""
    return say(status, {"code": code, "data": None, "message": message})


def invalid(param: str, message: str) -> Response:
    """Returns v3's no to a field."""
    return refuse(400, "invalid_parameter", message, param)


MISDIRECTED = refuse(421, "not_found", "This host is not served here.")
NOT_ALLOWED = refuse(405, "invalid_parameter", "Method not allowed.")
NOT_FOUND = refuse(404, "not_found", "Resource not found.")
NO_VIDEO = refuse(404, "video_not_found", "Video not found.")
BAD_KEY = refuse(401, "unauthorized", "The API key is missing or not valid.")
OLD_BAD_KEY = legacy(401, 40009, "Invalid credentials.")
NO_CREDIT = refuse(402, "insufficient_credit", "The wallet does not cover this.")
IN_PROGRESS = refuse(
    409, "request_in_progress", "A request with this key is still being processed."
)
NOT_READY = refuse(409, "resource_not_ready", "The upload has not arrived yet.")
TOO_MANY = say(
    429,
    {"error": {"code": "resource_limit_exceeded", "message": "Too many jobs run."}},
    retry_after="5",
)
TOO_LARGE = refuse(400, "payload_too_large", "The file has more than 32 MB.")
GONE_PAGE = Response(
    404,
    {"content-type": "text/html"},
    b"<html><body><h1>404 Not Found</h1></body></html>",
)
"""What stands where a path is served no more."""
NGINX = Response(
    502,
    {"content-type": "text/html", "server": "nginx"},
    b"<html><head><title>502 Bad Gateway</title></head></html>",
)
