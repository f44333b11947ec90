from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.catalog import FREE, Price, Rate, Surcharge, Unit

DAY = date(2026, 1, 31)


@pytest.mark.parametrize("usd", ["-0.01", "NaN", "Infinity", "10001"])
def test_a_rate_is_an_amount_that_can_be_paid(usd: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Rate(usd)

    assert str(caught.value) == f"a rate of {usd} is not from 0 to 10000 USD"


def test_what_is_free_costs_nothing_for_a_clip() -> None:
    (rate,) = Price(FREE, "", DAY).rates

    assert rate == Rate(Decimal(0), Unit.CLIP)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"sound": "yes"}, "a rate when sound is 'yes': that is not on or off"),
        ({"video": "2"}, "a rate when video is '2': that is not given"),
        (
            {"operation": "images"},
            "a rate when operation is 'images': that is not an operation such as image",
        ),
        (
            {"resolution": "HD"},
            "a rate when resolution is 'HD': that is not a size such as 720p",
        ),
        (
            {"seconds": "8.0"},
            "a rate when seconds is '8.0': that is not a length such as 8",
        ),
        (
            {"seconds": "given"},
            "a rate when seconds is 'given': that is not a length such as 8",
        ),
        (
            {"seconds": "inf"},
            "a rate when seconds is 'inf': that is not a length such as 8",
        ),
        (
            {"seconds": "-1"},
            "a rate when seconds is '-1': that is not a length such as 8",
        ),
        (
            {"seconds": 8},
            "a rate when seconds is 8: that is not a length such as 8",
        ),
        ({"loop": True}, "a rate when loop is True: that is not text"),
    ],
)
def test_a_rate_that_can_never_apply_is_refused(
    when: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Rate("1", when=when)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"input_seconds": (15, 2)},
            "input_seconds: nothing lasts from 15 to 2 s",
        ),
        (
            {"input_seconds": (-1, 2)},
            "input_seconds: nothing lasts from -1 to 2 s",
        ),
        (
            {"input_seconds": (0, math.inf)},
            "input_seconds: nothing lasts from 0 to inf s",
        ),
        (
            {"input_seconds": (2, 15), "per": Unit.CLIP},
            "input_seconds: a rate per clip does not count them",
        ),
        ({"pixels": 0, "per": Unit.TOKEN}, "'pixels' must be > 0: 0"),
        ({"pixels": 9}, "pixels: a rate per second does not count them"),
    ],
)
def test_a_rate_that_counts_nonsense_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Rate("1", **fields)

    assert str(caught.value) == message


def test_a_surcharge_is_an_amount_beyond_a_number() -> None:
    assert Surcharge("0.08", beyond=5).usd == Decimal("0.08")
    with pytest.raises(ValueError, match=r"^a rate of -1 is not from 0 to 10000 USD$"):
        Surcharge("-1")
    with pytest.raises(ValueError, match=r"^'beyond' must be >= 0: -1$"):
        Surcharge("1", beyond=-1)
