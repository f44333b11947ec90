"""The queue takes anything, says how it stands, and is honest only at the end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.plugin import Request, Response, Secret
from shotcaller_emulator.fal import KEY, Ending, Fate, Pace
from shotcaller_emulator.films import Film
from shotcaller_emulator.outcomes import Later

QUEUE = "https://queue.fal.run"
KLING = "fal-ai/kling-video/v3/pro/text-to-video"


def test_a_submit_answers_with_an_id_and_urls_of_the_app(ask: Any) -> None:
    said = ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"})

    id_ = said.json()["request_id"]
    base = f"https://queue.fal.run/fal-ai/kling-video/requests/{id_}"
    assert said.status == 200
    assert said.json() == {
        "status": "IN_QUEUE",
        "request_id": id_,
        "response_url": base,
        "status_url": f"{base}/status",
        "cancel_url": f"{base}/cancel",
        "queue_position": 0,
    }


def test_ids_sort_by_time_and_are_the_same_in_every_run(
    make: Any,
) -> None:
    def ids() -> list[str]:
        ask = make()
        found = []
        for _ in range(3):
            ask.pass_(1)
            found.append(ask.submit()["request_id"])
        return found

    assert ids() == ids() == sorted(ids())
    assert len(set(ids())) == 3
    assert all(id_[14] == "7" for id_ in ids())
    assert make(seed=1).submit()["request_id"] != make(seed=2).submit()["request_id"]


def test_urls_lead_back_to_where_the_request_came_to(ask: Any) -> None:
    job = ask("POST", "http://127.0.0.1:8642/fal-ai/veo3.1", {"prompt": "a fox"})
    status_url = job.json()["status_url"]
    ask.pass_(100)
    done = ask("GET", job.json()["response_url"]).json()

    assert status_url.startswith("http://127.0.0.1:8642/fal-ai/veo3.1/requests/")
    assert done["video"]["url"].startswith("http://127.0.0.1:8642/files/b/")


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
    ask.fal.script("job", Fate(ahead=12, queued=60))
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


def test_the_film_is_begun_when_the_job_is_accepted(make: Any) -> None:
    asked: list[Film] = []

    def render(film: Film) -> None:
        asked.append(film)

    make(render=render).submit(prompt="a harbour", duration="4s", resolution="1080p")

    film = asked[0]
    assert (film.prompt, film.width, film.height) == ("a harbour", 1920, 1080)
    assert (film.seconds, film.sound, film.frames) == (4, True, 96)


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("", "Authentication is required to access this application."),
        ("someone:else", "Invalid authentication credentials."),
    ],
)
def test_without_a_valid_key_nothing_is_done(ask: Any, key: str, detail: str) -> None:
    job = ask.submit()
    asked = [
        ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"}, key=key),
        ask("POST", f"https://fal.run/{KLING}", {"prompt": "a fox"}, key=key),
        ask("GET", job["status_url"], key=key),
        ask("GET", job["response_url"], key=key),
        ask("PUT", job["cancel_url"], key=key),
    ]

    assert {said.status for said in asked} == {401}
    assert all(said.json() == {"detail": detail} for said in asked)
    assert len(ask.fal.ledger) == 1


def test_only_the_word_key_goes_with_a_key(ask: Any) -> None:
    url = f"{QUEUE}/{KLING}"
    said = ask("POST", url, {"prompt": "a fox"}, key="", authorization=f"Bearer {KEY}")

    assert said.status == 401


def test_keys_may_be_chosen_and_may_be_secret(make: Any) -> None:
    ask = make(keys={"mine"})
    headers = {"Authorization": Secret("mine").formatted("Key {}")}
    request = Request(
        "POST", f"{QUEUE}/{KLING}", json={"prompt": "a fox"}, headers=headers
    )
    said = ask.fal.answer(request, ask.now)

    assert isinstance(said, Response)
    assert said.status == 200
    assert ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"}).status == 401


def test_an_app_that_nobody_has_is_a_404(ask: Any) -> None:
    said = ask("POST", f"{QUEUE}/fal-ai/no-such-app/text-to-video", {"prompt": "a fox"})

    assert said.status == 404
    assert said.json() == {"detail": "Application 'fal-ai/no-such-app' not found"}
    assert not ask.fal.ledger


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("fal-ai/kling-video/v9/text-to-video", "/v9/text-to-video"),
        ("fal-ai/kling-video", "/"),
    ],
)
def test_a_wrong_path_is_accepted_and_fails_later(
    ask: Any, path: str, missing: str
) -> None:
    late = ask.result(path)

    assert late.status == 404
    assert late.json() == {"detail": f"Path {missing} not found"}
    assert ask.fal.billed == 0


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b'{"a": NaN}', b"[" * 10**5])
def test_only_an_unusable_body_is_refused_at_once(ask: Any, body: bytes) -> None:
    said = ask("POST", f"{QUEUE}/{KLING}", body)

    assert said.status == 422
    assert said.json()["detail"][0]["type"] == "json_invalid"
    assert not ask.fal.ledger


def test_an_exhausted_balance_refuses_the_next_job(make: Any) -> None:
    ask = make(balance=Decimal("0.50"))
    ask.result(duration="4s")
    refused = ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"})

    assert refused.status == 403
    assert refused.json()["detail"].startswith(
        "User is locked. Reason: Exhausted balance."
    )
    assert [line.billed for line in ask.fal.ledger] == [Decimal("0.6")]


def test_a_queue_that_is_too_long_is_a_429(ask: Any) -> None:
    url = f"{QUEUE}/{KLING}?fal_max_queue_length="
    first = ask("POST", url + "0", {"prompt": "a fox"})
    second = ask("POST", url + "0", {"prompt": "a fox"})
    third = ask("POST", url + "x", {"prompt": "a fox"})

    assert (first.status, second.status, third.status) == (200, 429, 200)
    assert second.json() == {"detail": "The queue is longer than fal_max_queue_length."}


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


def test_namespaces_belong_to_the_app(ask: Any) -> None:
    said = ask("GET", f"{QUEUE}/workflows/me/mine/requests/nobody/status")
    refused = ask("POST", f"{QUEUE}/workflows/me/mine", {})

    assert said.json() == {"status": "NOT_FOUND"}
    assert refused.json() == {"detail": "Application 'workflows/me/mine' not found"}


def test_another_host_is_not_served(ask: Any) -> None:
    elsewhere = ask("POST", f"https://example.com/{KLING}", {})
    nonsense = ask("POST", "http://[/", {})

    assert elsewhere.status == nonsense.status == 421
    assert elsewhere.json() == {"detail": "This host is not served here."}


def test_the_backup_host_is_the_same_queue(ask: Any) -> None:
    job = ask.submit()
    url = job["status_url"].replace("queue.fal.run", "queue.falrun.com")

    assert ask("GET", url).json()["status"] == "IN_QUEUE"


def test_who_waits_no_longer_than_so_gets_a_504(ask: Any) -> None:
    ask.fal.script("job", Fate(queued=30, ahead=3))
    url = f"{QUEUE}/{KLING}"
    job = ask("POST", url, {"prompt": "a fox"}, x_fal_request_timeout="10").json()
    ask.pass_(9)
    waiting = ask.status(job).json()["status"]
    ask.pass_(1)
    over = ask.status(job).json()
    late = ask("GET", job["response_url"])

    assert waiting == "IN_QUEUE"
    assert over["error_type"] == "request_timeout"
    assert over["metrics"] == {}
    assert late.status == 504
    assert late.headers["x-fal-request-timeout-type"] == "user"
    assert ask.fal.billed == 0


@pytest.mark.parametrize("deadline", ["10", "soon"])
def test_who_waits_long_enough_gets_a_result(ask: Any, deadline: str) -> None:
    url = f"{QUEUE}/{KLING}"
    job = ask("POST", url, {"prompt": "a fox"}, x_fal_request_timeout=deadline).json()
    ask.pass_(100)

    assert ask("GET", job["response_url"]).status == 200


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


def test_a_job_that_waits_is_removed_and_not_billed(ask: Any) -> None:
    job = ask.submit()
    said = ask("PUT", job["cancel_url"])
    again = ask("PUT", job["cancel_url"])
    status = ask.status(job, "?logs=1").json()
    result = ask("GET", job["response_url"])

    assert (said.status, said.json()) == (200, {"success": True})
    assert (again.status, again.json()) == (400, {"status": "ALREADY_COMPLETED"})
    assert (status["status"], status["logs"]) == ("COMPLETED", [])
    assert status["error_type"] == "client_cancelled"
    assert result.status == 499
    assert result.headers["x-fal-error-type"] == "client_cancelled"
    assert result.json() == {
        "detail": "The request was cancelled by the client.",
        "error_type": "client_cancelled",
    }
    (line,) = ask.fal.settled
    assert (line.state, line.billed) == ("cancelled", 0)


def test_a_job_that_runs_is_stopped_and_billed(ask: Any) -> None:
    job = ask.submit(duration="4s")
    ask.pass_(10)
    said = ask("PUT", job["cancel_url"])

    assert (said.status, said.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert ask("GET", job["response_url"]).status == 499
    (line,) = ask.fal.ledger
    assert (line.state, line.billed) == ("cancelled", Decimal("0.6"))


def test_a_deaf_job_goes_on(ask: Any) -> None:
    ask.fal.script("job", Fate(deaf=True))
    job = ask.submit()
    ask.pass_(10)
    said = ask("PUT", job["cancel_url"])
    still = ask.status(job).json()["status"]
    ask.pass_(60)

    assert (said.status, still) == (202, "IN_PROGRESS")
    assert ask("GET", job["response_url"]).status == 200
    assert ask.fal.ledger[0].state == "done"


def test_a_fate_is_one_jobs_only(ask: Any) -> None:
    ask.fal.script("job", Fate(Ending(500, {"detail": "broken"})))
    first, second = ask.result(), ask.result()

    assert (first.status, first.json()) == (500, {"detail": "broken"})
    assert second.status == 200


def test_no_fate_makes_a_good_job_of_a_bad_input(ask: Any) -> None:
    ask.fal.script("job", Fate(Ending(500, {"detail": "broken"})))

    assert ask.result(duration=4).status == 422


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


def test_the_ledger_says_how_every_job_stands(ask: Any) -> None:
    ask.fal.script("job", Fate(), Fate(Ending(500, {"detail": "broken"})))
    ask.submit(duration="4s")
    ask.submit()
    third = ask.submit(prompt="late")
    states = [[line.state for line in ask.fal.ledger]]
    for seconds in (2, 60):
        ask.pass_(seconds)
        ask.status(third)
        states.append([line.state for line in ask.fal.ledger])

    assert states == [["queued"] * 3, ["running"] * 3, ["done", "failed", "done"]]
    line = ask.fal.ledger[2]
    assert line.request_id == third["request_id"]
    assert line.endpoint == "fal-ai/veo3.1/fast"
    assert line.input == {"prompt": "late"}
    assert [line.billed for line in ask.fal.ledger] == [
        Decimal("0.6"),
        Decimal(0),
        Decimal("1.2"),
    ]
    assert ask.fal.billed == Decimal("1.8")
