"""The queue takes anything that an app could want, from whoever has a key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shotcaller.plugin import Request, Response, Secret
from shotcaller_emulator.fal import KEY, Fate
from shotcaller_emulator.films import Film

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
    assert len(ask.vendor.ledger) == 1


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
    said = ask.vendor.answer(request, ask.now)

    assert isinstance(said, Response)
    assert said.status == 200
    assert ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"}).status == 401


def test_an_app_that_nobody_has_is_a_404(ask: Any) -> None:
    said = ask("POST", f"{QUEUE}/fal-ai/no-such-app/text-to-video", {"prompt": "a fox"})

    assert said.status == 404
    assert said.json() == {"detail": "Application 'fal-ai/no-such-app' not found"}
    assert not ask.vendor.ledger


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
    assert ask.vendor.billed == 0


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b'{"a": NaN}', b"[" * 10**5])
def test_only_an_unusable_body_is_refused_at_once(ask: Any, body: bytes) -> None:
    said = ask("POST", f"{QUEUE}/{KLING}", body)

    assert said.status == 422
    assert said.json()["detail"][0]["type"] == "json_invalid"
    assert not ask.vendor.ledger


def test_an_exhausted_balance_refuses_the_next_job(make: Any) -> None:
    ask = make(balance=Decimal("0.50"))
    ask.result(duration="4s")
    refused = ask("POST", f"{QUEUE}/{KLING}", {"prompt": "a fox"})

    assert refused.status == 403
    assert refused.json()["detail"].startswith(
        "User is locked. Reason: Exhausted balance."
    )
    assert [line.billed for line in ask.vendor.ledger] == [Decimal("0.6")]


def test_a_queue_that_is_too_long_is_a_429(ask: Any) -> None:
    url = f"{QUEUE}/{KLING}?fal_max_queue_length="
    first = ask("POST", url + "0", {"prompt": "a fox"})
    second = ask("POST", url + "0", {"prompt": "a fox"})
    third = ask("POST", url + "x", {"prompt": "a fox"})

    assert (first.status, second.status, third.status) == (200, 429, 200)
    assert second.json() == {"detail": "The queue is longer than fal_max_queue_length."}


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
    ask.vendor.script("job", Fate(queued=30, ahead=3))
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
    assert ask.vendor.billed == 0


@pytest.mark.parametrize("deadline", ["10", "soon"])
def test_who_waits_long_enough_gets_a_result(ask: Any, deadline: str) -> None:
    url = f"{QUEUE}/{KLING}"
    job = ask("POST", url, {"prompt": "a fox"}, x_fal_request_timeout=deadline).json()
    ask.pass_(100)

    assert ask("GET", job["response_url"]).status == 200
