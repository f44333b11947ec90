"""Performs exchanges and downloads with a function instead of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TypeAlias

from shotcaller.accounts import Account
from shotcaller.effects import Lost, Unsent
from shotcaller.transport import wording
from shotcaller.transport.downloading import Begin, Download, Piece
from shotcaller.transport.wording import FirstByte, HeldUp, Unfetched
from shotcaller.wire import File, Multipart, Request, Response

Network: TypeAlias = Callable[[Request, datetime], Response | Unsent | Lost]
"""Is all gateways and hosts at once: says what becomes of a request at a time.

A request comes as it would go on the wire: with its key, and with the bytes of files.
"""


class SimulatedTransport:
    """Asks a network that is a function; ``now`` says at what time."""

    def __init__(self, network: Network, now: Callable[[], datetime]) -> None:
        self._network = network
        self._now = now

    def exchange(
        self, request: Request, before: float | None = None
    ) -> Response | Unsent | Lost:
        """Sends a request exactly once; not after ``before``, a monotonic time."""
        first = FirstByte(before)
        try:
            first.trace("send_request_headers.started", {})
        except HeldUp as error:
            return first.failure(error)
        return self._network(on_the_wire(request), self._now())

    def download(self, url: str, account: Account) -> Iterator[Piece]:
        """Yields a clip's pieces; raises ``Unfetched``. Names lead nowhere private."""
        download = Download(url, account, lambda: self._now().timestamp())
        while True:
            _checked(download)
            reply = self.exchange(Request("GET", bytes(download.url).decode()))
            if not isinstance(reply, Response):
                raise Unfetched("unreachable", reply.reason)
            headers = [(k.encode(), v.encode()) for k, v in reply.headers.items()]
            answer = download.answered(reply.status, headers)
            if isinstance(answer, Begin):
                yield answer
                yield reply.body
                return


def _checked(download: Download) -> None:
    host = download.url.host.decode()
    with suppress(ValueError):
        download.check(host, [str(ip_address(host.strip("[]")))])


def on_the_wire(request: Request) -> Request:
    """Returns a request as a gateway gets it: keys revealed, files read."""
    return Request(
        request.method,
        request.url,
        params=request.params,
        headers=dict(wording.headers(request)),
        content=_body(request),
    )


def _body(request: Request) -> bytes | None:
    content = request.content
    if not isinstance(content, File | Multipart):
        return wording.body(request)
    return b"".join(
        part if isinstance(part, bytes) else _read(part)
        for part in wording.parts(content)
    )


def _read(part: File) -> bytes:
    with Path(part.path).open("rb") as file:
        file.seek(part.start)
        return file.read(part.length)
