"""Ends of jobs that look like passing trouble, and trouble that looks like an end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from attrs import evolve

from shotcaller import Shot, Shotcaller, State, StillRunning, TakeFailed
from shotcaller.plugin import Brief, Response
from shotcaller_emulator.fal import Fal, errors
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.fal.troubles import NGINX
from shotcaller_emulator.faults import Deed, Say
from shotcaller_emulator.outcomes import Outcome
from tests.accounting import disagreements
from tests.core.worlds import StepClock

VEO = Brief(model="fal/veo-3.1-lite", budget="5", fallback=False, deadline=3_600)
SHOT = Shot("A paper boat", seconds=4)
OWN = {"x-fal-request-id": "r1"}


def agreed(caller: Shotcaller, fal: Fal, clock: StepClock) -> None:
    ledger = fal.ledger_at(datetime.fromtimestamp(clock.now() + 3_600, UTC))
    assert disagreements(caller.takes(), ledger) == []
    assert len(ledger) == 1


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429])
def test_a_models_own_refusal_to_answer_is_the_end_of_its_job(
    caller: Shotcaller, fal: Fal, clock: StepClock, status: int
) -> None:
    fal.script("job", Fate(errors.model(status, "The model wants a key of its own.")))

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT, VEO)

    assert "key of its own" in caught.value.message
    assert caught.value.charged == "unknown"
    agreed(caller, fal, clock)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_gateways_refusal_to_answer_ends_no_job(
    caller: Shotcaller, fal: Fal, clock: StepClock, status: int
) -> None:
    fal.script("status", *[Say(status, {"detail": "Not now."}, OWN)] * 20)
    fal.script("result", *[Say(status, {"detail": "Not now."}, OWN)] * 20)

    clip = caller.generate(SHOT, VEO)

    assert clip.receipt.attempts[-1].state is State.DONE
    agreed(caller, fal, clock)


def test_while_nobody_else_can_be_asked_such_a_job_goes_on(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    fal.script("job", Fate(errors.model(429, "Too many.")))
    fal.script("platform", *[NGINX] * 200)

    with pytest.raises(StillRunning):
        caller.generate(SHOT, VEO)

    agreed(caller, fal, clock)


def test_a_log_that_is_larger_than_a_reply_may_be_keeps_no_clip_back(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    def loud(deed: Deed) -> Outcome:
        outcome = deed()
        assert isinstance(outcome, Response)
        told = json.loads(outcome.body)
        if told["logs"] is None:
            return outcome
        lines = [{"message": "x" * 1_000_000}] * 9
        return evolve(outcome, body=json.dumps({**told, "logs": lines}).encode())

    fal.script("status", *[loud] * 40)

    clip = caller.generate(SHOT, VEO)

    assert clip.receipt.attempts[-1].state is State.DONE
    agreed(caller, fal, clock)
