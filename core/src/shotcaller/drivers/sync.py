"""Performs effects in the calling thread; a spend in one that Ctrl-C cannot reach."""

from __future__ import annotations

import threading
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from shotcaller.drivers import world as shared
from shotcaller.drivers.landing import Part, Unlanded, landed
from shotcaller.drivers.spending import (
    Outcome,
    Spend,
    Uninterrupted,
    abandoned,
    resumed,
)
from shotcaller.drivers.world import Held, World
from shotcaller.effects import Do, Fetch, Lost, Missed, Program, Send, Sleep, Unsent
from shotcaller.take import Done, Footage, Take
from shotcaller.wire import Effect, Response

if TYPE_CHECKING:  # a gateway on this machine needs no HTTP library
    from shotcaller.transport import SyncTransport

T = TypeVar("T")


class SyncDriver:
    """Runs programs, yielding each take as it changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._opening = threading.Lock()
        self._transport: SyncTransport | None = None
        self._spends: set[Spend] = set()

    def run(self, program: Program[T]) -> Generator[Take, None, T]:
        """Runs a program to its end; closing the generator abandons it safely."""
        held, outcome = Held(self._world), Outcome()
        spend: Spend | None = None
        try:
            while True:
                try:
                    effect = resumed(program, outcome)
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                if shared.begins_spend(effect):
                    spend = self.spending(program, effect, held)
                    outcome, changed = spend.run()
                else:
                    outcome, changed = self._performed(effect, held)
                yield from changed
        finally:
            let_go = partial(abandoned, program, held)
            if spend is None:
                let_go()
            else:  # its thread may still be on its way to the record
                spend.afterwards(let_go)

    def spending(self, program: Program[Any], effect: Effect[Any], held: Held) -> Spend:
        """Returns the call that records that a spend begins, spends, and records."""
        self.open()  # loads what sends before anything is recorded
        spend = Uninterrupted(partial(self._spent, program, effect, held))
        self._spends.add(spend)
        spend.afterwards(partial(self._spends.discard, spend))
        return spend

    def open(self) -> SyncTransport:
        """Returns what sends, loaded and connected to nothing yet."""
        from shotcaller.transport import SyncTransport

        with self._opening:
            self._transport = self._transport or SyncTransport()
            return self._transport

    def close(self) -> None:
        """Closes all connections, once no spend is under way."""
        for spend in tuple(self._spends):
            spend.wait()
        if self._transport is not None:
            self._transport.close()

    def _performed(self, effect: Effect[Any], held: Held) -> tuple[Outcome, list[Take]]:
        try:
            answer = self._perform(effect)
        except Exception as error:  # noqa: BLE001  the program is told
            return Outcome(failure=error), []
        changed = held.after(effect, answer)
        return Outcome(answer), [] if changed is None else [changed]

    def _spent(
        self, program: Program[Any], effect: Effect[Any], held: Held
    ) -> tuple[Outcome, list[Take]]:
        """Records that a spend begins, spends, and records the reply, in one go."""
        outcome, changed = self._performed(effect, held)
        if outcome.failure is not None:
            return outcome, changed
        send = shared.fenced(self._world, resumed(program, outcome), outcome.answer)
        outcome, _ = self._performed(send, held)
        outcome, recorded = self._performed(resumed(program, outcome), held)
        return outcome, changed + recorded

    def _perform(self, effect: Effect[Any]) -> Any:
        match effect:
            case Send():
                return self._sent(effect)
            case Sleep(seconds):
                self._world.clock.sleep(shared.jittered(seconds))
                return self._world.clock.now()
            case Do():
                return shared.done(self._world, effect)
            case Fetch(take, source):
                return self._fetched(take, source)
            case _:
                return shared.recorded(self._world.journal, effect)

    def _sent(self, effect: Send) -> Response | Unsent | Lost:
        try:
            request = shared.authorized(self._world, effect)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            return shared.unauthorized(error)
        transport = self.open()
        if effect.spend:
            answer = transport.spend(request, effect.before)
        else:
            answer = transport.ask(request)
        return shared.redacted(self._world, effect, answer)

    def _fetched(self, take: Take, source: Done) -> Footage | Missed:
        return landed(take, partial(self._fill, take, source))

    def _fill(self, take: Take, source: Done, part: Part) -> None:
        if source.url is None:
            part.copy(source.path or "")
            return
        from shotcaller.transport import Unfetched

        account = self._world.accounts[take.gateway]
        try:
            for piece in self.open().download(source.url, account):
                part.add(piece)
        except Unfetched as error:
            raise Unlanded(error.why, error.message) from error
