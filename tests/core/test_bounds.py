from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from shotcaller.catalog import (
    Form,
    Lengths,
    Model,
    Operation,
    Option,
    Price,
    Rate,
    Sound,
    Surcharge,
    Unit,
    operation,
)
from shotcaller.pricing import quote
from shotcaller.shot import Cut, Kind, Media, Shot
from shotcaller.wire import JSON
from tests.core import offerings
from tests.core import strategies as ours
from tests.core.offers import capable, model, price

DAY = date(2026, 1, 31)
VIDEO = Media("https://a.test/v.mp4", Kind.VIDEO)


def priced(*rates: Rate, **changes: Any) -> Model:
    undecided: dict[str, Any] = {"default_seconds": None}
    return model(price=price(*rates), capabilities=capable(**{**undecided, **changes}))


def bounds(found: Model, **fields: Any) -> tuple[str, str] | None:
    made = quote(found, Shot(**{"prompt": "a", **fields}))
    if made.low is None or made.high is None:
        return None
    assert made.expected == made.high
    return str(made.low.normalize()), str(made.high.normalize())


@pytest.mark.parametrize("cuts", [[], [Cut("b", 4), Cut("c")]])
def test_a_length_that_the_model_decides_is_quoted_at_its_longest(
    cuts: list[Cut],
) -> None:
    undecided = priced(Rate("0.1"), default_seconds=None, seconds=Lengths(2, 10))

    found = quote(undecided, Shot("a", cuts=cuts))

    assert found.low == Decimal("0.2")
    assert found.expected == found.high == Decimal(1)


def test_a_cut_without_a_length_does_not_make_the_shot_as_short_as_usual() -> None:
    usual = priced(Rate("0.1"), default_seconds=5, seconds=Lengths(2, 10))

    assert quote(usual, Shot("a")).high == Decimal("0.5")
    assert quote(usual, Shot("a", cuts=[Cut("b", 8), Cut("c")])).high == Decimal(1)


PER_CLIP = [
    Rate("3", Unit.CLIP, when={"seconds": "5"}),
    Rate("1", Unit.CLIP, when={"seconds": "8"}),
    Rate("2", Unit.CLIP, when={"seconds": "10"}),
]


@pytest.mark.parametrize(
    ("rates", "seconds", "expected"),
    [
        (PER_CLIP, Lengths.of(5, 8, 10), ("1", "3")),
        (PER_CLIP, Lengths.of(5, 10), ("2", "3")),
        (PER_CLIP, Lengths(5, 5), ("3", "3")),
        (PER_CLIP[::2], Lengths(5, 10, 5), ("2", "3")),
        (PER_CLIP, Lengths.of(5, 6), None),
        (PER_CLIP, Lengths(5, 10), None),
        (PER_CLIP, Lengths(5, 10, 1), None),
        ([*PER_CLIP, Rate("0.1")], Lengths(5, 10), ("0.5", "3")),
        ([*PER_CLIP, Rate("0.1")], Lengths(6, 9, 1), ("0.6", "1")),
        ([*PER_CLIP, Rate("0.5")], Lengths(6, 12), ("1", "6")),
        ([*PER_CLIP, Rate("0.1")], Lengths(6, 7), ("0.6", "0.7")),
        ([Rate("1"), *PER_CLIP], Lengths.of(5, 8), ("5", "8")),
    ],
)
def test_every_length_that_the_model_may_choose_is_within_the_bounds(
    rates: list[Rate], seconds: Lengths, expected: tuple[str, str] | None
) -> None:
    assert bounds(priced(*rates, seconds=seconds)) == expected


def test_a_resolution_that_the_model_decides_is_quoted_at_its_dearest() -> None:
    dearer = Rate("2", Unit.CLIP, when={"resolution": "1080p"})
    made = priced(dearer, Rate("1", Unit.CLIP), default_resolution=None)

    assert bounds(made) == ("1", "2")
    assert bounds(made, resolution="1080p") == ("2", "2")
    fixed = priced(
        dearer, Rate("1", Unit.CLIP), resolutions=(), default_resolution=None
    )
    assert bounds(fixed) == ("1", "1")


TOKEN = Rate("0.001", Unit.TOKEN)


@pytest.mark.parametrize(
    ("rate", "abilities", "expected"),
    [
        (TOKEN, {}, ("22.5", "22.5")),
        (TOKEN, {"default_resolution": None}, ("22.5", "50.625")),
        (
            TOKEN,
            {"default_ratio": None, "ratios": ("1:1", "16:9", "21:9")},
            ("12.6563", "29.5313"),
        ),
        (TOKEN, {"default_ratio": None, "ratios": ()}, None),
        (TOKEN, {"default_resolution": None, "resolutions": ()}, None),
        (evolve(TOKEN, pixels=1_024_000), {}, ("25", "25")),
        (
            evolve(TOKEN, pixels=1_024),
            {"default_resolution": None, "resolutions": ()},
            ("0.025", "0.025"),
        ),
    ],
)
def test_tokens_are_counted_for_every_frame_that_the_clip_may_have(
    rate: Rate, abilities: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    assert bounds(priced(rate, **abilities), seconds=1) == expected


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], ("0.5", "0.5")),
        ([3.0], ("0.8", "0.8")),
        ([3.0, 1.5], ("0.95", "0.95")),
        ([20.0], ("2.5", "2.5")),
        ([None], ("0.7", "2")),
        ([3.0, None], ("0.8", "2")),
        ([20.0, None], ("2.5", "2.5")),
    ],
)
def test_videos_that_are_charged_for_are_counted_or_bounded(
    lengths: list[float | None], expected: tuple[str, str]
) -> None:
    metered = priced(Rate("0.1", input_seconds=(2, 15)))
    videos = [evolve(VIDEO, seconds=length) for length in lengths]
    picture = "https://a.test/r.png"

    found = bounds(metered, seconds=5, references=[picture, *videos])

    assert found == expected


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([None], ("0.7", "1.5")),
        ([None, None], ("0.7", "2")),
        ([1.0, None], ("0.7", "1.6")),
        ([3.0, 1.5], ("0.95", "0.95")),
    ],
)
def test_a_video_is_no_longer_than_any_may_be(
    lengths: list[float | None], expected: tuple[str, str]
) -> None:
    metered = priced(Rate("0.1", input_seconds=(2, 15), video_seconds=10))
    videos = [evolve(VIDEO, seconds=length) for length in lengths]

    assert bounds(metered, seconds=5, references=videos) == expected


@pytest.mark.parametrize(
    ("people", "usd"),
    [
        ([], "1"),
        ([{"face": "a"}], "1"),
        ([{"face": "a"}, {"voice": "b"}], "2"),
        (["voice"], "1"),
        ("voice", "1"),
    ],
)
def test_a_rate_may_go_by_a_field_of_what_an_option_lists(
    people: JSON, usd: str
) -> None:
    spoken = Rate("2", Unit.CLIP, when={"people.voice": "given"})
    fields = (Option("face", "How they look"), Option("voice", "How they sound"))
    each = Option("person", "Who it is", form=Form.TABLE, fields=fields)
    option = Option("people", "Who is there", form=Form.LIST, each=each)
    made = priced(spoken, Rate("1", Unit.CLIP), options=(option,))

    assert bounds(made, options={"paper": {"people": people}}) == (usd, usd)


def test_a_video_to_go_on_from_is_charged_for_as_well() -> None:
    tokens = Rate("0.001", Unit.TOKEN, pixels=1_024, input_seconds=(1, 10))
    known = evolve(VIDEO, seconds=4)

    assert bounds(priced(tokens), seconds=5, extend=known) == ("0.217", "0.217")
    assert bounds(priced(tokens), seconds=5, extend=VIDEO) == ("0.145", "0.361")


@pytest.mark.parametrize(
    ("references", "usd"),
    [
        ([], "1"),
        (["1.png", "2.png"], "1"),
        (["1.png", "2.png", "3.png"], "1.08"),
        (["1.png", "2.png", "3.png", "4.png", "5.png"], "1.24"),
        (["1.mp4"], "1.5"),
        (["1.mp4", "2.mp4", "1.wav"], "2"),
    ],
)
def test_references_beyond_the_first_ones_cost_more(
    references: list[str], usd: str
) -> None:
    surcharges = (Surcharge("0.08", Kind.IMAGE, 2), Surcharge("0.5", Kind.VIDEO))
    made = model(price=Price([Rate("1", Unit.CLIP)], "", DAY, surcharges))

    assert bounds(made, references=references) == (usd, usd)


def test_what_an_operation_can_do_decides_its_price() -> None:
    short = capable(seconds=Lengths.of(2), default_seconds=2, sound=Sound.NEVER)
    silent = Rate("0.1", when={"sound": "off"})
    made = model(price=price(silent, Rate("1")), by_operation={Operation.IMAGE: short})

    assert bounds(made) == ("5", "5")
    assert bounds(made, image="a.png") == ("0.2", "0.2")


few = st.integers(1, 6)
lengths = few.map(float)
sizes = st.sampled_from(["480p", "720p", "4k"])
ratios = st.sampled_from(["16:9", "9:16", "21:9"])
units = st.sampled_from([Unit.CLIP, Unit.SECOND])
by_length = st.builds(
    Rate, ours.amounts, units, when=few.map(lambda name: {"seconds": str(name)})
)
ranges = st.builds(Lengths, st.just(1), st.just(6), st.sampled_from([0.0, 0.5, 1.0]))
lists = st.sets(lengths, min_size=1).map(lambda some: Lengths.of(*some))
undecided = st.builds(
    priced,
    by_length | offerings.rates,
    by_length | offerings.rates,
    st.builds(Rate, ours.amounts, st.sampled_from(Unit)),
    seconds=ranges | lists,
    ratios=st.lists(ratios).map(tuple),
    default_ratio=st.none() | ratios,
    resolutions=st.lists(sizes).map(tuple),
    default_resolution=st.none() | sizes,
)
open_shots = st.builds(
    Shot,
    st.just("a"),
    seconds=st.none() | lengths,
    ratio=st.none() | ratios,
    resolution=st.none() | sizes,
    references=st.lists(
        st.builds(evolve, st.just(VIDEO), seconds=st.none() | lengths), max_size=2
    ),
)


def every(found: Model, shot: Shot) -> Iterator[Shot]:
    """Yields each shot that says what this one leaves to the model, by half seconds."""
    can = found.able(operation(shot))
    halves = [half / 2 for half in range(2, 13) if half / 2 in can.seconds]
    size = shot.resolution or can.default_resolution
    ratio = shot.ratio or can.default_ratio
    for one in product(
        [shot.seconds] if shot.seconds else halves,
        [size] if size else can.resolutions or [None],
        [ratio] if ratio else can.ratios or [None],
    ):
        seconds, resolution, shape = one
        yield evolve(shot, seconds=seconds, resolution=resolution, ratio=shape)


@given(undecided, open_shots)
def test_no_clip_that_the_model_may_make_costs_more_or_less_than_the_bounds(
    found: Model, shot: Shot
) -> None:
    whole = quote(found, shot)
    assume(whole.known)

    for said in every(found, shot):
        one = quote(found, said)
        amounts = [whole.low, one.low, one.high, whole.high]
        known = [amount for amount in amounts if amount is not None]
        assert len(known) == len(amounts)
        assert known == sorted(known)
