"""The synchronous server answers once, when it is done."""

from __future__ import annotations

from typing import Any

from shotcaller.plugin import Response
from shotcaller_emulator.outcomes import Later


def test_the_synchronous_server_answers_when_it_is_done(ask: Any) -> None:
    url = "https://fal.run/fal-ai/veo3.1"
    outcome = ask.outcome("POST", url, {"prompt": "a fox", "duration": "4s"})
    assert isinstance(outcome, Later)
    first = outcome
    ask.pass_(first.seconds)
    done = first.resume(ask.now)

    assert (first.seconds, first.so_far) == (62.0, None)
    assert isinstance(done, Response)
    assert done.status == 200
    assert done.headers["x-fal-billable-units"] == "4.0"


def test_the_synchronous_server_waits_for_the_film(make: Any) -> None:
    made: list[bytes] = []
    ask = make(render=lambda film: made[0] if made else None)
    outcome = ask.outcome("POST", "http://run.localhost/fal-ai/veo3.1", {"prompt": "x"})
    assert isinstance(outcome, Later)
    ask.pass_(100)
    waiting = outcome.resume(ask.now)
    made.append(b"film")
    assert isinstance(waiting, Later)
    done = waiting.resume(ask.now)

    assert waiting.seconds == 0.5
    assert isinstance(done, Response)
    assert done.status == 200


def test_the_synchronous_server_says_at_once_what_is_wrong(ask: Any) -> None:
    said = ask("POST", "https://fal.run/fal-ai/veo3.1", {"prompt": 1})

    assert said.status == 422
    assert said.json()["detail"][0]["type"] == "string_type"


def test_the_synchronous_server_knows_its_apps(ask: Any) -> None:
    assert ask("POST", "https://fal.run/no/app", {}).status == 404
