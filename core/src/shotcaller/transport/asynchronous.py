"""Performs exchanges and downloads with httpx's asynchronous client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from functools import partial

import anyio
import httpcore
import httpx
import stamina

from shotcaller.accounts import Account
from shotcaller.effects import Lost, Unsent
from shotcaller.transport import wording
from shotcaller.transport.downloading import BROKEN, Begin, Download, Piece
from shotcaller.transport.lanes import Lanes
from shotcaller.transport.pinning import AsyncPinned
from shotcaller.transport.trusting import trusted
from shotcaller.transport.wording import FirstByte, Unfetched
from shotcaller.wire import File, Multipart, Request, Response


class AsyncTransport:
    """Holds clients for the gateways' APIs; clips come without them, and their keys."""

    def __init__(self) -> None:
        wording.quiet()
        standing = wording.standing_headers()
        authorities = trusted()  # now, not in the loop: it takes its time
        self._api = Lanes(
            lambda: httpx.AsyncClient(
                headers=standing,
                follow_redirects=False,
                mounts=wording.DIRECT,
                verify=authorities,
            )
        )
        self._asking = stamina.AsyncRetryingCaller(**wording.RETRY).on(
            httpx.TransportError
        )

    async def ask(self, request: Request) -> Response | Unsent | Lost:
        """Sends a free request, again after transport failures; never raises.

        What spends is sent by a :class:`SyncTransport`, whatever runs it.
        """
        first = FirstByte()
        limits = wording.READ_TIMEOUT
        try:
            # without arguments: what repeats the call logs them, the address too
            return await self._asking(partial(self._exchange, request, limits, first))
        except Exception as error:  # noqa: BLE001  the program decides what it means
            return first.failure(error)

    async def download(self, url: str, account: Account) -> AsyncGenerator[Piece, None]:
        """Yields a clip's bytes, unpacked by nobody; raises ``Unfetched``.

        Each ``Begin`` makes void what came before.
        """
        download = Download(url, account)
        backend = AsyncPinned(download)
        async with httpcore.AsyncConnectionPool(
            trusted(), network_backend=backend
        ) as pool:
            while True:
                try:
                    async with aclosing(_pieces(pool, download)) as pieces:
                        async for piece in pieces:
                            yield piece
                except BROKEN as error:
                    download.broken(error)
                else:
                    return

    async def close(self) -> None:
        """Closes all connections."""
        await self._api.close()

    async def _exchange(
        self, request: Request, limits: httpx.Timeout, first: FirstByte
    ) -> Response:
        with anyio.fail_after(wording.within(request)):
            return await self._whole(request, limits, first)

    async def _whole(
        self, request: Request, limits: httpx.Timeout, first: FirstByte
    ) -> Response:
        content = request.content
        async with (
            self._api.client() as api,
            api.stream(
                request.method,
                request.url,
                params=dict(request.params) or None,
                headers=wording.headers(request),
                content=_chunks(content)
                if isinstance(content, File | Multipart)
                else wording.body(request),
                timeout=limits,
                extensions={"trace": first.atrace},
            ) as reply,
        ):
            received = bytearray()
            async for chunk in reply.aiter_raw():
                received += chunk
                if len(received) > wording.MOST_REPLY_BYTES:
                    msg = "the reply is too large"
                    raise httpx.DecodingError(msg)
            return wording.response(reply, bytes(received))


async def _pieces(
    pool: httpcore.AsyncConnectionPool, download: Download
) -> AsyncGenerator[Piece, None]:
    answer: Begin | bool = False
    while answer is False:
        async with pool.stream(
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
            stream = reply.aiter_stream()
            try:
                async for chunk in stream:
                    download.received(chunk)
                    yield chunk
            except GeneratorExit:
                await _abandoned(stream, download)
                raise
            download.finished()


async def _abandoned(stream: AsyncIterator[bytes], download: Download) -> None:
    """Ends what httpcore began: its generators close each other only by an error."""
    download.abandon()
    with suppress(Unfetched):
        async for _ in stream:
            pass


async def _chunks(content: File | Multipart) -> AsyncIterator[bytes]:
    for part in wording.parts(content):
        if isinstance(part, bytes):
            yield part
        else:
            async for chunk in _read(part):
                yield chunk


async def _read(file: File) -> AsyncIterator[bytes]:
    left = file.length
    async with await anyio.open_file(file.path, "rb") as source:
        await source.seek(file.start)
        while left > 0 and (chunk := await source.read(min(left, wording.CHUNK))):
            left -= len(chunk)
            yield chunk
