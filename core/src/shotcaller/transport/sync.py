"""Performs exchanges and downloads with httpx's synchronous client."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpcore
import httpx
import stamina

from shotcaller.accounts import Account
from shotcaller.effects import Lost, Unsent
from shotcaller.transport import wording
from shotcaller.transport.bounding import bounded
from shotcaller.transport.downloading import BROKEN, Begin, Download, Piece
from shotcaller.transport.pinning import Pinned
from shotcaller.transport.trusting import trusted
from shotcaller.transport.wording import FirstByte
from shotcaller.wire import File, Multipart, Request, Response


class SyncTransport:
    """Holds a client for the gateways' APIs; clips come without it, and its keys."""

    def __init__(self) -> None:
        wording.quiet()
        standing = wording.standing_headers()
        self._api = httpx.Client(
            headers=standing,
            follow_redirects=False,
            mounts=wording.DIRECT,
            verify=trusted(),
        )
        self._asking = stamina.RetryingCaller(**wording.RETRY).on(httpx.TransportError)

    def spend(self, request: Request, before: float | None) -> Response | Unsent | Lost:
        """Sends a request exactly once; never raises.

        ``before`` is the monotonic time after which its first byte may not leave.
        """
        first = FirstByte(before)
        try:
            return self._exchange(request, wording.SPEND_TIMEOUT, first)
        except Exception as error:  # noqa: BLE001  whatever it is, money may have moved
            return first.failure(error)

    def ask(self, request: Request) -> Response | Unsent | Lost:
        """Sends a free request, again after transport failures; never raises."""
        first = FirstByte()
        limits = wording.READ_TIMEOUT
        try:
            # without arguments: what repeats the call logs them, the address too
            return self._asking(partial(self._exchange, request, limits, first))
        except Exception as error:  # noqa: BLE001  the program decides what it means
            return first.failure(error)

    def download(self, url: str, account: Account) -> Iterator[Piece]:
        """Yields a clip's bytes, unpacked by nobody; raises ``Unfetched``.

        Each ``Begin`` makes void what came before.
        """
        download = Download(url, account)
        backend = Pinned(download)
        with httpcore.ConnectionPool(trusted(), network_backend=backend) as pool:
            while True:
                try:
                    yield from _pieces(pool, download)
                except BROKEN as error:
                    download.broken(error)
                else:
                    return

    def close(self) -> None:
        """Closes all connections."""
        self._api.close()

    def _exchange(
        self, request: Request, limits: httpx.Timeout, first: FirstByte
    ) -> Response:
        whole = partial(self._whole, request, limits, first)
        return bounded(wording.within(request), whole)

    def _whole(
        self, request: Request, limits: httpx.Timeout, first: FirstByte
    ) -> Response:
        content = request.content
        with self._api.stream(
            request.method,
            request.url,
            params=dict(request.params) or None,
            headers=wording.headers(request),
            content=_chunks(content)
            if isinstance(content, File | Multipart)
            else wording.body(request),
            timeout=limits,
            extensions={"trace": first.trace},
        ) as reply:
            received = bytearray()
            for chunk in reply.iter_raw():
                received += chunk
                if len(received) > wording.MOST_REPLY_BYTES:
                    msg = "the reply is too large"
                    raise httpx.DecodingError(msg)
            return wording.response(reply, bytes(received))


def _pieces(pool: httpcore.ConnectionPool, download: Download) -> Iterator[Piece]:
    answer: Begin | bool = False
    while answer is False:
        with pool.stream(
            "GET",
            download.url,
            headers=download.headers,
            extensions=download.extensions,
        ) as reply:
            answer = download.answered(reply.status, reply.headers)
            if answer is False:
                continue
            if isinstance(answer, Begin):
                yield answer
            for chunk in reply.iter_stream():
                download.received(chunk)
                yield chunk
            download.finished()


def _chunks(content: File | Multipart) -> Iterator[bytes]:
    for part in wording.parts(content):
        if isinstance(part, bytes):
            yield part
        else:
            yield from _read(part)


def _read(file: File) -> Iterator[bytes]:
    left = file.length
    with Path(file.path).open("rb") as source:
        source.seek(file.start)
        while left > 0 and (chunk := source.read(min(left, wording.CHUNK))):
            left -= len(chunk)
            yield chunk
