"""Turns our requests into httpx's and httpx's outcomes into ours; shared, no I/O."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from importlib import metadata
from typing import Any, TypedDict

import httpx

from shotcaller.effects import Lost, Unsent
from shotcaller.secret import Secret
from shotcaller.transport.unpacking import unpacked
from shotcaller.wire import File, Multipart, Request, Response


class Retry(TypedDict):
    """Names how stamina is to repeat a call."""

    attempts: int
    timeout: float
    wait_initial: float
    wait_jitter: float


MOST_REPLY_BYTES = 8 * 2**20
"""How large a reply may be, packed or not; clips are not replies."""

DIRECT: Mapping[str, None] = {"http://": None}
"""Keeps plain http, which is for this machine only, from going through a proxy."""

CHUNK = 2**18
RETRY = Retry(attempts=3, timeout=60.0, wait_initial=0.2, wait_jitter=0.2)
"""How a free question is repeated within one step, in seconds."""

SPEND_TIMEOUT = httpx.Timeout(10.0, read=180.0, write=300.0)
"""Long on purpose: a short read time-out on a submit makes its fate unknown."""

WITHIN = 300.0
SLOWEST = 2**15
"""How long an exchange may take as a whole: so many seconds, and a second more for
each so many bytes that are sent. HTTP's own time-outs begin anew with every byte.
"""

READ_TIMEOUT = httpx.Timeout(10.0, read=60.0, write=300.0)


class Unfetched(Exception):
    """Says why a clip could not be fetched: ``expired`` or ``unreachable``."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why
        self.message = message


class Unsendable(ValueError):
    """Is raised for a key with a character that no header may hold."""


class HeldUp(Exception):
    """Keeps the first byte from leaving, since it is too late for it."""


class FirstByte:
    """Knows whether any byte of a request has left, from httpcore's trace.

    ``before`` is the monotonic time after which none may leave.
    """

    def __init__(self, before: float | None = None) -> None:
        self.left = False
        self._before = before

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Is told of every step of the exchange; raises ``HeldUp`` at the last one."""
        if not name.endswith("send_request_headers.started"):
            return
        request = info.get("request")
        if request is not None and request.method == b"CONNECT":
            return  # that is for a proxy; the gateway hears nothing before it stands
        if self._before is not None and time.monotonic() > self._before:
            raise HeldUp
        self.left = True

    async def atrace(self, name: str, info: Mapping[str, Any]) -> None:
        """Is told of every step of the exchange, in async."""
        self.trace(name, info)

    def failure(self, error: BaseException) -> Unsent | Lost:
        """Returns what an exception of any kind means for the request."""
        reason = worded(error)
        return Lost(reason) if self.left else Unsent(reason)


def worded(error: BaseException) -> str:
    """Returns an error as words without addresses, which may hold signatures."""
    names = {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no reply in time",
        "WriteTimeout": "it could not be written in time",
        "ReadError": "the connection broke",
        "ProxyError": "the proxy refused to connect",
        "Unsendable": "the key holds a character that none may, such as a line's end",
        "RemoteProtocolError": "the connection ended before the reply was whole",
        "TimeoutError": "it took too long as a whole",
        "HeldUp": "it was held up for too long to be sent",
    }
    kind = type(error).__name__
    return names.get(kind, kind)


def quiet() -> None:
    """Keeps httpx and httpcore from logging addresses, whose queries may be signed.

    One logs each address that is asked, the other each header that is answered, a
    redirect's target among them.
    """
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.WARNING)


def user_agent() -> dict[str, str]:
    """Returns the header that says who we are."""
    return {"User-Agent": f"shotcaller/{metadata.version('shotcaller')}"}


def standing_headers() -> dict[str, str]:
    """Returns the headers that each request to a gateway's API has."""
    return {**user_agent(), "Accept-Encoding": "identity"}


def headers(request: Request) -> list[tuple[str, str]]:
    """Returns a request's headers with secrets revealed; for the wire only."""
    sent = [
        (name, _sendable(value) if isinstance(value, Secret) else value)
        for name, value in request.headers.items()
    ]
    named = {name.lower() for name, _ in sent}
    if request.json is not None and "content-type" not in named:
        sent.append(("Content-Type", "application/json"))
    if isinstance(request.content, Multipart):
        sent.append(("Content-Type", request.content.content_type))
    if isinstance(request.content, File | Multipart):
        sent.append(("Content-Length", str(request.content.length)))
    return sent


def within(request: Request) -> float:
    """Returns how many seconds an exchange may take as a whole."""
    content = request.content
    if isinstance(content, File | Multipart):
        size = content.length
    else:
        size = len(body(request) or b"")
    return WITHIN + size / SLOWEST


def _sendable(secret: Secret) -> str:
    """Returns a key that a header can hold; others would be told in an error's text."""
    value = secret.reveal()
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        raise Unsendable
    return value


def parts(content: File | Multipart) -> tuple[bytes | File, ...]:
    """Returns what is to be streamed, in order."""
    if isinstance(content, File):
        return (content,)
    return (content.head, content.file, content.tail)


def body(request: Request) -> bytes | None:
    """Returns the bytes of a request's body, where it is no file."""
    if request.json is not None:
        compact = json.dumps(request.json, ensure_ascii=False, separators=(",", ":"))
        return compact.encode()
    return request.content if isinstance(request.content, bytes) else None


def response(reply: httpx.Response, content: bytes) -> Response:
    """Returns httpx's response as ours, from its body as it came."""
    coding = reply.headers.get("content-encoding", "")
    body = unpacked(content, coding, MOST_REPLY_BYTES)
    return Response(reply.status_code, dict(reply.headers), body)
