"""Holds what fal knows of a job, and says how it stands at any time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from shotcaller.plugin import JSON
from shotcaller_emulator.fal.billing import Bill
from shotcaller_emulator.fal.errors import Ending, cancelled
from shotcaller_emulator.films import Film
from shotcaller_emulator.jobs import Pace, State


@frozen
class Fate:
    """Is what is to become of a job, where it is not the usual.

    ``ending`` is how it ends, ``queued`` and ``running`` how many seconds it takes;
    ``ahead`` is how many wait before it when it comes. ``deaf`` jobs cannot be
    cancelled once they run: they are done, and billed, all the same.
    """

    ending: Ending | None = None
    queued: float | None = None
    running: float | None = None
    ahead: int = 0
    deaf: bool = False


@frozen
class Clip:
    """Is what a job is to deliver: a film, where it will be, and what it costs."""

    film: Film
    path: str
    bill: Bill


@frozen
class Job:
    """Is one job: what was asked for, when it starts and ends, and how it will end.

    Without a ``clip`` it cannot end well. Times are planned when it is accepted;
    cancelling it changes the plan.
    """

    id: str
    endpoint: str
    input: Mapping[str, JSON]
    accepted: datetime
    starts: datetime
    ends: datetime
    ending: Ending
    ahead: int = 0
    deaf: bool = False
    clip: Clip | None = None
    cancelled: bool = False

    def state(self, now: datetime) -> State:
        """Returns how it stands by the plan, whether or not its film is made yet."""
        if self.cancelled:
            return "cancelled"
        if now < self.ends:
            return "queued" if now < self.starts else "running"
        return "done" if self.ending.good else "failed"

    def position(self, now: datetime) -> int:
        """Returns how many are still ahead of a job that waits."""
        waiting = (self.starts - self.accepted).total_seconds()
        left = (self.starts - now).total_seconds()
        return round(self.ahead * left / waiting) if waiting else 0

    def billed(self, now: datetime) -> Decimal:
        """Returns what was billed for it by then, in dollars."""
        if self.clip is None or now < self.ends or not self.ending.billed:
            return Decimal(0)
        return self.clip.bill.usd

    def stopped(self, now: datetime) -> Job:
        """Returns the job as it is after it was cancelled.

        What was begun is billed: fal promises no refund.
        """
        if now < self.starts:
            gone = cancelled(billed=False)
            return evolve(self, starts=now, ends=now, ending=gone, cancelled=True)
        if self.deaf:
            return self
        return evolve(self, ends=now, ending=cancelled(billed=True), cancelled=True)


def planned(
    job: Job, fate: Fate, pace: Pace, deadline: float | None, too_late: Ending
) -> Job:
    """Returns a job with its times and its ending, by its fate and the usual pace.

    ``deadline`` is the seconds that it may wait: if it waits longer it ends in
    ``too_late``.
    """
    pace = pace.fated(fate.queued, fate.running)
    if deadline is not None and pace.queued > deadline:
        ends = job.accepted + timedelta(seconds=deadline)
        return evolve(job, starts=ends, ends=ends, ending=too_late, ahead=fate.ahead)
    starts, ends = pace.planned(job.accepted)
    return evolve(
        job,
        starts=starts,
        ends=ends,
        ending=(fate.ending or job.ending) if job.ending.good else job.ending,
        ahead=fate.ahead,
        deaf=fate.deaf,
    )


__all__ = ["Clip", "Fate", "Job", "planned"]
