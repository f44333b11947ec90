"""The worlds that tests run programs in: sync, asyncio and trio, without waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
from attrs import define, field

from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.sync import SyncDriver
from shotcaller.drivers.world import World
from shotcaller.effects import Program
from shotcaller.take import Take

T = TypeVar("T")
WORLDS = ("sync", "asyncio", "trio")


@define
class StepClock:
    """Tells a time that only sleeping moves on, and remembers each sleep."""

    time: float = 1_800_000_000.0
    slept: list[float] = field(factory=list)
    _lock: threading.Lock = field(factory=threading.Lock)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            # a little more, since jitter may wake a sleeper before its take is due
            self.time += seconds * 1.2 + 0.001

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)
        await anyio.lowlevel.checkpoint()


def performed(
    kind: str,
    world: World,
    program: Program[T],
    watch: Callable[[Take], Any] = lambda take: None,
) -> T:
    """Runs a program in one of the worlds and returns its result."""
    if kind == "sync":
        return _in_sync(world, program, watch)

    async def main() -> T:
        driver = AsyncDriver(world)
        try:
            result = await driver.run(program, lambda take: watch(take) or True)
        finally:
            await driver.close()
        assert result is not None
        return result

    return anyio.run(main, backend=kind)


def _in_sync(world: World, program: Program[T], watch: Callable[[Take], Any]) -> T:
    driver = SyncDriver(world)
    run = driver.run(program)
    try:
        while True:
            watch(next(run))
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        driver.close()
