"""Describes a choice: quotes, votes, and the ranking with every refusal."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_UP, Decimal

from attrs import frozen

from shotcaller.refusals import Refusal

HEAVIEST = 1_000.0
"""The most that a vote may weigh."""

_CENT = Decimal("0.01")


def dollars(amount: Decimal) -> str:
    """Returns an amount in USD as text: in cents, or finer where it is no whole."""
    cents = amount.quantize(_CENT, ROUND_UP)
    return f"${cents if cents == amount else amount.normalize():f}"


@frozen
class Quote:
    """Says what a shot would cost on a model, in USD; None is unknown, not zero.

    ``rate`` is what is charged for a unit, ``per`` which unit that is; ``seconds`` is
    the length of the clip that ``high`` is for. None where it is not known. ``stale``
    says that the price was looked up so long ago that it may have changed.
    """

    low: Decimal | None
    expected: Decimal | None
    high: Decimal | None
    source: str = ""
    as_of: date | None = None
    currency: str = "USD"
    rate: Decimal | None = None
    per: str | None = None
    seconds: float | None = None
    stale: bool = False

    @property
    def known(self) -> bool:
        """Whether the highest cost is known."""
        return self.high is not None


UNPRICED = Quote(None, None, None)
"""The quote where nobody knows a price, or where there is nothing to have for one."""


@frozen
class Vote:
    """Is one plugin's opinion of a model for a shot: from 0 to 1, with a reason.

    ``weight`` is from 0 to 1,000; None leaves it to the profile, by the name ``by``.
    """

    by: str
    value: float
    reason: str
    weight: float | None = None

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.value <= 1:
            msg = f"vote {self.value!r} by {self.by} is not from 0 to 1"
            raise ValueError(msg)
        if self.weight is not None and not 0 <= self.weight <= HEAVIEST:
            msg = f"weight {self.weight!r} of the vote by {self.by}"
            msg += f" is not from 0 to {HEAVIEST:g}"
            raise ValueError(msg)


@frozen
class Veto:
    """Is one plugin's no to a model for a shot, with its reason."""

    by: str
    reason: str


@frozen
class Margin:
    """Says by how much of the score one vote puts a candidate above another."""

    by: str
    value: float


@frozen
class Candidate:
    """Is a model that can take the shot, with its quote and the votes on it.

    ``stand_in`` says that it stands behind all that are no stand-ins, whatever its
    score: it is no AI model, and no draft was asked for.
    """

    model: str
    title: str
    score: float
    quote: Quote
    votes: tuple[Vote, ...]
    seconds_expected: float | None = None
    warnings: tuple[str, ...] = ()
    stand_in: bool = False


@frozen
class Ranking:
    """Lists the candidates, best first, and every refused model with its reasons."""

    candidates: tuple[Candidate, ...]
    refused: tuple[Refusal, ...]


@frozen
class Change:
    """Says what would make another model lead: the condition, and which one then.

    ``about`` is what would have to be asked for otherwise, in words for programs:
    ``sound``, ``seconds``, ``resolution``, ``seed``, ``negative``, ``references``,
    ``budget``, ``intent``, ``key`` or ``weight``. ``value`` is what it would have to
    be; of a weight, a thousandth behind which it leads.
    """

    about: str
    value: str
    model: str
    message: str
