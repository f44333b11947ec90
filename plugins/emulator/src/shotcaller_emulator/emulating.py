"""Is what emulated vendors do alike: they follow a script, and keep a ledger."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from shotcaller.plugin import Request
from shotcaller_emulator.accounts import Account, Leak
from shotcaller_emulator.faults import Deed
from shotcaller_emulator.jobs import Entry, entry
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.scripts import Script

A = TypeVar("A", bound=Account[Any, Any])
P = TypeVar("P")


class Emulated(ABC, Generic[A, P]):
    """Is a vendor for one account, by the ``script`` of what goes wrong."""

    def __init__(self, account: A, script: Script[P]) -> None:
        self.account = account
        self._script = script
        self._latest = datetime.min.replace(tzinfo=UTC)

    def script(self, route: str, *plays: P) -> None:
        """Lets each of the faults answer one of the next requests to a route.

        Those of the route ``job`` are fates, of one of the next jobs each.
        """
        self._script.add(route, plays)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what becomes of a request that arrives at a time."""
        self._latest = max(self._latest, now)
        return self.answered(request, now)

    @abstractmethod
    def answered(self, request: Request, now: datetime) -> Outcome:
        """Returns what the vendor's own rules, and its script, say to a request."""

    def played(self, route: str, deed: Deed, *, makes_job: bool) -> Outcome:
        """Returns what becomes of a deed on a route, and of the job that it makes."""
        if makes_job and not self.account.fates:
            self.account.fates += [each for each in [self._script.next("job")] if each]
        fault = self._script.next(route)
        return deed() if fault is None else fault(deed)

    def ledger_at(self, now: datetime) -> Sequence[Entry]:
        """Returns every job that was accepted, as it stands at a time."""
        return tuple(entry(job, now) for job in self.account.jobs.values())

    @property
    def ledger(self) -> Sequence[Entry]:
        """Every job that was accepted, as it stood when a request came last."""
        return self.ledger_at(self._latest)

    @property
    def settled(self) -> Sequence[Entry]:
        """Every job that was accepted, as it will be once all of them are over."""
        return self.ledger_at(datetime.max.replace(tzinfo=UTC))

    @property
    def billed(self) -> Decimal:
        """What all jobs cost once they are over, in dollars."""
        return sum((line.billed for line in self.settled), Decimal(0))

    @property
    def leaks(self) -> Sequence[Leak]:
        """Every key that was sent to where none belongs."""
        return tuple(self.account.leaks)


__all__ = ["Emulated"]
