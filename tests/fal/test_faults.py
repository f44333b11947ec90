"""Whatever goes wrong at fal: one job is paid at most, and no paid clip is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from attrs import evolve

from shotcaller import Clip, Shot, Shotcaller, State
from shotcaller.plugin import Brief, Response
from shotcaller.transport import wording
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.fal.troubles import NGINX, TROUBLES, weather
from shotcaller_emulator.faults import After, Deed, Drop, Say
from shotcaller_emulator.outcomes import Outcome
from tests.accounting import disagreements
from tests.core.worlds import StepClock
from tests.fal.conftest import PACE, sketched
from tests.persisting import persisted

VEO = Brief(model="fal/veo-3.1-lite", budget="5", deadline=900, fallback=False)
SHOT = Shot("A paper boat", seconds=4)
REFUSED = {"exhausted": "credit"}
FAILED = {
    "moderated": "content",
    "no-media": "content",
    "broken-model": "failed",
    "downstream": "timeout",
    "no-runner": "failed",
    "cancelled-by-fal": "cancelled",
}
NEVER_THERE = {"submit-drop", "submit-502"}
"""Lost replies to what never became a job; nobody can know, so they stay in doubt."""


def agreed(caller: Shotcaller, fal: Fal, clock: StepClock) -> None:
    ledger = fal.ledger_at(datetime.fromtimestamp(clock.now() + 3_600, UTC))
    assert disagreements(caller.takes(), ledger) == []
    assert fal.leaks == ()


@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_one_fault_costs_at_most_one_job(
    name: str,
    caller: Shotcaller,
    fal: Fal,
    clock: StepClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wording, "SPEND_TIMEOUT", httpx.Timeout(1.0))
    trouble = TROUBLES[name]
    fal.script(trouble.route, trouble.play)

    last = persisted(caller, clock, SHOT, VEO)

    (take,) = caller.takes()
    agreed(caller, fal, clock)
    assert len(fal.ledger_at(datetime.fromtimestamp(clock.now(), UTC))) <= 1
    if name in REFUSED:
        assert take.state is State.REFUSED
        assert take.problem is not None
        assert take.problem.code == REFUSED[name]
    elif name in FAILED:
        assert take.state in {State.FAILED, State.CANCELLED}
        assert take.problem is not None
        assert take.problem.code == FAILED[name]
    elif name in NEVER_THERE:
        assert take.state is State.UNCERTAIN
    else:
        assert isinstance(last, Clip)
        assert take.state is State.DONE


@pytest.mark.parametrize("seed", range(12))
def test_no_weather_costs_a_second_job(
    seed: int,
    make_fal: Callable[[Fal], Shotcaller],
    clock: StepClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wording, "SPEND_TIMEOUT", httpx.Timeout(1.0))
    fal = Fal(sketched, pace=PACE, faults=weather(seed, 0.3))
    caller = make_fal(fal)

    persisted(caller, clock, SHOT, VEO)

    agreed(caller, fal, clock)
    assert len(fal.ledger_at(datetime.fromtimestamp(clock.now(), UTC))) <= 1


def test_a_bill_above_the_quote_is_on_the_receipt(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    def dear(deed: Deed) -> Outcome:
        outcome = deed()
        assert isinstance(outcome, Response)
        headers = {**outcome.headers, "x-fal-billable-units": "100"}
        return evolve(outcome, headers=headers)

    fal.script("result", dear)

    clip = persisted(caller, clock, SHOT, VEO)

    assert isinstance(clip, Clip)
    assert clip.receipt.warnings == ("$3.00 was billed, at most $0.20 quoted",)


def test_a_page_that_bears_the_id_of_a_request_pays_no_second_model(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    headers = {"content-type": "text/html", "x-fal-request-id": "r1"}
    fal.script("result", *[Say(502, b"<html>Bad Gateway</html>", headers)] * 9)
    fal.script("platform", *[NGINX] * 9)

    clip = persisted(caller, clock, SHOT, evolve(VEO, model=None, fallback=True))

    assert isinstance(clip, Clip)
    agreed(caller, fal, clock)
    assert len(caller.takes()) == 1


def test_a_job_that_was_taken_long_after_the_first_try_is_found(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    busy = Say(429, {"detail": "Too many requests."}, {"retry-after": "400"})
    fal.script("submit", busy, busy, busy, After(Drop()))

    clip = persisted(caller, clock, SHOT, evolve(VEO, deadline=3_600))

    assert isinstance(clip, Clip)
    agreed(caller, fal, clock)
    assert len(caller.takes()) == 1
