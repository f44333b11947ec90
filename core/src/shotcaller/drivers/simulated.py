"""Performs effects in a world that a test makes up: for authors of plugins and ours.

Programs, plugins and journal are the real ones. Time is virtual, a gateway is a
function, what goes wrong is said by another, and a process dies by an exception.
Nothing is sent, no thread runs, and no file is written but the journal and the clips.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

from attrs import define, frozen

from shotcaller.drivers import world as shared
from shotcaller.drivers.landing import Part, Unlanded, landed
from shotcaller.drivers.spending import Outcome, resumed
from shotcaller.drivers.world import Held, World
from shotcaller.effects import Do, Fetch, Lost, Missed, Program, Send, Sleep, Unsent
from shotcaller.take import Done, Footage, Take
from shotcaller.transport.simulated import Network, SimulatedTransport
from shotcaller.transport.wording import Unfetched
from shotcaller.wire import Effect, Response

T = TypeVar("T")


@define
class VirtualClock:
    """Tells a time that only sleeping, or a test, moves on.

    ``time`` is in seconds since 1970; a test may set it, also back.
    """

    time: float = 1_800_000_000.0

    def now(self) -> float:
        """Returns seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Moves the time on."""
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        """Moves the time on."""
        self.time += seconds


class Crashed(BaseException):
    """Is the death of a simulated process: it records and lets go of nothing more."""


@frozen
class Mishap:
    """Is what goes wrong with an effect.

    ``instead`` is the answer to it, or an exception that is raised in its place;
    :class:`Crashed` ends the process. ``performed`` says that the effect itself took
    place all the same, as where a reply is lost that a gateway gave.
    """

    instead: Any
    performed: bool = False


Trouble: TypeAlias = Callable[[Effect[Any]], Mishap | None]
"""Says what goes wrong with an effect that is about to be performed, if anything."""


@frozen
class Step:
    """Is an effect that was performed, with what it came to.

    ``until`` is the time at which a sleep is over; ``changed`` is the take as a caller
    would see it change.
    """

    effect: Effect[Any]
    outcome: Outcome
    changed: Take | None = None
    until: float | None = None


def calm(_: Effect[Any]) -> Mishap | None:
    """Lets nothing go wrong."""
    return None


class SimulatedDriver:
    """Runs programs an effect at a time, so that a test can do things in between.

    One driver is one process. To close a run is Ctrl-C: a spend that has begun is
    recorded first, as by the other drivers.
    """

    def __init__(self, world: World, network: Network, trouble: Trouble = calm) -> None:
        self._world = world
        self._transport = SimulatedTransport(network, self._now)
        self._trouble = trouble

    def run(self, program: Program[T]) -> Generator[Step, None, T]:
        """Yields after each effect; returns the program's result.

        Who asks for the step after a sleep says that it is over. Raises ``Crashed``,
        and whatever the program raises.
        """
        held = Held(self._world)
        try:
            result = yield from self._steps(program, held)
        except Crashed:
            raise  # the dead let go of nothing
        except BaseException:
            held.release()
            raise
        finally:
            program.close()
        held.release()
        return result

    def finish(self, program: Program[T]) -> T:
        """Returns a program's result; the clock moves on by what it sleeps."""
        run = self.run(program)
        while True:
            try:
                step = next(run)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if step.until is not None:
                clock = self._world.clock
                clock.sleep(max(0.0, step.until - clock.now()))

    def _steps(self, program: Program[T], held: Held) -> Generator[Step, None, T]:
        outcome = Outcome()
        while True:
            try:
                effect = resumed(program, outcome)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if shared.begins_spend(effect):
                outcome = yield from self._spent(program, effect, held)
                continue
            step = self._performed(effect, held)
            yield step
            outcome = step.outcome
            if step.until is not None:
                outcome = Outcome(self._world.clock.now())

    def _spent(
        self, program: Program[Any], effect: Effect[Any], held: Held
    ) -> Generator[Step, None, Outcome]:
        """Records that a spend begins, spends, and records the reply, in one go."""
        left = False
        step = self._performed(effect, held)
        to_come = 2 if step.outcome.failure is None else 0
        while True:
            try:
                if not left:
                    yield step
            except GeneratorExit:
                left = True  # but only once it is recorded
            if not to_come:
                break
            to_come -= 1
            effect = resumed(program, step.outcome)
            if isinstance(effect, Send):
                effect = shared.fenced(self._world, effect, step.outcome.answer)
            step = self._performed(effect, held)
        if left:
            raise GeneratorExit
        return step.outcome

    def _performed(self, effect: Effect[Any], held: Held) -> Step:
        mishap = self._trouble(effect)
        try:
            answer = self._answered(effect, mishap)
        except Exception as error:  # noqa: BLE001  the program is told
            return Step(effect, Outcome(failure=error))
        until = None
        if isinstance(effect, Sleep):
            until = self._world.clock.now() + effect.seconds
        return Step(effect, Outcome(answer), held.after(effect, answer), until)

    def _answered(self, effect: Effect[Any], mishap: Mishap | None) -> Any:
        if mishap is None:
            return self._perform(effect)
        if mishap.performed:
            self._perform(effect)
        if isinstance(mishap.instead, BaseException):
            raise mishap.instead
        return mishap.instead

    def _perform(self, effect: Effect[Any]) -> Any:
        match effect:
            case Send():
                return self._sent(effect)
            case Sleep():
                return None  # the time at which it ends is whose clock it is to say
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
        answer = self._transport.exchange(request, effect.before)
        return shared.redacted(self._world, effect, answer)

    def _fetched(self, take: Take, source: Done) -> Footage | Missed:
        return landed(take, partial(self._fill, take, source))

    def _fill(self, take: Take, source: Done, part: Part) -> None:
        if source.url is None:
            part.copy(source.path or "")
            return
        account = self._world.accounts[take.gateway]
        try:
            for piece in self._transport.download(source.url, account):
                part.add(piece)
        except Unfetched as error:
            raise Unlanded(error.why, error.message) from error

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._world.clock.now(), UTC)
