"""Keeps each HTTP client small: httpx looks through all its connections every time.

Before and after each request it looks at every connection that is open, so a client
with many costs more than the request itself. A thousand takes share a few small ones.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import httpx
from attrs import define

AT_ONCE = 32
"""How many exchanges are under way at once; others wait for their turn."""

WIDTH = 8
"""How many of them share a client."""


@define
class _Lane:
    client: httpx.AsyncClient
    busy: int = 0


class Lanes:
    """Lends clients, the first that has room; makes no more than are needed."""

    def __init__(self, made: Callable[[], httpx.AsyncClient]) -> None:
        self._made = made
        self._places: anyio.Semaphore | None = None
        self._lanes: list[_Lane] = []

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lends a client for one exchange, once there is room for it."""
        if self._places is None:  # not before there is an event loop
            self._places = anyio.Semaphore(AT_ONCE)
        async with self._places:
            lane = self._free()
            lane.busy += 1
            try:
                yield lane.client
            finally:
                lane.busy -= 1

    async def close(self) -> None:
        """Closes all connections."""
        for lane in self._lanes:
            await lane.client.aclose()

    def _free(self) -> _Lane:
        for lane in self._lanes:
            if lane.busy < WIDTH:
                return lane
        lane = _Lane(self._made())
        self._lanes.append(lane)
        return lane
