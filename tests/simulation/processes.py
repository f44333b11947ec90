"""Holds simulated processes, and what is noted of what they do."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

import shotcaller_fal
import shotcaller_fal_veo
import shotcaller_heygen
from shotcaller import Registry, State, Take
from shotcaller.accounts import Account, account
from shotcaller.budgets import Budgets
from shotcaller.drivers.simulated import (
    Crashed,
    Mishap,
    SimulatedDriver,
    Step,
    Trouble,
    VirtualClock,
)
from shotcaller.drivers.world import World
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Secret
from shotcaller.programs.context import Context
from shotcaller.transport.simulated import Network
from shotcaller.wire import Effect
from shotcaller_emulator.fal.account import KEY as FAL_KEY
from shotcaller_emulator.heygen.account import KEY as HEYGEN_KEY
from tests.core.mp4 import movie
from tests.simulation.gateways import Lantern, Pencil
from tests.simulation.schedule import Wish
from tests.simulation.vendors import Internet

DRAFT = movie(5)
PROJECT = "film"
TODAY = date(2026, 11, 20)
KEYS = {"FAL_KEY": Secret(FAL_KEY), "HEYGEN_API_KEY": Secret(HEYGEN_KEY)}


@lru_cache(1)
def installation() -> Context:
    """Returns what the programs know: plugins and accounts, the same in all worlds."""
    registry = Registry(
        {
            "fal": shotcaller_fal,
            "fal-veo": shotcaller_fal_veo,
            "heygen": shotcaller_heygen,
            "lantern": Lantern(),
            "pencil": Pencil(DRAFT),
        }
    )
    accounts: Mapping[str, Account] = {
        gateway.id: account(gateway, KEYS, None) for gateway in registry.gateways
    }
    return Context(registry, accounts, {}, TODAY)


@define
class Birth:
    """Is a job that a submit of a take led to; ``heard`` that its id came back.

    ``excused`` is whether the process died at the very effect that was to record it.
    """

    gateway: str
    job: str
    take: str
    heard: bool = False
    excused: bool = False


@define(eq=False)
class Run:
    """Is a program that runs in a process, on behalf of a user."""

    process: Process
    wish: Wish
    steps: Generator[Step, None, Any]
    wake: float
    spending: str = ""
    critical: bool = False
    began: float = 0.0
    to_record: list[Birth] = field(factory=list)


class Process:
    """Is a simulated process: a journal of its own on the one file, and a driver."""

    def __init__(
        self,
        home: Path,
        clock: VirtualClock,
        budgets: Budgets,
        network: Network,
        trouble: Trouble,
    ) -> None:
        self.journal = SQLiteJournal(home, now=clock.now, budgets=budgets)
        # a crash here is an exception, which no cache of the system's forgets
        self.journal._db.execute("PRAGMA synchronous = OFF")
        context = installation()
        world = World(
            context.registry,
            context.accounts,
            KEYS,
            self.journal,
            home / "scratch",
            clock,
        )
        self._dead = self._full = False
        self._trouble = trouble
        self.driver = SimulatedDriver(world, network, self._befalling)

    def quit(self) -> None:
        """Ends as a program ends."""
        self.journal.close()

    def die(self) -> None:
        """Ends as by ``kill -9``: the kernel closes its files and frees its locks."""
        self._dead = True
        self.journal._owner._lock.close()
        self.journal._db.close()

    @property
    def full(self) -> bool:
        """Whether the disk is full, so that nothing can be recorded."""
        return self._full

    @full.setter
    def full(self, full: bool) -> None:
        if full != self._full and not self._dead:
            self._full = full
            self.journal._db.execute(f"PRAGMA query_only = {int(full)}")

    def _befalling(self, effect: Effect[Any]) -> Mishap | None:
        return Mishap(Crashed()) if self._dead else self._trouble(effect)


@frozen
class Outcome:
    """Is how a scenario ended, for whoever judges it."""

    takes: tuple[Take, ...]
    stories: Mapping[str, tuple[State, ...]]
    births: tuple[Birth, ...]
    internet: Internet
    now: datetime
    complaints: tuple[str, ...]
    troubles: tuple[tuple[int, str], ...]
    steps: int
    purse: Decimal | None
