from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shotcaller.catalog import operation
from shotcaller.pricing import quote
from shotcaller.shot import Cut, Shot
from shotcaller_fal.catalogue import endpoints
from shotcaller_fal_kling.offer import KLING

MODELS = {model.id.removeprefix("fal/kling-"): model for model in KLING.models}
FIRST = "https://a.test/first.png"
SPOKEN = {"fal": {"elements": [{"frontal_image_url": FIRST, "voice_id": "v1"}]}}
MUTE = {"fal": {"elements": [{"frontal_image_url": FIRST}]}}
VOICES = {"fal": {"voice_ids": ["v1"]}}


@pytest.mark.parametrize(
    ("model", "fields", "usd"),
    [
        ("v3-standard", {}, "0.63"),
        ("v3-standard", {"sound": False}, "0.42"),
        ("v3-standard", {"image": FIRST, "options": MUTE}, "0.63"),
        ("v3-standard", {"image": FIRST, "options": SPOKEN}, "0.77"),
        ("v3-pro", {}, "0.84"),
        ("v3-pro", {"sound": False}, "0.56"),
        ("v3-pro", {"image": FIRST, "options": SPOKEN}, "0.98"),
        ("v3-pro", {"seconds": 15}, "2.52"),
        ("v3-pro", {"cuts": [Cut("a", 2), Cut("b", 5)]}, "1.176"),
        ("v3-4k", {}, "2.1"),
        ("v3-4k", {"image": FIRST, "sound": False, "options": SPOKEN}, "2.1"),
        ("v3-turbo-pro", {}, "0.7"),
        ("v3-turbo-standard", {}, "0.56"),
        ("o3-standard", {}, "0.56"),
        ("o3-standard", {"sound": False}, "0.42"),
        ("o3-standard", {"references": [FIRST], "options": SPOKEN}, "0.7"),
        ("o3-pro", {}, "0.7"),
        ("o3-pro", {"sound": False}, "0.56"),
        ("o3-pro", {"references": [FIRST], "options": SPOKEN}, "0.84"),
        ("o3-4k", {}, "2.1"),
        ("o3-4k", {"sound": False}, "2.1"),
        ("v2.6-pro", {}, "0.7"),
        ("v2.6-pro", {"sound": False}, "0.35"),
        ("v2.6-pro", {"image": FIRST, "options": VOICES}, "0.84"),
        ("v2.5-turbo-pro", {}, "0.35"),
        ("v2.5-turbo-pro", {"seconds": 10}, "0.7"),
        ("v2.5-turbo-standard", {"image": FIRST, "seconds": 10}, "0.42"),
        ("v2.1-master", {}, "1.4"),
        ("v2.1-master", {"seconds": 10}, "2.8"),
        ("v2.1-pro", {"image": FIRST}, "0.49"),
        ("v2.1-standard", {"image": FIRST}, "0.28"),
        ("v2-master", {"seconds": 10}, "2.8"),
    ],
)
def test_a_shot_is_quoted_as_the_pages_say(
    model: str, fields: dict[str, Any], usd: str
) -> None:
    found = quote(MODELS[model], Shot("a", **fields))

    assert found.low == found.expected == found.high == Decimal(usd)


@pytest.mark.parametrize(
    ("model", "units", "unit"),
    [
        ("v3-standard", "3.0", "0.14"),
        ("v3-pro", "4.0", "0.14"),
        ("o3-4k", "5.0", "0.42"),
    ],
)
def test_what_was_billed_in_april_is_what_is_quoted(
    model: str, units: str, unit: str
) -> None:
    shot = Shot("a", seconds=5, sound=False)
    endpoint = endpoints()[KLING.route(f"fal/kling-{model}", shot).endpoint]

    assert endpoint.unit_usd == Decimal(unit)
    assert quote(MODELS[model], shot).high == Decimal(units) * Decimal(unit)


@pytest.mark.parametrize("name", MODELS)
def test_every_price_on_the_pages_is_one_that_is_quoted(name: str) -> None:
    model = MODELS[name]
    assert model.price is not None
    quoted = {rate.usd for rate in model.price.rates}

    starts = [Shot("a"), Shot("a", image=FIRST), Shot("a", references=[FIRST])]
    for shot in starts:
        if operation(shot) not in model.by_operation:
            continue
        listed = endpoints()[KLING.route(model.id, shot).endpoint].prices
        seconds = {price.usd for price in listed if price.per.endswith("second")}
        assert seconds
        assert seconds <= quoted
        for price in listed:
            if price.per == "first 5 s":
                assert quote(model, shot).high == price.usd


@pytest.mark.parametrize(
    ("name", "quality", "seconds", "traits"),
    [
        (
            "v3-pro",
            0.74,
            90,
            (
                "abstract anime camera character cinematic lip-sync multi-shot "
                "product trailer"
            ),
        ),
        ("v3-standard", 0.74, 60, "draft lip-sync multi-shot"),
        ("v3-4k", 0.74, 95, "camera character cinematic lip-sync multi-shot"),
        ("v3-turbo-pro", 0.73, 55, "fast multi-shot"),
        ("v3-turbo-standard", 0.72, 45, "fast multi-shot"),
        ("o3-pro", 0.76, 90, "camera character cinematic lip-sync multi-shot product"),
        ("o3-standard", 0.73, 65, "camera character lip-sync multi-shot"),
        ("o3-4k", 0.76, 95, "camera character lip-sync multi-shot"),
        ("v2.6-pro", 0.55, 150, ""),
        ("v2.5-turbo-pro", 0.56, 150, ""),
        ("v2.5-turbo-standard", 0.61, 150, ""),
        ("v2.1-master", 0.48, 150, ""),
        ("v2.1-pro", 0.54, 150, ""),
        ("v2.1-standard", 0.58, 150, ""),
        ("v2-master", 0.41, 150, ""),
    ],
)
def test_what_is_said_of_a_model_is_what_was_judged(
    name: str, quality: float, seconds: float, traits: str
) -> None:
    model = MODELS[name]
    good, quick = model.known("quality"), model.known("speed")

    assert good is not None
    assert quick is not None
    assert (good.value, quick.value) == (quality, seconds)
    assert sorted(model.traits) == traits.split()
    assert model.lifecycle.missing_since is None
    assert model.maker == "kuaishou"
