"""Serves a vendor over HTTP on this machine, with all that may go wrong on the way."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from aiohttp import web
from attrs import frozen

from shotcaller.plugin import Request, Response
from shotcaller_emulator.addresses import origin
from shotcaller_emulator.outcomes import Later, Outcome, Stalled, Torn

LARGEST = 2**30
"""The most bytes of a body."""

LAST_WORDS = 3
"""How many rounds of the loop it takes until what is aborted lets go of its socket."""

Clock = Callable[[], datetime]


class Vendor(Protocol):
    """Is what can be served: it answers requests, and does nothing else."""

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what becomes of a request that arrives at a time."""


@frozen
class Server:
    """Is a vendor being served: ``url`` is its scheme, host and port."""

    url: str


def clock() -> datetime:
    """Returns the time."""
    return datetime.now(UTC)


@contextmanager
def serve(
    vendor: Vendor,
    host: str = "127.0.0.1",
    port: int = 0,
    ssl_context: ssl.SSLContext | None = None,
    clock: Clock = clock,
) -> Iterator[Server]:
    """Serves a vendor while the block lasts, in a thread; ``port`` 0 is a free one.

    The Host header of a request says which of the vendor's hosts it is for. With
    ``ssl_context`` it is https. Raises ``OSError`` where the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family)
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()
    up = threading.Event()

    def begin() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(_serving(_Desk(vendor, clock), listener, ssl_context, up, stop))

    thread = threading.Thread(target=begin, name="emulator", daemon=True)
    thread.start()
    up.wait()
    try:
        scheme = "http" if ssl_context is None else "https"
        yield Server(origin(host, listener.getsockname()[1], scheme))
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _serving(
    desk: _Desk,
    listener: socket.socket,
    ssl_context: ssl.SSLContext | None,
    up: threading.Event,
    stop: asyncio.Event,
) -> None:
    app = web.Application(client_max_size=LARGEST)
    app.router.add_route("*", "/{path:.*}", desk.reply)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.SockSite(runner, listener, ssl_context=ssl_context)
    await site.start()
    up.set()
    await stop.wait()
    await _closed(runner)


async def _closed(runner: web.AppRunner) -> None:
    """Ends all connections, those too whose client reads no more of an answer."""
    server = runner.server
    held = [] if server is None else [each.transport for each in server.connections]
    await runner.cleanup()
    for transport in held:
        if transport is not None:
            transport.abort()
    for _ in range(LAST_WORDS):
        await asyncio.sleep(0)


class _Desk:
    """Turns what arrives into requests for the vendor, and its outcomes into bytes."""

    def __init__(self, vendor: Vendor, clock: Clock) -> None:
        self._vendor = vendor
        self._clock = clock

    async def reply(self, arrived: web.Request) -> web.StreamResponse:
        """Answers a request, or does to its connection what the vendor says."""
        outcome = self._vendor.answer(await _read(arrived), self._clock())
        stream: web.StreamResponse | None = None
        while isinstance(outcome, Later):
            if outcome.so_far is not None:
                stream = await _sent(arrived, stream, outcome.so_far)
            await asyncio.sleep(outcome.seconds)
            outcome = outcome.resume(self._clock())
        if isinstance(outcome, Response):
            return await _answered(arrived, stream, outcome)
        if isinstance(outcome, Torn):
            return await _torn(arrived, outcome)
        if isinstance(outcome, Stalled):
            await asyncio.sleep(outcome.seconds)
        return _reset(arrived)


async def _read(arrived: web.Request) -> Request:
    return Request(
        arrived.method,
        f"{arrived.scheme}://{arrived.host}{arrived.raw_path}",
        headers=dict(arrived.headers),
        content=await arrived.read(),
    )


async def _answered(
    arrived: web.Request, stream: web.StreamResponse | None, response: Response
) -> web.StreamResponse:
    """Answers with a whole response, or with the last part of one."""
    if stream is not None:
        return await _sent(arrived, stream, response)
    return web.Response(
        status=response.status, headers=response.headers, body=response.body
    )


def _head(response: Response) -> web.StreamResponse:
    return web.StreamResponse(status=response.status, headers=response.headers)


async def _torn(arrived: web.Request, torn: Torn) -> web.StreamResponse:
    head = _head(torn.response)
    head.content_length = len(torn.response.body)
    await head.prepare(arrived)
    await head.write(torn.response.body[: torn.after])
    return _reset(arrived)


async def _sent(
    arrived: web.Request, stream: web.StreamResponse | None, part: Response
) -> web.StreamResponse:
    """Sends a part of an answer, after its head if it is the first."""
    if stream is None:
        stream = _head(part)
        stream.enable_chunked_encoding()
        await stream.prepare(arrived)
    await stream.write(part.body)
    return stream


def _reset(arrived: web.Request) -> web.StreamResponse:
    """Resets the connection, as a machine does that is switched off."""
    transport = arrived.transport
    if transport is not None:
        at_once = struct.pack("ii", 1, 0)
        wire = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
    return web.Response()  # which reaches nobody


__all__ = ["Server", "Vendor", "serve"]
