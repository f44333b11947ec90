"""Performs exchanges and downloads with httpx's asynchronous client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import partial

import anyio
import httpx
import stamina

from shotcaller.effects import Lost, Unsent
from shotcaller.transport import wording
from shotcaller.transport.wording import FirstByte, Unfetched
from shotcaller.wire import File, Multipart, Request, Response


class AsyncTransport:
    """Holds two clients: one for the gateways' APIs, one without keys for clips."""

    def __init__(self) -> None:
        wording.quiet()
        agent = wording.user_agent()
        self._api = httpx.AsyncClient(
            headers=agent, follow_redirects=False, mounts=wording.DIRECT
        )
        self._media = httpx.AsyncClient(
            headers={**agent, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
            timeout=wording.DOWNLOAD_TIMEOUT,
        )
        self._asking = stamina.AsyncRetryingCaller(**wording.RETRY).on(
            httpx.TransportError
        )

    async def spend(self, request: Request) -> Response | Unsent | Lost:
        """Sends a request exactly once; never raises."""
        first = FirstByte()
        try:
            return await self._exchange(request, wording.SPEND_TIMEOUT, first)
        except Exception as error:  # noqa: BLE001  whatever it is, money may have moved
            return first.failure(error)

    async def ask(self, request: Request) -> Response | Unsent | Lost:
        """Sends a free request, again after transport failures; never raises."""
        first = FirstByte()
        limits = wording.READ_TIMEOUT
        try:
            # without arguments: what repeats the call logs them, the address too
            return await self._asking(partial(self._exchange, request, limits, first))
        except Exception as error:  # noqa: BLE001  the program decides what it means
            return first.failure(error)

    async def download(
        self, url: str, barred: Callable[[str], str]
    ) -> AsyncGenerator[bytes, None]:
        """Yields a clip's bytes, unpacked by nobody; raises ``Unfetched``."""
        try:
            async for chunk in self._followed(url, barred):
                yield chunk
        except httpx.HTTPError as error:
            raise Unfetched("unreachable", wording.worded(error)) from error

    async def close(self) -> None:
        """Closes all connections."""
        await self._api.aclose()
        await self._media.aclose()

    async def _exchange(
        self, request: Request, limits: httpx.Timeout, first: FirstByte
    ) -> Response:
        content = request.content
        async with self._api.stream(
            request.method,
            request.url,
            params=dict(request.params) or None,
            headers=wording.headers(request),
            content=_chunks(content)
            if isinstance(content, File | Multipart)
            else wording.body(request),
            timeout=limits,
            extensions={"trace": first.atrace},
        ) as reply:
            received = bytearray()
            async for chunk in reply.aiter_bytes():
                received += chunk
                if len(received) > wording.MOST_REPLY_BYTES:
                    msg = "the reply is too large"
                    raise httpx.DecodingError(msg)
            return wording.response(reply, bytes(received))

    async def _followed(
        self, url: str, barred: Callable[[str], str]
    ) -> AsyncIterator[bytes]:
        wording.allow(url, barred)
        for _ in range(wording.REDIRECTS + 1):
            async with self._media.stream("GET", url) as reply:
                target = wording.next_hop(reply, url, barred)
                if target is None:
                    async for chunk in reply.aiter_raw(wording.CHUNK):
                        yield chunk
                    return
                url = target
        raise wording.too_many_hops()


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
