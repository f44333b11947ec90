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

from shotcaller.drivers.spending import Uninterrupted
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
        self._queue: list[_Waiting] = []
        self._batch: list[_Waiting] = []
        self._writing: Uninterrupted[None] | None = None

    async def record(self, effect: Effect[Any]) -> Any:
        """Performs an effect; raises what the journal raises for it.

        Whoever is cancelled meanwhile hears of it afterwards, and knows what was done.
        """
        await lowlevel.checkpoint_if_cancelled()
        waiting = _Waiting(effect)
        self._queue.append(waiting)
        if self._writing is None and len(self._queue) == 1:
            waiting.turn.set()
        cancelled: BaseException | None = None
        with anyio.CancelScope(shield=True):
            while not waiting.over:
                try:
                    await self._written(waiting)
                except anyio.get_cancelled_exc_class() as error:
                    cancelled = error  # asyncio's own, which no scope keeps off
        if cancelled is not None:
            raise cancelled
        if waiting.failure is not None:
            raise waiting.failure
        return waiting.answer

    async def _written(self, waiting: _Waiting) -> None:
        """Waits for a turn, performs all that waits then, and wakes who is next.

        Whoever is cancelled over it calls again, and goes on where it was.
        """
        await waiting.turn.wait()
        if waiting.over:
            return
        if self._writing is None:
            self._batch, self._queue = self._queue, []
            self._writing = Uninterrupted(partial(self._performed, self._batch))
        try:
            await to_thread.run_sync(self._writing.attend)
        except RuntimeError:  # no thread is to be had; it blocks the loop, but is done
            self._writing.attend()
        self._writing = None
        for each in self._batch:
            each.over = True
            each.turn.set()
        if self._queue:
            self._queue[0].turn.set()

    def _performed(self, batch: Sequence[_Waiting]) -> None:
        try:
            self._journal.together([partial(self._one, each) for each in batch])
        except Exception as error:  # noqa: BLE001  those who wait are told
            for waiting in batch:  # nothing of it is on disk
                waiting.failure = waiting.failure or error

    def _one(self, waiting: _Waiting) -> None:
        try:
            waiting.answer = recorded(self._journal, waiting.effect)
        except Exception as error:  # noqa: BLE001  the others are recorded all the same
            waiting.failure = error
