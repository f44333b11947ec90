"""Says how fast jobs go, how they stand, and what a vendor's ledger has of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias

from attrs import frozen

from shotcaller.plugin import JSON

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]


@frozen
class Pace:
    """Is how long jobs take, in seconds: until they start, and from then on.

    What is really seen at the vendors is a minute or two.
    """

    queued: float = 2
    running: float = 60

    def at(self, speed: float) -> Pace:
        """Returns a pace so many times as fast."""
        return Pace(self.queued / speed, self.running / speed)

    def fated(self, queued: float | None, running: float | None) -> Pace:
        """Returns the pace of a job that is fated to another where it is not None."""
        return Pace(
            self.queued if queued is None else queued,
            self.running if running is None else running,
        )

    def planned(self, accepted: datetime) -> tuple[datetime, datetime]:
        """Returns when a job starts that was accepted at a time, and when it ends."""
        starts = accepted + timedelta(seconds=self.queued)
        return starts, starts + timedelta(seconds=self.running)


class Job(Protocol):
    """Is a job of any vendor: ``endpoint`` is the part of the vendor that took it."""

    @property
    def id(self) -> str:
        """The vendor's own id for it."""

    @property
    def endpoint(self) -> str:
        """What it was sent to."""

    @property
    def input(self) -> Mapping[str, JSON]:
        """What was asked for."""

    @property
    def accepted(self) -> datetime:
        """When it was."""

    def state(self, now: datetime) -> State:
        """Returns how it stands by the plan, whether or not its film is made yet."""

    def billed(self, now: datetime) -> Decimal:
        """Returns what was billed for it by then, in dollars."""


@frozen
class Entry:
    """Is a line of the ledger: a job, how it stands, and what was billed for it."""

    request_id: str
    endpoint: str
    input: Mapping[str, JSON]
    accepted: datetime
    state: State
    billed: Decimal


def entry(job: Job, now: datetime) -> Entry:
    """Returns the line for a job as it stands."""
    return Entry(
        job.id, job.endpoint, job.input, job.accepted, job.state(now), job.billed(now)
    )


__all__ = ["Entry", "Job", "Pace", "State", "entry"]
