"""What a clip costs, by the figures that were seen on fal's wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shotcaller_emulator.fal.billing import bill, unit, unit_usd
from shotcaller_emulator.fal.clips import film
from shotcaller_fal.catalogue import Endpoint, Listed, endpoints

SILENT = {"generate_audio": False}
SMALL = {"resolution": "480p", "aspect_ratio": "1:1"}
VIDEO = "https://example.com/a.mp4"
IMAGE = "https://example.com/a.png"


def billed(endpoint: str, **given: Any) -> tuple[str, str]:
    """Returns the units and the dollars."""
    known = endpoints()[endpoint]
    wanted = {"prompt": "a fox", **given}
    found = bill(known, wanted, film(known, wanted, 0))
    return str(float(found.units)), str(found.usd)


@pytest.mark.parametrize(
    ("endpoint", "given", "units", "usd"),
    [
        (
            "bytedance/seedance-2.0/text-to-video",
            {"duration": "4", **SMALL},
            "38.8",
            "0.5432",
        ),
        (
            "bytedance/seedance-2.0/fast/text-to-video",
            {"duration": "4", **SMALL},
            "38.8",
            "0.43456",
        ),
        ("fal-ai/kling-video/v3/pro/text-to-video", SILENT, "4.0", "0.56"),
        ("fal-ai/kling-video/v3/standard/image-to-video", SILENT, "3.0", "0.42"),
        ("fal-ai/kling-video/o3/4k/text-to-video", SILENT, "5.0", "2.1"),
        ("fal-ai/veo3.1", {"duration": "4s", **SILENT}, "2.0", "0.8"),
        (
            "fal-ai/wan/v2.7/text-to-video",
            {"duration": 2, "resolution": "720p"},
            "2.0",
            "0.2",
        ),
        ("fal-ai/sora-2/text-to-video", {"duration": 4}, "4.0", "0.4"),
        (
            "xai/grok-imagine-video/image-to-video",
            {"duration": 6, "resolution": "720p", "image_url": IMAGE},
            "8.44",
            "0.422",
        ),
        (
            "lightricks/ltx-2.5/text-to-video/fast",
            {"duration": 6, "resolution": "720p"},
            "54.0",
            "0.54",
        ),
    ],
)
def test_these_were_recorded(
    endpoint: str, given: dict[str, Any], units: str, usd: str
) -> None:
    assert billed(endpoint, **given) == (units, usd)


@pytest.mark.parametrize(
    ("endpoint", "given", "usd"),
    [
        ("fal-ai/kling-video/v3/pro/text-to-video", {}, "0.84"),
        ("fal-ai/kling-video/v3/pro/text-to-video", {"voice_ids": ["x"]}, "0.84"),
        ("fal-ai/veo3.1", {"resolution": "4k"}, "4.8"),
        ("fal-ai/veo3.1/fast", {"resolution": "1080p", "duration": "4s"}, "0.6"),
        ("fal-ai/wan/v2.7/text-to-video", {}, "0.75"),
        ("fal-ai/kling-video/v2.5-turbo/pro/text-to-video", {"duration": "5"}, "0.35"),
        ("fal-ai/kling-video/v2.5-turbo/pro/text-to-video", {"duration": "10"}, "0.7"),
        ("fal-ai/luma-dream-machine/ray-2", {}, "0.5"),
        (
            "fal-ai/luma-dream-machine/ray-2",
            {"resolution": "1080p", "duration": "9s"},
            "4",
        ),
        (
            "luma/agent/ray/v3.2/image-to-video",
            {"duration": "10s", "resolution": "720p"},
            "0.6",
        ),
        ("fal-ai/minimax/hailuo-2.3/standard/text-to-video", {"duration": "6"}, "0.28"),
        (
            "fal-ai/minimax/hailuo-2.3/standard/text-to-video",
            {"duration": "10"},
            "0.56",
        ),
        ("fal-ai/minimax/video-01", {}, "0.5"),
        ("minimax/h3-max/text-to-video", {}, "0.4"),
        (
            "minimax/h3/reference-to-video",
            {"resolution": "768P", "reference_image_urls": [IMAGE] * 7},
            None,
        ),
        (
            "xai/grok-imagine-video/reference-to-video",
            {"reference_image_urls": [IMAGE] * 3},
            "0.406",
        ),
        ("xai/grok-imagine-video/extend-video", {"video_url": VIDEO}, "0.48"),
        ("bytedance/seedance-2.0/reference-to-video", {"video_urls": [VIDEO]}, "0.907"),
        ("fal-ai/bytedance/seedance/v1.5/pro/text-to-video", SILENT, "0.1307"),
        ("bytedance/seedance-2.5/text-to-video", {"resolution": "1080p"}, None),
        ("fal-ai/ltx-2.3-22b/distilled/text-to-video", {}, None),
        ("wan/v2.6/image-to-video", {}, "0.5"),
        ("alibaba/happy-horse/text-to-video", {}, "0.7"),
    ],
)
def test_these_follow_from_the_listed_prices(
    endpoint: str, given: dict[str, Any], usd: str | None
) -> None:
    units, dollars = billed(endpoint, **given)

    if usd is not None:
        assert round(Decimal(dollars), 4) == Decimal(usd)
    assert float(dollars) == pytest.approx(
        float(units) * float(unit_usd(endpoints()[endpoint])), rel=1e-5
    )


def test_more_references_than_are_free_cost_more() -> None:
    endpoint = "minimax/h3/reference-to-video"
    five = billed(endpoint, reference_image_urls=[IMAGE] * 5)[1]
    seven = billed(endpoint, reference_image_urls=[IMAGE] * 7)[1]
    extra = next(
        price.usd
        for price in endpoints()[endpoint].prices
        if price.per.startswith("reference image")
    )

    assert Decimal(seven) - Decimal(five) == 2 * extra


def test_every_endpoint_has_a_price_above_nothing() -> None:
    for endpoint in endpoints().values():
        found = bill(endpoint, {}, film(endpoint, {}, 0))
        assert found.usd > 0, endpoint.id
        assert found.units.as_tuple().exponent >= -6  # type: ignore[operator]


def test_longer_never_costs_less() -> None:
    for endpoint in endpoints().values():
        lengths = endpoint.input["properties"].get("duration", {}).get("enum", [])
        costs = [
            bill(endpoint, {"duration": each}, film(endpoint, {"duration": each}, 0))
            for each in lengths
            if str(each) not in {"auto", "0"}
        ]
        found = [cost.usd for cost in costs]
        assert found == sorted(found), endpoint.id


def test_a_price_that_fits_nothing_is_not_chosen() -> None:
    prices = (
        Listed(Decimal("0.1"), "second", {"resolution": "480p"}, "", ""),
        Listed(Decimal("0.3"), "second", {"resolution": "720p"}, "", ""),
    )
    known = {"properties": {"resolution": {"default": "1080p"}}}
    endpoint = Endpoint("some/one", known, prices, None, current=True)
    clip = film(endpoint, {}, 0)

    assert bill(endpoint, {}, clip).usd == Decimal("1.5")  # the dearest
    assert bill(endpoint, {"resolution": "480P"}, clip).usd == Decimal("0.5")


def test_units_have_names() -> None:
    assert unit(endpoints()["fal-ai/veo3.1"]) == "units"
    assert unit(endpoints()["fal-ai/sora-2/text-to-video"]) == "second"
    assert unit(endpoints()["bytedance/seedance-2.0/text-to-video"]) == "1000 tokens"
    assert unit(endpoints()["wan/v2.6/text-to-video"]) == "second"


def test_the_result_says_its_units(ask: Any) -> None:
    done = ask.result("bytedance/seedance-2.0/text-to-video", duration="4", **SMALL)

    assert done.headers["x-fal-billable-units"] == "38.8"
    assert ask.vendor.billed == Decimal("0.5432")
