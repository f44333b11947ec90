"""A finished clip is lost only by the word of its gateway, and cancelled no more."""

from __future__ import annotations

import pytest

from shotcaller import Brief, Cancellation, Shot, Shotcaller, State, TakeFailed
from shotcaller.take import MOVES
from tests.core.paper_server import PaperServer, say


def test_a_finished_clip_whose_gateway_takes_it_back_is_lost_with_the_evidence(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["done", "failed-billed"]
    server.errors["failed-billed"] = "Paper kept it for an hour"
    server.script["GET /clips/job-1.mp4"] = [say(404)] * 9

    with pytest.raises(TakeFailed, match="Paper kept it for an hour") as caught:
        caller.generate(Shot("A paper boat"))

    (take,) = caller.takes()
    assert take.state is State.OUTPUT_LOST
    assert caught.value.charged == "yes"
    assert server.billed == 1


def test_a_clip_is_only_lost_by_the_word_of_its_gateway() -> None:
    losing = {state for state, to in MOVES.items() if State.OUTPUT_LOST in to}

    assert losing == {State.SUBMITTED}


def test_a_finished_clip_that_is_not_on_disk_yet_is_cancelled_no_more(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["done"]
    server.script["GET /clips/job-1.mp4"] = [say(500)] * 3
    *_, take = caller.follow(Shot("A paper boat"), Brief(deadline=3))
    assert take.state is State.READY

    after, outcome = caller.cancel(take.id)

    assert (after.state, outcome) == (State.READY, Cancellation.TOO_LATE)
    assert caller.resume(take.id).receipt.take == take.id
    assert "PUT" not in {asked.method for asked in server.asked}
