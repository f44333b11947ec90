from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from shotcaller.catalog import (
    FREE,
    Model,
    Operation,
    Option,
    Quote,
    Rate,
    Sound,
    Unit,
    dollars,
    operation,
)
from shotcaller.pricing import frame_size, has_sound, quote
from shotcaller.shot import Cut, Shot
from tests.core import offerings
from tests.core import strategies as ours
from tests.core.offers import TODAY, capable, model, price

SOURCE = "https://paper.test/prices"


def priced(*rates: Rate, **changes: Any) -> Model:
    return model(price=price(*rates), capabilities=capable(**changes))


def expected(found: Quote) -> str | None:
    return None if found.expected is None else str(found.expected.normalize())


@pytest.mark.parametrize(
    ("fields", "starts_from"),
    [
        ({}, Operation.TEXT),
        ({"image": "a.png"}, Operation.IMAGE),
        ({"image": "a.png", "last_image": "z.png"}, Operation.FRAMES),
        ({"references": ["r.png"]}, Operation.REFERENCES),
        ({"references": ["r.png"], "image": "a.png"}, Operation.REFERENCES),
        ({"extend": "v.mp4", "references": ["r.png"]}, Operation.EXTEND),
    ],
)
def test_the_shot_decides_what_it_starts_from(
    fields: dict[str, Any], starts_from: Operation
) -> None:
    assert operation(Shot("a", **fields)) is starts_from


@pytest.mark.parametrize(
    ("offered", "asked", "there"),
    [
        (Sound.OPTIONAL, None, True),
        (Sound.OPTIONAL, True, True),
        (Sound.OPTIONAL, False, False),
        (Sound.ALWAYS, None, True),
        (Sound.ALWAYS, False, True),
        (Sound.NEVER, None, False),
        (Sound.NEVER, True, False),
    ],
)
def test_sound_is_as_asked_for_where_the_model_leaves_it(
    offered: Sound, asked: bool | None, there: bool
) -> None:
    made = model(capabilities=capable(sound=offered))

    assert has_sound(made, Shot("a", sound=asked)) is there


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("720p", "16:9", (1280, 720)),
        ("1080p", "9:16", (1080, 1920)),
        ("480p", "16:9", (854, 480)),
        ("480p", "1:1", (480, 480)),
        ("2k", "16:9", (1920, 1080)),
        ("4k", "16:9", (3840, 2160)),
        ("720p", "21:9", (1680, 720)),
    ],
)
def test_the_short_side_is_the_p(
    resolution: str, ratio: str, size: tuple[int, int]
) -> None:
    assert frame_size(resolution, ratio) == size


def test_without_a_price_the_cost_is_unknown_not_zero() -> None:
    assert quote(model(price=None), Shot("a")) == Quote(None, None, None)


def test_what_no_rate_covers_is_unknown_with_the_lists_source() -> None:
    only_loud = priced(Rate("0.1", when={"sound": "on"}))

    found = quote(only_loud, Shot("a", sound=False))

    assert found == Quote(None, None, None, SOURCE, TODAY)
    assert not found.known


@pytest.mark.parametrize(
    ("rate", "fields", "usd"),
    [
        (Rate("0.1"), {"seconds": 8}, "0.8"),
        (Rate("0.1"), {}, "0.5"),
        (Rate("0.1"), {"cuts": [Cut("b", 2), Cut("c", 1.5)]}, "0.35"),
        (Rate("0.4", Unit.CLIP), {"seconds": 8}, "0.4"),
        (Rate("0.00333"), {"seconds": 1}, "0.0034"),
        (Rate("0.001", Unit.TOKEN), {"seconds": 1}, "22.5"),
        (Rate("0.001", Unit.TOKEN), {"seconds": 1, "resolution": "1080p"}, "50.625"),
        (*FREE, {"seconds": 8}, "0"),
    ],
)
def test_a_rate_is_charged_by_clip_second_or_token(
    rate: Rate, fields: dict[str, Any], usd: str
) -> None:
    found = quote(priced(rate), Shot("a", **fields))

    assert expected(found) == usd
    assert found.low == found.expected == found.high
    assert (found.source, found.as_of) == (SOURCE, TODAY)


@pytest.mark.parametrize(
    ("fields", "usd"),
    [
        ({"resolution": "1080p"}, "9"),
        ({"sound": False}, "2"),
        ({"image": "a.png"}, "3"),
        ({"options": {"paper": {"tier": "pro"}}}, "4"),
        ({"options": {"paper": {"loop": True}}}, "6"),
        ({"options": {"other": {"tier": "pro"}}}, "5"),
        ({"options": {"paper": {"resolution": "1080p"}}}, "5"),
        ({"options": {"paper": {"mask": "m.png"}}}, "7"),
        ({"options": {"paper": {"mask": ""}}}, "5"),
        ({"seconds": 6}, "8"),
        ({"seconds": 6.5}, "5"),
        ({"references": ["v.mp4"]}, "1"),
        ({"extend": "v.mp4"}, "1"),
        ({"references": ["r.png"]}, "5"),
        ({}, "5"),
        ({"resolution": "1080p", "sound": False}, "9"),
    ],
)
def test_the_first_rate_that_applies_counts(fields: dict[str, Any], usd: str) -> None:
    rates = (
        Rate("9", Unit.CLIP, when={"resolution": "1080p"}),
        Rate("2", Unit.CLIP, when={"sound": "off"}),
        Rate("3", Unit.CLIP, when={"operation": "image"}),
        Rate("4", Unit.CLIP, when={"tier": "pro"}),
        Rate("6", Unit.CLIP, when={"loop": "True"}),
        Rate("7", Unit.CLIP, when={"mask": "given"}),
        Rate("8", Unit.CLIP, when={"seconds": "6"}),
        Rate("1", Unit.CLIP, when={"video": "given"}),
        Rate("5", Unit.CLIP),
    )
    options = tuple(Option(name, "any") for name in ("tier", "loop", "mask"))

    made = quote(priced(*rates, options=options), Shot("a", **fields))

    assert expected(made) == usd


def test_a_rate_may_ask_for_several_things() -> None:
    both = Rate("9", when={"resolution": "1080p", "sound": "off"})
    made = priced(both, Rate("1"))

    assert expected(quote(made, Shot("a", seconds=1, sound=False))) == "1"
    assert expected(quote(made, Shot("a", seconds=1, resolution="1080p"))) == "1"
    quiet = Shot("a", seconds=1, resolution="1080p", sound=False)
    assert expected(quote(made, quiet)) == "9"


@given(offerings.models(), ours.shots())
def test_a_quote_is_in_order_and_never_negative(found: Model, shot: Shot) -> None:
    made = quote(found, shot)

    amounts = [made.low, made.expected, made.high]
    known = [amount for amount in amounts if amount is not None]
    assert known in ([], amounts)
    assert known == sorted(known)
    assert all(amount.is_finite() and amount >= 0 for amount in known)


@given(offerings.models(), ours.lengths, ours.lengths)
def test_a_longer_shot_never_costs_less_by_the_same_rates(
    found: Model, one: float, other: float
) -> None:
    rates = found.price.rates if found.price else ()
    assume(not any("seconds" in rate.when for rate in rates))
    short, long = sorted([one, other])
    lower, upper = (quote(found, Shot("a", seconds=s)).high for s in (short, long))

    assert (lower is None) is (upper is None)
    assert lower is None or upper is None or lower <= upper


@given(st.floats(0.01, 3_600))
def test_a_quote_is_rounded_up_never_down(seconds: float) -> None:
    rate = Decimal("0.0333")
    found = quote(priced(Rate(rate)), Shot("a", seconds=seconds)).high

    exact = rate * Decimal(str(seconds))
    assert found is not None
    assert exact <= found < exact + Decimal("0.0001")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("1", "$1.00"),
        ("2.5", "$2.50"),
        ("0.004", "$0.004"),
        ("0.0001", "$0.0001"),
        ("1234567.891", "$1234567.891"),
        ("0.000001", "$0.000001"),
        ("1E+3", "$1000.00"),
    ],
)
def test_dollars_are_shown_in_cents_or_finer(amount: str, text: str) -> None:
    assert dollars(Decimal(amount)) == text


def test_a_quote_depends_on_nothing_but_its_values() -> None:
    shot = Shot("a", seconds=3)

    assert quote(model(), shot) == quote(evolve(model(), title="Other"), shot)
