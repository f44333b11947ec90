"""Remembers what keeps an account from being used, and for how long; pure.

Only new work is kept away: a take that is at its gateway is asked about all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from shotcaller.budgets import Allowance
from shotcaller.catalog import History
from shotcaller.refusals import Reason


class Trouble(StrEnum):
    """Says what is wrong with an account, or with its gateway."""

    KEY = "key"
    CREDIT = "credit"
    BUSY = "busy"
    FAILING = "failing"


ALLOWED = 3
"""How many failures in a row it takes to leave a gateway alone."""

FIRST_PAUSE = 30.0
LONGEST_PAUSE = 900.0

LASTS: Mapping[Trouble, float] = {Trouble.KEY: 3_600.0, Trouble.CREDIT: 900.0}
"""After how many seconds an account is looked at again; a new key is at once."""

_CODES: Mapping[Trouble, str] = {
    Trouble.KEY: "key-refused",
    Trouble.CREDIT: "no-credit",
    Trouble.BUSY: "cooling-down",
    Trouble.FAILING: "cooling-down",
}
_WORDS: Mapping[Trouble, str] = {
    Trouble.KEY: "its key was refused",
    Trouble.CREDIT: "its account is out of credit",
    Trouble.BUSY: "it asked for a pause",
    Trouble.FAILING: "it failed {0} times in a row",
}


@frozen
class Sign:
    """Is what an exchange tells of an account: a trouble, or that there is none.

    ``accepted`` is that it took work, which proves that key and credit are good;
    ``wait`` is for how many seconds it wants no more.
    """

    trouble: Trouble | None = None
    message: str = ""
    accepted: bool = False
    wait: float = 0.0


@frozen(kw_only=True)
class Outage:
    """Is what is known to be wrong with an account.

    ``mark`` tells its key from another; times are in seconds since 1970; ``failures``
    counts those in a row.
    """

    account: str
    gateway: str
    mark: str
    trouble: Trouble
    message: str
    since: float
    until: float
    failures: int = 1

    @property
    def serious(self) -> bool:
        """Whether it is more than a mishap or two."""
        return self.trouble is not Trouble.FAILING or self.failures >= ALLOWED

    def closed(self, mark: str, now: float) -> bool:
        """Whether no new work goes to the account with this key now."""
        return self.serious and self.mark == mark and now < self.until

    def to_be_tried(self, mark: str, now: float) -> bool:
        """Whether the pause is over and nobody knows yet if it helped."""
        return self.serious and self.mark == mark and now >= self.until

    def reason(self) -> Reason:
        """Returns why a model of the account is out, and until when."""
        until = datetime.fromtimestamp(self.until, UTC).strftime("%Y-%m-%d %H:%M:%S")
        what = _WORDS[self.trouble].format(self.failures)
        said = f" ({self.message.rstrip('.')})" if self.message else ""
        message = f"{what}{said}; it is left alone until {until} UTC"
        return Reason(_CODES[self.trouble], message)


@frozen
class Memory:
    """Is what the journal knows that bears on a choice, at the time ``now``."""

    now: float = 0.0
    allowances: tuple[Allowance, ...] = ()
    outages: Mapping[str, Outage] = field(factory=dict)
    histories: Mapping[str, History] = field(factory=dict)

    def closed(self, account: str, mark: str) -> Outage | None:
        """Returns what keeps an account from new work, if anything."""
        found = self.outages.get(account)
        return found if found and found.closed(mark, self.now) else None


def after(known: Outage | None, sign: Sign, fresh: Outage, now: float) -> Outage | None:
    """Returns what is wrong after a sign; None is nothing.

    ``fresh`` names the account, and ``known`` is what was wrong with it until now.
    """
    if known is not None and known.mark != fresh.mark:
        known = None  # that was another key
    lasting = known is not None and known.trouble in LASTS
    if sign.trouble is None:
        return known if lasting and not sign.accepted else None
    if sign.trouble in LASTS:
        return evolve(fresh, until=now + LASTS[sign.trouble])
    if lasting:
        return known  # which it takes more to be sure of
    if sign.trouble is Trouble.BUSY:
        return evolve(fresh, until=now + sign.wait)
    return _failed(known, fresh, now)


def _failed(known: Outage | None, fresh: Outage, now: float) -> Outage:
    if known is None or known.trouble is not Trouble.FAILING:
        return evolve(fresh, until=now)
    if known.closed(known.mark, now):
        return known  # what was under way already says nothing new
    failures = known.failures + 1
    pause = 0.0 if failures < ALLOWED else FIRST_PAUSE * 2.0 ** (failures - ALLOWED)
    until = now + min(pause, LONGEST_PAUSE)
    return evolve(fresh, since=known.since, until=until, failures=failures)
