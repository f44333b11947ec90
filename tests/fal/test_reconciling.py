"""Takes in doubt at fal: found in its list, dealt out, or adopted on request."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

from shotcaller import BadInput, Shot, Shotcaller, State, Uncertain
from shotcaller.plugin import Brief
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.fal.troubles import NGINX
from shotcaller_emulator.faults import After, Drop
from shotcaller_emulator.ledgers import Line
from tests.accounting import disagreements
from tests.core.worlds import StepClock

VEO = Brief(model="fal/veo-3.1-lite", budget="5", fallback=False)
SHOT = Shot("A paper boat", seconds=4)


def ledger(fal: Fal, clock: StepClock) -> list[Line]:
    return list(fal.ledger_at(datetime.fromtimestamp(clock.now() + 3_600, UTC)))


def lost(caller: Shotcaller, fal: Fal, brief: Brief, *, accepted: bool = True) -> str:
    fal.script("submit", After(Drop()) if accepted else Drop())
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, brief)
    return str(caught.value.take)


def test_two_takes_of_the_same_input_are_both_found(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    first = lost(caller, fal, VEO)
    clock.sleep(5)
    second = lost(caller, fal, evolve(VEO, again="please"))
    clock.sleep(120)

    for take in (second, first):
        assert caller.resume(take, patience=900).receipt.take == take

    jobs = [caller.chain(take)[-1].ticket for take in (first, second)]
    entries = sorted(ledger(fal, clock), key=lambda entry: entry.request_id)
    assert [job and job.remote_id for job in jobs] == [
        entry.request_id for entry in entries
    ]
    assert disagreements(caller.takes(), entries) == []


def test_one_job_for_two_takes_of_the_same_input_is_nobodys(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    first = lost(caller, fal, VEO)
    second = lost(caller, fal, evolve(VEO, again="please"), accepted=False)
    clock.sleep(120)

    for take in (second, first):
        with pytest.raises(Uncertain):
            caller.resume(take, patience=900)

    assert len(ledger(fal, clock)) == 1
    assert disagreements(caller.takes(), ledger(fal, clock)) == []
    (entry,) = ledger(fal, clock)
    caller.adopt(first, entry.request_id)
    assert caller.resume(first).receipt.take == first
    caller.discard(second)
    assert disagreements(caller.takes(), ledger(fal, clock)) == []


def test_a_job_is_adopted_where_fal_lists_nothing(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    take = lost(caller, fal, VEO)
    fal.script("platform", *[NGINX] * 9)
    (entry,) = ledger(fal, clock)

    adopted = caller.adopt(take, entry.request_id)

    assert adopted.state is State.SUBMITTED
    assert adopted.ticket is not None
    base = f"/fal-ai/veo3.1/requests/{entry.request_id}"
    assert adopted.ticket.data == {
        "endpoint": "fal-ai/veo3.1/lite",
        "status": f"{base}/status",
        "response": base,
        "cancel": f"{base}/cancel",
    }
    assert caller.resume(take).receipt.take == take
    assert disagreements(caller.takes(), ledger(fal, clock)) == []


@pytest.mark.parametrize(
    "remote_id", ["019abcde-0000-7000-8000-000000000000", "no such job", ".."]
)
def test_what_is_no_job_of_fals_is_not_adopted(
    caller: Shotcaller, fal: Fal, clock: StepClock, remote_id: str
) -> None:
    take = lost(caller, fal, VEO)

    with pytest.raises(BadInput, match="fal does not confirm the job"):
        caller.adopt(take, remote_id)

    assert caller.chain(take)[-1].state is State.UNCERTAIN
    assert caller.resume(take, patience=900).receipt.take == take


def test_a_retake_and_what_it_was_made_beside_are_both_paid_for_knowingly(
    caller: Shotcaller, fal: Fal, clock: StepClock
) -> None:
    take = lost(caller, fal, VEO)
    clock.sleep(120)

    new = caller.retake(take).receipt.take

    assert disagreements(caller.takes(), ledger(fal, clock)) == []
    assert caller.resume(take, patience=900).receipt.take == take != new
    assert len(ledger(fal, clock)) == 2
    assert disagreements(caller.takes(), ledger(fal, clock)) == []
