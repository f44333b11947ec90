"""Offers the library to asynchronous callers, under asyncio and trio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectSendStream
from attrs import frozen

from shotcaller.accounts import Account
from shotcaller.availability import Memory, Outage
from shotcaller.budgets import Allowance, Spending
from shotcaller.catalog import Change, Gateway, Model, Quote, Quoted, Ranking
from shotcaller.client.doctor import Finding, asked, examined
from shotcaller.client.setup import HAND_OVER, Output, Setup, full_id, named, wanted
from shotcaller.client.verification import Verification, verified
from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.world import Clock, World
from shotcaller.effects import Program
from shotcaller.journal import Event
from shotcaller.programs import (
    advancing,
    checking,
    generating,
    outcomes,
    promising,
    reconciling,
)
from shotcaller.programs.context import Context
from shotcaller.registry import Plugin, Registry
from shotcaller.settings import Settings
from shotcaller.shot import Brief, Shot
from shotcaller.take import Cancellation, Clip, State, Take

T = TypeVar("T")


@frozen
class _Ended:
    """Is the last thing a run tells its listener."""

    result: Any = None
    error: Exception | None = None


class AsyncShotcaller:
    """Makes clips: describe the shot, and it calls it; the same as ``Shotcaller``.

    An asynchronous context manager: its task group runs every take, callers only
    listen. One that is cancelled ends its run at the next wait, never inside a
    submit; the take stays in the journal. Whatever it raises on purpose is a
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
        self._entered: tuple[World, AsyncDriver, TaskGroup] | None = None

    async def __aenter__(self) -> Self:
        """Opens the journal and starts the task group."""
        world = await to_thread.run_sync(self.setup.world, self._clock)
        group = anyio.create_task_group()
        await group.__aenter__()
        self._entered = world, AsyncDriver(world), group
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends all runs once no submit is under way, and closes the journal."""
        world, driver, group = self._parts()
        group.cancel_scope.cancel()
        try:
            # not told of the body's error: it would wrap it into a group
            await group.__aexit__(None, None, None)
        finally:
            with anyio.CancelScope(shield=True):
                await driver.close()
                await to_thread.run_sync(world.journal.close)
            self._entered = None

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

    async def quote(self, shot: Shot, brief: Brief | None = None) -> tuple[Quoted, ...]:
        """Returns what a shot would cost on each model that can take it, best first.

        Each quote is kept for a day under its ``id``; with ``Brief(quote=id)`` a take
        keeps to its model and never costs more than its highest price.
        """
        given = self.setup.brief(brief)
        program = promising.quote(self.setup.context(), shot, given)
        return await self._listened(program, None)

    async def quoted(self, quote: str) -> Quoted:
        """Returns a quote by its id, or its beginning; raises ``BadInput`` if over."""
        return await self._listened(promising.looked_up(quote), None)

    def require(self, shot: Shot, brief: Brief | None = None) -> None:
        """Raises as ``generate`` would where no model can take a shot."""
        self.setup.require(shot, brief, self._recall)

    def explain(self, shot: Shot, brief: Brief | None = None) -> tuple[Change, ...]:
        """Returns what would make another model lead than the first of ``rank``.

        Another length, say, or another weight of a vote. Sends nothing.
        """
        return self.setup.explain(shot, brief, self._recall)

    async def generate(
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
        program = await self._generating(shot, brief, output)
        return outcomes.clip(await self._listened(program, watch))

    async def follow(
        self, shot: Shot, brief: Brief | None = None, *, output: Output | None = None
    ) -> AsyncGenerator[Take, None]:
        """Makes a clip, yielding the take each time it changes; ends as it ends.

        The last take says how it went. Leaving the loop early abandons nothing: the
        take is in the journal.
        """
        program = await self._generating(shot, brief, output)
        async with aclosing(self._run(program)) as items:
            async for item in items:
                if isinstance(item, Take):
                    yield item
                elif item.error is not None:
                    raise item.error

    async def submit(
        self, shot: Shot, brief: Brief | None = None, *, output: Output | None = None
    ) -> Take:
        """Hands a shot to a gateway and returns its take without waiting for the clip.

        :meth:`resume` collects it, from any process. Where the gateway has no place
        free within seconds the take is returned as it waits, ``queued``.
        """
        context = await self._context()
        program = generating.generate(
            context,
            shot,
            self.setup.brief(brief),
            folder=self.setup.folder(),
            output=named(output),
            enough=lambda take: advancing.accepted(context, take),
            patience=HAND_OVER,
        )
        return (await self._listened(program, None))[-1]

    async def resume(
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
        id_ = await self._full_id(take)
        context = await self._context()
        program = generating.resume(
            context, id_, patience, named(output), fallback=fallback
        )
        return outcomes.clip(await self._listened(program, watch))

    async def find(self, shot: Shot, brief: Brief | None = None) -> Take | None:
        """Returns the take that a shot and brief would join instead of being paid for.

        None where :meth:`generate` would open a new one. Raises ``BadInput`` where it
        waits to be sent on wider terms than the brief's, as :meth:`generate` does.
        """
        program = generating.find(shot, self.setup.brief(brief))
        return await self._listened(program, None)

    async def cancel(self, take: str) -> tuple[Take, Cancellation]:
        """Asks to stop a take and returns it with what became of the wish.

        Where it has an heir, that is the one that runs, is stopped and returned.
        """
        id_ = await self._full_id(take)
        program = advancing.cancel(self.setup.context(), id_)
        return await self._listened(program, None)

    async def adopt(self, take: str, remote_id: str) -> Take:
        """Makes the gateway's job of that id a take's that is uncertain, or given up.

        For those who see in the gateway's own list which job it is. The gateway is
        asked once; :meth:`resume` then collects the clip.
        """
        id_ = await self._full_id(take)
        program = reconciling.adopt(self.setup.context(), id_, remote_id)
        return await self._listened(program, None)

    async def retake(
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
        id_ = await self._full_id(take)
        context, folder, output = (
            self.setup.context(),
            self.setup.folder(),
            named(output),
        )
        program = reconciling.retake(
            context, id_, patience, folder=folder, output=output
        )
        return outcomes.clip(await self._listened(program, watch))

    async def discard(self, take: str) -> Take:
        """Gives an uncertain take up: no repeated request joins it any more.

        The gateway is asked once more, where it can be: if it has the job, the take is
        kept, and comes back ``submitted``. Otherwise it stays on record; whether it was
        charged stays unknown, so it counts as spent. :meth:`adopt` takes it up again.
        """
        id_ = await self._full_id(take)
        program = reconciling.discard(self.setup.context(), id_)
        return await self._listened(program, None)

    async def takes(
        self, states: Collection[State] = tuple(State), *, limit: int = 50
    ) -> tuple[Take, ...]:
        """Returns the newest takes in any of the states, newest first."""
        journal = self._parts()[0].journal
        return await to_thread.run_sync(journal.takes, wanted(states), limit)

    async def spend(self, since: float = 0.0) -> tuple[Spending, ...]:
        """Returns what was spent since a time, by day of UTC, project and model.

        ``since`` is in seconds since 1970.
        """
        journal = self._parts()[0].journal
        return await to_thread.run_sync(journal.spending, since)

    async def budgets(self, project: str | None = None) -> tuple[Allowance, ...]:
        """Returns what is left of each limit that holds for a project, or for none."""
        given = self.setup.brief(Brief(project=project)).project
        memory = await to_thread.run_sync(self.setup.memory, given, self._recall)
        return memory.allowances

    async def outages(self) -> Mapping[str, Outage]:
        """Returns what keeps gateways from new work, by gateway, as things are."""
        return await to_thread.run_sync(self.setup.outages, self._recall)

    async def chain(self, take: str) -> tuple[Take, ...]:
        """Returns a take, by id or the beginning of it, with all its attempts."""
        id_ = await self._full_id(take)
        return await to_thread.run_sync(self._parts()[0].journal.chain, id_)

    async def stand_ins(self, take: str) -> tuple[tuple[str, Quote], ...]:
        """Returns who could step in for a take that ended uncharged, best first.

        As things are now: whose gateway takes new work, and whom the budgets leave
        enough for. ``resume`` with ``fallback`` goes on with the first.
        """
        last = (await self.chain(take))[-1]
        return await to_thread.run_sync(self.setup.stand_ins, last, self._recall)

    async def events(self, take: str) -> tuple[Event, ...]:
        """Returns a take's story, oldest first."""
        id_ = await self._full_id(take)
        return await to_thread.run_sync(self._parts()[0].journal.events, id_)

    async def verify(self, clip: Output) -> Verification:
        """Says whether a clip is the one of its receipt and of the journal.

        Sends and changes nothing. Raises ``BadInput`` where there is no such file.
        """
        return await to_thread.run_sync(verified, self._parts()[0].journal, clip)

    async def doctor(self) -> tuple[Finding, ...]:
        """Returns what is right and wrong with this installation; sends nothing."""
        return await to_thread.run_sync(examined, self.setup)

    async def check(self) -> tuple[Finding, ...]:
        """Returns how each account stands whose gateway can be asked; pays nothing."""
        program = checking.check(self.setup.context())
        return asked(await self._listened(program, None))

    def _recall(self, project: str | None) -> Memory:
        """Asks the journal, which is opened for it outside an ``async with`` block."""
        if self._entered is not None:
            return self._entered[0].journal.recall(project)
        journal = self.setup.world(self._clock).journal
        try:
            return journal.recall(project)
        finally:
            journal.close()

    async def _context(self) -> Context:
        journal = self._parts()[0].journal
        return self.setup.context(await to_thread.run_sync(journal.histories))

    async def _generating(
        self, shot: Shot, brief: Brief | None, output: Output | None
    ) -> Program[tuple[Take, ...]]:
        context, folder = await self._context(), self.setup.folder()
        chosen = self.setup.brief(brief)
        return generating.generate(
            context, shot, chosen, folder=folder, output=named(output)
        )

    async def _full_id(self, prefix: str) -> str:
        journal = self._parts()[0].journal
        return await to_thread.run_sync(full_id, journal, prefix)

    async def _listened(
        self, program: Program[T], watch: Callable[[Take], object] | None
    ) -> T:
        ended = _Ended()
        async with aclosing(self._run(program)) as items:
            async for item in items:
                if isinstance(item, _Ended):
                    ended = item
                elif watch is not None:
                    watch(item)
        if ended.error is not None:
            raise ended.error
        result: T = ended.result
        return result

    async def _run(self, program: Program[Any]) -> AsyncGenerator[Take | _Ended, None]:
        _, driver, group = self._parts()
        told, heard = anyio.create_memory_object_stream[Take | _Ended](float("inf"))
        group.start_soon(_performed, driver, program, told)
        async with heard:
            async for item in heard:
                yield item

    def _parts(self) -> tuple[World, AsyncDriver, TaskGroup]:
        if self._entered is None:
            msg = "use AsyncShotcaller in an `async with` block"
            raise RuntimeError(msg)
        return self._entered


async def _performed(
    driver: AsyncDriver,
    program: Program[Any],
    told: MemoryObjectSendStream[Take | _Ended],
) -> None:
    with told:
        try:
            result = await driver.run(program, partial(_tell, told))
        except Exception as error:  # noqa: BLE001  the listener's to raise
            _tell(told, _Ended(error=error))
        else:
            _tell(told, _Ended(result))


def _tell(told: MemoryObjectSendStream[Take | _Ended], item: Take | _Ended) -> bool:
    try:
        told.send_nowait(item)
    except anyio.BrokenResourceError:  # nobody listens any more
        return False
    return True
