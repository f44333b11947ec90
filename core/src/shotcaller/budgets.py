"""Says what takes count for, and how much a budget leaves for one more; pure.

The journal adds takes up and asks here before it records one; a ranking asks here so
that what would not fit is refused before anything is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from shotcaller.catalog import Quote, dollars
from shotcaller.errors import BadInput, OverBudget
from shotcaller.refusals import Reason, Refusal
from shotcaller.shot import checks
from shotcaller.take import Take

DAY = 86_400
"""The length of a day in seconds; days are those of UTC, the same for everybody."""

CODES = frozenset({"budget", "budget-day", "budget-project"})
"""The reasons that say that a model costs more than may be spent."""


GROUPS = ("day", "project", "gateway", "model")
"""What spending can be told apart by."""

_NOTHING: Mapping[str, Any] = {
    "takes": 0,
    "quoted": Decimal(0),
    "reserved": Decimal(0),
    "billed": Decimal(0),
    "unbilled": Decimal(0),
    "unknown": 0,
}


@frozen
class Limit:
    """Is the most that may be spent in USD: on a day, or ever; by a project, or all."""

    usd: Decimal
    project: str | None = None
    daily: bool = True

    @property
    def name(self) -> str:
        """What the limit is called in a sentence."""
        what = "the daily budget" if self.daily else "the budget"
        of = "" if self.project is None else f" of project {self.project}"
        return f"{what}{of}"

    @property
    def code(self) -> str:
        """The stable word for programs."""
        return "budget-day" if self.project is None else "budget-project"


@frozen(kw_only=True)
class ProjectBudget:
    """Is what a project may spend in USD: in all, and on a day; None is no limit."""

    total: Decimal | None = field(default=None, converter=checks.usd)
    day: Decimal | None = field(default=None, converter=checks.usd)


@frozen(kw_only=True)
class Budgets:
    """Is what all shots together may spend in USD, on a day and by project.

    Once ``projects`` names one, a shot of any other is refused: a slip of the pen
    must not lift a limit. A day is one of UTC.
    """

    day: Decimal | None = field(default=None, converter=checks.usd)
    projects: Mapping[str, ProjectBudget] = field(factory=dict)

    def limits(self, project: str | None) -> tuple[Limit, ...]:
        """Returns the limits that hold for a shot of a project, or of none."""
        found: list[tuple[Decimal | None, str | None, bool]] = [(self.day, None, True)]
        if project is not None and self.projects:
            own = self._of(project)
            found += [(own.day, project, True), (own.total, project, False)]
        return tuple(Limit(usd, of, day) for usd, of, day in found if usd is not None)

    def _of(self, project: str) -> ProjectBudget:
        if project in self.projects:
            return self.projects[project]
        known = ", ".join(sorted(self.projects))
        message = f"project: {project!r} is not in the settings (there are {known})."
        hint = f"Add [budgets.projects.{project}] to them, with a limit or without."
        raise BadInput(message, hint, field="project")


@frozen
class Allowance:
    """Is how much of a limit is gone, in USD.

    ``spent`` is for takes that are over, ``reserved`` for those that may still cost;
    ``unknown`` counts takes without a known price, each of which counts as all of it;
    ``resets`` is when it starts anew, in seconds since 1970, if it does.
    """

    limit: Limit
    spent: Decimal
    reserved: Decimal
    unknown: int = 0
    resets: float | None = None

    @property
    def left(self) -> Decimal:
        """What may still be reserved; never less than nothing."""
        if self.unknown:
            return Decimal(0)
        return max(Decimal(0), self.limit.usd - self.spent - self.reserved)

    def fits(self, amount: Decimal | None) -> bool:
        """Whether so much can be reserved; what is unknown never can."""
        return amount is not None and amount <= self.left

    def __str__(self) -> str:
        gone = f"{dollars(self.spent)} is spent and {dollars(self.reserved)} reserved"
        if self.unknown:
            takes = "take" if self.unknown == 1 else "takes"
            gone += f", and {self.unknown} {takes} of unknown price count as all of it"
        told = f"Of {self.limit.name} of {dollars(self.limit.usd)}, {gone}"
        if self.resets is None:
            return f"{told}: {dollars(self.left)} is left."
        anew = datetime.fromtimestamp(self.resets, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"{told}: {dollars(self.left)} is left until {anew}."


@frozen(kw_only=True)
class Spending:
    """Is what the takes of a day, a project and a model come to, in USD.

    ``day`` is its beginning in seconds since 1970; what is not told apart is None, as
    is the project of takes that have none. ``reserved`` is for takes that may
    still cost, ``billed`` what gateways said, ``unbilled`` the highest quote of those
    that are over without a bill; ``unknown`` counts takes that nothing bounds.
    ``quoted`` is what was expected of them all. Takes that were surely not charged are
    not among them.
    """

    day: float | None
    project: str | None
    gateway: str | None
    model: str | None
    takes: int
    quoted: Decimal
    reserved: Decimal
    billed: Decimal
    unbilled: Decimal
    unknown: int = 0

    @property
    def total(self) -> Decimal:
        """What they count for together; takes of unknown cost count for nothing."""
        return self.reserved + self.billed + self.unbilled


def grouped(rows: Sequence[Spending], by: Collection[str]) -> tuple[Spending, ...]:
    """Returns the rows added up by some of ``GROUPS``, in the order of the first."""
    others: dict[str, Any] = {name: None for name in GROUPS if name not in by}
    found: dict[Spending, list[Spending]] = {}
    for row in rows:
        found.setdefault(evolve(row, **others, **_NOTHING), []).append(row)
    return tuple(evolve(key, **_summed(of)) for key, of in found.items())


def _summed(rows: Sequence[Spending]) -> dict[str, Any]:
    return {
        name: sum((getattr(row, name) for row in rows), start)
        for name, start in _NOTHING.items()
    }


def reserve(quote: Quote, budget: Decimal | None) -> Decimal | None:
    """Returns what a take reserves: its highest price, or the cap where none is known.

    ``budget`` is the shot's own; None comes back where nothing bounds the cost.
    """
    return budget if quote.high is None else quote.high


def held(take: Take) -> Decimal | None:
    """Returns what a take counts for in USD; None where nothing bounds it.

    What surely was not charged counts for nothing; what was billed for that; all else,
    what may be lost included, for the most that it may cost.
    """
    uncharged = take.problem is not None and take.problem.charged == "no"
    if take.state.settled and uncharged:
        return Decimal(0)
    return take.reserved if take.billed is None else take.billed


def reasons(
    quote: Quote, budget: Decimal | None, allowances: Sequence[Allowance]
) -> Iterator[Reason]:
    """Yields why what is left of the budgets is too little for a quote."""
    amount = reserve(quote, budget)
    for one in allowances:
        if one.fits(amount):
            continue
        name = one.limit.name
        if amount is None:
            message = f"its price is unknown, which counts as all of {name}"
            message += "; a budget for the shot says how much it may be"
        else:
            left = f"{dollars(one.left)} that is left of {name}"
            message = f"may cost {dollars(amount)}, more than the {left}"
        yield Reason(one.limit.code, message)


def shortage(
    refused: Sequence[Refusal], allowances: Sequence[Allowance], would_fit: str
) -> OverBudget | None:
    """Returns the error where models are out for no reason but what is left.

    ``would_fit`` says what could be had for how much, if anything.
    """
    codes = [{reason.code for reason in one.reasons} for one in refused]
    short = set[str]().union(*(each for each in codes if each <= CODES)) - {"budget"}
    if not short:
        return None
    told = " ".join(str(one) for one in allowances if one.limit.code in short)
    hint = f"{told} {would_fit} Ask for less, or raise the limit in the settings."
    message = "No model can take the shot for what is left of the budget."
    return OverBudget(message, hint, refused=tuple(refused))


def read(table: object) -> Budgets:
    """Returns the budgets of a settings table; raises ``BadInput`` by field."""
    given = _table("budgets", table, {"day", "projects"})
    projects = given.get("projects", {})
    if not isinstance(projects, dict):
        raise checks.bad("budgets.projects", projects, "is not a table")
    return Budgets(
        day=_usd("budgets.day", given.get("day")),
        projects={name: _project(name, own) for name, own in projects.items()},
    )


def _project(name: str, table: object) -> ProjectBudget:
    at = f"budgets.projects.{name}"
    given = _table(at, table, {"day", "total"})
    return ProjectBudget(
        total=_usd(f"{at}.total", given.get("total")),
        day=_usd(f"{at}.day", given.get("day")),
    )


def _table(name: str, value: object, known: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise checks.bad(name, value, "is not a table")
    for key in value:
        if key not in known:
            listed = " and ".join(sorted(known))
            message = f"{name} has an unknown setting {key!r} (there are {listed})."
            raise BadInput(message, field=name)
    return value


def _usd(name: str, value: object) -> Decimal | None:
    if value is not None and not isinstance(value, str | int | float):
        raise checks.bad(name, value, "is not an amount in USD")
    return checks.usd(value, name)
