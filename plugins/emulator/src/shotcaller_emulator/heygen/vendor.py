"""Is HeyGen: answers requests as its servers do, by script where there is one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from shotcaller.plugin import Request, Response
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Render
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.account import KEY, Account, Leak
from shotcaller_emulator.heygen.asking import asked
from shotcaller_emulator.heygen.jobs import Entry, Fate, Pace, entry
from shotcaller_emulator.heygen.routes import JOBS, ROUTES, permitted, routed
from shotcaller_emulator.heygen.troubles import Play
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.scripts import Script


class HeyGen:
    """Is HeyGen for one account: no socket, no clock, no chance.

    ``render`` makes the films. ``keys`` are valid, ``balance`` is in dollars and None
    never runs out; ``retired`` is what the old dialect answers once it has ended. The
    same requests at the same times get the same answers, ids included, which come from
    ``seed``. ``faults`` choose for what no script foresees.
    """

    def __init__(
        self,
        render: Render,
        *,
        keys: Collection[str] = (KEY,),
        pace: Pace | None = None,
        balance: Decimal | None = None,
        retired: Response | None = None,
        seed: int = 0,
        faults: Faults[Play] | None = None,
    ) -> None:
        self.account = Account(
            render, frozenset(keys), pace or Pace(), balance, retired, seed
        )
        self._script: Script[Play] = Script(ROUTES, Fate, faults)
        self._latest = datetime.min.replace(tzinfo=UTC)

    def script(self, route: str, *plays: Play) -> None:
        """Lets each of the faults answer one of the next requests to a route.

        Those of the route ``job`` are fates, of one of the next jobs each.
        """
        self._script.add(route, plays)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what becomes of a request that arrives at a time."""
        self._latest = max(self._latest, now)
        seen = asked(request)
        if seen is None:
            return errors.MISDIRECTED
        if (no := permitted(self.account, seen)) is not None:
            return no
        route, rule = routed(seen)
        if route in JOBS and not self.account.fates:
            self.account.fates += [each for each in [self._script.next("job")] if each]
        answered = partial(rule, self.account, seen, now)
        fault = self._script.next(route)
        return answered() if fault is None else fault(answered)

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


__all__ = ["ROUTES", "HeyGen"]
