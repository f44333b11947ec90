"""Finds why a model is not to be had: it is not wanted, not there, or too dear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shotcaller.catalog import dollars
from shotcaller.fitting.offers import Offer
from shotcaller.refusals import Reason
from shotcaller.shot import Brief

NOT_THERE = frozenset(
    {
        "not-named",
        "not-only",
        "avoided",
        "retired",
        "missing",
        "no-gateway",
        "no-key",
        "key-refused",
        "no-credit",
        "cooling-down",
    }
)
"""The codes of models that are set aside, or that are not to be had at all."""


def there(reasons: Iterable[Reason]) -> bool:
    """Whether a model could be had, and only the shot or the budget is against it."""
    return not NOT_THERE.intersection(reason.code for reason in reasons)


def chosen(offer: Offer, brief: Brief) -> Iterator[Reason]:
    """Yields why the brief sets the model aside, by name."""
    model = offer.model
    if brief.model is not None and brief.model != model.id:
        yield Reason("not-named", f"you asked for {brief.model}")
    if not (brief.only or brief.avoid):
        return
    names = {model.id, model.gateway, model.maker}
    if brief.only and names.isdisjoint(brief.only):
        yield Reason("not-only", f"you asked for only {', '.join(brief.only)}")
    for name in brief.avoid:
        if name in names:
            yield Reason("avoided", f"you asked to avoid {name}")


def alive(offer: Offer, brief: Brief) -> Iterator[Reason]:
    """Yields that the model has ended, or may have."""
    life = offer.model.lifecycle
    over = life.over(offer.today)
    if not over or brief.model == offer.model.id:
        return  # what is named is tried, with a warning
    if life.retired(offer.today):
        yield Reason("retired", over)
    else:
        yield Reason("missing", f"{over}; name it to try it all the same")


def ready(offer: Offer) -> Iterator[Reason]:
    """Yields what the account lacks."""
    if not offer.account.ready:
        yield Reason("no-key", offer.account.missing)


def affords(offer: Offer, brief: Brief) -> Iterator[Reason]:
    """Yields that the price is unknown, or beyond the budget."""
    high = offer.quote.high
    if high is None:
        if not brief.unknown_price:
            yield Reason("price-unknown", "its price is unknown, which is not zero")
    elif brief.budget is not None and high > brief.budget:
        limit = dollars(brief.budget)
        message = f"may cost {dollars(high)}, more than the budget of {limit}"
        yield Reason("budget", message)
