"""Once a submit may have been accepted, no later answer makes it free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Cancellation,
    Shot,
    Shotcaller,
    State,
    StillRunning,
    Uncertain,
)
from shotcaller.plugin import (
    Exchange,
    Gateway,
    Model,
    Request,
    Safety,
    Secret,
    Ticket,
    hookimpl,
)
from shotcaller.take import Problem
from tests.core.paper import API, GATEWAY, Paper
from tests.core.paper_server import (
    PaperServer,
    Rule,
    accept_then_drop,
    accept_then_say,
    drop,
    say,
)
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


def test_an_answer_that_cannot_be_read_is_asked_for_once_more_under_the_key(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(200, b"<html>Welcome</html>")]

    clip = caller.generate(SHOT)

    assert clip.receipt.attempts[-1].state is State.DONE
    assert len({asked.body for asked in server.asked if asked.method == "POST"}) == 1
    assert server.submits == 2


def test_an_answer_that_stays_unreadable_leaves_the_take_in_doubt(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(200, b"<html>Welcome</html>")] * 9

    with pytest.raises(Uncertain):
        caller.generate(SHOT)

    assert server.submits == 2


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


def test_a_clock_that_was_set_back_between_makes_no_old_key_live(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, say(429), say(429)]
    *_, take = caller.follow(SHOT, Brief(deadline=3))
    clock.time += 20 * 3_600
    with pytest.raises(StillRunning):
        caller.resume(take.id, patience=0)
    clock.time -= 10 * 3_600  # for which the key has lived all the same

    with pytest.raises(Uncertain):
        caller.resume(take.id)
    assert server.submits == 3


def test_a_clock_that_was_set_right_by_minutes_keeps_a_key_alive(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, say(429)]
    *_, take = caller.follow(SHOT, Brief(deadline=3))
    clock.time -= 600

    assert caller.resume(take.id).receipt.take == take.id
    assert server.submits == 3  # under its key, which the gateway honours


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


class Half(Paper):
    """Sends a key with the jobs of one of its models, and not with the other's."""

    shotcaller_find = None  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(evolve(KEYED, key_header="X-Once", doubts={409, 500}))

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        headers = {"x-once": key} if model.id == "paper/one" else {}
        body = {"prompt": shot.prompt}
        asked = Request("POST", f"{API}/jobs", json=body, headers=headers)
        reply = yield from asked
        job = str(reply.json()["id"])  # type: ignore[call-overload,index]
        return Ticket("paper", model.id, job, {"at": f"{API}/jobs"})


def test_only_a_submit_that_bears_the_key_is_sent_again(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Half())
    server.script["POST /jobs"] = [drop, drop]

    caller.generate(SHOT, Brief(model="paper/one"))

    keys = [asked.headers["x-once"] for asked in server.asked if asked.body]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert server.billed == 1


def test_a_submit_without_the_key_is_blind(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Half())
    server.script["POST /jobs"] = [accept_then_drop]

    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, Brief(model="paper/two"))
    with pytest.raises(Uncertain):
        caller.resume(str(caught.value.take))

    assert server.submits == 1
    assert server.billed == 1


@pytest.mark.parametrize("status", [409, 500])
def test_a_doubtful_answer_is_asked_again_under_the_key(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    clock: StepClock,
    status: int,
) -> None:
    caller = make_caller(Half())
    server.script["POST /jobs"] = [say(status, Retry_After="40"), say(status)]
    before = clock.now()

    clip = caller.generate(SHOT, Brief(model="paper/one"))

    notes = [event.note for event in caller.events(clip.receipt.take)]
    assert server.submits == 3
    assert f"paper answered the submit with {status}" in notes
    assert clock.now() - before >= 40


@pytest.mark.parametrize("status", [409, 500])
def test_a_doubtful_answer_without_a_key_is_not_asked_again(
    make_caller: Callable[..., Shotcaller], server: PaperServer, status: int
) -> None:
    caller = make_caller(Half())
    server.script["POST /jobs"] = [accept_then_say(status)]

    with pytest.raises(Uncertain, match=f"answered the submit with {status}"):
        caller.generate(SHOT, Brief(model="paper/two"))

    assert server.submits == 1


def test_a_take_cannot_be_dropped_after_a_doubtful_answer(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Half())
    server.script["POST /jobs"] = [accept_then_say(409), say(409)]
    *_, take = caller.follow(SHOT, Brief(model="paper/one", deadline=2))

    assert take.state is State.SENDING
    assert take.doubted
    assert caller.cancel(take.id)[1] is Cancellation.UNSUPPORTED
