"""Describes a model as it can be had here, and what to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from attrs import frozen

from shotcaller import expecting
from shotcaller.accounts import Account
from shotcaller.catalog import NO_HISTORY, History, Model, Quote
from shotcaller.shot import Brief


@frozen
class Offer:
    """Is a model as it can be had here today: its account and the quote for a shot.

    ``history`` is what is on record of its takes here, ``length`` the seconds and
    ``size`` the resolution that the clip will have, where they are known.
    """

    model: Model
    account: Account
    quote: Quote
    today: date
    history: History = NO_HISTORY
    length: float | None = None
    size: str | None = None

    @cached_property
    def seconds(self) -> float | None:
        """The expected seconds from submit to clip; None where nobody knows."""
        return self.takes(self.length or self.quote.seconds)

    def takes(self, length: float | None) -> float | None:
        """Returns the expected seconds for a clip of another length."""
        return expecting.seconds(self.model, self.history, length, self.size)


def warnings(offer: Offer, brief: Brief) -> tuple[str, ...]:
    """Returns what to know of an offer that fits."""
    id_, life = offer.model.id, offer.model.lifecycle
    found = []
    if life.retires_on is not None:
        after = f"; then use {life.successor}" if life.successor else ""
        verb = "retires" if life.retires_on > offer.today else "retired"
        found.append(f"{id_} {verb} on {life.retires_on}{after}")
    if life.missing_since is not None:
        since = f"has not been listed by its gateway since {life.missing_since}"
        after = f"; use {life.successor}" if life.successor else ""
        found.append(f"{id_} {since}, and may be gone{after}")
    return (*found, *_late(offer, brief))


def late(offer: Offer, brief: Brief) -> bool:
    """Whether a model is expected to take longer than the brief waits.

    A brief that does not wait at all only hands the shot over.
    """
    expected = offer.seconds
    return bool(brief.deadline and expected and expected > brief.deadline)


def _late(offer: Offer, brief: Brief) -> Iterator[str]:
    """Warns, and does not refuse: the wait ends, and the take goes on and is kept."""
    if late(offer, brief):
        usual = expecting.about(offer.seconds or 0.0)
        message = f"{offer.model.id} takes {usual}, longer than the wait"
        yield f"{message} of {brief.deadline:g} s; it goes on and can be resumed"
