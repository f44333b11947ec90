from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shotcaller.catalog import (
    FREE,
    Capabilities,
    Evidence,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Quote,
    Rate,
    Safety,
    Unit,
    Vote,
)
from shotcaller.errors import BadInput
from tests.core import strategies as ours

DAY = date(2026, 1, 31)


def gateway(**changes: Any) -> Gateway:
    return Gateway(**{"id": "paper", "title": "Paper", "homepage": "", **changes})


def capable(**changes: Any) -> Capabilities:
    return Capabilities(
        **{"operations": {Operation.TEXT}, "seconds": Lengths(1, 10), **changes}
    )


def model(id_: str = "paper/one", **changes: Any) -> Model:
    return Model(
        **{
            "id": id_,
            "title": "One",
            "maker": "us",
            "capabilities": capable(),
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("lengths", "inside", "outside"),
    [
        (Lengths(1, 10), [1, 1.5, 9.99, 10], [0.99, 10.01, -1, math.nan, math.inf]),
        (Lengths(4, 12, 1), [4, 5, 12, 11.0000000001], [3, 4.5, 13]),
        (Lengths(2, 8, 0.5), [2, 2.5, 8], [2.25, 8.5]),
        (Lengths.of(5, 10), [5, 10.0], [6, 7.5, 4]),
        (Lengths.of(8), [8], [7, 9]),
        (Lengths(4, 8, asked=False), [], [4, 5, 8]),
    ],
)
def test_a_length_is_offered_or_not(
    lengths: Lengths, inside: list[float], outside: list[float]
) -> None:
    assert [seconds for seconds in inside if seconds not in lengths] == []
    assert [seconds for seconds in outside if seconds in lengths] == []


@given(ours.offered_lengths(), st.floats(0, 100))
def test_what_is_offered_lies_between_the_ends(
    lengths: Lengths, seconds: float
) -> None:
    assert lengths.low in lengths
    if seconds in lengths:
        assert lengths.low <= seconds <= lengths.high


@given(st.floats(0.5, 20), st.sampled_from([0.1, 0.5, 1.0, 3.0]), st.integers(0, 30))
def test_every_step_of_a_range_is_offered_and_nothing_between(
    low: float, step: float, count: int
) -> None:
    lengths = Lengths(low, low + step * 30, step)
    seconds = low + step * count
    assume(seconds <= lengths.high)

    assert seconds in lengths
    assert seconds + step / 2 not in lengths


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        (Lengths(1, 60), "1 to 60"),
        (Lengths(4, 12, 1), "4 to 12 in whole seconds"),
        (Lengths(2, 8, 0.5), "2 to 8 in steps of 0.5"),
        (Lengths.of(10, 5), "5 or 10"),
        (Lengths.of(4, 6, 8), "4, 6 or 8"),
        (Lengths.of(8), "8"),
        (Lengths(4, 8, asked=False), "what it decides, 4 to 8"),
    ],
)
def test_lengths_read_as_a_person_would_say_them(lengths: Lengths, text: str) -> None:
    assert str(lengths) == text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((5, 1), "no clip has a length from 5 to 1 s"),
        ((0, 1), "no clip has a length from 0 to 1 s"),
        ((-1, 1), "no clip has a length from -1 to 1 s"),
        ((1, math.inf), "no clip has a length from 1 to inf s"),
        ((math.nan, 1), "no clip has a length from nan to 1 s"),
        ((1, 2, -1), "-1 s is no step"),
        ((1, 2, math.nan), "nan s is no step"),
        ((1, 2, 1e-300), "1e-300 s is no step"),
    ],
)
def test_lengths_that_hold_nothing_are_refused(fields: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  compared below
        Lengths(*fields)

    assert str(caught.value) == message


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
def test_a_vote_is_from_0_to_1(value: float) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Vote("policy", value, "why")

    assert str(caught.value) == f"vote {value!r} by policy is not from 0 to 1"


@pytest.mark.parametrize("weight", [-0.1, 1000.5, math.nan, math.inf])
def test_a_vote_weighs_from_0_to_1000(weight: float) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Vote("policy", 0.5, "why", weight)

    expected = f"weight {weight!r} of the vote by policy is not from 0 to 1000"
    assert str(caught.value) == expected


def test_a_vote_may_leave_its_weight_to_the_profile() -> None:
    assert Vote("policy", 1, "why").weight is None
    assert Vote("policy", 0, "why", 0).weight == 0


def test_a_quote_is_known_by_its_highest_cost() -> None:
    assert Quote(None, None, Decimal(0)).known
    assert not Quote(Decimal(0), Decimal(0), None).known


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        (
            {"id": "Paper"},
            ValueError,
            "gateway id 'Paper' is not lower-case letters, digits and dashes",
        ),
        (
            {"id": "paper/x"},
            ValueError,
            "gateway id 'paper/x' is not lower-case letters, digits and dashes",
        ),
        (
            {"id": "9"},
            ValueError,
            "gateway id '9' is not lower-case letters, digits and dashes",
        ),
        (
            {"api_hosts": "api.paper.test"},
            ValueError,
            "api_hosts of paper: 'api.paper.test' is not a tuple of names",
        ),
        (
            {"media_hosts": ["a.test"]},
            ValueError,
            "media_hosts of paper: ['a.test'] is not a tuple of names",
        ),
        (
            {"media_hosts": (1,)},
            ValueError,
            "media_hosts of paper: (1,) is not a tuple of names",
        ),
        (
            {"credentials": ("PAPER_KEY",)},
            ValueError,
            "credentials of paper: 'PAPER_KEY' is not a tuple of names",
        ),
        (
            {"refusals": {200}},
            ValueError,
            "status 200 is no error, so it proves nothing",
        ),
        (
            {"busy": {429, 600}},
            ValueError,
            "status 600 is no error, so it proves nothing",
        ),
        ({"concurrency": 0}, ValueError, "'concurrency' must be >= 1: 0"),
    ],
)
def test_a_gateway_that_makes_no_sense_is_refused(
    fields: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        gateway(**fields)

    assert str(caught.value) == message


def test_credentials_are_alternatives_not_one_text() -> None:
    with pytest.raises(TypeError, match="'credentials' must be <class 'tuple'>"):
        gateway(credentials="PAPER_KEY")


def test_a_gateway_is_blind_and_local_unless_it_says_more() -> None:
    plain = gateway()

    assert plain.local
    assert plain.safety is Safety.BLIND
    assert not gateway(api_hosts=("api.paper.test",)).local


@pytest.mark.parametrize(
    "id_", ["fal/veo-3.1-fast", "fal:owner/alias/path", "a/B_c.d", "x-9/0"]
)
def test_a_models_id_begins_with_its_gateway(id_: str) -> None:
    assert model(id_).gateway == id_.replace(":", "/").split("/")[0]


@pytest.mark.parametrize(
    "id_",
    ["", "fal", "fal/", "/veo", "Fal/veo", "fal/a b", "fal//a", "fal/../a", "fal/a/..",
     "fal:a/./b", "fal/a\n", "fal/é", "9/a"],
)  # fmt: skip
def test_what_is_no_models_id_is_refused(id_: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        model(id_)

    assert (
        str(caught.value) == f"model id {id_!r} is not written gateway/family-version"
    )


def test_traits_are_words_not_letters() -> None:
    assert model(traits=["draft"]).traits == {"draft"}
    with pytest.raises(TypeError, match=r"^traits: 'draft' is not a set of words$"):
        model(traits="draft")


def test_the_newest_evidence_counts() -> None:
    old, new = (
        Evidence("quality", value, "a test", date(year, 1, 1))
        for value, year in ((0.9, 2024), (0.3, 2026))
    )
    speed = Evidence("speed", 40, "a test", date(2027, 1, 1))
    known = model(evidence=[old, new, speed])

    assert known.known("quality") == new
    assert known.known("speed") == speed
    assert known.known("charm") is None


@pytest.mark.parametrize(
    ("about", "value", "message"),
    [
        ("quality", 1.1, "evidence about quality: 1.1 is not from 0 to 1"),
        ("quality", math.nan, "evidence about quality: nan is not from 0 to 1"),
        ("speed", -1, "evidence about speed: -1 is not from 0 to inf"),
        ("speed", math.inf, "evidence about speed: inf is not from 0 to inf"),
    ],
)
def test_evidence_has_a_scale(about: str, value: float, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Evidence(about, value, "a test", DAY)

    assert str(caught.value) == message


@pytest.mark.parametrize("usd", ["-0.01", "NaN", "Infinity", "10001"])
def test_a_rate_is_an_amount_that_can_be_paid(usd: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        Rate(usd)

    assert str(caught.value) == f"a rate of {usd} is not from 0 to 10000 USD"


def test_what_is_free_costs_nothing_for_a_clip() -> None:
    (rate,) = Price(FREE, "", DAY).rates

    assert rate == Rate(Decimal(0), Unit.CLIP)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ratios": ("16:9", "wide")}, "ratios: 'wide' is not a ratio such as 16:9."),
        (
            {"default_ratio": "auto"},
            "default_ratio: 'auto' is not a ratio such as 16:9.",
        ),
        (
            {"resolutions": ("HD",)},
            "resolutions: 'HD' is not a resolution such as 720p or 4k.",
        ),
        (
            {"default_resolution": "2K"},
            "default_resolution: '2K' is not a resolution such as 720p or 4k.",
        ),
    ],
)
def test_a_model_offers_only_what_can_be_asked_for(
    fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        capable(**fields)

    assert caught.value.message == message


def test_a_models_usual_length_is_one_that_it_offers() -> None:
    assert capable(default_seconds=5).default_seconds == 5
    with pytest.raises(
        ValueError, match=r"^default_seconds 11 is not among 1 to 10 s$"
    ):
        capable(default_seconds=11)
