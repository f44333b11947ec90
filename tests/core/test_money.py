"""A submit leaves at most once, and what is not known is called uncertain."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    Uncertain,
)
from shotcaller.plugin import Safety
from tests.core.paper import GATEWAY, Blind, Paper
from tests.core.paper_server import (
    PaperServer,
    Rule,
    accept_then_drop,
    accept_then_say,
    drop,
    say,
)

SHOT = Shot("A paper boat")

ONE = Brief(model="paper/one")


def submits(server: PaperServer) -> int:
    return server.routes("POST").count("/jobs")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (accept_then_drop, "the connection broke"),
        (drop, "the connection broke"),
        (accept_then_say(500), "paper answered the submit with 500: Paper said 500."),
        (accept_then_say(408), "paper answered the submit with 408: Paper said 408."),
        (accept_then_say(307), "paper answered the submit with 307: Paper said 307."),
        (say(200, b"<html>"), "answered 200 without JSON"),
        (say(200, {"ID": 1}), "required field missing"),
        (say(200, b"x" * (9 * 2**20)), "DecodingError"),
    ],
)
def test_what_cannot_be_known_is_uncertain_and_sent_once(
    caller: Shotcaller, server: PaperServer, rule: Rule, why: str
) -> None:
    server.script["POST /jobs"] = [rule]
    server.script["GET /jobs"] = [say(503)] * 9

    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)

    assert why in str(caught.value)
    assert caught.value.charged == "unknown"
    assert caught.value.exit_code == 5
    assert not caught.value.repeat_safe
    assert "It is not sent again." in caught.value.next
    with pytest.raises(Uncertain):
        caller.generate(SHOT)
    assert server.submits == 1


def test_a_lost_job_is_found_and_collected(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)

    clip = caller.resume(str(caught.value.take))

    assert clip.receipt.take == caught.value.take
    assert server.submits == 1
    assert server.billed == 1


def test_of_two_jobs_that_it_could_be_none_is_taken(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)
    server.jobs["job-9"] = {**server.jobs["job-1"], "id": "job-9"}

    with pytest.raises(Uncertain):
        caller.resume(str(caught.value.take))


def test_a_job_that_another_take_owns_is_not_adopted(
    caller: Shotcaller, server: PaperServer
) -> None:
    caller.generate(SHOT)
    server.script["POST /jobs"] = [drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, Brief(again="2"))

    with pytest.raises(Uncertain):
        caller.resume(str(caught.value.take))
    assert server.billed == 1


def test_without_a_look_up_it_stays_uncertain(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Blind())
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)

    with pytest.raises(Uncertain):
        caller.resume(str(caught.value.take))
    assert server.submits == 1


def test_an_idempotent_gateway_is_asked_again_with_the_same_key(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    gateway = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)
    server.script["POST /jobs"] = [drop, drop]

    clip = make_caller(Paper(gateway)).generate(SHOT)

    bodies = [asked.body for asked in server.asked if asked.method == "POST"]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert clip.receipt.attempts[-1].state is State.DONE
    assert server.billed == 1


def test_a_key_that_may_have_lapsed_is_not_relied_on(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    gateway = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=3_605.0)
    server.script["POST /jobs"] = [drop] * 9

    with pytest.raises(Uncertain):
        make_caller(Paper(gateway)).generate(SHOT)

    assert 2 <= server.submits <= 4


def test_a_busy_gateway_is_asked_again_when_it_says(
    caller: Shotcaller, server: PaperServer, clock: object
) -> None:
    busy = say(429, {}, Retry_After="17")
    server.script["POST /jobs"] = [busy, say(429)]

    caller.generate(SHOT)

    assert server.submits == 3
    assert server.billed == 1
    assert any(17 <= wait <= 21 for wait in clock.slept)  # type: ignore[attr-defined]


def test_a_refusal_is_final_and_costs_nothing(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422)]

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, ONE)

    take = caught.value.take
    assert str(caught.value) == (
        f"Take {take} on paper/one was refused: Paper said 422."
        " Nothing was charged; it is safe to ask again."
    )
    assert caught.value.reason == "paper-no"
    assert caught.value.charged == "no"
    assert server.submits == 1


def test_a_gateway_that_cannot_be_reached_is_tried_and_then_left(
    make_caller: Callable[..., Shotcaller], settings: Settings
) -> None:
    unreachable = evolve(settings, urls={"paper": "http://127.0.0.1:9"})
    caller = Shotcaller(
        settings=unreachable,
        registry=Registry({"paper": Paper()}),
        clock=make_caller()._clock,
    )
    with caller, pytest.raises(Refused) as caught:
        caller.generate(SHOT, ONE)

    assert "paper could not be reached (no connection)" in str(caught.value)
    assert caught.value.reason == "unreachable"
    (take,) = caller.takes()
    assert take.attempt == 4
    caller.close()
