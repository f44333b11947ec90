from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.catalog import (
    Capabilities,
    Evidence,
    Gateway,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Price,
    Quote,
    Rate,
    Safety,
    Vote,
)

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
        (
            {"verdicts": "x-error"},
            ValueError,
            "verdicts of paper: 'x-error' is not a tuple of names",
        ),
        (
            {"verdicts": ("x-error", "X-Id")},
            ValueError,
            "verdicts of paper: 'X-Id' is not in lower case",
        ),
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


def test_a_model_can_do_as_much_as_it_says_of_an_operation() -> None:
    little = capable(operations={Operation.IMAGE}, seconds=Lengths(1, 2))
    both = capable(operations={Operation.TEXT, Operation.IMAGE})
    made = model(capabilities=both, by_operation={Operation.IMAGE: little})

    assert made.able(Operation.IMAGE) == little
    assert made.able(Operation.TEXT) == both


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        (
            {Operation.TEXT},
            "by_operation of paper/one: image is not among its operations",
        ),
        (
            {Operation.IMAGE, Operation.FRAMES, Operation.EXTEND},
            (
                "by_operation of paper/one: image goes with extend, frames, "
                "which is not among the model's operations"
            ),
        ),
    ],
)
def test_an_operation_that_a_model_does_not_have_is_refused(
    operations: set[Operation], message: str
) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        model(
            capabilities=capable(operations={Operation.TEXT, Operation.IMAGE}),
            by_operation={Operation.IMAGE: capable(operations=operations)},
        )

    assert str(caught.value) == message


def test_a_rate_asks_for_options_that_there_are() -> None:
    asking = Price([Rate("1", when={"tier": "pro", "sound": "on"})], "", DAY)
    tier = capable(options=(Option("tier", "Which"),))

    assert model(price=asking, capabilities=tier).price == asking
    assert model(price=asking, by_operation={Operation.TEXT: tier}).price == asking
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        model(price=asking)
    expected = "price of paper/one: a rate asks for 'tier', which is no option"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("life", "retired", "over"),
    [
        (Lifecycle(), False, ""),
        (Lifecycle(date(2026, 2, 1), "paper/two"), False, ""),
        (Lifecycle(DAY), True, "retired on 2026-01-31"),
        (Lifecycle(DAY, "paper/two"), True, "retired on 2026-01-31; use paper/two"),
        (
            Lifecycle(missing_since=DAY),
            False,
            "has not been listed by its gateway since 2026-01-31",
        ),
        (
            Lifecycle(successor="paper/two", missing_since=DAY),
            False,
            "has not been listed by its gateway since 2026-01-31; use paper/two",
        ),
    ],
)
def test_a_model_is_over_once_it_is_retired_or_missing(
    life: Lifecycle, retired: bool, over: str
) -> None:
    assert life.retired(DAY) is retired
    assert life.over(DAY) == over
