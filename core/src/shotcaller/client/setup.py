"""Puts settings, plugins and accounts together, once for both clients."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from shotcaller.accounts import Account, account, secrets
from shotcaller.availability import Memory, Outage
from shotcaller.budgets import Allowance
from shotcaller.catalog import Change, History, Quote, Ranking
from shotcaller.errors import BadInput, JournalError, unknown_name
from shotcaller.redaction import guard
from shotcaller.registry import Registry
from shotcaller.settings import Settings
from shotcaller.shot import Brief, Shot, checks
from shotcaller.take import State, Take

if TYPE_CHECKING:  # loading these costs time that listing models need not pay
    from shotcaller.drivers.world import Clock, World
    from shotcaller.journal import Journal
    from shotcaller.programs.context import Context


ZERO = Decimal(0)

_STATES = frozenset(map(str, State))

HAND_OVER = 5.0
"""For how many seconds a take that is only handed over waits for a place."""

Output: TypeAlias = str | PathLike[str]
"""Where a clip goes, as a caller may say it."""


def named(output: Output | None) -> str | None:
    """Returns where a clip goes as text; what is no path is left to be refused."""
    return fspath(output) if isinstance(output, PathLike) else output


@frozen
class Setup:
    """Is an installation as a client sees it: settings, plugins, accounts."""

    settings: Settings
    registry: Registry
    accounts: Mapping[str, Account]

    @classmethod
    def load(cls, settings: Settings | None, registry: Registry | None) -> Setup:
        """Returns the installation, what is not given read from this machine."""
        known = Settings.load() if settings is None else settings
        plugins = registry or Registry.installed(known.plugins, known.disable)
        guard(secrets(plugins.gateways, known.keys))
        accounts = {
            gateway.id: account(gateway, known.keys, known.urls.get(gateway.id))
            for gateway in plugins.gateways
        }
        return cls(known, plugins, accounts)

    def brief(self, brief: Brief | None) -> Brief:
        """Returns the brief with the settings' budget and project if it names none."""
        given = Brief() if brief is None else brief
        checks.kind("brief", given, Brief)
        known = self.settings
        budget = known.budget if given.budget is None else given.budget
        return evolve(given, budget=budget, project=given.project or known.project)

    def folder(self) -> str:
        """Returns where clips go that are given no path."""
        return str(self.settings.output or Path.cwd())

    def context(self, histories: Mapping[str, History] | None = None) -> Context:
        """Returns what the programs know of the world today."""
        from shotcaller.programs.context import Context

        today = datetime.now(UTC).date()
        return Context(
            self.registry,
            self.accounts,
            self.settings.weights,
            today,
            histories=histories or {},
            deadlines=self.settings.deadlines,
        )

    def rank(
        self, shot: Shot, brief: Brief | None, recall: Callable[[str | None], Memory]
    ) -> Ranking:
        """Returns what can take a shot, best first, and why the others cannot.

        ``recall`` asks the journal, if there is one.
        """
        from shotcaller.programs.choosing import rank

        given = self.brief(brief)
        return rank(self._knowing(given, recall), shot, given)

    def require(
        self, shot: Shot, brief: Brief | None, recall: Callable[[str | None], Memory]
    ) -> None:
        """Raises as a take would where no model can have the shot."""
        from shotcaller.programs.choosing import chosen

        given = self.brief(brief)
        chosen(self._knowing(given, recall), shot, given)

    def _knowing(self, brief: Brief, recall: Callable[[str | None], Memory]) -> Context:
        memory = Memory()
        with suppress(JournalError):  # whoever pays is told; looking is free
            memory = self.memory(brief.project, recall)
        return evolve(self.context(memory.histories), memory=memory)

    def memory(
        self, project: str | None, recall: Callable[[str | None], Memory]
    ) -> Memory:
        """Returns what the journal knows; nothing where no take was ever recorded."""
        from shotcaller.journal.opening import FILE

        if (self.settings.home / FILE).exists():
            return recall(project)
        limits = self.settings.budgets.limits(project)
        return Memory(
            allowances=tuple(Allowance(limit, ZERO, ZERO) for limit in limits)
        )

    def outages(self, recall: Callable[[str | None], Memory]) -> dict[str, Outage]:
        """Returns what keeps gateways from new work, by gateway, as things are."""
        memory = self.memory(None, recall)
        closed = {
            id_: memory.closed(account.fingerprint, account.mark)
            for id_, account in self.accounts.items()
        }
        return {id_: outage for id_, outage in closed.items() if outage is not None}

    def explain(
        self, shot: Shot, brief: Brief | None, recall: Callable[[str | None], Memory]
    ) -> tuple[Change, ...]:
        """Returns what would make another model lead, the nearest first."""
        from shotcaller.programs.changing import changes
        from shotcaller.programs.choosing import rank

        given = self.brief(brief)
        context = self._knowing(given, recall)
        return changes(context, shot, given, rank(context, shot, given))

    def stand_ins(
        self, take: Take, recall: Callable[[str | None], Memory]
    ) -> tuple[tuple[str, Quote], ...]:
        """Returns who could step in for a take that ended uncharged, best first."""
        from shotcaller.programs import succeeding

        if not succeeding.free(take):
            return ()
        return succeeding.ready(self._knowing(take.brief, recall), take)

    def world(self, clock: Clock | None) -> World:
        """Opens the journal and returns what a driver acts on."""
        from shotcaller.drivers.world import SystemClock, World
        from shotcaller.journal import SQLiteJournal

        ticking = clock or SystemClock()
        home = self.settings.home
        budgets = self.settings.budgets
        rates = {one.id: one.questions_per_second for one in self.registry.gateways}
        journal = SQLiteJournal(home, now=ticking.now, budgets=budgets, rates=rates)
        scratch = home / "scratch"
        keys = self.settings.keys
        return World(self.registry, self.accounts, keys, journal, scratch, ticking)


def wanted(states: Collection[State]) -> tuple[State, ...]:
    """Returns states as they are asked for; raises ``BadInput`` for what is none.

    A slip of the pen must not tell a program that no take is in doubt.
    """
    if isinstance(states, str):
        message = f"states: {str(states)!r} is one word, and no list of states."
        raise BadInput(message, f"Write [{str(states)!r}].", field="states")
    for each in states:
        if each not in _STATES:
            raise unknown_name("states", str(each), "is no state", _STATES)
    return tuple(map(State, states))


def full_id(journal: Journal, prefix: str) -> str:
    """Returns the id of the one take that begins so; raises ``BadInput`` otherwise."""
    found = journal.ids(prefix) if prefix else ()
    if len(found) == 1:
        return found[0]
    if not found:
        message = f"take: the journal has no take {prefix!r}."
        raise BadInput(message, "`shotcaller takes` lists them.", field="take")
    message = f"take: {prefix!r} could be {', '.join(found[:5])}."
    raise BadInput(message, "Write more of the id.", field="take")
