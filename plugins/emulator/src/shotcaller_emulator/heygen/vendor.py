"""Is HeyGen: answers requests as its servers do, by script where there is one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from functools import partial

from shotcaller.plugin import Request, Response
from shotcaller_emulator.emulating import Emulated
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Render
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.account import KEY, Account
from shotcaller_emulator.heygen.asking import SERVERS
from shotcaller_emulator.heygen.jobs import Fate
from shotcaller_emulator.heygen.routes import JOBS, ROUTES, permitted, routed
from shotcaller_emulator.heygen.troubles import Play
from shotcaller_emulator.jobs import Pace
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.scripts import Script


class HeyGen(Emulated[Account, Play]):
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
        account = Account(
            render=render,
            keys=frozenset(keys),
            pace=pace or Pace(),
            balance=balance,
            retired=retired,
            seed=seed,
        )
        super().__init__(account, Script(ROUTES, Fate, faults))

    def answered(self, request: Request, now: datetime) -> Outcome:
        """Returns what HeyGen's own rules, and its script, say to a request."""
        asked = SERVERS.read(request)
        if asked is None:
            return errors.MISDIRECTED
        if (no := permitted(self.account, asked)) is not None:
            return no
        route, rule = routed(asked)
        deed = partial(rule, self.account, asked, now)
        return self.played(route, deed, makes_job=route in JOBS)


__all__ = ["ROUTES", "HeyGen"]
