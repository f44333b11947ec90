"""Whatever goes wrong at HeyGen: one job is paid at most, and no paid clip is lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import ModuleType

import httpx
import pytest
from attrs import evolve

import shotcaller_heygen
from shotcaller import (
    Brief,
    Clip,
    Refused,
    Shot,
    Shotcaller,
    State,
    Uncertain,
)
from shotcaller.plugin import Lifecycle, Model, Response, hookimpl
from shotcaller.transport import wording
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.faults import After, Drop, Say
from shotcaller_emulator.heygen import TROUBLES, Fate, HeyGen, weather
from tests.accounting import disagreements
from tests.core.worlds import StepClock
from tests.heygen.conftest import PACE, PLUGINS, Make, Seen, sketched
from tests.persisting import persisted

VIDEO = Brief(model="heygen/video-1", budget="5", deadline=900, fallback=False)
OLD = Brief(model="heygen/veo-3.1", unknown_price=True, deadline=900, fallback=False)
SHOT = Shot("A paper boat")

REFUSED = {
    "submit-401": "key",
    "submit-402": "credit",
    "submit-403": "permission",
    "submit-policy": "content",
    "execute-404": "retired",
    "execute-410": "retired",
}
FAILED = {
    "failed": {"generation_failed", "failed"},
    "failed-in-a-text": {"failed"},
    "failed-beside": {"failed"},
    "cancelled-by-heygen": {"cancelled", "failed"},
}
IN_DOUBT = {
    "execute-then-drop",
    "execute-then-502",
    "execute-drop",
    "execute-error-with-200",
}
"""Nobody can know whether a job was made, and no key is read that could tell."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "SPEND_TIMEOUT", httpx.Timeout(1.0))


def agreed(caller: Shotcaller, heygen: HeyGen) -> None:
    assert disagreements(caller.takes(), heygen.settled) == []
    assert heygen.leaks == ()


@pytest.mark.parametrize("brief", [VIDEO, OLD], ids=["v3", "workflows"])
@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_one_fault_costs_at_most_one_job(
    name: str, brief: Brief, make: Make, heygen: HeyGen, clock: StepClock
) -> None:
    trouble = TROUBLES[name]
    heygen.script(trouble.route, trouble.play)
    caller, _ = make()

    last = persisted(caller, clock, SHOT, brief)

    (take,) = caller.takes()
    agreed(caller, heygen)
    assert len(heygen.settled) <= 1
    met = not heygen._script._foreseen[trouble.route]
    if not met:
        assert isinstance(last, Clip)
    elif name in REFUSED:
        assert take.state is State.REFUSED
        assert take.problem is not None
        assert take.problem.code == REFUSED[name]
    elif name in FAILED:
        assert take.state in {State.FAILED, State.CANCELLED}
        assert take.problem is not None
        assert take.problem.code in FAILED[name]
    elif name in IN_DOUBT:
        assert take.state is State.UNCERTAIN
    else:
        assert isinstance(last, Clip)
        assert take.state is State.DONE


@pytest.mark.parametrize("brief", [VIDEO, OLD], ids=["v3", "workflows"])
@pytest.mark.parametrize("seed", range(12))
def test_no_weather_costs_a_second_job(
    seed: int, brief: Brief, make: Make, clock: StepClock
) -> None:
    heygen = HeyGen(sketched, pace=PACE, faults=weather(seed, 0.3))
    caller, _ = make(heygen)

    persisted(caller, clock, SHOT, brief)

    agreed(caller, heygen)
    assert len(heygen.settled) <= 1


@pytest.mark.parametrize("status", [408, 520, 522, 524, 598])
def test_a_job_behind_a_proxys_own_number_is_had_by_its_key(
    status: int, make: Make, heygen: HeyGen, clock: StepClock
) -> None:
    heygen.script("submit", After(Say(status, b"error code")))
    caller, _ = make()

    last = persisted(caller, clock, SHOT, VIDEO)

    assert isinstance(last, Clip)
    agreed(caller, heygen)
    assert len(heygen.settled) == 1


def keys(seen: Seen) -> list[str]:
    return [
        str(asked.headers["Idempotency-Key"])
        for asked in seen.posts("/v3/models/videos")
    ]


def test_a_lost_reply_on_v3_is_collected_without_asking_anybody(
    make: Make, heygen: HeyGen
) -> None:
    heygen.script("submit", After(Drop()))
    caller, seen = make()

    clip = caller.generate(SHOT, VIDEO)

    (line,) = heygen.settled
    first, second = keys(seen)
    assert first == second == caller.chain(clip.receipt.take)[-1].key
    assert clip.receipt.facts["video_id"] == line.request_id
    assert (line.state, line.billed) == ("done", heygen.billed)
    assert [take.state for take in caller.takes()] == [State.DONE]


def test_a_repeat_waits_while_the_first_is_still_being_answered(
    make: Make, heygen: HeyGen
) -> None:
    heygen.script("submit", After(Drop()))
    heygen.script("job", Fate(answering=20))
    caller, seen = make()

    clip = caller.generate(SHOT, VIDEO)

    notes = [event.note for event in caller.events(clip.receipt.take)]
    assert "heygen answered the submit with 409" in notes
    assert len(heygen.settled) == 1
    assert len(set(keys(seen))) == 1


def test_a_key_that_has_lapsed_buys_nothing_again(
    make: Make, heygen: HeyGen, clock: StepClock
) -> None:
    heygen.script("submit", After(Drop()), Say(429))
    caller, _ = make()
    *_, take = caller.follow(SHOT, evolve(VIDEO, deadline=2))
    assert take.state is State.SENDING
    clock.time += 25 * 3_600

    with pytest.raises(Uncertain):
        caller.resume(take.id)

    assert len(heygen.settled) == 1
    agreed(caller, heygen)


@pytest.mark.parametrize("brief", [OLD, evolve(OLD, model="heygen:video-agent")])
def test_a_lost_reply_without_a_key_is_uncertain_after_one_post(
    make: Make, heygen: HeyGen, brief: Brief
) -> None:
    heygen.script("execute", After(Drop()))
    heygen.script("agent", After(Drop()))
    caller, seen = make()

    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, brief)
    with pytest.raises(Uncertain):
        caller.resume(str(caught.value.take))

    assert caught.value.exit_code == 5
    assert caught.value.charged == "unknown"
    posts = [asked for asked in seen.asked if asked.method == "POST"]
    assert len(posts) == len(heygen.settled) == 1


def test_moderation_is_an_outcome_of_its_own_and_tries_nobody_else(
    make: Make, heygen: HeyGen, fal: Fal
) -> None:
    caller, _ = make(fal=fal)
    brief = Brief(
        intent="cheap", only=["heygen/video-1", "fal/veo-3.1-lite"], budget="5"
    )

    with pytest.raises(Refused) as caught:
        caller.generate(Shot("A forbidden boat", seconds=8), brief)

    assert caught.value.reason == "content"
    assert heygen.settled == ()
    assert fal.settled == ()


def test_an_empty_wallet_lets_the_next_have_its_turn(make: Make, fal: Fal) -> None:
    caller, seen = make(HeyGen(sketched, pace=PACE, balance=Decimal(0)), fal)
    brief = Brief(
        intent="cheap", only=["heygen/video-1", "fal/veo-3.1-lite"], budget="5"
    )

    clip = caller.generate(Shot("A boat", seconds=8), brief)

    assert [attempt.model for attempt in clip.receipt.attempts] == [
        "heygen/video-1",
        "fal/veo-3.1-lite",
    ]
    assert "insufficient_credit" in clip.receipt.attempts[0].reason
    assert len(seen.posts("/v3/models/videos")) == 1


def undead() -> ModuleType:
    """Returns HeyGen's plugin as it was before any end was announced."""
    plugin = ModuleType("undead")
    plugin.__dict__.update(vars(shotcaller_heygen))

    @hookimpl
    def shotcaller_models() -> Sequence[Model]:
        models = shotcaller_heygen.shotcaller_models()
        return [evolve(model, lifecycle=Lifecycle()) for model in models]

    plugin.__dict__["shotcaller_models"] = shotcaller_models
    return plugin


@pytest.mark.parametrize("status", [404, 410])
def test_a_path_that_is_gone_falls_back(make: Make, fal: Fal, status: int) -> None:
    heygen = HeyGen(sketched, pace=PACE, retired=Response(status))
    only = ["heygen/veo-3.1-fast", "heygen/kling-pro", "fal/veo-3.1-lite"]
    brief = Brief(only=only, weights="looks", unknown_price=True)
    caller, _ = make(
        heygen,
        fal,
        {**PLUGINS, "heygen": undead()},
        weights={"looks": {"quality": 1.0}},
    )

    clip = caller.generate(SHOT, brief)

    chain = caller.chain(clip.receipt.take)
    assert [take.model for take in chain] == ["heygen/veo-3.1-fast", "fal/veo-3.1-lite"]
    assert chain[0].state is State.REFUSED
    assert chain[0].problem is not None
    assert (chain[0].problem.code, chain[0].problem.charged) == ("retired", "no")
    assert heygen.settled == ()


def test_what_is_over_is_tried_only_where_it_is_named(
    make: Make, heygen: HeyGen
) -> None:
    caller, _ = make()
    ranking = caller.rank(SHOT, Brief(unknown_price=True))
    named = caller.rank(SHOT, Brief(model="heygen/sora-2", unknown_price=True))

    over = {one.model: one.reasons[0].message for one in ranking.refused}
    assert [one.model for one in ranking.candidates] == ["heygen/video-1"]
    assert over["heygen/sora-2"] == "retired on 2026-09-24; use heygen/video-1"
    assert named.candidates[0].warnings == (
        "heygen/sora-2 retired on 2026-09-24; then use heygen/video-1",
    )


def test_both_gateways_are_quoted_and_the_reason_is_told(make: Make, fal: Fal) -> None:
    caller, _ = make(fal=fal)
    shot = Shot("A boat", seconds=8)
    only = ["heygen/video-1", "fal/veo-3.1"]

    cheap = caller.rank(shot, Brief(only=only, intent="cheap")).candidates
    best = caller.rank(shot, Brief(only=only, weights="best")).candidates

    assert {one.model: str(one.quote.high) for one in cheap} == {
        "heygen/video-1": "0.1600",
        "fal/veo-3.1": "3.2000",
    }
    assert cheap[0].model == "heygen/video-1"
    (why,) = (vote for vote in cheap[0].votes if vote.by == "cost")
    assert why.reason == "$0.16"
    assert best[0].model == "heygen/video-1"
    (why,) = (vote for vote in best[0].votes if vote.by == "quality")
    assert "judgement: our own" in why.reason
    clip = caller.generate(shot, Brief(only=only, intent="cheap", budget="1"))
    assert clip.receipt.model == "heygen/video-1"
    assert fal.settled == ()
