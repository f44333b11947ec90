"""Keeps who joins a take to what they agree to: how much, and who may step in; pure.

A take that was sent costs nothing more. One that still waits is paid for by whoever
sends it, however wide the brief was that it was opened with.
"""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve

from shotcaller.catalog import dollars
from shotcaller.errors import BadInput
from shotcaller.shot import Brief, Fallback
from shotcaller.take import State, Take

_WIDTH = {
    Fallback.NONE: 0,
    Fallback.ASK: 1,
    Fallback.SAME_MODEL: 2,
    Fallback.ANY: 3,
}
"""How many may step in, from nobody to all; who is asked may still say no."""


def most(take: Take) -> Decimal | None:
    """Returns the most that a take may cost, in USD; None where nothing bounds it."""
    return take.quote.high if take.reserved is None else take.reserved


def require_terms(take: Take, brief: Brief) -> None:
    """Refuses to join a take that waits to be sent on wider terms than the brief's.

    ``brief`` is bound to its quote, if it names one.
    """
    if take.state is not State.QUEUED:
        return
    require_cost(take, brief)
    if not take.candidates:
        return  # nobody can step in, whatever is allowed
    asked = narrowed(take.brief, brief)
    if _unasked(asked.fallback) < _unasked(take.brief.fallback):
        message = f"fallback: {_waits(take)} lets others step in by"
        message += f" {take.brief.fallback.value!r},"
        message += f" which is more than {brief.fallback.value!r}."
        raise BadInput(message, _ways(take), take.id, field="fallback")
    if take.brief.content_fallback and not brief.content_fallback:
        message = f"content_fallback: {_waits(take)} lets others step in for content"
        message += " that is turned down, which you did not ask for."
        raise BadInput(message, _ways(take), take.id, field="content_fallback")


def require_cost(take: Take, brief: Brief) -> None:
    """Refuses to send a take for more than the brief agrees to."""
    if not take.quote.known and not brief.unknown_price:
        message = f"unknown_price: {_waits(take)} has no known price."
        raise BadInput(message, _ways(take), take.id, field="unknown_price")
    cost, limit = most(take), brief.budget
    if limit is None or (cost is not None and cost <= limit):
        return
    name = "budget" if brief.quote is None else "quote"
    told = "an unknown amount" if cost is None else dollars(cost)
    message = f"{name}: {_waits(take)} may cost {told};"
    message += f" you agreed to {dollars(limit)} at most."
    ways = _ways(take)
    if brief.quote is None:
        ways += " A higher budget joins it."
    raise BadInput(message, ways, take.id, field=name)


def narrowed(brief: Brief, other: Brief) -> Brief:
    """Returns a take's brief with what both it and another brief agree to."""
    limits = [one for one in (brief.budget, other.budget) if one is not None]
    return evolve(
        brief,
        budget=min(limits, default=None),
        fallback=min(brief.fallback, other.fallback, key=_WIDTH.__getitem__),
        content_fallback=brief.content_fallback and other.content_fallback,
        unknown_price=brief.unknown_price and other.unknown_price,
    )


def _unasked(fallback: Fallback) -> int:
    """Returns how many may step in before anybody is asked."""
    return 0 if fallback is Fallback.ASK else _WIDTH[fallback]


def _waits(take: Take) -> str:
    return f"take {take.id} of this shot on {take.model} waits to be sent and"


def _ways(take: Take) -> str:
    return (
        f"`shotcaller resume {take.id}` sends it all the same,"
        f" `shotcaller cancel {take.id}` drops it."
    )
