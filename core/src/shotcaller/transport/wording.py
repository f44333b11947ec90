"""Turns our requests into httpx's and httpx's outcomes into ours; shared, no I/O."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any, TypedDict
from urllib.parse import urljoin, urlsplit

import httpx

from shotcaller.effects import Lost, Unsent
from shotcaller.secret import Secret
from shotcaller.wire import File, Multipart, Request, Response


class Retry(TypedDict):
    """Names how stamina is to repeat a call."""

    attempts: int
    timeout: float
    wait_initial: float
    wait_jitter: float


MOST_REPLY_BYTES = 8 * 2**20
"""How large a reply may be; clips are not replies."""

DIRECT: Mapping[str, None] = {"http://": None}
"""Keeps plain http, which is for this machine only, from going through a proxy."""

CHUNK = 2**18
REDIRECTS = 3
RETRY = Retry(attempts=3, timeout=60.0, wait_initial=0.2, wait_jitter=0.2)
"""How a free question is repeated within one step, in seconds."""

GONE = frozenset({401, 403, 404, 410})
"""The statuses of a clip's link that mean: ask the gateway for a fresh one."""

SPEND_TIMEOUT = httpx.Timeout(10.0, read=180.0, write=300.0)
"""Long on purpose: a short read time-out on a submit makes its fate unknown."""

READ_TIMEOUT = httpx.Timeout(10.0, read=60.0, write=300.0)
DOWNLOAD_TIMEOUT = httpx.Timeout(10.0, read=60.0)


class Unfetched(Exception):
    """Says why a clip could not be fetched: ``expired`` or ``unreachable``."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why
        self.message = message


class Unsendable(ValueError):
    """Is raised for a key with a character that no header may hold."""


class FirstByte:
    """Knows whether any byte of a request has left, from httpcore's trace."""

    def __init__(self) -> None:
        self.left = False

    def trace(self, name: str, _: Mapping[str, Any]) -> None:
        """Is told of every step of the exchange."""
        if name.endswith("send_request_headers.started"):
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
        "Unsendable": "the key holds a character that none may, such as a line's end",
        "RemoteProtocolError": "the connection ended before the reply was whole",
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
    """Returns httpx's response as ours."""
    return Response(reply.status_code, dict(reply.headers), content)


def next_hop(
    reply: httpx.Response, url: str, barred: Callable[[str], str]
) -> str | None:
    """Returns where a download is redirected to; raises ``Unfetched`` if nowhere good.

    ``barred`` says why an address may not be used.
    """
    host = urlsplit(url).hostname
    if reply.has_redirect_location:
        target = urljoin(url, reply.headers["location"])
        allow(target, barred)
        return target
    status = reply.status_code
    if status in GONE:
        raise Unfetched("expired", f"the clip's link at {host} answered {status}")
    if status != httpx.codes.OK:
        raise Unfetched("unreachable", f"{host} answered {status} for the clip")
    return None


def allow(url: str, barred: Callable[[str], str]) -> None:
    """Raises ``Unfetched`` if a clip may not be fetched from ``url``."""
    why = barred(url)
    if why:
        raise Unfetched("expired", f"the clip's link may not be followed: {why}")


def too_many_hops() -> Unfetched:
    """Returns the failure of a download that is redirected for ever."""
    message = f"the clip's link was redirected more than {REDIRECTS} times"
    return Unfetched("expired", message)
