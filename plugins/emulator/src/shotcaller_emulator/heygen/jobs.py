"""Holds what HeyGen knows of a job, and says how it stands at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from attrs import frozen

from shotcaller.plugin import JSON
from shotcaller_emulator.films import Film
from shotcaller_emulator.jobs import State

Dialect: TypeAlias = Literal["workflows", "models", "videos", "agents"]


WORDS: Mapping[Dialect, frozenset[str]] = {
    "workflows": frozenset({"completed", "failed", "error", "not_found"}),
    "models": frozenset({"completed", "failed", "cancelled"}),
    "videos": frozenset({"completed", "failed"}),
    "agents": frozenset({"completed", "failed"}),
}
"""The words for the end of a job."""


@frozen
class Ending:
    """Is how a job ended: the word for it, and what is said of it besides.

    ``said`` is what the old dialect answers beside the word, ``code`` and ``message``
    are v3's. A job that went well is billed, and no other.
    """

    word: str = "completed"
    said: Mapping[str, JSON] = {}
    code: str = ""
    message: str = ""

    @property
    def good(self) -> bool:
        """Whether there is a clip."""
        return self.word == "completed"

    def spelled(self, dialect: Dialect) -> str:
        """Returns the word for it in a dialect: not each has them all."""
        return self.word if self.word in WORDS[dialect] else "failed"


WELL = Ending()
ENDED: Mapping[str, State] = {"completed": "done", "cancelled": "cancelled"}
"""How the ledger says that a job has ended; what is not here has failed."""


@frozen
class Fate:
    """Is what is to become of a job, where it is not the usual.

    ``ending`` is how it ends, ``queued`` and ``running`` how many seconds it takes.
    ``answering`` is how many seconds HeyGen takes to answer its submit: until then a
    repeat under the same key is told that it is still in progress.
    """

    ending: Ending = WELL
    queued: float | None = None
    running: float | None = None
    answering: float = 0.0


@frozen
class Job:
    """Is one job: what was asked for, when it starts and ends, and how it will end.

    ``file`` is the path of its clip, ``usd`` what it costs if it goes well.
    """

    id: str
    dialect: Dialect
    input: Mapping[str, JSON]
    accepted: datetime
    starts: datetime
    ends: datetime
    ending: Ending
    film: Film
    file: str
    usd: Decimal

    @property
    def endpoint(self) -> str:
        """What it was sent to."""
        return self.dialect

    def state(self, now: datetime) -> State:
        """Returns how it stands by the plan, whether or not its film is made yet."""
        if now < self.ends:
            return "queued" if now < self.starts else "running"
        return ENDED.get(self.ending.spelled(self.dialect), "failed")

    def billed(self, now: datetime) -> Decimal:
        """Returns what was billed for it by then, in dollars."""
        over = now >= self.ends and self.ending.good
        return self.usd if over else Decimal(0)


__all__ = ["Dialect", "Ending", "Fate", "Job"]
