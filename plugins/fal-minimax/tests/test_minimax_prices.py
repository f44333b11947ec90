"""A shot is quoted at what MiniMax's models cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal_minimax import shotcaller_models

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
LAST = "https://a.test/last.png"
VIDEO = "https://a.test/moves.mp4"
SOUND = "https://a.test/voice.wav"


def why_not(id_: str, shot: Shot) -> tuple[Reason, ...]:
    model = MODELS[id_]
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return reasons(offer, shot, Brief())


QUOTES: list[tuple[str, dict[str, Any], str]] = [
    ("fal/h3-max", {}, "0.40"),
    ("fal/h3-max", {"resolution": "480p", "seconds": 10}, "0.50"),
    ("fal/h3-max", {"resolution": "1080p", "seconds": 15}, "2.40"),
    ("fal/h3-max", {"image": IMAGE, "seconds": 6}, "0.48"),
    # Of references 4,096 tokens are free, which no one picture exceeds.
    ("fal/h3-max", {"references": [IMAGE]}, "0.40"),
    ("fal/h3-max-turbo", {"resolution": "480p"}, "0.125"),
    ("fal/h3-max-turbo", {}, "0.20"),
    ("fal/h3-max-turbo", {"resolution": "1080p", "image": IMAGE}, "0.40"),
    ("fal/h3", {}, "0.65"),
    ("fal/h3", {"resolution": "480p"}, "0.25"),
    ("fal/h3", {"resolution": "768p"}, "0.40"),
    ("fal/h3", {"resolution": "768p", "image": IMAGE}, "0.30"),
    ("fal/h3", {"resolution": "768p", "image": IMAGE, "last_image": LAST}, "0.30"),
    ("fal/h3", {"resolution": "4k", "seconds": 15}, "2.40"),
    ("fal/h3", {"resolution": "768p", "references": [IMAGE] * 5}, "0.30"),
    ("fal/h3", {"resolution": "768p", "references": [IMAGE] * 9}, "0.62"),
    ("fal/h3", {"references": [IMAGE] * 6 + [VIDEO] * 3 + [SOUND] * 3}, "0.73"),
    ("fal/hailuo-2.3-standard", {}, "0.28"),
    ("fal/hailuo-2.3-standard", {"seconds": 10, "image": IMAGE}, "0.56"),
    ("fal/hailuo-2.3-pro", {}, "0.49"),
    ("fal/hailuo-2.3-fast-standard", {"image": IMAGE}, "0.19"),
    ("fal/hailuo-2.3-fast-standard", {"image": IMAGE, "seconds": 10}, "0.32"),
    ("fal/hailuo-2.3-fast-pro", {"image": IMAGE}, "0.33"),
    ("fal/hailuo-02-standard", {"seconds": 6}, "0.27"),
    ("fal/hailuo-02-standard", {"seconds": 10, "image": IMAGE}, "0.45"),
    (
        "fal/hailuo-02-standard",
        {"seconds": 10, "image": IMAGE, "resolution": "512p"},
        "0.17",
    ),
    ("fal/hailuo-02-pro", {}, "0.48"),
    ("fal/hailuo-02-fast", {"image": IMAGE}, "0.102"),
    ("fal/minimax-video-01", {"references": [IMAGE]}, "0.50"),
    ("fal/minimax-video-01-director", {}, "0.60"),
    ("fal/minimax-video-01-live", {"image": IMAGE}, "0.50"),
]


@pytest.mark.parametrize(("id_", "fields", "usd"), QUOTES)
def test_a_shot_is_quoted_at_exactly_this(
    id_: str, fields: dict[str, Any], usd: str
) -> None:
    shot = Shot("a storm", **fields)
    found = pricing.quote(MODELS[id_], shot)

    assert why_not(id_, shot) == ()
    assert {Decimal(usd)} == {found.low, found.expected, found.high}


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("tokens", [1024, 1376, 1824, 2560])  # 1:1, 4:3, 16:9, 5:2
def test_references_of_h3_max_never_cost_more_than_quoted(
    count: int, tokens: int
) -> None:
    shot = Shot("a storm", references=[IMAGE] * count)
    high = pricing.quote(MODELS["fal/h3-max"], shot).high
    beyond = max(count * tokens - 4096, 0)
    billed = Decimal("0.40") + Decimal("0.02") * beyond / 1000

    assert high is not None
    assert high >= billed
    assert high - billed <= (2560 - tokens) * count * Decimal("0.00002") + Decimal(
        "0.0001"
    )


def test_cuts_without_a_length_are_quoted_at_the_longest() -> None:
    shot = Shot("a storm", cuts=[Cut("rain"), Cut("sun")])
    found = pricing.quote(MODELS["fal/h3-max"], shot)

    assert (found.low, found.high) == (Decimal("0.40"), Decimal("1.20"))


def test_the_prices_that_are_not_from_fal_are_called_unsure() -> None:
    unsure = {
        id_: model.price.source
        for id_, model in MODELS.items()
        if model.price is not None and model.price.source.startswith("unsure: ")
    }

    assert unsure == {
        "fal/hailuo-02-fast": (
            "unsure: taken from what Hailuo 02 Standard costs at 512p"
        ),
        "fal/minimax-video-01": "unsure: other people's price tables",
        "fal/minimax-video-01-director": (
            "unsure: the dearer of two that other people's price tables have"
        ),
        "fal/minimax-video-01-live": "unsure: other people's price tables",
    }
