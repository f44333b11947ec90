"""Performs effects in the calling thread; a spend in one that Ctrl-C cannot reach."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import frozen

from shotcaller.drivers import world as shared
from shotcaller.drivers.landing import Part, Unlanded, landed
from shotcaller.drivers.world import Held, World
from shotcaller.effects import Do, Fetch, Lost, Missed, Program, Send, Sleep, Unsent
from shotcaller.take import Done, Footage, Take
from shotcaller.wire import Effect, Response

if TYPE_CHECKING:  # a gateway on this machine needs no HTTP library
    from shotcaller.transport import SyncTransport

T = TypeVar("T")


@frozen
class Outcome:
    """Is what an effect came to: an answer, or what is thrown into the program."""

    answer: Any = None
    failure: Exception | None = None


def resumed(program: Program[Any], outcome: Outcome) -> Effect[Any]:
    """Gives a program the outcome of its effect and returns its next one."""
    if outcome.failure is not None:
        return program.throw(outcome.failure)
    return program.send(outcome.answer)


class SyncDriver:
    """Runs programs, yielding each take as it changes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._opening = threading.Lock()
        self._transport: SyncTransport | None = None
        self._spends: set[Uninterrupted[tuple[Outcome, list[Take]]]] = set()

    def run(self, program: Program[T]) -> Generator[Take, None, T]:
        """Runs a program to its end; closing the generator abandons it safely."""
        held, outcome = Held(self._world), Outcome()
        spend: Uninterrupted[tuple[Outcome, list[Take]]] | None = None
        try:
            while True:
                try:
                    effect = resumed(program, outcome)
                except StopIteration as stop:
                    result: T = stop.value
                    return result
                if shared.begins_spend(effect):
                    self._open()  # loads what sends before anything is recorded
                    spend = Uninterrupted(partial(self._spent, program, effect, held))
                    self._spends.add(spend)
                    outcome, changed = spend.run()
                    self._spends.discard(spend)
                else:
                    outcome, changed = self._performed(effect, held)
                yield from changed
        finally:
            if spend is None or spend.over:  # else its thread goes on to the record
                held.release()
                program.close()

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
        outcome, _ = self._performed(resumed(program, outcome), held)
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
        transport = self._open()
        answer = transport.spend(request) if effect.spend else transport.ask(request)
        return shared.redacted(self._world, effect, answer)

    def _fetched(self, take: Take, source: Done) -> Footage | Missed:
        return landed(take, partial(self._fill, take, source))

    def _fill(self, take: Take, source: Done, part: Part) -> None:
        if source.url is None:
            part.copy(source.path or "")
            return
        from shotcaller.transport import Begin, Unfetched

        account = self._world.accounts[take.gateway]
        try:
            for piece in self._open().download(source.url, account):
                if isinstance(piece, Begin):
                    part.begin(piece.length)
                else:
                    part.write(piece)
        except Unfetched as error:
            raise Unlanded(error.why, error.message) from error

    def _open(self) -> SyncTransport:
        from shotcaller.transport import SyncTransport

        with self._opening:
            self._transport = self._transport or SyncTransport()
            return self._transport


class Uninterrupted(Generic[T]):
    """Runs a call in a thread of its own, out of reach of Ctrl-C.

    A first one is raised when the call is over, a second at once.
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._over = threading.Event()
        self._results: list[T] = []
        self._errors: list[BaseException] = []

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self._over.is_set()

    def wait(self) -> None:
        """Waits until the call has ended."""
        self._over.wait()

    def run(self) -> T:
        """Returns what the call returns, and raises what it raises."""
        thread = threading.Thread(target=self._perform, name="shotcaller-spend")
        interrupt: KeyboardInterrupt | None = None
        while not self.over:
            try:
                if thread.ident is None:
                    thread.start()
                self._over.wait()  # a join that is interrupted thinks it has ended
            except KeyboardInterrupt as error:
                if interrupt is not None:
                    raise
                interrupt = error
        if interrupt is not None:
            raise interrupt
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def _perform(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # noqa: BLE001  handed to the caller
            self._errors.append(error)
        finally:
            self._over.set()
