from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.catalog import (
    Candidate,
    Evidence,
    History,
    Model,
    Quote,
    Sound,
    Vote,
)
from shotcaller.errors import BadInput
from shotcaller.ranking import (
    INTENTS,
    PROFILES,
    Intent,
    candidate,
    intent,
    own_votes,
    ranked,
    weights,
)
from shotcaller.refusals import Reason, Refusal
from shotcaller.shot import Brief, Cut, Kind, Shot
from tests.core import offerings
from tests.core import strategies as ours
from tests.core.offers import TODAY, capable, model, offer, quote

FREE_QUOTE = Quote(Decimal(0), Decimal(0), Decimal(0))
SHOT = Shot("A paper boat", seconds=5)
OPEN = Shot("A paper boat")
PICTURE = Shot("A paper boat", image="boat.png")


def named(id_: str, score: float, *, stand_in: bool = False) -> Candidate:
    return Candidate(id_, id_, score, FREE_QUOTE, (), stand_in=stand_in)


def vote(
    by: str,
    shot: Shot = SHOT,
    brief: Brief | None = None,
    aim: Intent | None = None,
    **changes: Any,
) -> Vote:
    votes = own_votes(offer(**changes), shot, brief or Brief(), aim, {})
    (found,) = [vote for vote in votes if vote.by == by]
    return evolve(found, weight=None)


@pytest.mark.parametrize("name", PROFILES)
def test_the_weights_of_a_profile_add_up_to_one(name: str) -> None:
    assert math.isclose(math.fsum(PROFILES[name].values()), 1)


def test_balanced_has_the_seven_weights_that_people_know() -> None:
    assert PROFILES["balanced"] == {
        "fit": 0.30,
        "quality": 0.20,
        "control": 0.15,
        "reliability": 0.15,
        "cost": 0.10,
        "speed": 0.05,
        "continuity": 0.05,
    }


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        ({}, "balanced"),
        ({"intent": "cinematic"}, "cinematic"),
        ({"intent": "Movie"}, "cinematic"),
        ({"intent": "trailer"}, "cinematic"),
        ({"intent": "product"}, "balanced"),
        ({"intent": "premium"}, "best"),
        ({"weights": "cheap"}, "cheap"),
        ({"weights": "cheap", "intent": "cinematic"}, "cheap"),
    ],
)
def test_the_brief_names_the_weights_or_its_intent_does(
    brief: dict[str, Any], expected: str
) -> None:
    asked = Brief(**brief)

    assert weights(asked, intent(asked.intent), {}) == PROFILES[expected]


def test_ones_own_profiles_go_before_ours() -> None:
    own = {"cheap": {"cost": 1.0}, "heist": {"fit": 1.0}}
    heist = intent("heist", own)

    assert weights(Brief(weights="cheap"), None, own) == {"cost": 1.0}
    assert weights(Brief(intent="heist"), heist, own) == {"fit": 1.0}
    assert weights(Brief(intent="budget"), intent("budget"), own) == {"cost": 1.0}
    assert weights(Brief(), None, {"balanced": {"fit": 2.0}}) == {"fit": 2.0}


def test_an_unknown_profile_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(BadInput) as caught:
        weights(Brief(weights="chaep"), None, {"mine": {"fit": 1.0}})

    expected = "weights: 'chaep' is not a profile (there are balanced, best, cheap, "
    assert caught.value.message == expected + "cinematic, draft, fast, mine)."
    assert caught.value.next == "Did you mean cheap?"
    assert caught.value.field == "weights"


def test_no_word_stands_for_two_intents() -> None:
    words = [word for one in INTENTS.values() for word in (one.name, *one.also)]

    assert len(words) == len(set(words))
    assert all(word == word.lower() and " " not in word for word in words)


def test_every_intent_weighs_by_a_profile_there_is() -> None:
    assert {one.profile for one in INTENTS.values()} <= set(PROFILES)
    assert {one.name for one in INTENTS.values() if one.stands_in} == {
        "animatic",
        "draft",
    }


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cinematic", "cinematic"),
        ("Film", "cinematic"),
        ("talking head", "talking-head"),
        ("Talking_Head", "talking-head"),
        ("avatar", "talking-head"),
        ("presenter", "talking-head"),
        ("teaser", "trailer"),
        ("storyboard", "animatic"),
        ("cartoon", "anime"),
        ("ad", "product"),
        ("quick", "fast"),
    ],
)
def test_an_intent_goes_by_many_words(word: str, name: str) -> None:
    found = intent(word)

    assert found is INTENTS[name]


def test_without_a_word_there_is_no_intent() -> None:
    assert intent(None) is None


def test_a_word_that_a_plugin_has_is_an_intent_as_well() -> None:
    found = intent("Noir", {"noir"})

    assert found is not None
    assert (found.name, found.profile) == ("noir", "balanced")


def test_an_unknown_intent_is_refused_with_those_that_are_near() -> None:
    with pytest.raises(BadInput) as caught:
        intent("cinmatic", {"noir"})

    assert caught.value.message.startswith(
        "intent: 'cinmatic' is no intent (there are abstract, action, animatic,"
    )
    assert "noir" in caught.value.message
    assert caught.value.next.startswith("Did you mean cinematic")
    assert caught.value.exit_code == 2


def test_what_is_near_nothing_is_refused_without_a_guess() -> None:
    with pytest.raises(BadInput) as caught:
        intent("qqqq")

    assert caught.value.next == ""


def test_the_core_votes_once_on_each_dimension_as_the_profile_weighs_it() -> None:
    profile = PROFILES["balanced"]

    votes = own_votes(offer(), SHOT, Brief(), None, profile)
    others = own_votes(offer(), SHOT, Brief(), None, {"fit": 1.0})

    assert {vote.by: vote.weight for vote in votes} == profile
    assert len(votes) == len(profile)
    assert {vote.weight for vote in others if vote.by != "fit"} == {0.0}


@pytest.mark.parametrize(
    ("word", "traits", "value", "reason"),
    [
        (None, {"draft"}, 0.5, "no intent given"),
        ("draft", {"draft"}, 1.0, "made for draft"),
        ("draft", (), 0.2, "does not say that it is made for draft"),
        (
            "cinematic",
            {"cinematic", "camera"},
            0.85,
            "made for cinematic; has sound, camera; lacks multi-shot, lip-sync",
        ),
        (
            "dialogue",
            {"lip-sync"},
            0.5,
            "does not say that it is made for dialogue; has sound, lip-sync",
        ),
        (
            "social",
            {"social"},
            1.0,
            "made for social; has 9:16, sound",
        ),
    ],
)
def test_fit_is_what_the_model_says_it_is_made_for_and_has(
    word: str | None, traits: set[str], value: float, reason: str
) -> None:
    found = vote("fit", aim=intent(word), found=model(traits=traits))

    assert (found.value, found.reason) == (value, reason)


def test_a_silent_shot_has_no_use_for_a_voice() -> None:
    silent = Shot("A paper boat", sound=False)

    found = vote("fit", silent, aim=intent("dialogue"), found=model())

    assert found == Vote("fit", 0.2, "does not say that it is made for dialogue")


def test_what_can_be_asked_for_serves_an_intent() -> None:
    able = capable(resolutions=("720p", "4k"))

    found = vote("fit", aim=intent("product"), found=model())
    large = vote("fit", aim=intent("photoreal"), found=model(capabilities=able))
    small = vote(
        "fit",
        aim=intent("photoreal"),
        found=model(capabilities=capable(resolutions=("720p",))),
    )

    assert found.reason.endswith("has first frame, last frame, references")
    assert large.reason.endswith("has 1080p")
    assert small.reason.endswith("lacks 1080p")


def test_quality_is_the_newest_evidence() -> None:
    evidence = [
        Evidence("quality", 0.9, "an arena", date(2026, 5, 31)),
        Evidence("quality", 0.1, "an older one", date(2026, 4, 30)),
    ]

    assert vote("quality", found=model(evidence=evidence)) == Vote(
        "quality", 0.9, "an arena, 2026-05-31"
    )
    assert vote("quality") == Vote("quality", 0.4, "nobody judged it: a guess")


def test_quality_is_taken_at_its_lower_end_and_judgement_is_called_so() -> None:
    fresh = TODAY - timedelta(days=90)
    evidence = [Evidence("quality", 0.8, "a hunch", fresh, margin=0.05, judged=True)]

    assert vote("quality", found=model(evidence=evidence)) == Vote(
        "quality", 0.75, f"0.8, at least 0.75: judgement: a hunch, {fresh}"
    )


def test_old_evidence_is_trusted_less_every_month() -> None:
    def value(days: int) -> float:
        as_of = TODAY - timedelta(days=days)
        evidence = [Evidence("quality", 0.05, "an arena", as_of)]
        return vote("quality", found=model(evidence=evidence)).value

    assert [value(days) for days in (0, 119, 120, 150, 3_000)] == [
        0.05,
        0.05,
        0.04,
        0.03,
        0.0,
    ]


def test_a_shot_with_a_picture_is_judged_by_such_clips() -> None:
    evidence = [
        Evidence("quality", 0.5, "an arena", TODAY),
        Evidence("quality-image", 0.7, "an arena", TODAY),
    ]
    both, text = model(evidence=evidence), model(evidence=evidence[:1])

    assert vote("quality", SHOT, found=both).value == 0.5
    assert vote("quality", PICTURE, found=both).value == 0.7
    assert vote("quality", PICTURE, found=text).value == 0.5


def test_control_is_how_much_can_be_said() -> None:
    everything = vote("control", found=model(traits={"camera"}))
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
        "references, last frame, cuts, sound, seed, negative prompt, camera"
    )
    assert vote("control", found=model(capabilities=nothing)) == Vote(
        "control", 0, "no controls"
    )
    half = capable(operations={"text"}, references={Kind.IMAGE: 1}, cuts=0, seed=False)
    assert vote("control", found=model(capabilities=half)) == Vote(
        "control", 0.428571, "references, sound, negative prompt"
    )


@pytest.mark.parametrize(
    ("history", "value", "reason"),
    [
        (History(), 0.8, "no takes here yet"),
        (History(done=1), 0.833333, "1 take here: 1 done"),
        (History(done=11, failed=1), 0.882353, "12 takes here: 11 done, 1 failed"),
        (
            History(done=1, failed=2, refused=3),
            0.625,
            "6 takes here: 1 done, 2 failed, 3 with content turned down (not counted)",
        ),
    ],
)
def test_reliability_is_learned_from_what_is_on_record(
    history: History, value: float, reason: str
) -> None:
    found = vote("reliability", history=history)

    assert found == Vote("reliability", value, reason)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_clip_more_never_lowers_reliability_and_a_failure_never_raises_it(
    done: int, failed: int, more: int
) -> None:
    known = vote("reliability", history=History(done=done, failed=failed)).value
    better = History(done=done + more, failed=failed)
    worse = History(done=done, failed=failed + more)

    assert 0 <= vote("reliability", history=worse).value <= known
    assert known <= vote("reliability", history=better).value <= 1


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


def test_models_are_compared_at_one_length_where_the_shot_leaves_it_open() -> None:
    long = evolve(quote("3.00"), seconds=15.0)
    short = evolve(quote("0.80"), seconds=4.0)

    assert vote("cost", OPEN, quote=long) == Vote("cost", 0.5, "$1.00 for 5 s")
    assert vote("cost", OPEN, quote=short) == Vote("cost", 0.5, "$1.00 for 5 s")
    assert vote("cost", SHOT, quote=long).reason == "$3.00"
    assert vote("cost", OPEN, quote=quote("0.30")).reason == "$0.30"


@pytest.mark.parametrize(
    ("seconds", "value", "reason"),
    [
        (0.5, 1.0, "about 0.5 s (a test)"),
        (1, 1.0, "about 1 s (a test)"),
        (10, 0.8, "about 10 s (a test)"),
        (45, 0.5, "about 45 s (a test)"),
        (120, 0.3, "about 120 s (a test)"),
        (540, 0.125, "about 540 s (a test)"),
        (3_600, 0.05, "about 3600 s (a test)"),
    ],
)
def test_speed_goes_down_between_points(
    seconds: float, value: float, reason: str
) -> None:
    made = model(evidence=[Evidence("speed", seconds, "a test", TODAY)])

    assert vote("speed", found=made) == Vote("speed", value, reason)


def test_speed_leans_on_what_was_timed_here_the_more_there_is() -> None:
    told = model(evidence=[Evidence("speed", 100, "a hunch", TODAY, judged=True)])
    some = History(done=4, timed=4, p50=60.0, p90=90.4)
    one = History(done=1, timed=1, p50=50.0)

    assert vote("speed", found=told, history=some).reason == (
        "about 80 s (judgement: a hunch; 4 takes here: p50 60 s, p90 90 s)"
    )
    assert vote("speed", found=told, history=one).reason == (
        "about 90 s (judgement: a hunch; 1 take here: p50 50 s)"
    )
    assert vote("speed", history=one).reason == "about 50 s (1 take here: p50 50 s)"


def test_who_would_come_too_late_has_no_vote_for_speed() -> None:
    slow = model(evidence=[Evidence("speed", 100, "a test", TODAY)])

    late = vote("speed", brief=Brief(deadline=99), found=slow)
    handed_over = vote("speed", brief=Brief(deadline=0), found=slow)

    assert late == Vote("speed", 0.0, "about 100 s (a test), longer than the wait")
    assert handed_over == vote("speed", found=slow)
    assert vote("speed", brief=Brief(deadline=1)).value == 0.3


@pytest.mark.parametrize(
    ("shot", "traits", "value", "reason"),
    [
        (SHOT, {"character"}, 0.5, "nothing to match"),
        (PICTURE, {"character"}, 0.9, "made for character"),
        (
            Shot("a", cuts=[Cut("b", 2), Cut("c", 2)]),
            {"character", "multi-shot"},
            0.9,
            "made for character and multi-shot",
        ),
        (PICTURE, (), 0.4, "does not say that it keeps what it is given"),
    ],
)
def test_continuity_is_about_what_is_given_to_be_kept(
    shot: Shot, traits: set[str], value: float, reason: str
) -> None:
    assert vote("continuity", shot, found=model(traits=traits)) == Vote(
        "continuity", value, reason
    )


@given(cheap=st.integers(0, 9_999), more=st.integers(1, 9_999))
def test_what_costs_less_up_to_ten_dollars_has_the_higher_vote(
    cheap: int, more: int
) -> None:
    dear = min(cheap + more, 10_000)
    votes = [vote("cost", quote=quote(f"{part}e-3")) for part in (cheap, dear)]

    assert votes[0].value > votes[1].value


def test_without_evidence_speed_is_a_guess() -> None:
    assert vote("speed") == Vote("speed", 0.3, "nobody timed it: a guess")


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
    slow = model(evidence=[Evidence("speed", 90, "a test", TODAY)])

    found = candidate(offer(slow), (), {}, None, ("it retires",))

    assert found.seconds_expected == 90
    assert found.warnings == ("it retires",)
    assert (found.model, found.title) == ("paper/one", "Paper one")
    assert candidate(offer(), (), {}).seconds_expected is None


def test_candidates_come_by_score_and_ties_by_id() -> None:
    made = [named("g/b", 0.5), named("g/c", 0.9), named("g/a", 0.5)]

    found = ranked(made, ())

    assert [c.model for c in found.candidates] == ["g/c", "g/a", "g/b"]


def test_a_stand_in_comes_last_whatever_its_score() -> None:
    made = [named("g/none", 1.0, stand_in=True), named("g/ai", 0.1)]

    assert [c.model for c in ranked(made, ()).candidates] == ["g/ai", "g/none"]


@pytest.mark.parametrize(
    ("word", "behind"),
    [
        (None, True),
        ("cinematic", True),
        ("cheap", True),
        ("draft", False),
        ("previz", False),
    ],
)
def test_what_is_no_ai_model_stands_in_unless_a_draft_is_asked_for(
    word: str | None, behind: bool
) -> None:
    drawn = candidate(offer(model(artificial=False)), (), {}, intent(word))

    assert drawn.stand_in is behind
    assert candidate(offer(), (), {}, intent(word)).stand_in is False


def test_refusals_come_by_id() -> None:
    why = (Reason("ratio", "no"),)

    found = ranked((), [Refusal("g/b", why), Refusal("g/a", why)])

    assert found.refused == (Refusal("g/a", why), Refusal("g/b", why))


scored = st.lists(
    st.tuples(ours.words, st.floats(0, 1), st.booleans()),
    unique_by=lambda item: item[0],
    max_size=6,
)


@given(st.data(), scored)
def test_a_ranking_is_total_and_the_same_whatever_the_order_of_plugins(
    data: st.DataObject, items: list[tuple[str, float, bool]]
) -> None:
    made = [named(f"g/{id_}", score, stand_in=stand) for id_, score, stand in items]
    shuffled = data.draw(st.permutations(made))

    found = ranked(made, ())

    assert found == ranked(shuffled, ())
    assert {c.model for c in found.candidates} == {c.model for c in made}


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


aims = st.none() | st.sampled_from(sorted(INTENTS.values(), key=lambda one: one.name))


@given(offerings.models(), ours.shots(), ours.briefs, aims, ours.quotes)
def test_the_cores_votes_are_total(
    found: Model, shot: Shot, brief: Brief, aim: Intent | None, cost: Quote
) -> None:
    votes = own_votes(offer(found, quote=cost), shot, brief, aim, {})

    assert all(0 <= vote.value <= 1 and vote.reason for vote in votes)
    assert len({vote.by for vote in votes}) == len(votes)
