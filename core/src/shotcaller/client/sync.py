"""Offers the library to synchronous callers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from shotcaller.accounts import Account
from shotcaller.availability import Memory, Outage
from shotcaller.budgets import Allowance, Spending
from shotcaller.catalog import Change, Gateway, Model, Quote, Quoted, Ranking
from shotcaller.client.setup import HAND_OVER, Output, Setup, full_id, named, wanted
from shotcaller.registry import Plugin, Registry
from shotcaller.settings import Settings
from shotcaller.shot import Brief, Shot
from shotcaller.take import Cancellation, Clip, State, Take

if TYPE_CHECKING:  # loading these costs time that listing models need not pay
    from shotcaller.client.doctor import Finding
    from shotcaller.client.verification import Verification
    from shotcaller.drivers.sync import SyncDriver
    from shotcaller.drivers.world import Clock, World
    from shotcaller.journal import Event
    from shotcaller.programs.context import Context

T = TypeVar("T")


class Shotcaller:
    """Makes clips: describe the shot, and it calls it.

    ``settings`` and ``registry`` are read from this machine where not given;
    ``clock`` is for tests. Use it in a ``with`` block, or call :meth:`close`. It may
    be shared by threads, and used after a fork. Whatever it raises on purpose is a
    :class:`~shotcaller.errors.ShotcallerError`.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        registry: Registry | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.setup = Setup.load(settings, registry)
        self._clock = clock
        self._opening = threading.Lock()
        self._opened: tuple[World, SyncDriver] | None = None
        self._inherited: list[tuple[World, SyncDriver]] = []

    def __enter__(self) -> Self:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes connections and journal."""
        self.close()

    def close(self) -> None:
        """Closes connections and journal; takes go on and can be resumed."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is None:
            return
        world, driver = opened
        if world.journal.forked:
            self._inherited.append(opened)
            return
        driver.close()
        world.journal.close()

    def gateways(self) -> tuple[Gateway, ...]:
        """Returns the gateways of all installed plugins, by id."""
        return self.setup.registry.gateways

    def accounts(self) -> tuple[Account, ...]:
        """Returns how each gateway is set up here, by id; no key is in it."""
        return tuple(self.setup.accounts[gateway.id] for gateway in self.gateways())

    def models(self) -> tuple[Model, ...]:
        """Returns the models of all installed plugins, by id."""
        return self.setup.registry.models

    def plugins(self) -> tuple[Plugin, ...]:
        """Returns all plugins found, the broken ones with their reason."""
        return self.setup.registry.plugins

    def rank(self, shot: Shot, brief: Brief | None = None) -> Ranking:
        """Returns what can take a shot, best first, with quotes, and why others cannot.

        Sends nothing and reads no media, so what only the media tell is not judged.
        """
        return self.setup.rank(shot, brief, self._recall)

    def quote(self, shot: Shot, brief: Brief | None = None) -> tuple[Quoted, ...]:
        """Returns what a shot would cost on each model that can take it, best first.

        Each quote is kept for a day under its ``id``; with ``Brief(quote=id)`` a take
        keeps to its model and never costs more than its highest price.
        """
        from shotcaller.programs.promising import quote

        given = self.setup.brief(brief)
        program = quote(self.setup.context(), shot, given)
        return _exhausted(self._driver.run(program), None)

    def quoted(self, quote: str) -> Quoted:
        """Returns a quote by its id, or its beginning; raises ``BadInput`` if over."""
        from shotcaller.programs.promising import looked_up

        return _exhausted(self._driver.run(looked_up(quote)), None)

    def require(self, shot: Shot, brief: Brief | None = None) -> None:
        """Raises as ``generate`` would where no model can take a shot."""
        self.setup.require(shot, brief, self._recall)

    def explain(self, shot: Shot, brief: Brief | None = None) -> tuple[Change, ...]:
        """Returns what would make another model lead than the first of ``rank``.

        Another length, say, or another weight of a vote. Sends nothing.
        """
        return self.setup.explain(shot, brief, self._recall)

    def generate(
        self,
        shot: Shot,
        brief: Brief | None = None,
        *,
        output: Output | None = None,
        watch: Callable[[Take], object] | None = None,
    ) -> Clip:
        """Makes a clip and returns it once it is on disk, checked and receipted.

        The same shot and brief join the take that is running, or return its clip.
        ``output`` is the clip's path; ``watch`` is told of each change. Raises the
        error that says how the take ended, or that it still runs at the deadline.
        """
        from shotcaller.programs.outcomes import clip

        return clip(_exhausted(self._generating(shot, brief, output), watch))

    def follow(
        self, shot: Shot, brief: Brief | None = None, *, output: Output | None = None
    ) -> Generator[Take, None, None]:
        """Makes a clip, yielding the take each time it changes; ends as it ends.

        The last take says how it went. Leaving the loop early abandons nothing: the
        take is in the journal.
        """
        yield from self._generating(shot, brief, output)

    def submit(
        self, shot: Shot, brief: Brief | None = None, *, output: Output | None = None
    ) -> Take:
        """Hands a shot to a gateway and returns its take without waiting for the clip.

        :meth:`resume` collects it, from any process. Where the gateway has no place
        free within seconds the take is returned as it waits, ``queued``.
        """
        from shotcaller.programs import advancing, generating

        context = self._context()
        program = generating.generate(
            context,
            shot,
            self.setup.brief(brief),
            folder=self.setup.folder(),
            output=named(output),
            enough=lambda take: advancing.accepted(context, take),
            patience=HAND_OVER,
        )
        return _exhausted(self._driver.run(program), None)[-1]

    def resume(
        self,
        take: str,
        *,
        patience: float | None = None,
        output: Output | None = None,
        watch: Callable[[Take], object] | None = None,
        fallback: bool = False,
    ) -> Clip:
        """Goes on with a take, by id or the beginning of it, and returns its clip.

        Never pays again. ``patience`` is in seconds, None for as long as it takes;
        ``fallback`` lets the next model step in for a take that ended uncharged,
        whatever its brief says; the rest is as for :meth:`generate`.
        """
        from shotcaller.programs import generating
        from shotcaller.programs.outcomes import clip

        id_ = full_id(self._world.journal, take)
        program = generating.resume(
            self._context(), id_, patience, named(output), fallback=fallback
        )
        return clip(_exhausted(self._driver.run(program), watch))

    def find(self, shot: Shot, brief: Brief | None = None) -> Take | None:
        """Returns the take that a shot and brief would join instead of being paid for.

        None where :meth:`generate` would open a new one. Raises ``BadInput`` where it
        waits to be sent on wider terms than the brief's, as :meth:`generate` does.
        """
        from shotcaller.programs.generating import find

        return _exhausted(self._driver.run(find(shot, self.setup.brief(brief))), None)

    def cancel(self, take: str) -> tuple[Take, Cancellation]:
        """Asks to stop a take and returns it with what became of the wish.

        Where it has an heir, that is the one that runs, is stopped and returned.
        """
        from shotcaller.programs.advancing import cancel

        id_ = full_id(self._world.journal, take)
        return _exhausted(self._driver.run(cancel(self.setup.context(), id_)), None)

    def adopt(self, take: str, remote_id: str) -> Take:
        """Makes the gateway's job of that id a take's that is uncertain, or given up.

        For those who see in the gateway's own list which job it is. The gateway is
        asked once; :meth:`resume` then collects the clip.
        """
        from shotcaller.programs.reconciling import adopt

        id_ = full_id(self._world.journal, take)
        program = adopt(self.setup.context(), id_, remote_id)
        return _exhausted(self._driver.run(program), None)

    def retake(
        self,
        take: str,
        *,
        patience: float | None = None,
        output: Output | None = None,
        watch: Callable[[Take], object] | None = None,
    ) -> Clip:
        """Pays anew for the shot of a take that is over, or uncertain.

        Returns the clip of the new take, by the same model. The earlier take may be
        billed as well. A repeated call joins the new take while that lives. The rest is
        as for :meth:`resume`.
        """
        from shotcaller.programs.outcomes import clip
        from shotcaller.programs.reconciling import retake

        id_ = full_id(self._world.journal, take)
        context, folder = self.setup.context(), self.setup.folder()
        program = retake(context, id_, patience, folder=folder, output=named(output))
        return clip(_exhausted(self._driver.run(program), watch))

    def discard(self, take: str) -> Take:
        """Gives an uncertain take up: no repeated request joins it any more.

        The gateway is asked once more, where it can be: if it has the job, the take is
        kept, and comes back ``submitted``. Otherwise it stays on record; whether it was
        charged stays unknown, so it counts as spent. :meth:`adopt` takes it up again.
        """
        from shotcaller.programs.reconciling import discard

        id_ = full_id(self._world.journal, take)
        return _exhausted(self._driver.run(discard(self.setup.context(), id_)), None)

    def takes(
        self, states: Collection[State] = tuple(State), *, limit: int = 50
    ) -> tuple[Take, ...]:
        """Returns the newest takes in any of the states, newest first."""
        return self._world.journal.takes(wanted(states), limit)

    def spend(self, since: float = 0.0) -> tuple[Spending, ...]:
        """Returns what was spent since a time, by day of UTC, project and model.

        ``since`` is in seconds since 1970.
        """
        return self._world.journal.spending(since)

    def budgets(self, project: str | None = None) -> tuple[Allowance, ...]:
        """Returns what is left of each limit that holds for a project, or for none."""
        given = self.setup.brief(Brief(project=project)).project
        return self.setup.memory(given, self._recall).allowances

    def outages(self) -> Mapping[str, Outage]:
        """Returns what keeps gateways from new work, by gateway, as things are."""
        return self.setup.outages(self._recall)

    def chain(self, take: str) -> tuple[Take, ...]:
        """Returns a take, by id or the beginning of it, with all its attempts."""
        journal = self._world.journal
        return journal.chain(full_id(journal, take))

    def stand_ins(self, take: str) -> tuple[tuple[str, Quote], ...]:
        """Returns who could step in for a take that ended uncharged, best first.

        As things are now: whose gateway takes new work, and whom the budgets leave
        enough for. ``resume`` with ``fallback`` goes on with the first.
        """
        return self.setup.stand_ins(self.chain(take)[-1], self._recall)

    def events(self, take: str) -> tuple[Event, ...]:
        """Returns a take's story, oldest first."""
        journal = self._world.journal
        return journal.events(full_id(journal, take))

    def verify(self, clip: Output) -> Verification:
        """Says whether a clip is the one of its receipt and of the journal.

        Sends and changes nothing. Raises ``BadInput`` where there is no such file.
        """
        from shotcaller.client.verification import verified

        return verified(self._world.journal, clip)

    def doctor(self) -> tuple[Finding, ...]:
        """Returns what is right and wrong with this installation; sends nothing."""
        from shotcaller.client.doctor import examined

        return examined(self.setup)

    def check(self) -> tuple[Finding, ...]:
        """Returns how each account stands whose gateway can be asked; pays nothing."""
        from shotcaller.client.doctor import asked
        from shotcaller.programs.checking import check

        return asked(_exhausted(self._driver.run(check(self.setup.context())), None))

    def _recall(self, project: str | None) -> Memory:
        return self._world.journal.recall(project)

    def _generating(
        self, shot: Shot, brief: Brief | None, output: Output | None
    ) -> Generator[Take, None, tuple[Take, ...]]:
        from shotcaller.programs.generating import generate

        context, folder = self._context(), self.setup.folder()
        chosen = self.setup.brief(brief)
        program = generate(context, shot, chosen, folder=folder, output=named(output))
        return self._driver.run(program)

    def _context(self) -> Context:
        return self.setup.context(self._world.journal.histories())

    @property
    def _world(self) -> World:
        return self._open()[0]

    @property
    def _driver(self) -> SyncDriver:
        return self._open()[1]

    def _open(self) -> tuple[World, SyncDriver]:
        from shotcaller.drivers.sync import SyncDriver

        with self._opening:
            if self._opened is not None and self._opened[0].journal.forked:
                self._inherited.append(self._opened)  # another's, to be left as is
                self._opened = None
            if self._opened is None:
                world = self.setup.world(self._clock)
                self._opened = world, SyncDriver(world)
            return self._opened


def _exhausted(
    run: Generator[Take, None, T], watch: Callable[[Take], object] | None
) -> T:
    while True:
        try:
            take = next(run)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if watch is not None:
            watch(take)
