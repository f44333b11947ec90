"""Records for many runs at once: what waits while the disk is busy shares a commit.

Each run goes on only once its own effect is on disk. A thousand takes would otherwise
queue for thousands of commits, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import anyio
from anyio import lowlevel, to_thread
from attrs import define, field

from shotcaller.drivers.spending import unbegun
from shotcaller.drivers.world import recorded
from shotcaller.journal import Journal
from shotcaller.wire import Effect


@define(eq=False)
class _Waiting:
    """Is an effect in the queue, and what came of it once it is its turn no more."""

    effect: Effect[Any]
    turn: anyio.Event = field(factory=anyio.Event)
    over: bool = False
    answer: Any = None
    failure: Exception | None = None


class Recorder:
    """Performs the journal's effects for all runs of one event loop."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._writing = False
        self._queue: list[_Waiting] = []

    async def record(self, effect: Effect[Any]) -> Any:
        """Performs an effect; raises what the journal raises for it.

        Whoever is cancelled meanwhile hears of it afterwards, and knows what was done.
        """
        await lowlevel.checkpoint_if_cancelled()
        waiting = _Waiting(effect)
        self._queue.append(waiting)
        with anyio.CancelScope(shield=True):
            if self._writing or len(self._queue) > 1:
                await waiting.turn.wait()
            if not waiting.over:
                await self._write()
        if waiting.failure is not None:
            raise waiting.failure
        return waiting.answer

    async def _write(self) -> None:
        """Performs all that waits, and wakes it, and the first that came since."""
        batch, self._queue = self._queue, []
        self._writing = True
        try:
            await to_thread.run_sync(self._performed, batch)
        except RuntimeError as error:  # nothing of it is on disk
            _fail(batch, unbegun(error, "unknown"))
        self._writing = False
        for waiting in batch:
            waiting.turn.set()
        if self._queue:
            self._queue[0].turn.set()

    def _performed(self, batch: Sequence[_Waiting]) -> None:
        try:
            self._journal.together([partial(self._one, each) for each in batch])
        except Exception as error:  # noqa: BLE001  those who wait are told
            _fail(batch, error)  # nothing of it is on disk
        for waiting in batch:
            waiting.over = True

    def _one(self, waiting: _Waiting) -> None:
        try:
            waiting.answer = recorded(self._journal, waiting.effect)
        except Exception as error:  # noqa: BLE001  the others are recorded all the same
            waiting.failure = error


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        waiting.failure = waiting.failure or error
        waiting.over = True
