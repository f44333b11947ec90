"""With keys for two gateways: who steps in for whom, and who never does."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Fallback,
    Refused,
    Shot,
    Shotcaller,
    State,
    StillRunning,
    TakeFailed,
    Uncertain,
)
from shotcaller.catalog import Ranking
from shotcaller.journal.histories import FRESH
from shotcaller.plugin import Model, Vote, hookimpl
from shotcaller.transport import wording
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.fal.troubles import EXHAUSTED, TROUBLES
from shotcaller_emulator.heygen import HeyGen
from tests.accounting import disagreements
from tests.core.worlds import StepClock
from tests.heygen.conftest import PLUGINS, Make

SHOT = Shot("A paper boat", seconds=8)
BOTH = Brief(only=("fal/veo-3.1-fast", "heygen/video-1"), weights="house", budget=5)


class FalFirst:
    """Is a policy by which the tests know who leads."""

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote:
        return Vote("house", 1.0 if model.gateway == "fal" else 0.1, "as we like it")


HOUSE = {**PLUGINS, "house": FalFirst()}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "SPEND_TIMEOUT", httpx.Timeout(1.0))


def first(caller: Shotcaller, brief: Brief = BOTH) -> str:
    return caller.rank(SHOT, brief).candidates[0].model


def reasons(ranking: Ranking, model: str) -> list[str]:
    (found,) = (one for one in ranking.refused if one.model == model)
    return [reason.code for reason in found.reasons]


def agreed(caller: Shotcaller, fal: Fal, heygen: HeyGen, clock: StepClock) -> None:
    later = datetime.fromtimestamp(clock.now() + 3_600, UTC)
    takes = caller.takes()
    theirs = [take for take in takes if take.gateway == "fal"]
    assert disagreements(theirs, fal.ledger_at(later)) == []
    others = [take for take in takes if take.gateway == "heygen"]
    assert disagreements(others, heygen.settled) == []


def test_out_of_credit_at_fal_falls_back_to_heygen_and_finishes(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    assert first(caller) == "fal/veo-3.1-fast"
    fal.script("submit", EXHAUSTED)

    clip = caller.generate(SHOT, BOTH)

    attempts = [(a.model, a.state, a.charged) for a in clip.receipt.attempts]
    assert attempts == [
        ("fal/veo-3.1-fast", State.REFUSED, "no"),
        ("heygen/video-1", State.DONE, "yes"),
    ]
    assert "exhausted balance" in clip.receipt.attempts[0].reason.lower()
    agreed(caller, fal, heygen, clock)


def test_an_account_without_credit_is_left_alone_until_its_key_is_another(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", EXHAUSTED)
    caller.generate(SHOT, BOTH)

    ranking = caller.rank(SHOT, BOTH)

    assert [one.model for one in ranking.candidates] == ["heygen/video-1"]
    assert reasons(ranking, "fal/veo-3.1-fast") == ["no-credit"]
    assert list(caller.outages()) == ["fal"]
    named = caller.rank(SHOT, evolve(BOTH, model="fal/veo-3.1-fast"))
    assert [one.model for one in named.candidates] == ["fal/veo-3.1-fast"]
    fal_account = caller.setup.accounts["fal"]
    caller.setup.accounts["fal"] = evolve(fal_account, mark="another")  # type: ignore[index]
    assert first(caller) == "fal/veo-3.1-fast"


def test_a_free_check_lets_new_work_in_again(
    make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", EXHAUSTED)
    caller.generate(SHOT, BOTH)
    assert first(caller) == "heygen/video-1"

    found = caller.check()

    assert {one.about for one in found} == {"account fal", "account heygen"}
    assert caller.outages() == {}
    assert first(caller) == "fal/veo-3.1-fast"


def test_once_the_pause_is_over_a_free_question_goes_before_a_paid_one(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", EXHAUSTED)
    caller.generate(SHOT, BOTH)
    clock.time += 901

    clip = caller.generate(SHOT, evolve(BOTH, again="2"))

    assert clip.receipt.model == "fal/veo-3.1-fast"
    assert caller.outages() == {}


def test_a_moderation_refusal_stops_by_default(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, seen = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("job", TROUBLES["moderated"].play)

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT, BOTH)

    (take,) = caller.takes()
    assert take.problem is not None
    assert take.problem.code == "content"
    assert caught.value.take == take.id
    assert seen.posts("/v3/videos") == []
    assert caller.outages() == {}
    agreed(caller, fal, heygen, clock)


def test_a_moderation_refusal_sends_the_same_shot_to_no_other_model(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    weights = {"house": {"house": 1.0, "reliability": 100.0}}
    caller, _ = make(heygen, fal, HOUSE, weights=weights)
    before = [(one.model, one.score) for one in caller.rank(SHOT, BOTH).candidates]
    hints = set[str]()
    for _ in range(3):
        fal.script("job", TROUBLES["moderated"].play)
        with pytest.raises(TakeFailed) as caught:
            caller.generate(SHOT, BOTH)
        hints.add(caught.value.next)
        clock.time += 2 * FRESH

    after = [(one.model, one.score) for one in caller.rank(SHOT, BOTH).candidates]

    assert after == before
    assert {take.model for take in caller.takes()} == {before[0][0]}
    (hint,) = hints
    assert hint == (
        "It may have been charged; asking again may pay again. Its content was turned"
        " down: change the prompt, or name another model. `--content-fallback` lets"
        " another step in where nothing was charged."
    )


@pytest.mark.parametrize("name", ["submit-drop", "submit-502"])
def test_what_may_have_been_accepted_is_followed_by_nobody(
    name: str, make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, seen = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", TROUBLES[name].play)

    with pytest.raises(Uncertain):
        caller.generate(SHOT, BOTH)
    (take,) = caller.takes()
    with pytest.raises(Uncertain):
        caller.resume(take.id, fallback=True)

    assert len(caller.takes()) == 1
    assert [one for one in seen.asked if one.method == "POST"] == []


def test_a_time_out_falls_back_to_nobody_while_the_take_may_live(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, seen = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})

    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, evolve(BOTH, deadline=5))

    assert len(caller.takes()) == 1
    assert [one for one in seen.asked if one.method == "POST"] == []
    clip = caller.resume(str(caught.value.take), fallback=True)
    assert clip.receipt.model == "fal/veo-3.1-fast"
    assert len(clip.receipt.attempts) == 1
    agreed(caller, fal, heygen, clock)


@pytest.mark.parametrize("fallback", [Fallback.NONE, Fallback.SAME_MODEL])
def test_nobody_steps_in_who_is_not_wanted(
    fallback: Fallback, make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", EXHAUSTED)

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, evolve(BOTH, fallback=fallback))

    assert caught.value.next == "Nothing was charged; it is safe to ask again."
    assert len(caller.takes()) == 1


def test_who_could_step_in_is_asked_for_by_name(
    make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    fal.script("submit", EXHAUSTED)

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, evolve(BOTH, fallback="ask"))
    (take,) = caller.takes()

    assert caught.value.next == (
        "Nothing was charged; it is safe to ask again."
        f" `shotcaller resume {take.id} --fallback` goes on with heygen/video-1."
    )
    clip = caller.resume(take.id, fallback=True)
    assert [a.model for a in clip.receipt.attempts] == [
        "fal/veo-3.1-fast",
        "heygen/video-1",
    ]


def test_who_is_named_to_step_in_is_one_that_is_ready(
    make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    three = ("fal/veo-3.1", "fal/veo-3.1-fast", "heygen/video-1")
    brief = evolve(BOTH, only=three, budget=20, fallback="ask")
    fal.script("submit", EXHAUSTED)

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, brief)
    (take,) = caller.takes()

    assert [model for model, _ in take.candidates] == [
        "fal/veo-3.1-fast",
        "heygen/video-1",
    ]
    assert [model for model, _ in caller.stand_ins(take.id)] == ["heygen/video-1"]
    assert "--fallback` goes on with heygen/video-1." in caught.value.next
    clip = caller.resume(take.id, fallback=True)
    assert clip.receipt.model == "heygen/video-1"
    assert caller.stand_ins(clip.receipt.take) == ()


def test_nobody_is_named_to_step_in_where_nobody_is_ready(
    make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    brief = evolve(BOTH, only=("fal/veo-3.1", "fal/veo-3.1-fast"), budget=20)
    fal.script("submit", EXHAUSTED)

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, evolve(brief, fallback="ask"))

    assert caught.value.next == "Nothing was charged; it is safe to ask again."
