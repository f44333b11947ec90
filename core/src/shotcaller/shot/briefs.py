"""Describes how to choose who makes a shot."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from shotcaller.shot import checks


def _ids(value: Iterable[str]) -> tuple[str, ...]:
    """Leaves to the check what is no list: a text is not taken for its letters."""
    return value if isinstance(value, str) else _tuple(value)  # type: ignore[return-value]


def _tuple(value: Iterable[str]) -> tuple[str, ...]:
    try:
        return tuple(value)
    except TypeError:
        return value  # type: ignore[return-value]


class Fallback(StrEnum):
    """Says who may step in for a take that ended without a clip and without a charge.

    ``ASK`` is nobody until somebody agrees.
    """

    NONE = "none"
    SAME_MODEL = "same-model"
    ANY = "any"
    ASK = "ask"


def _fallback(value: object) -> Fallback:
    if isinstance(value, bool):
        return Fallback.ANY if value else Fallback.NONE
    if isinstance(value, str) and value in set(Fallback):
        return Fallback(value)
    known = ", ".join(Fallback)
    raise checks.bad("fallback", value, f"is no fallback (there are {known})")


@frozen(kw_only=True)
class Brief:
    """Says how to choose: what for, for how much, among which models, for how long.

    ``intent`` is a word such as ``cinematic`` or ``draft``; ``budget`` is in USD for
    all attempts together; ``weights`` names a profile, by default the intent's;
    ``model`` is honoured or refused aloud; ``only`` and ``avoid`` hold model,
    gateway or maker ids; ``deadline`` is the wait in seconds, after which the take
    goes on and can be resumed; ``again`` is any label that makes a repeated request
    a new, newly paid one; ``unknown_price`` allows models without a known price.
    ``project`` is whose budget is spent; ``quote`` is the id of the quote to keep to;
    ``fallback`` says who may step in (true is any, false is none), and
    ``content_fallback`` that this holds for content that was turned down, too.
    Raises :class:`~shotcaller.errors.BadInput` naming the field and the value.
    """

    intent: str | None = None
    budget: Decimal | None = field(default=None, converter=checks.usd)
    weights: str | None = None
    model: str | None = None
    only: tuple[str, ...] = field(default=(), converter=_ids)
    avoid: tuple[str, ...] = field(default=(), converter=_ids)
    deadline: float | None = None
    fallback: Fallback = field(default=Fallback.ANY, converter=_fallback)
    again: str = ""
    unknown_price: bool = False
    project: str | None = None
    quote: str | None = None
    content_fallback: bool = False

    def __attrs_post_init__(self) -> None:
        checks.word("intent", self.intent)
        checks.word("weights", self.weights)
        checks.word("model", self.model)
        checks.words("only", self.only)
        checks.words("avoid", self.avoid)
        checks.wait("deadline", self.deadline)
        checks.text("again", self.again)
        checks.flag("unknown_price", self.unknown_price)
        checks.word("project", self.project)
        checks.word("quote", self.quote)
        checks.flag("content_fallback", self.content_fallback)
