"""Takes in doubt at HeyGen, which lists nothing: adopted by their user's word alone."""

from __future__ import annotations

import pytest

from shotcaller import BadInput, Brief, Shot, Shotcaller, State, Uncertain
from shotcaller_emulator.faults import After, Drop
from shotcaller_emulator.heygen import HeyGen
from tests.accounting import disagreements
from tests.core.worlds import StepClock
from tests.heygen.conftest import Make

SHOT = Shot("A paper boat")
OLD = Brief(model="heygen/veo-3.1", unknown_price=True, fallback=False)
VIDEO = Brief(model="heygen/video-1", budget="5", deadline=1, fallback=False)


def lost(caller: Shotcaller, heygen: HeyGen) -> str:
    heygen.script("execute", After(Drop()))
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, OLD)
    return str(caught.value.take)


def test_an_old_job_is_adopted(make: Make, heygen: HeyGen) -> None:
    caller, _ = make()
    take = lost(caller, heygen)
    with pytest.raises(Uncertain):
        caller.resume(take)
    (entry,) = heygen.settled

    adopted = caller.adopt(take, entry.request_id)

    assert adopted.ticket is not None
    assert adopted.ticket.data == {"dialect": "workflows"}
    assert caller.resume(take).receipt.take == take
    assert disagreements(caller.takes(), heygen.settled) == []


def test_what_is_no_job_of_heygens_is_not_adopted(make: Make, heygen: HeyGen) -> None:
    caller, _ = make()
    take = lost(caller, heygen)

    with pytest.raises(BadInput, match="heygen does not confirm the job nonsense: "):
        caller.adopt(take, "nonsense")

    assert caller.chain(take)[-1].state is State.UNCERTAIN


def test_a_job_under_a_key_is_adopted_while_its_submit_is_repeated(
    make: Make, heygen: HeyGen, clock: StepClock
) -> None:
    caller, seen = make()
    heygen.script("submit", After(Drop()), *[Drop()] * 3)
    *_, take = caller.follow(SHOT, VIDEO)
    assert take.state is State.SENDING
    (entry,) = heygen.settled
    submits = len(seen.posts("/v3/models/videos"))

    assert caller.adopt(take.id, entry.request_id).state is State.SUBMITTED
    assert caller.resume(take.id).receipt.take == take.id
    assert len(seen.posts("/v3/models/videos")) == submits
    assert disagreements(caller.takes(), heygen.settled) == []
