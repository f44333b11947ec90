from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.catalog import Candidate, Evidence, Lifecycle, Model, Quote, Sound, Vote
from shotcaller.errors import BadInput, Reason, Refusal
from shotcaller.ranking import PROFILES, candidate, own_votes, ranked, weights
from shotcaller.shot import Brief, Kind
from tests.core import offerings
from tests.core import strategies as ours
from tests.core.offers import TODAY, capable, model, offer, quote

FREE_QUOTE = Quote(Decimal(0), Decimal(0), Decimal(0))


def named(
    id_: str, score: float, *, artificial: bool = True
) -> tuple[Model, Candidate]:
    made = model(id=id_, artificial=artificial)
    return made, Candidate(id_, made.title, score, FREE_QUOTE, ())


def vote(by: str, brief: Brief | None = None, **changes: Any) -> Vote:
    votes = own_votes(offer(**changes), brief or Brief())
    (found,) = [vote for vote in votes if vote.by == by]
    return found


@pytest.mark.parametrize("name", PROFILES)
def test_the_weights_of_a_profile_add_up_to_one(name: str) -> None:
    assert math.isclose(math.fsum(PROFILES[name].values()), 1)


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        ({}, "balanced"),
        ({"intent": "cinematic"}, "cinematic"),
        ({"intent": "heist"}, "balanced"),
        ({"weights": "cheap"}, "cheap"),
        ({"weights": "cheap", "intent": "cinematic"}, "cheap"),
    ],
)
def test_the_brief_names_the_weights_or_its_intent_does(
    brief: dict[str, Any], expected: str
) -> None:
    assert weights(Brief(**brief), {}) == PROFILES[expected]


def test_ones_own_profiles_go_before_ours() -> None:
    own = {"cheap": {"cost": 1.0}, "heist": {"fit": 1.0}}

    assert weights(Brief(weights="cheap"), own) == {"cost": 1.0}
    assert weights(Brief(intent="heist"), own) == {"fit": 1.0}
    assert weights(Brief(), {"balanced": {"fit": 2.0}}) == {"fit": 2.0}


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        weights(Brief(weights="chaep"), {"mine": {"fit": 1.0}})

    expected = "weights: 'chaep' is not a profile (there are balanced, best, cheap, "
    assert caught.value.message == expected + "cinematic, draft, fast, mine)."
    assert caught.value.field == "weights"


def test_the_core_votes_once_on_each_dimension() -> None:
    voted = [vote.by for vote in own_votes(offer(), Brief())]

    assert sorted(voted) == sorted(PROFILES["balanced"])


@pytest.mark.parametrize(
    ("intent", "value", "reason"),
    [
        (None, 0.5, "no intent given"),
        ("cinematic", 1.0, "made for cinematic"),
        ("heist", 0.2, "does not say that it is made for heist"),
    ],
)
def test_fit_is_what_the_model_says_it_is_made_for(
    intent: str | None, value: float, reason: str
) -> None:
    made = model(traits={"cinematic"})

    found = vote("fit", Brief(intent=intent), found=made)

    assert (found.value, found.reason) == (value, reason)


def test_quality_is_the_newest_evidence() -> None:
    evidence = [Evidence("quality", 0.9, "an arena", date(2026, 1, 31))]

    assert vote("quality", found=model(evidence=evidence)) == Vote(
        "quality", 0.9, "an arena, 2026-01-31"
    )
    assert vote("quality") == Vote("quality", 0.4, "no evidence: a guess")


def test_control_is_how_much_can_be_said() -> None:
    everything = vote("control")
    nothing = capable(
        operations={"text"},
        references={},
        cuts=0,
        sound=Sound.NEVER,
        seed=False,
        negative=False,
    )

    assert everything.value == 1
    assert everything.reason == (
        "references, last frame, cuts, sound, seed, negative prompt"
    )
    assert vote("control", found=model(capabilities=nothing)) == Vote(
        "control", 0, "no controls"
    )
    half = capable(operations={"text"}, references={Kind.IMAGE: 1}, cuts=0, seed=False)
    assert vote("control", found=model(capabilities=half)) == Vote(
        "control", 0.5, "references, sound, negative prompt"
    )


@pytest.mark.parametrize(
    ("usd", "value", "reason"),
    [
        ("0", 1.0, "free"),
        ("0.004", 0.992, "$0.004"),
        ("0.05", 0.9, "$0.05"),
        ("0.125", 0.8, "$0.125"),
        ("1", 0.5, "$1.00"),
        ("3", 0.3, "$3.00"),
        ("6.50", 0.2, "$6.50"),
        ("10", 0.1, "$10.00"),
        ("99", 0.1, "$99.00"),
        (None, 0.0, "its price is unknown"),
    ],
)
def test_cost_goes_down_between_points(
    usd: str | None, value: float, reason: str
) -> None:
    assert vote("cost", quote=quote(usd)) == Vote("cost", value, reason)


@pytest.mark.parametrize(
    ("seconds", "value", "reason"),
    [
        (0.5, 1.0, "about 0.5 s (a test)"),
        (1, 1.0, "about 1 s (a test)"),
        (10, 0.8, "about 10 s (a test)"),
        (45, 0.5, "about 45 s (a test)"),
        (120, 0.3, "about 120 s (a test)"),
        (600, 0.2, "about 600 s (a test)"),
    ],
)
def test_speed_goes_down_between_points(
    seconds: float, value: float, reason: str
) -> None:
    made = model(evidence=[Evidence("speed", seconds, "a test", TODAY)])

    assert vote("speed", found=made) == Vote("speed", value, reason)


@given(cheap=st.integers(0, 9_999), more=st.integers(1, 9_999))
def test_what_costs_less_up_to_ten_dollars_has_the_higher_vote(
    cheap: int, more: int
) -> None:
    dear = min(cheap + more, 10_000)
    votes = [vote("cost", quote=quote(f"{part}e-3")) for part in (cheap, dear)]

    assert votes[0].value > votes[1].value


def test_without_evidence_speed_is_a_guess() -> None:
    assert vote("speed") == Vote("speed", 0.3, "no evidence: a guess")


def test_the_score_is_the_weighted_mean() -> None:
    votes = [Vote("fit", 1.0, "a"), Vote("cost", 0.5, "b"), Vote("policy", 0, "c", 1)]

    found = candidate(offer(), votes, {"fit": 2.0, "cost": 1.0})

    assert found.score == 0.625
    assert [vote.weight for vote in found.votes] == [2.0, 1.0, 1]
    assert [vote.reason for vote in found.votes] == ["a", "b", "c"]


def test_a_vote_that_the_profile_does_not_know_weighs_nothing() -> None:
    found = candidate(offer(), [Vote("house", 1.0, "a")], {"fit": 1.0})

    assert found.score == 0
    assert found.votes == (Vote("house", 1.0, "a", 0.0),)


def test_a_candidate_tells_what_to_expect() -> None:
    slow = model(
        evidence=[Evidence("speed", 90, "a test", TODAY)],
        lifecycle=Lifecycle(date(2027, 1, 1)),
    )

    found = candidate(offer(slow), (), {})

    assert found.seconds_expected == 90
    assert found.warnings == ("paper/one retires on 2027-01-01",)
    assert (found.model, found.title) == ("paper/one", "Paper one")
    assert candidate(offer(), (), {}).seconds_expected is None


def test_candidates_come_by_score_and_ties_by_id() -> None:
    made = [named("g/b", 0.5), named("g/c", 0.9), named("g/a", 0.5)]

    found = ranked(made, (), Brief())

    assert [c.model for c in found.candidates] == ["g/c", "g/a", "g/b"]


@pytest.mark.parametrize(
    ("intent", "first"),
    [
        (None, "g/ai"),
        ("cinematic", "g/ai"),
        ("draft", "g/none"),
        ("animatic", "g/none"),
    ],
)
def test_what_is_no_ai_model_leads_only_where_a_draft_is_asked_for(
    intent: str | None, first: str
) -> None:
    made = [named("g/none", 1.0, artificial=False), named("g/ai", 0.1)]

    found = ranked(made, (), Brief(intent=intent))

    assert found.candidates[0].model == first


def test_refusals_come_by_id() -> None:
    why = (Reason("ratio", "no"),)

    found = ranked((), [Refusal("g/b", why), Refusal("g/a", why)], Brief())

    assert found.refused == (Refusal("g/a", why), Refusal("g/b", why))


scored = st.lists(
    st.tuples(ours.words, st.floats(0, 1), st.booleans()),
    unique_by=lambda item: item[0],
    max_size=6,
)


@given(st.data(), scored, ours.briefs)
def test_a_ranking_is_total_and_the_same_whatever_the_order_of_plugins(
    data: st.DataObject, items: list[tuple[str, float, bool]], brief: Brief
) -> None:
    made = [named(f"g/{id_}", score, artificial=ai) for id_, score, ai in items]
    shuffled = data.draw(st.permutations(made))

    found = ranked(made, (), brief)

    assert found == ranked(shuffled, (), brief)
    assert {c.model for c in found.candidates} == {m.id for m, _ in made}


@given(st.data(), st.lists(ours.votes, max_size=6))
def test_a_score_is_from_0_to_1_whatever_the_order_of_votes(
    data: st.DataObject, votes: list[Vote]
) -> None:
    shuffled = data.draw(st.permutations(votes))
    profile = {"fit": 0.5, "cost": 1_000.0}

    found = candidate(offer(), votes, profile).score

    assert 0 <= found <= 1
    assert found == candidate(offer(), shuffled, profile).score


@given(st.lists(ours.votes, min_size=1, max_size=5), st.floats(0, 1))
def test_a_better_vote_never_lowers_the_score(votes: list[Vote], value: float) -> None:
    profile = {"fit": 0.5, "quality": 1.0, "cost": 2.0}
    first, rest = votes[0], votes[1:]
    better = Vote(first.by, max(first.value, value), first.reason, first.weight)

    before = candidate(offer(), votes, profile).score

    assert candidate(offer(), [better, *rest], profile).score >= before - 1e-6


@given(offerings.models(), ours.briefs, ours.quotes)
def test_the_cores_votes_are_total(found: Model, brief: Brief, cost: Quote) -> None:
    votes = own_votes(offer(found, quote=cost), brief)

    assert all(0 <= vote.value <= 1 and vote.reason is not None for vote in votes)
