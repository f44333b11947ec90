"""Performs exchanges and downloads with httpx's synchronous client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import stamina

from shotcaller.effects import Lost, Unsent
from shotcaller.transport import wording
from shotcaller.transport.wording import FirstByte, Unfetched
from shotcaller.wire import File, Multipart, Request, Response


class SyncTransport:
    """Holds two clients: one for the gateways' APIs, one without keys for clips."""

    def __init__(self) -> None:
        wording.quiet()
        agent = wording.user_agent()
        self._api = httpx.Client(
            headers=agent, follow_redirects=False, mounts=wording.DIRECT
        )
        self._media = httpx.Client(
            headers={**agent, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
            timeout=wording.DOWNLOAD_TIMEOUT,
        )
        self._asking = stamina.RetryingCaller(**wording.RETRY).on(httpx.TransportError)

    def spend(self, request: Request) -> Response | Unsent | Lost:
        """Sends a request exactly once; never raises."""
        first = FirstByte()
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

    def download(self, url: str, barred: Callable[[str], str]) -> Iterator[bytes]:
        """Yields a clip's bytes, unpacked by nobody; raises ``Unfetched``."""
        try:
            yield from self._followed(url, barred)
        except httpx.HTTPError as error:
            raise Unfetched("unreachable", wording.worded(error)) from error

    def close(self) -> None:
        """Closes all connections."""
        self._api.close()
        self._media.close()

    def _exchange(
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
            for chunk in reply.iter_bytes():
                received += chunk
                if len(received) > wording.MOST_REPLY_BYTES:
                    msg = "the reply is too large"
                    raise httpx.DecodingError(msg)
            return wording.response(reply, bytes(received))

    def _followed(self, url: str, barred: Callable[[str], str]) -> Iterator[bytes]:
        wording.allow(url, barred)
        for _ in range(wording.REDIRECTS + 1):
            with self._media.stream("GET", url) as reply:
                target = wording.next_hop(reply, url, barred)
                if target is None:
                    yield from reply.iter_raw(wording.CHUNK)
                    return
                url = target
        raise wording.too_many_hops()


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
