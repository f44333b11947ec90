"""What has a name goes wrong as its name says."""

from __future__ import annotations

from typing import Any

import pytest

from shotcaller.plugin import Response
from shotcaller_emulator.fal import TROUBLES
from shotcaller_emulator.outcomes import Dropped, Outcome, Stalled, Torn

QUEUE = "https://queue.fal.run/fal-ai/veo3.1"


AT_SUBMIT = {
    "accept-then-drop": ("lost", 1),
    "accept-then-stall": ("silent", 1),
    "accept-then-502": (502, 1),
    "accept-then-garbage": (200, 1),
    "submit-drop": ("lost", 0),
    "submit-502": (502, 0),
    "submit-429": (429, 0),
    "submit-429-retry-after": (429, 0),
    "exhausted": (403, 0),
    "submit-sparse": (200, 1),
}
AFTERWARDS = {
    "status-429": 429,
    "status-502": 502,
    "status-drop": "lost",
    "status-garbage": 200,
    "status-sparse": 200,
    "status-unknown": 200,
    "result-504": 504,
    "result-drop": "lost",
    "result-html": 200,
    "result-no-size": 200,
    "result-private": 200,
    "cancel-502": 502,
    "download-reset": "torn",
    "download-truncated": 200,
    "download-oversized": 200,
    "download-html": 200,
    "download-expired": 404,
    "download-redirect": 302,
    "upload-drop": "lost",
    "listing-502": 502,
}
AT_THE_END = {
    "moderated": (422, "content_policy_violation"),
    "no-media": (422, "no_media_generated"),
    "broken-model": (500, "internal_server_error"),
    "downstream": (504, "downstream_service_unavailable"),
    "no-runner": (503, "runner_scheduling_failure"),
    "cancelled-by-fal": (499, "client_cancelled"),
    "slow-queue": (200, ""),
    "deaf": (200, ""),
}


def kind(outcome: Outcome) -> object:
    """Returns the status of an answer, and a word for what is none."""
    if isinstance(outcome, Response):
        return outcome.status
    return {Dropped: "lost", Stalled: "silent", Torn: "torn"}[type(outcome)]


def test_the_troubles_are_all_tested() -> None:
    assert {*AT_SUBMIT, *AFTERWARDS, *AT_THE_END} == set(TROUBLES)


@pytest.mark.parametrize(("name", "expected"), AT_SUBMIT.items())
def test_troubles_at_the_submit(ask: Any, name: str, expected: object) -> None:
    ask.vendor.script("submit", TROUBLES[name].play)
    outcome = ask.outcome("POST", QUEUE, {"prompt": "a fox"})

    assert (kind(outcome), len(ask.vendor.ledger)) == expected


@pytest.mark.parametrize(("name", "expected"), AFTERWARDS.items())
def test_troubles_afterwards(ask: Any, name: str, expected: object) -> None:
    job = ask.submit()
    ask.pass_(100)
    clip = ask("GET", job["response_url"]).json()["video"]["url"]
    asked = {
        "status": ("GET", job["status_url"]),
        "result": ("GET", job["response_url"]),
        "cancel": ("PUT", job["cancel_url"]),
        "download": ("GET", clip),
        "upload": ("PUT", clip),
        "platform": ("GET", "https://api.fal.ai/v1/models"),
    }[TROUBLES[name].route]
    before = ask.outcome(*asked)
    ask.vendor.script(TROUBLES[name].route, TROUBLES[name].play)
    outcome = ask.outcome(*asked)

    assert kind(outcome) == expected
    assert outcome != before
    assert ask.outcome(*asked) == before


@pytest.mark.parametrize(("name", "expected"), AT_THE_END.items())
def test_troubles_at_the_end(ask: Any, name: str, expected: tuple[int, str]) -> None:
    ask.vendor.script("job", TROUBLES[name].play)
    late = ask.result()

    assert late.status == expected[0]
    assert expected[1] in late.body.decode()
    assert (ask.vendor.billed > 0) is (late.status == 200)


def test_some_troubles_show_in_the_status(ask: Any) -> None:
    ask.vendor.script("job", TROUBLES["no-runner"].play, TROUBLES["broken-model"].play)
    loud, quiet = ask.submit(), ask.submit()
    ask.pass_(100)

    assert ask.status(loud).json()["error_type"] == "runner_scheduling_failure"
    assert ask.status(loud).json()["error"] == "No runner could be found."
    assert "error" not in ask.status(quiet).json()
    assert ask("GET", quiet["response_url"]).headers["x-fal-retryable"] == "false"


def test_a_proxy_in_between_has_none_of_fals_headers(ask: Any) -> None:
    ask.vendor.script("submit", TROUBLES["submit-502"].play)
    said = ask("POST", QUEUE, {"prompt": "a fox"})

    assert b"nginx" in said.body
    assert not [name for name in said.headers if name.startswith("x-fal")]
