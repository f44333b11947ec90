"""Is fal: answers requests as its servers do, by script where there is one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from shotcaller.plugin import Request
from shotcaller_emulator.emulating import Emulated
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.account import HOUR, KEY, Account
from shotcaller_emulator.fal.asking import SERVERS
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.fal.routes import JOBS, ROUTES, routed
from shotcaller_emulator.fal.troubles import Play
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Render
from shotcaller_emulator.jobs import Pace
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.scripts import Script

MISDIRECTED = errors.refuse(421, "This host is not served here.")


class Fal(Emulated[Account, Play]):
    """Is fal for one account: no socket, no clock, no chance.

    ``render`` makes the films. ``keys`` are valid, ``balance`` is in dollars and None
    never runs out; results are kept for ``retention``, and a job is listed ``lag``
    after its end. The same requests at the same times get the same answers, ids
    included, which come from ``seed``. ``faults`` choose for what no script foresees.
    """

    def __init__(
        self,
        render: Render,
        *,
        keys: Collection[str] = (KEY,),
        pace: Pace | None = None,
        balance: Decimal | None = None,
        retention: timedelta = HOUR,
        lag: timedelta = timedelta(0),
        seed: int = 0,
        faults: Faults[Play] | None = None,
    ) -> None:
        account = Account(
            render=render,
            keys=frozenset(keys),
            pace=pace or Pace(),
            balance=balance,
            retention=retention,
            lag=lag,
            seed=seed,
        )
        super().__init__(account, Script(ROUTES, Fate, faults))

    def answered(self, request: Request, now: datetime) -> Outcome:
        """Returns what fal's own rules, and its script, say to a request."""
        asked = SERVERS.read(request)
        if asked is None:
            return MISDIRECTED
        route, rule = routed(asked)
        deed = partial(rule, self.account, asked, now)
        return self.played(route, deed, makes_job=route in JOBS)


__all__ = ["ROUTES", "Fal"]
