"""The queue says how a job stands, and is honest only at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shotcaller.plugin import Response
from shotcaller_emulator.fal import Fate, Pace
from shotcaller_emulator.outcomes import Later

QUEUE = "https://queue.fal.run"
KLING = "fal-ai/kling-video/v3/pro/text-to-video"


def test_a_job_waits_runs_and_completes(ask: Any) -> None:
    job = ask.submit()
    waiting = ask.status(job)
    ask.pass_(2)
    running = ask.status(job)
    ask.pass_(60)
    done = ask.status(job)

    urls = {name: job[name] for name in ("response_url", "status_url", "cancel_url")}
    base = {"request_id": job["request_id"], **urls}
    assert (waiting.status, waiting.json()) == (
        202,
        {**base, "status": "IN_QUEUE", "queue_position": 0},
    )
    assert (running.status, running.json()) == (
        202,
        {**base, "status": "IN_PROGRESS", "logs": None},
    )
    assert (done.status, done.json()) == (
        200,
        {
            **base,
            "status": "COMPLETED",
            "logs": None,
            "metrics": {"inference_time": 60.0},
        },
    )


@pytest.mark.parametrize("flag", ["1", "true"])
def test_logs_come_whole_where_they_are_asked_for(ask: Any, flag: str) -> None:
    job = ask.submit()
    ask.pass_(32)
    running = ask.status(job, f"?logs={flag}").json()["logs"]
    ask.pass_(60)
    done = ask.status(job, f"?logs={flag}").json()["logs"]

    assert [line["message"] for line in running] == ["0% done", "25% done", "50% done"]
    assert done[:3] == running
    assert done[-1] == {
        "message": "100% done",
        "level": "INFO",
        "source": "USER",
        "timestamp": "2026-11-25T12:01:02.000+00:00",
    }
    assert ask.status(job, "?logs=0").json()["logs"] is None


def test_the_position_in_the_queue_counts_down(ask: Any) -> None:
    ask.vendor.script("job", Fate(ahead=12, queued=60))
    job = ask.submit()
    seen = [job["queue_position"]]
    for _ in range(3):
        seen.append(ask.status(job).json()["queue_position"])
        ask.pass_(20)

    assert seen == [12, 12, 8, 4]
    assert ask.status(job).json()["status"] == "IN_PROGRESS"


def test_a_job_without_a_queue_begins_at_once(make: Any) -> None:
    ask = make(pace=Pace(0, 1))
    job = ask.submit()

    assert job["queue_position"] == 0
    assert ask.status(job).json()["status"] == "IN_PROGRESS"


def test_the_status_is_told_again_and_again_in_a_stream(ask: Any) -> None:
    job = ask.submit()
    outcome = ask.outcome("GET", f"{job['status_url']}/stream?logs=1")
    seen: list[bytes] = []
    for _ in range(3):
        assert isinstance(outcome, Later)
        assert outcome.so_far is not None
        assert outcome.so_far.headers["content-type"] == "text/event-stream"
        assert outcome.seconds == 0.5
        seen.append(outcome.so_far.body)
        ask.pass_(25)
        outcome = outcome.resume(ask.now)
    assert isinstance(outcome, Response)

    events = [*seen, outcome.body]
    assert all(event.startswith(b"data: {") for event in events)
    assert all(event.endswith(b"}\n\n") for event in events)
    states = ["IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]
    assert [
        state.encode() in event for state, event in zip(states, events, strict=True)
    ] == [True] * 4


def test_a_result_that_is_not_there_yet_is_a_400(ask: Any) -> None:
    job = ask.submit()
    early = ask("GET", job["response_url"])

    assert early.status == 400
    assert early.json() == {"detail": "Request is still in progress"}


def test_a_job_runs_until_its_film_is_made(make: Any) -> None:
    made: list[bytes] = []
    ask = make(render=lambda film: made[0] if made else None)
    job = ask.submit()
    ask.pass_(1000)
    before = ask.status(job).json()["status"]
    early = ask("GET", job["response_url"]).status
    made.append(b"film")
    after = ask.status(job).json()["status"]

    assert (before, early, after) == ("IN_PROGRESS", 400, "COMPLETED")


def test_the_full_path_of_an_endpoint_has_no_requests(ask: Any) -> None:
    id_ = ask.submit(KLING)["request_id"]
    asked = [
        ask("GET", f"{QUEUE}/{KLING}/requests/{id_}/status"),
        ask("GET", f"{QUEUE}/{KLING}/requests/{id_}"),
        ask("PUT", f"{QUEUE}/{KLING}/requests/{id_}/cancel"),
        ask("DELETE", f"{QUEUE}/fal-ai/kling-video/requests/{id_}"),
        ask("GET", f"{QUEUE}/{KLING}"),
        ask("POST", f"{QUEUE}/kling"),
        ask("GET", f"https://fal.run/{KLING}"),
    ]

    assert {said.status for said in asked} == {405}
    assert {said.body for said in asked} == {b'{"detail": "Method Not Allowed"}'}


@pytest.mark.parametrize("app", ["fal-ai/veo3.1", "fal-ai/kling-video"])
def test_an_unknown_id_is_a_404(ask: Any, app: str) -> None:
    known = ask.submit("bytedance/seedance-2.0/text-to-video")["request_id"]
    asked = [
        ask("GET", f"{QUEUE}/{app}/requests/nobody/status"),
        ask("GET", f"{QUEUE}/{app}/requests/{known}"),
        ask("PUT", f"{QUEUE}/{app}/requests/nobody/cancel"),
        ask("GET", f"{QUEUE}/{app}/requests"),
    ]

    assert {said.status for said in asked} == {404}
    assert all(said.json() == {"status": "NOT_FOUND"} for said in asked)


def test_results_are_kept_for_an_hour(ask: Any) -> None:
    job = ask.submit()
    ask.pass_(62 + 3599)
    there = ask("GET", job["response_url"])
    ask.pass_(1)
    gone = ask("GET", job["response_url"])

    assert there.status == 200
    assert (gone.status, gone.json()) == (404, {"status": "NOT_FOUND"})


def test_large_results_are_kept_for_six_minutes(ask: Any) -> None:
    job = ask.submit(prompt=["x" * 10_000])  # the complaint says it all again
    ask.pass_(62 + 359)
    there = ask("GET", job["response_url"])
    ask.pass_(1)

    assert there.status == 422
    assert ask("GET", job["response_url"]).status == 404


def test_how_long_results_are_kept_may_be_chosen(make: Any) -> None:
    ask = make(retention=timedelta(seconds=10))
    job = ask.submit()
    ask.pass_(72)

    assert ask("GET", job["response_url"]).status == 404
