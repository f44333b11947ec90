"""What decided an order is told in numbers that hold when they are tried."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.catalog import Candidate, Change, Margin, Model, Vote
from shotcaller.ranking import candidate, margins, ranked, tipping
from tests.core.offers import model, offer

NAMES = ("cost", "fit", "speed")
PROFILE = {"cost": 0.1, "fit": 0.6, "speed": 0.3}


def made(
    id_: str, values: Sequence[float], profile: Mapping[str, float] = PROFILE
) -> Candidate:
    return of(model(id=f"g/{id_}"), values, profile)


def of(
    found: Model, values: Sequence[float], profile: Mapping[str, float]
) -> Candidate:
    votes = [Vote(by, value, "a") for by, value in zip(NAMES, values, strict=True)]
    return candidate(offer(found), votes, profile)


def test_margins_are_what_each_vote_adds_to_the_difference() -> None:
    first, other = made("a", (0.5, 1.0, 0.2)), made("b", (1.0, 0.5, 0.2))

    assert margins(first, other) == (
        Margin("fit", 0.3),
        Margin("speed", 0.0),
        Margin("cost", -0.05),
    )


def test_a_vote_that_only_one_has_counts_in_full() -> None:
    first = candidate(offer(), [Vote("house", 1.0, "ours", 1.0)], {})
    other = candidate(offer(), [Vote("fit", 0.4, "a")], {"fit": 1.0})

    assert margins(first, other) == (Margin("house", 1.0), Margin("fit", -0.4))


def test_nothing_is_between_candidates_without_weights() -> None:
    blank = candidate(offer(), [Vote("fit", 1.0, "a")], {})

    assert margins(blank, blank) == (Margin("fit", 0.0),)


def test_the_weight_at_which_the_winner_changes_is_exact() -> None:
    best, cheap = made("best", (0.2, 1.0, 0.5)), made("cheap", (1.0, 0.6, 0.5))

    found = tipping((best, cheap), PROFILE)

    # 0.8 x cost = 0.4 x fit
    assert found == (
        Change(
            "weight",
            "cost 0.3",
            "g/cheap",
            "if cost weighed more than 0.3 (now 0.1), g/cheap would lead",
        ),
        Change(
            "weight",
            "fit 0.2",
            "g/cheap",
            "if fit weighed less than 0.2 (now 0.6), g/cheap would lead",
        ),
    )


def test_the_nearest_of_several_rivals_is_named() -> None:
    first = made("a", (0.2, 1.0, 0.5))
    near, far = made("near", (0.6, 0.9, 0.5)), made("far", (1.0, 0.2, 0.5))

    found = tipping((first, near, far), PROFILE)

    assert {one.model for one in found} == {"g/near"}


def test_a_vote_with_a_weight_of_its_own_is_not_moved() -> None:
    one = candidate(
        offer(model(id="g/one")),
        [Vote("fit", 0.5, "a"), Vote("house", 1.0, "b", 0.5)],
        {"fit": 0.5},
    )
    two = candidate(
        offer(model(id="g/two")),
        [Vote("fit", 1.0, "a"), Vote("house", 0.0, "b", 0.5)],
        {"fit": 0.5},
    )

    (found,) = tipping((one, two), {"fit": 0.5})

    # (0.5 + 0.5 x) / (x + 0.5) = x / (x + 0.5)
    assert (found.value, found.model) == ("fit 1", "g/two")


def test_rivals_with_other_votes_are_compared_by_their_means() -> None:
    one = candidate(
        offer(model(id="g/one")),
        [Vote("fit", 0.5, "a"), Vote("house", 1.0, "b", 0.5)],
        {"fit": 0.2},
    )
    two = candidate(offer(model(id="g/two")), [Vote("fit", 0.7, "a")], {"fit": 0.2})

    (found,) = tipping((one, two), {"fit": 0.2})

    # (0.5 x + 0.5) / (x + 0.5) = 0.7
    assert found.value == "fit 0.75"
    assert found.model == "g/two"


LEVEL = {"cost": 0.65, "fit": 0.25, "speed": 0.15}


def test_a_lead_that_no_weight_of_three_decimals_brings_is_not_told() -> None:
    # 0.4 w - 0.6 v = 0.10008 and v w = 0.25040012: level at 0.5002 and at 0.5006
    theirs = (0.10008 + math.sqrt(0.10008**2 + 0.96 * 0.25040012)) / 0.8
    weights = {"one": (0.5, 1.0, 0.25040012 / theirs), "two": (0.4, 0.9, theirs)}
    one, two = (
        candidate(
            offer(model(id=f"g/{name}")),
            [Vote("fit", fit, "a"), Vote("house", house, "b", weight)],
            {"fit": now},
        )
        for name, (fit, house, weight) in weights.items()
        for now in [0.2]
    )

    assert one.score > two.score
    assert tipping((one, two), {"fit": 0.2}) == ()


def test_alone_or_without_anybody_nothing_changes() -> None:
    assert tipping((), PROFILE) == ()
    assert tipping((made("a", (1, 1, 1)),), PROFILE) == ()


def test_a_stand_in_is_no_rival() -> None:
    drawn = of(model(id="g/drawn", artificial=False), (1.0, 0.0, 1.0), PROFILE)
    first = made("a", (0.2, 1.0, 0.5))

    assert drawn.stand_in
    assert tipping((first, drawn), PROFILE) == ()


values = st.tuples(*[st.integers(0, 20).map(lambda n: n / 20)] * 3)
profiles = st.fixed_dictionaries(
    {name: st.integers(1, 20).map(lambda n: n / 20) for name in NAMES}
)


@given(st.lists(values, min_size=2, max_size=5), profiles)
def test_before_a_tipping_point_the_winner_leads_and_behind_it_the_named_one(
    table: list[tuple[float, ...]], profile: dict[str, float]
) -> None:
    def leader(weights: Mapping[str, float]) -> str:
        rows = [made(f"m{n}", row, weights) for n, row in enumerate(table)]
        return ranked(rows, ()).candidates[0].model

    rows = [made(f"m{n}", row, profile) for n, row in enumerate(table)]
    order = ranked(rows, ()).candidates

    for tip in tipping(order, profile):
        by, _, written = tip.value.partition(" ")
        at, now = float(written), profile[by]
        step = -0.002 if "less than" in tip.message else 0.002
        beyond = max(at + step, 0.0)
        if abs(at - now) > 2 * abs(step):
            assert leader({**profile, by: at - step}) == order[0].model
        others = {one.model for one in order[1:]}
        assert tip.model in others
        if "less" in tip.message and at < abs(step):
            continue
        assert leader({**profile, by: beyond}) != order[0].model


def test_who_is_level_with_the_winner_leads_at_the_least_change() -> None:
    one, two = made("a", (0.25, 0.85, 1.0), LEVEL), made("b", (0.55, 0.4, 0.45), LEVEL)

    found = {tip.value for tip in tipping((one, two), LEVEL)}

    assert one.score == two.score
    assert found == {"cost 0.65", "fit 0.25", "speed 0.15"}


@pytest.mark.parametrize("at", [0, 1])
def test_level_everywhere_is_no_tipping_point(at: int) -> None:
    same = made("a", (0.5, 0.5, 0.5)), made("b", (0.5, 0.5, 0.5))

    assert tipping((same[at], same[1 - at]), PROFILE) == ()
