"""Is time that goes faster than it does, so that minutes are measured in seconds."""

from __future__ import annotations

import time

import anyio
from attrs import field, frozen


@frozen
class Hurried:
    """Is a clock that goes so many times as fast as the one on the wall."""

    speed: float
    started: float = field(factory=time.time)

    def now(self) -> float:
        """Returns seconds since 1970."""
        return self.started + (time.time() - self.started) * self.speed

    def sleep(self, seconds: float) -> None:
        """Waits."""
        _sleep(seconds / self.speed)

    async def asleep(self, seconds: float) -> None:
        """Waits, letting others run."""
        await anyio.sleep(seconds / self.speed)


_sleep = time.sleep


def hurry(speed: float) -> None:
    """Lets all of this process that sleeps by itself do so for less long."""

    def sleep(seconds: float) -> None:
        _sleep(seconds / speed)

    time.sleep = sleep  # type: ignore[assignment]  # whole numbers are floats enough
