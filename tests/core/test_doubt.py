"""Once a submit may have been accepted, no later answer makes it free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from attrs import evolve

from shotcaller import Brief, Cancellation, Shot, Shotcaller, State, Uncertain
from shotcaller.plugin import Gateway, Request, Safety, Secret, hookimpl
from shotcaller.take import Problem
from tests.core.paper import GATEWAY, Paper
from tests.core.paper_server import PaperServer, Rule, accept_then_drop, drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
KEYED = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)


@pytest.fixture
def caller(make_caller: Callable[..., Shotcaller]) -> Shotcaller:
    return make_caller(Paper(KEYED))


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (say(402), "paper answered the submit with 402: Paper said 402."),
        (say(422), "paper answered the submit with 422: Paper said 422."),
    ],
)
def test_a_refusal_after_a_lost_reply_proves_nothing(
    caller: Shotcaller, server: PaperServer, later: Rule, why: str
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, later]

    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)

    assert why in str(caught.value)
    assert caught.value.charged == "unknown"
    assert server.billed == 1


def test_busy_after_a_lost_reply_is_asked_again_under_the_key(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [drop, say(429), say(429), say(429), say(429)]

    clip = caller.generate(SHOT)

    keys = {asked.body for asked in server.asked if asked.method == "POST"}
    assert len(keys) == 1
    assert clip.receipt.attempts[-1].state is State.DONE
    assert not caller.chain(clip.receipt.take)[-1].doubted


def test_a_doubted_take_cannot_be_dropped_as_free(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, say(429), say(429)]
    *_, take = caller.follow(SHOT, Brief(deadline=3))
    assert take.state is State.SENDING
    assert take.doubted

    assert caller.cancel(take.id)[1] is Cancellation.UNSUPPORTED


def test_a_doubted_take_is_not_sent_under_a_dead_key(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, say(429)]
    *_, take = caller.follow(SHOT, Brief(deadline=3))
    clock.time += 10 * 86_400

    with pytest.raises(Uncertain):
        caller.resume(take.id)
    assert server.submits == 2


def test_a_clock_that_was_set_back_makes_no_key_live(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, say(429)]
    *_, take = caller.follow(SHOT, Brief(deadline=3))
    clock.time -= 10 * 86_400

    with pytest.raises(Uncertain):
        caller.resume(take.id)


def test_what_did_not_leave_after_a_lost_reply_proves_nothing(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Fading(Paper):
        """Has its key at first, and again after ten questions."""

        asked = 0

        @hookimpl
        def shotcaller_authorize(
            self,
            gateway: Gateway,
            request: Request,
            secrets: dict[str, Secret],
            now: datetime,
        ) -> Request:
            self.asked += 1
            if 1 < self.asked < 10:
                raise LookupError
            return super().shotcaller_authorize(gateway, request, secrets, now)

    server.script["POST /jobs"] = [drop]
    caller = make_caller(Fading(KEYED))
    *_, take = caller.follow(SHOT, Brief(deadline=30))
    assert take.state is State.SENDING
    assert take.doubted
    assert take.problem == Problem(
        "unreachable",
        "paper could not be reached (it could not be authorized (LookupError))",
        "unknown",
    )

    assert caller.generate(SHOT).receipt.take == take.id
    assert server.billed == 1
