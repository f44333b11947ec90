"""Faults happen where and when they are scripted, or as chance by a seed has it."""

from __future__ import annotations

from typing import Any

import pytest

from shotcaller.plugin import Response
from shotcaller_emulator.fal import TROUBLES, Fate, weather
from shotcaller_emulator.faults import (
    After,
    Cut,
    Drop,
    Faults,
    Lack,
    Pad,
    Put,
    Say,
    Stall,
    Tear,
)
from shotcaller_emulator.outcomes import Dropped, Later, Outcome, Stalled, Torn

QUEUE = "https://queue.fal.run/fal-ai/veo3.1"
GOOD = Response(200, {"content-type": "application/json"}, b'{"a": {"b": 1}, "c": 2}')


class Deed:
    """Is what would have been done; it says whether it was."""

    def __init__(self, outcome: Outcome = GOOD) -> None:
        self.outcome = outcome
        self.done = 0

    def __call__(self) -> Outcome:
        self.done += 1
        return self.outcome


def test_some_faults_keep_it_from_being_done() -> None:
    deed = Deed()
    outcomes = [
        Drop()(deed),
        Stall(5)(deed),
        Say(429, {"detail": "no"}, {"retry-after": "1"})(deed),
        Say(502, b"<html>", {"content-type": "text/html"})(deed),
    ]

    assert deed.done == 0
    assert outcomes == [
        Dropped(),
        Stalled(5),
        Response(
            429,
            {"content-type": "application/json", "retry-after": "1"},
            b'{"detail": "no"}',
        ),
        Response(502, {"content-type": "text/html"}, b"<html>"),
    ]


def test_some_come_after_it_was_done() -> None:
    deed = Deed()

    assert After(Drop())(deed) == Dropped()
    assert After(Say(500, b""))(deed) == Response(500)
    assert After(Tear(0))(deed) == Torn(GOOD, 0)
    assert deed.done == 3


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        (Cut(0.5), b'{"a": {"b":'),
        (Pad(3), GOOD.body + bytes(3)),
        (Lack(["a.b"]), b'{"a": {}, "c": 2}'),
        (Lack(["c", "x.y", "z"]), b'{"a": {"b": 1}}'),
        (Put("a.b", None), b'{"a": {"b": null}, "c": 2}'),
        (Put("d", [1]), b'{"a": {"b": 1}, "c": 2, "d": [1]}'),
    ],
)
def test_some_spoil_the_answer(fault: Any, body: bytes) -> None:
    spoiled = fault(Deed())

    assert spoiled == Response(GOOD.status, GOOD.headers, body)


def test_a_torn_answer_ends_after_a_share_of_it() -> None:
    assert Tear(0.5)(Deed()) == Torn(GOOD, 11)


def test_what_is_no_good_answer_is_not_spoiled() -> None:
    later = Later(1, lambda now: GOOD)
    refused = Response(404, {}, b"<html>")

    for fault in (Cut(), Pad(), Lack(["a"]), Put("a", 1), Tear()):
        assert fault(Deed(later)) is later
        assert fault(Deed(refused)) is refused


def test_each_entry_of_a_script_answers_one_request(ask: Any) -> None:
    ask.vendor.script("submit", Say(429), After(Drop()))
    asked = [ask.outcome("POST", QUEUE, {"prompt": str(n)}) for n in range(3)]

    assert asked[0] == Response(429)
    assert asked[1] == Dropped()
    assert isinstance(asked[2], Response)
    assert asked[2].status == 200
    assert [line.input["prompt"] for line in ask.vendor.ledger] == ["1", "2"]


def test_a_script_for_one_route_leaves_the_others_alone(ask: Any) -> None:
    ask.vendor.script("status", Drop())
    job = ask.submit()

    assert ask("GET", job["response_url"]).status == 400
    assert ask.outcome("GET", job["status_url"]) == Dropped()
    assert ask.status(job).status == 202


def test_every_route_can_be_scripted(ask: Any) -> None:
    job = ask.submit()
    asked = {
        "submit": ("POST", QUEUE),
        "status": ("GET", job["status_url"]),
        "stream": ("GET", job["status_url"] + "/stream"),
        "result": ("GET", job["response_url"]),
        "cancel": ("PUT", job["cancel_url"]),
        "run": ("POST", "https://fal.run/fal-ai/veo3.1"),
        "download": ("GET", "https://v3b.fal.media/files/b/0/a"),
        "initiate": ("POST", "https://rest.fal.ai/storage/upload/initiate"),
        "upload": ("PUT", "https://v3b.fal.media/files/b/0/a"),
        "platform": ("GET", "https://api.fal.ai/v1/models"),
    }
    for route, (method, url) in asked.items():
        ask.vendor.script(route, Drop())
        assert ask.outcome(method, url) == Dropped(), route


def test_a_slip_of_the_pen_in_a_script_is_told(ask: Any) -> None:
    with pytest.raises(
        ValueError, match="there is no route 'submits' to script: submit"
    ):
        ask.vendor.script("submits", Drop())
    with pytest.raises(TypeError, match=r"Drop\(\) is nothing for the route 'job'"):
        ask.vendor.script("job", Drop())
    with pytest.raises(TypeError, match="is nothing for the route 'submit'"):
        ask.vendor.script("submit", Fate())


def test_a_fate_waits_for_a_job_that_is_accepted(ask: Any) -> None:
    ask.vendor.script("job", TROUBLES["moderated"].play)
    refused = ask("POST", QUEUE, {"prompt": "a fox"}, key="")
    late = ask.result()

    assert refused.status == 401
    assert late.json()["detail"][0]["type"] == "content_policy_violation"


def test_no_faults_come_of_themselves() -> None:
    assert Faults(0, 1, {}).next("submit") is None
    assert Faults(0, 0, {"submit": [Drop()]}).next("submit") is None
    assert Faults(0, 1, {"submit": [Drop()]}).next("submit") == Drop()


def test_the_same_seed_brings_the_same_weather() -> None:
    def met(seed: int) -> list[object]:
        faults = weather(seed, 0.5)
        return [faults.next(route) for route in ["submit", "job", "download"] * 20]

    assert met(1) == met(1) != met(2)
    assert None in met(1)
    assert any(isinstance(each, Fate) for each in met(1))


def test_weather_may_be_of_some_kinds_only(make: Any) -> None:
    ask = make(faults=weather(3, 1, ["submit-429", "no-runner"]))
    refused = ask("POST", QUEUE, {"prompt": "a fox"})
    ran = ask.outcome("POST", "https://fal.run/fal-ai/veo3.1", {"prompt": "a fox"})
    assert isinstance(ran, Later)
    ask.pass_(100)
    ended = ran.resume(ask.now)

    assert refused.status == 429
    assert isinstance(ended, Response)
    assert ended.status == 503
    assert ended.headers["x-fal-error-type"] == "runner_scheduling_failure"
