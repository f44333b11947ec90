"""A shot is quoted at what Veo's models cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Model
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal_veo import shotcaller_models

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
VIDEO = "https://a.test/before.mp4"


def offer(model: Model, shot: Shot) -> Offer:
    return Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)


def why_not(id_: str, shot: Shot, brief: Brief | None = None) -> tuple[Reason, ...]:
    model = MODELS[id_]
    return reasons(offer(model, shot), shot, brief or Brief(model=id_))


QUOTES: list[tuple[str, dict[str, Any], str]] = [
    # 2.0 billable units at $0.40 were seen for this one: half a unit a silent second.
    ("fal/veo-3.1", {"seconds": 4, "resolution": "720p", "sound": False}, "0.80"),
    ("fal/veo-3.1", {"seconds": 4, "image": IMAGE, "sound": False}, "0.80"),
    ("fal/veo-3.1", {}, "3.20"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "1080p"}, "1.60"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "4k"}, "2.40"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "4k", "sound": False}, "1.60"),
    ("fal/veo-3.1", {"extend": VIDEO}, "2.80"),
    ("fal/veo-3.1", {"extend": VIDEO, "sound": False}, "1.40"),
    ("fal/veo-3.1", {"references": [IMAGE]}, "3.20"),
    ("fal/veo-3.1-fast", {"seconds": 4}, "0.60"),
    ("fal/veo-3.1-fast", {"seconds": 4, "sound": False}, "0.40"),
    ("fal/veo-3.1-fast", {"seconds": 4, "resolution": "4k"}, "1.40"),
    ("fal/veo-3.1-fast", {"seconds": 4, "resolution": "4k", "sound": False}, "1.20"),
    ("fal/veo-3.1-lite", {"seconds": 6}, "0.30"),
    ("fal/veo-3.1-lite", {"seconds": 6, "sound": False}, "0.18"),
    ("fal/veo-3.1-lite", {"seconds": 6, "resolution": "1080p"}, "0.48"),
    (
        "fal/veo-3.1-lite",
        {"seconds": 6, "resolution": "1080p", "sound": False},
        "0.30",
    ),
    ("fal/veo-3", {}, "3.20"),
    ("fal/veo-3", {"sound": False, "resolution": "1080p"}, "1.60"),
    ("fal/veo-3-fast", {"seconds": 4}, "0.60"),
    ("fal/veo-3-fast", {"seconds": 4, "sound": False}, "0.40"),
    ("fal/veo-2", {}, "2.50"),
    ("fal/veo-2", {"seconds": 8, "image": IMAGE}, "4.00"),
]


@pytest.mark.parametrize(("id_", "fields", "usd"), QUOTES)
def test_a_shot_is_quoted_at_exactly_this(
    id_: str, fields: dict[str, Any], usd: str
) -> None:
    shot = Shot("a storm", **fields)
    found = pricing.quote(MODELS[id_], shot)

    assert why_not(id_, shot) == ()
    assert {Decimal(usd)} == {found.low, found.expected, found.high}


def test_only_a_price_that_is_remembered_is_called_unsure() -> None:
    unsure = [
        id_
        for id_, model in MODELS.items()
        if model.price is not None and model.price.source.startswith("unsure: ")
    ]

    assert unsure == ["fal/veo-2"]


def test_a_price_is_as_old_as_its_source() -> None:
    found = {id_: one.price.as_of for id_, one in MODELS.items() if one.price}

    assert found == {
        "fal/veo-3.1": date(2026, 7, 22),
        "fal/veo-3.1-fast": date(2026, 1, 1),
        "fal/veo-3.1-lite": date(2026, 1, 1),
        "fal/veo-3": date(2025, 12, 31),
        "fal/veo-3-fast": date(2025, 12, 31),
        "fal/veo-2": date(2025, 1, 1),
    }
