"""Performs effects under asyncio and trio; files and journal in worker threads.

A spend has a thread of its own, as in sync: it outlives the task, and the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio import to_thread

from shotcaller.drivers import world as shared
from shotcaller.drivers.landing import Part, Unlanded, found
from shotcaller.drivers.recording import Recorder
from shotcaller.drivers.spending import Outcome, Spend, abandoned, resumed
from shotcaller.drivers.sync import SyncDriver
from shotcaller.drivers.world import Held, World
from shotcaller.effects import Do, Fetch, Lost, Missed, Program, Send, Sleep, Unsent
from shotcaller.take import Done, Footage, Take
from shotcaller.transport import AsyncTransport, Unfetched
from shotcaller.wire import Effect, Response

T = TypeVar("T")

MOST_SPENDS = 32
"""How many submits may be on their way at once, each in a thread of its own."""


class AsyncDriver:
    """Runs programs, telling a callback of each take as it changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._recorder = Recorder(world.journal)
        self._paying = SyncDriver(world)
        self._places: anyio.Semaphore | None = None
        self._transport: AsyncTransport | None = None

    async def run(
        self, program: Program[T], changed: Callable[[Take], bool]
    ) -> T | None:
        """Runs a program to its end, or to its next sleep once ``changed`` says False.

        ``changed`` is told of each take, and asked again before each sleep with the
        last one; it says whether anybody still listens. Returns None if nobody did.
        """
        held = Held(self._world)
        spends: list[Spend] = []
        try:
            return await self._looped(program, changed, held, spends)
        finally:
            let_go = partial(abandoned, program, held)
            if spends and not spends[-1].over:  # its thread goes on to the record
                spends[-1].afterwards(let_go)
            else:
                with anyio.CancelScope(shield=True):
                    await _done(let_go, held.release)

    async def close(self) -> None:
        """Closes all connections, once no spend is under way."""
        await to_thread.run_sync(self._paying.close)
        if self._transport is not None:
            await self._transport.close()

    async def _looped(
        self,
        program: Program[T],
        changed: Callable[[Take], bool],
        held: Held,
        spends: list[Spend],
    ) -> T | None:
        outcome = Outcome()
        last: Take | None = None
        while True:
            try:
                effect = resumed(program, outcome)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if isinstance(effect, Sleep) and last is not None and not changed(last):
                return None
            if shared.begins_spend(effect):
                outcome, takes = await self._spent(program, effect, held, spends)
            else:
                outcome, takes = await self._performed(effect, held)
            for last in takes:
                changed(last)

    async def _spent(
        self,
        program: Program[Any],
        effect: Effect[Any],
        held: Held,
        spends: list[Spend],
    ) -> tuple[Outcome, list[Take]]:
        self._places = self._places or anyio.Semaphore(MOST_SPENDS)
        async with self._places:
            await to_thread.run_sync(self._paying.open)
            spend = self._paying.spending(program, effect, held)
            spends[:] = [spend]
            spend.start()
            if spend.over:  # to wait takes a thread, and there may be none
                return spend.result()
            with anyio.CancelScope(shield=True):
                alone = anyio.CapacityLimiter(1)  # or other work would wait for it
                await to_thread.run_sync(spend.wait, limiter=alone)
        return spend.result()

    async def _performed(
        self, effect: Effect[Any], held: Held
    ) -> tuple[Outcome, list[Take]]:
        try:
            answer = await self._perform(effect)
        except Exception as error:  # noqa: BLE001  the program is told
            return Outcome(failure=error), []
        changed = held.after(effect, answer)
        return Outcome(answer), [] if changed is None else [changed]

    async def _perform(self, effect: Effect[Any]) -> Any:
        match effect:
            case Send():
                return await self._sent(effect)
            case Sleep(seconds):
                await self._world.clock.asleep(shared.jittered(seconds))
                return self._world.clock.now()
            case Do():
                return await to_thread.run_sync(shared.done, self._world, effect)
            case Fetch(take, source):
                return await self._fetched(take, source)
            case _:
                return await self._recorder.record(effect)

    async def _sent(self, effect: Send) -> Response | Unsent | Lost:
        try:
            request = shared.authorized(self._world, effect)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            return shared.unauthorized(error)
        answer = await self._open().ask(request)
        return shared.redacted(self._world, effect, answer)

    async def _fetched(self, take: Take, source: Done) -> Footage | Missed:
        there = await to_thread.run_sync(found, take)
        if there is not None:
            return there
        try:
            part = await to_thread.run_sync(Part(take).__enter__)
        except Unlanded as error:
            return error.missed
        try:
            await self._fill(take, source, part)
            return await to_thread.run_sync(part.land)
        except Unlanded as error:
            return error.missed
        finally:
            part.__exit__(None, None, None)

    async def _fill(self, take: Take, source: Done, part: Part) -> None:
        if source.url is None:
            await to_thread.run_sync(part.copy, source.path or "")
            return
        account = self._world.accounts[take.gateway]
        try:
            async with aclosing(self._open().download(source.url, account)) as pieces:
                async for piece in pieces:
                    await to_thread.run_sync(part.add, piece)
        except Unfetched as error:
            raise Unlanded(error.why, error.message) from error

    def _open(self) -> AsyncTransport:
        self._transport = self._transport or AsyncTransport()
        return self._transport


async def _done(call: Callable[[], None], at_least: Callable[[], None]) -> None:
    """Makes a call in a thread, or here a lesser one if the loop has no time left."""
    try:
        await to_thread.run_sync(call)
    except RuntimeError:  # there may be no thread
        call()
    finally:
        at_least()
