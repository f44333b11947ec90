"""fal's JavaScript client works with the emulator, and sees fal's mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import pytest

from tests.clients.javascript import JavaScriptError, Node
from tests.clients.stage import AT_ONCE, DAWDLES, INPUT, RUNS, VEO, WAITS, Stage

Play: TypeAlias = Callable[..., Any]

JOB: Mapping[str, Any] = {"endpoint": VEO, "input": INPUT}


@pytest.fixture
def play(node: Node, hosts: Mapping[str, str]) -> Play:
    """Plays a scenario; returns what it returns, and raises what it throws."""

    def played(scenario: str, **given: Any) -> Any:
        return node.run(hosts, scenario, **given)

    return played


def failure(play: Play, scenario: str, **given: Any) -> Mapping[str, Any]:
    """Returns the error in which a scenario ends."""
    with pytest.raises(JavaScriptError) as caught:
        play(scenario, **given)
    return caught.value.said


@pytest.mark.parametrize("mode", ["polling", "streaming"])
def test_a_subscriber_is_told_of_the_queue_and_gets_the_result(
    play: Play, stage: Stage, mode: str
) -> None:
    stage.fal.script("job", DAWDLES)

    told = play("subscribe", **JOB, options={"mode": mode})

    (line,) = stage.ledger
    assert line.input == INPUT
    assert [line.request_id] == told["ids"] == [told["requestId"]]
    states = [update["status"] for update in told["updates"]]
    expected = ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert expected == list(dict.fromkeys(states))
    assert sorted(states, key=expected.index) == states
    assert told["updates"][-1]["logs"][-1]["message"] == "100% done"
    assert told["byteLength"] == told["data"]["video"]["file_size"]
    streams = [each for each in stage.heard if each.path.endswith("/status/stream")]
    assert (1 if mode == "streaming" else 0) == len(streams)
    assert stage.fal.leaks == ()


def test_the_steps_can_be_taken_one_by_one(play: Play, stage: Stage) -> None:
    stage.fal.script("job", RUNS)

    queued = play("submit", **JOB)
    told = play("status", endpoint=VEO, requestId=queued["request_id"])

    assert [queued["request_id"]] == [line.request_id for line in stage.ledger]
    assert queued["status"] == "IN_QUEUE"
    assert (told["status"], told["logs"]) == ("IN_PROGRESS", None)
    early = failure(play, "result", endpoint=VEO, requestId=queued["request_id"])
    assert (
        early["status"],
        early["body"],
    ) == (400, {"detail": "Request is still in progress"})


def test_who_waits_is_told_how_many_are_ahead(play: Play, stage: Stage) -> None:
    stage.fal.script("job", WAITS)

    queued = play("submit", **JOB)

    assert queued["queue_position"] == 4


def test_what_a_submit_may_be_told_besides_is_taken(play: Play, stage: Stage) -> None:
    options = {
        "webhookUrl": "https://example.com/hook?a=b",
        "priority": "low",
        "hint": "here",
        "startTimeout": 60,
        "storageSettings": {"expiresIn": "1h"},
    }

    play("submit", **JOB, options=options)

    (submit,) = stage.heard
    assert submit.query == (("fal_webhook", "https://example.com/hook?a=b"),)
    assert [line.input for line in stage.ledger] == [INPUT]
    (film,) = stage.fal.account.files.values()
    assert film.until is not None
    assert (film.until - film.since).total_seconds() == 3600


def test_the_synchronous_host_answers_with_the_result(play: Play, stage: Stage) -> None:
    stage.fal.script("job", AT_ONCE)

    told = play("run", **JOB)

    (line,) = stage.ledger
    assert line.request_id == told["requestId"]
    assert told["data"]["video"]["content_type"] == "video/mp4"
    assert [each.server for each in stage.heard] == ["run"]


def test_a_waiting_job_is_cancelled_and_costs_nothing(play: Play, stage: Stage) -> None:
    stage.fal.script("job", WAITS)
    queued = play("submit", **JOB)

    play("cancel", endpoint=VEO, requestId=queued["request_id"])

    error = failure(play, "result", endpoint=VEO, requestId=queued["request_id"])
    assert (error["status"], error["body"]["error_type"]) == (499, "client_cancelled")
    assert Decimal(0) == stage.fal.billed


def test_a_job_that_is_over_cannot_be_cancelled(play: Play) -> None:
    told = play("subscribe", **JOB)

    error = failure(play, "cancel", endpoint=VEO, requestId=told["requestId"])

    assert (error["status"], error["body"]) == (400, {"status": "ALREADY_COMPLETED"})


def test_who_waits_no_longer_cancels(play: Play, stage: Stage) -> None:
    stage.fal.script("job", WAITS)

    error = failure(play, "subscribe", **JOB, options={"timeout": 300})

    assert error["message"].startswith("Client timed out waiting")
    assert [line.state for line in stage.ledger] == ["cancelled"]


def test_a_job_that_does_not_start_in_time_is_not_asked_for_again(
    play: Play, stage: Stage
) -> None:
    stage.fal.script("job", WAITS)

    error = failure(play, "subscribe", **JOB, options={"startTimeout": 1.05})

    assert (error["status"], error["timeoutType"]) == (504, "user")
    results = [each for each in stage.heard if each.parts[-2:-1] == ["requests"]]
    assert len(results) == 1


def test_a_wrong_key_is_refused(play: Play, stage: Stage) -> None:
    error = failure(play, "submit", **JOB, key="not:mine")

    assert (error["name"], error["status"]) == ("ApiError", 401)
    assert error["body"] == {"detail": "Invalid authentication credentials."}
    assert stage.ledger == ()


def test_an_app_that_does_not_exist_is_refused(play: Play, stage: Stage) -> None:
    error = failure(play, "submit", endpoint="nobody/nothing", input=INPUT)

    assert error["status"] == 404
    assert stage.ledger == ()


def test_an_id_that_does_not_exist_is_not_known(play: Play) -> None:
    unknown = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"

    error = failure(play, "status", endpoint=VEO, requestId=unknown)

    assert (error["status"], error["body"]) == (404, {"status": "NOT_FOUND"})


def test_the_queue_says_only_in_the_result_what_is_wrong_with_an_input(
    play: Play, stage: Stage
) -> None:
    error = failure(play, "subscribe", endpoint=VEO, input={**INPUT, "duration": "5s"})

    (line,) = stage.ledger
    assert (error["name"], error["status"]) == ("ValidationError", 422)
    assert line.request_id == error["requestId"]
    (complaint,) = error["fieldErrors"]
    assert complaint["loc"] == ["body", "duration"]
    assert Decimal(0) == stage.fal.billed


def test_an_exhausted_balance_is_not_tried_again(play: Play, stage: Stage) -> None:
    stage.fal.account.balance = Decimal(0)

    error = failure(play, "submit", **JOB)

    assert error["status"] == 403
    assert "Exhausted balance" in error["body"]["detail"]
    assert len(stage.heard) == 1


@pytest.mark.parametrize("trouble", ["submit-429", "submit-502"])
def test_a_submit_that_was_not_taken_is_sent_again(
    play: Play, stage: Stage, trouble: str
) -> None:
    stage.let(trouble)

    queued = play("submit", **JOB)

    assert len(stage.heard) == 2
    assert [queued["request_id"]] == [line.request_id for line in stage.ledger]


def test_a_file_goes_to_a_signed_link_without_the_key(play: Play, stage: Stage) -> None:
    url = play("upload", size=1000, type="image/jpeg", name="my still.jpg")

    assert url.startswith("https://v3b.fal.media/files/b/")
    stored = stage.stored(url)
    assert ("image/jpeg", bytes(index % 251 for index in range(1000))) == (
        stored.type,
        stored.content,
    )
    (put,) = stage.sent("PUT", "media")
    assert "authorization" not in put.headers
    assert stage.fal.leaks == ()


def test_a_file_may_be_stored_for_a_while_only(play: Play, stage: Stage) -> None:
    url = play("upload", size=9, type="image/png", lifecycle={"expiresIn": "1d"})

    stored = stage.stored(url)
    assert stored.until is not None
    assert pytest.approx((stored.until - stored.since).total_seconds(), abs=9) == 86_400


def test_more_than_its_limit_goes_in_pieces(play: Play, stage: Stage) -> None:
    size = 90 * 2**20 + 1

    url = play("upload", size=size, type="video/mp4")

    begin, complete = [*stage.sent("POST", "rest"), *stage.sent("POST", "media")]
    assert begin.path == "/storage/upload/initiate-multipart"
    assert complete.path.endswith("/complete")
    pieces = [each.parts[-1] for each in stage.sent("PUT", "media")]
    assert [str(number) for number in range(1, 11)] == pieces
    content = stage.stored(url).content
    assert isinstance(content, bytes)
    assert (bytes(range(251)) * (size // 251 + 1))[:size] == content
    assert stage.fal.leaks == ()


def test_a_file_in_an_input_is_the_first_frame(play: Play, stage: Stage) -> None:
    endpoint = f"{VEO}/image-to-video"

    told = play(
        "subscribeWithFile", endpoint=endpoint, input=INPUT, field="image_url", size=99
    )

    (line,) = stage.ledger
    assert isinstance(stage.stored(str(line.input["image_url"])).content, bytes)
    assert told["data"]["video"]["content_type"] == "video/mp4"
