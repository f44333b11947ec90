from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shotcaller.catalog import operation
from shotcaller.pricing import quote
from shotcaller.shot import Kind, Media, Shot
from shotcaller_fal.catalogue import endpoints
from shotcaller_fal_seedance.offer import SEEDANCE

MODELS = {model.id.removeprefix("fal/seedance-"): model for model in SEEDANCE.models}
PICTURE = Media("https://a.test/a.png", Kind.IMAGE)
VIDEO = Media("https://a.test/a.mp4", Kind.VIDEO)
TEN = Media("https://a.test/b.mp4", Kind.VIDEO, seconds=10)


def low_and_high(model: str, **fields: Any) -> tuple[str, str]:
    found = quote(MODELS[model], Shot("a", **fields))
    return str(found.low), str(found.high)


@pytest.mark.parametrize(
    ("model", "fields", "low", "high"),
    [
        ("2.0", {"seconds": 4, "resolution": "480p"}, "0.5867", "0.5867"),
        ("2.0", {"seconds": 5}, "1.5585", "1.5585"),
        ("2.0", {"seconds": 5, "sound": False}, "1.5585", "1.5585"),
        ("2.0", {"seconds": 5, "ratio": "9:16"}, "1.5585", "1.5585"),
        ("2.0", {"seconds": 5, "resolution": "1080p"}, "3.5134", "3.5134"),
        ("2.0", {"seconds": 5, "resolution": "4k"}, "14.0535", "14.0535"),
        ("2.0", {}, "1.2494", "4.6497"),
        ("2.0", {"seconds": 5, "references": [PICTURE]}, "1.5585", "1.5585"),
        ("2.0", {"seconds": 5, "references": [TEN]}, "2.7899", "2.7899"),
        ("2.0", {"seconds": 5, "references": [VIDEO]}, "1.3061", "3.7172"),
        ("2.0-fast", {"seconds": 4, "resolution": "480p"}, "0.4694", "0.4694"),
        ("2.0-fast", {"seconds": 5}, "1.2468", "1.2468"),
        ("2.0-fast", {"seconds": 5, "references": [TEN]}, "2.2319", "2.2319"),
        ("2.0-mini", {"seconds": 5}, "0.7793", "0.7793"),
        ("2.0-mini", {"seconds": 5, "resolution": "480p"}, "0.3660", "0.3660"),
        ("2.0-mini", {"seconds": 5, "references": [TEN]}, "2.3249", "2.3249"),
        ("2.5", {"seconds": 5}, "2.3823", "2.3823"),
        ("2.5", {"seconds": 5, "resolution": "480p"}, "1.1187", "1.1187"),
        ("2.5", {"seconds": 5, "resolution": "1080p"}, "5.8724", "5.8724"),
        ("2.5", {"seconds": 5, "references": [TEN]}, "4.2645", "4.2645"),
        ("2.5", {"seconds": 5, "references": [VIDEO]}, "1.9397", "9.9913"),
        ("2.5", {"seconds": 5, "references": [VIDEO] * 2}, "1.9397", "18.5532"),
        ("1.5-pro", {}, "0.2672", "0.2672"),
        ("1.5-pro", {"sound": False}, "0.1336", "0.1336"),
        ("1.5-pro", {"seconds": 12, "resolution": "1080p"}, "1.4386", "1.4386"),
    ],
)
def test_a_shot_is_quoted_by_its_tokens(
    model: str, fields: dict[str, Any], low: str, high: str
) -> None:
    assert low_and_high(model, **fields) == (low, high)


@pytest.mark.parametrize(
    ("model", "usd_per_thousand"), [("2.0", "0.014"), ("2.0-fast", "0.0112")]
)
def test_what_was_billed_in_april_is_within_the_quote(
    model: str, usd_per_thousand: str
) -> None:
    billed = Decimal("38.8") * Decimal(usd_per_thousand)

    found = quote(
        MODELS[model], Shot("a", seconds=4, ratio="1:1", resolution="480p", sound=False)
    )

    assert found.high is not None
    assert billed <= found.high < billed * Decimal("1.09")


@pytest.mark.parametrize("name", MODELS)
def test_no_quote_is_below_what_a_page_says_of_a_second(name: str) -> None:
    model = MODELS[name]
    starts = [Shot("a"), Shot("a", image=PICTURE), Shot("a", references=[PICTURE])]
    bases = [
        SEEDANCE.route(model.id, shot).endpoint
        for shot in starts
        if operation(shot) in model.by_operation
    ]
    listed = [price for base in bases for price in endpoints()[base].prices]
    seconds = [price for price in listed if price.per == "second"]

    for price in seconds:
        guided = "video_urls" in price.when
        for length in range(int(model.capabilities.seconds.low), 31):
            if length not in model.capabilities.seconds:
                continue
            shot = Shot(
                "a",
                seconds=length,
                resolution=str(price.when["resolution"]),
                references=[Media("https://a.test/a.mp4", Kind.VIDEO, seconds=2)]
                if guided
                else [],
            )
            found = quote(model, shot).high
            charged = length + 2 if guided else length
            assert found is not None
            assert price.usd * charged <= found <= price.usd * charged * Decimal("1.08")


def test_one_clip_of_five_seconds_with_sound_is_within_the_quote_of_1_5() -> None:
    assert Decimal("0.26") <= (quote(MODELS["1.5-pro"], Shot("a", seconds=5)).high or 0)


@pytest.mark.parametrize(
    ("size", "frames"),
    [
        ("480p", [(640, 640), (864, 480)]),
        ("720p", [(834, 1112), (1280, 720)]),
        ("1080p", [(1920, 1080)]),
        ("4k", [(3840, 2160)]),
    ],
)
def test_no_frame_that_is_known_of_is_larger_than_the_one_quoted(
    size: str, frames: list[tuple[int, int]]
) -> None:
    found = quote(MODELS["2.0"], Shot("a", seconds=4, resolution=size)).high

    assert found is not None
    for width, height in frames:
        tokens = Decimal(width * height * (24 * 4 + 1)) / 1024
        assert tokens * Decimal("0.000014") <= found


@pytest.mark.parametrize(
    ("name", "quality", "seconds", "traits"),
    [
        (
            "2.0",
            0.85,
            110,
            (
                "action anime camera character cinematic dialogue high-fidelity "
                "landscape lip-sync multi-shot product trailer"
            ),
        ),
        ("2.0-fast", 0.80, 70, "draft lip-sync multi-shot social"),
        ("2.0-mini", 0.77, 115, "multi-shot"),
        (
            "2.5",
            0.86,
            150,
            ("camera character cinematic dialogue lip-sync multi-shot product trailer"),
        ),
        ("1.5-pro", 0.61, None, "anime"),
    ],
)
def test_what_is_said_of_a_model_is_what_was_judged(
    name: str, quality: float, seconds: float | None, traits: str
) -> None:
    model = MODELS[name]
    good, quick = model.known("quality"), model.known("speed")

    assert good is not None
    assert good.value == quality
    assert (quick and quick.value) == seconds
    assert sorted(model.traits) == traits.split()
    assert model.lifecycle.missing_since is None
    assert model.maker == "bytedance"
