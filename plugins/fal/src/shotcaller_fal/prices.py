"""Says what a billable unit of an endpoint costs: as fal says now, or as was seen."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from attrs import frozen

from shotcaller.plugin import JSON, Aside, BadReply, Request, Response
from shotcaller_fal import ids
from shotcaller_fal.catalogue import endpoints

HIGHEST = Decimal(10_000)
"""More than this is no price of a unit in USD, nor a number of units, but a mistake."""


@frozen
class Unit:
    """Is the price of one endpoint's unit, whatever that unit is."""

    unit_price: JSON
    currency: JSON = None
    endpoint_id: JSON = None


@frozen
class Prices:
    """Is fal's answer to a question for prices."""

    prices: list[Unit]


def asked(endpoint: str) -> Aside:
    """Returns the question for an endpoint's price, without which a clip is a clip."""
    url = f"{ids.PLATFORM}/models/pricing"
    return Aside(Request("GET", url, params={"endpoint_id": endpoint}))


def unit_usd(reply: Response | None, endpoint: str) -> Decimal | None:
    """Returns the price of a unit in USD: from the answer, else from the catalogue."""
    told = [one for one in _told(reply) if one.endpoint_id in (None, endpoint)]
    for one in told:
        if str(one.currency).upper() == "USD":
            amount = sane(str(one.unit_price))
            if amount is not None:
                return amount
    known = endpoints().get(endpoint)
    return None if known is None else known.unit_usd


def sane(written: str | None) -> Decimal | None:
    """Returns an amount as it is written, or None for what can be none."""
    try:
        amount = Decimal(written or "")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= HIGHEST else None


def _told(reply: Response | None) -> list[Unit]:
    try:
        return [] if reply is None else reply.into(Prices).prices
    except BadReply:
        return []
