"""Makes gateways, models and offers for tests of what decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shotcaller.accounts import Account
from shotcaller.catalog import (
    Capabilities,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Quote,
    Rate,
    Sound,
    Upload,
)
from shotcaller.fitting import Offer
from shotcaller.shot import Kind

TODAY = date(2026, 6, 1)


def gateway(**changes: Any) -> Gateway:
    """Returns a gateway on the network that takes pictures."""
    usual = {
        "id": "paper",
        "title": "Paper",
        "homepage": "https://paper.test",
        "api_hosts": ("api.paper.test",),
        "uploads": (Upload(Kind.IMAGE, 1_000),),
    }
    return Gateway(**{**usual, **changes})


def capable(**changes: Any) -> Capabilities:
    """Returns what a model can do that can do most things."""
    usual = {
        "operations": frozenset(Operation),
        "seconds": Lengths(1, 10),
        "default_seconds": 5,
        "ratios": ("16:9", "9:16"),
        "default_ratio": "16:9",
        "resolutions": ("720p", "1080p"),
        "default_resolution": "720p",
        "sound": Sound.OPTIONAL,
        "references": {Kind.IMAGE: 2},
        "prompt": 100,
        "cuts": 2,
        "negative": True,
        "seed": True,
    }
    return Capabilities(**{**usual, **changes})


def price(*rates: Rate) -> Price:
    """Returns a price list; ten cents a second if no rates are given."""
    return Price(rates or (Rate("0.10"),), "https://paper.test/prices", TODAY)


def model(**changes: Any) -> Model:
    """Returns a model that can do most things."""
    usual = {
        "id": "paper/one",
        "title": "Paper one",
        "maker": "papermaker",
        "capabilities": capable(),
        "price": price(),
    }
    return Model(**{**usual, **changes})


def quote(usd: str | None) -> Quote:
    """Returns a quote of one amount, or an unknown one."""
    amount = None if usd is None else Decimal(usd)
    return Quote(amount, amount, amount)


def offer(
    found: Model | None = None, usd: str | None = "0.50", **changes: Any
) -> Offer:
    """Returns an offer at so many USD."""
    usual = {
        "model": found or model(),
        "account": Account(gateway()),
        "quote": quote(usd),
        "today": TODAY,
    }
    return Offer(**{**usual, **changes})
