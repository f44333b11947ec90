"""fal's Python client works with the emulator, and sees fal's mistakes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest
from fal_client import Completed, InProgress, Queued, Status, SyncClient
from fal_client.client import FalClientHTTPError, FalClientTimeoutError
from httpx_sse import SSEError
from trustme import CA

from shotcaller_emulator.fal import KEY
from shotcaller_emulator.faults import Say
from tests.clients.reaching import by_proxy
from tests.clients.stage import (
    AT_ONCE,
    DAWDLES,
    HOSTS,
    INPUT,
    RUNS,
    VEO,
    WAITS,
    Stage,
)


def failure(ask: Any, *args: Any, **named: Any) -> FalClientHTTPError:
    """Returns the error in which a call ends."""
    with pytest.raises(FalClientHTTPError) as caught:
        ask(*args, **named)
    return caught.value


def detail(error: FalClientHTTPError) -> Any:
    """Returns the first complaint of a model, which the client keeps as it came."""
    complaint: Any = error.message
    return complaint[0]


def test_a_job_is_submitted_followed_and_delivered(
    fal: SyncClient, stage: Stage
) -> None:
    handle = fal.submit(VEO, INPUT)

    result = handle.get()

    assert [handle.request_id] == [line.request_id for line in stage.ledger]
    assert [line.input for line in stage.ledger] == [INPUT]
    film = httpx.get(result["video"]["url"])
    assert (
        "video/mp4" == film.headers["content-type"] == result["video"]["content_type"]
    )
    assert len(film.content) == result["video"]["file_size"]
    assert film.content[4:8] == b"ftyp"
    assert stage.fal.leaks == ()


def test_events_go_from_the_queue_through_the_run_to_the_end(
    fal: SyncClient, stage: Stage
) -> None:
    stage.fal.script("job", DAWDLES)

    events = list(fal.submit(VEO, INPUT).iter_events(with_logs=True))

    kinds = [type(event) for event in events]
    assert [Queued, InProgress, Completed] == list(dict.fromkeys(kinds))
    assert sorted(kinds, key=[Queued, InProgress, Completed].index) == kinds
    logs = [event.logs for event in events if isinstance(event, InProgress)]
    assert all(log is not None for log in logs)
    assert sorted(logs, key=lambda log: len(log or ())) == logs
    end = events[-1]
    assert isinstance(end, Completed)
    assert [line["message"] for line in end.logs or ()] == [
        "0% done",
        "25% done",
        "50% done",
        "75% done",
        "100% done",
    ]
    assert end.metrics == {"inference_time": 3.5}
    assert None is end.error is end.error_type


def test_logs_are_told_only_to_who_asks_for_them(fal: SyncClient, stage: Stage) -> None:
    stage.fal.script("job", RUNS)

    handle = fal.submit(VEO, INPUT)

    assert InProgress(logs=None) == handle.status()
    shown = handle.status(with_logs=True)
    assert isinstance(shown, InProgress)
    assert [line["message"] for line in shown.logs or ()] == ["0% done"]


def test_who_waits_is_told_how_many_are_ahead(fal: SyncClient, stage: Stage) -> None:
    stage.fal.script("job", WAITS)

    assert Queued(position=4) == fal.submit(VEO, INPUT).status()


def test_a_subscriber_is_told_of_the_queue_and_gets_the_result(
    fal: SyncClient, stage: Stage
) -> None:
    ids: list[str] = []
    events: list[Status] = []

    result = fal.subscribe(
        VEO,
        INPUT,
        with_logs=True,
        on_enqueue=ids.append,
        on_queue_update=events.append,
    )

    assert [line.request_id for line in stage.ledger] == ids
    assert isinstance(events[-1], Completed)
    assert result["video"]["content_type"] == "video/mp4"


def test_a_job_is_found_again_by_its_id(fal: SyncClient) -> None:
    handle = fal.submit(VEO, INPUT)
    expected = handle.get()

    assert isinstance(fal.status(VEO, handle.request_id), Completed)
    assert expected == fal.result(VEO, handle.request_id)


def test_the_synchronous_host_answers_with_the_result(
    fal: SyncClient, stage: Stage
) -> None:
    stage.fal.script("job", AT_ONCE)

    result = fal.run(VEO, INPUT)

    assert result["video"]["content_type"] == "video/mp4"
    assert [each.server for each in stage.heard] == ["run"]


def test_the_synchronous_host_says_at_once_what_is_wrong_with_an_input(
    fal: SyncClient,
) -> None:
    error = failure(fal.run, VEO, {**INPUT, "duration": 4})

    assert error.status_code == 422
    assert detail(error)["loc"] == ["body", "duration"]


def test_a_video_model_has_no_stream(fal: SyncClient, stage: Stage) -> None:
    with pytest.raises(SSEError, match="got 'application/json'"):
        list(fal.stream(VEO, INPUT))

    assert [each.path for each in stage.heard] == ["/fal-ai/veo3.1/fast/stream"]
    assert Decimal(0) == stage.fal.billed


def test_what_a_submit_may_be_told_besides_is_taken(
    fal: SyncClient, stage: Stage
) -> None:
    fal.submit(
        VEO,
        INPUT,
        webhook_url="https://example.com/hook?a=b",
        priority="low",
        hint="here",
        start_timeout=60,
    )

    (submit,) = stage.heard
    assert submit.query == (("fal_webhook", "https://example.com/hook?a=b"),)
    assert [line.input for line in stage.ledger] == [INPUT]


def test_a_waiting_job_is_cancelled_and_costs_nothing(
    fal: SyncClient, stage: Stage
) -> None:
    stage.fal.script("job", WAITS)
    handle = fal.submit(VEO, INPUT)

    handle.cancel()

    end = handle.status()
    assert isinstance(end, Completed)
    assert end.error_type == "client_cancelled"
    error = failure(handle.get)
    assert (error.status_code, error.error_type) == (499, "client_cancelled")
    assert Decimal(0) == stage.fal.billed


def test_a_running_job_is_cancelled_and_paid_for(fal: SyncClient, stage: Stage) -> None:
    stage.fal.script("job", RUNS)
    handle = fal.submit(VEO, INPUT)

    fal.cancel(VEO, handle.request_id)

    assert failure(handle.get).status_code == 499
    assert Decimal("0.40") == stage.fal.billed


def test_a_job_that_is_over_cannot_be_cancelled(fal: SyncClient) -> None:
    handle = fal.submit(VEO, INPUT)
    handle.get()

    error = failure(handle.cancel)

    assert error.status_code == 400
    assert error.response.json() == {"status": "ALREADY_COMPLETED"}


def test_who_waits_no_longer_cancels(fal: SyncClient, stage: Stage) -> None:
    stage.fal.script("job", RUNS)

    with pytest.raises(FalClientTimeoutError) as caught:
        fal.subscribe(VEO, INPUT, client_timeout=1.05)

    (line,) = stage.ledger
    assert line.request_id == caught.value.request_id
    assert line.state == "cancelled"


def test_a_job_that_does_not_start_in_time_is_not_asked_for_again(
    fal: SyncClient, stage: Stage
) -> None:
    stage.fal.script("job", WAITS)

    error = failure(fal.subscribe, VEO, INPUT, start_timeout=1.05)

    assert (error.status_code, error.error_type) == (504, "request_timeout")
    assert error.response_headers["x-fal-request-timeout-type"] == "user"
    results = [each for each in stage.heard if each.parts[-2:-1] == ["requests"]]
    assert len(results) == 1
    assert [line.state for line in stage.ledger] == ["failed"]


@pytest.mark.usefixtures("reached")
def test_a_wrong_key_is_refused(stage: Stage) -> None:
    client = SyncClient(key="not:mine")

    error = failure(client.submit, VEO, INPUT)

    client._client.close()
    assert (
        error.status_code,
        error.message,
    ) == (401, "Invalid authentication credentials.")
    assert stage.ledger == ()


def test_an_app_that_does_not_exist_is_refused(fal: SyncClient, stage: Stage) -> None:
    error = failure(fal.submit, "nobody/nothing/at-all", INPUT)

    assert (
        error.status_code,
        error.message,
    ) == (404, "Application 'nobody/nothing' not found")
    assert stage.ledger == ()


def test_an_id_that_does_not_exist_is_not_known(fal: SyncClient) -> None:
    error = failure(fal.status, VEO, "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72")

    assert error.status_code == 404
    assert error.response.json() == {"status": "NOT_FOUND"}


def test_the_queue_says_only_in_the_result_what_is_wrong_with_an_input(
    fal: SyncClient, stage: Stage
) -> None:
    handle = fal.submit(VEO, {**INPUT, "duration": "5s"})

    *_, end = handle.iter_events()
    error = failure(handle.get)

    assert isinstance(end, Completed)
    assert None is end.error
    assert error.status_code == 422
    complaint = detail(error)
    assert complaint["loc"] == ["body", "duration"]
    assert complaint["type"] == "literal_error"
    assert complaint["input"] == "5s"
    assert Decimal(0) == stage.fal.billed


def test_a_path_that_an_app_lacks_shows_only_in_the_result(fal: SyncClient) -> None:
    handle = fal.submit("fal-ai/veo3.1/slow", INPUT)

    assert (
        (error := failure(handle.get)).status_code,
        error.message,
    ) == (404, "Path /slow not found")


def test_an_exhausted_balance_is_not_tried_again(fal: SyncClient, stage: Stage) -> None:
    stage.fal.account.balance = Decimal(0)

    error = failure(fal.submit, VEO, INPUT)

    assert error.status_code == 403
    assert error.message.startswith("User is locked. Reason: Exhausted balance.")
    assert len(stage.heard) == 1


@pytest.mark.parametrize("trouble", ["submit-429", "submit-502"])
def test_a_submit_that_was_not_taken_is_sent_again(
    fal: SyncClient, stage: Stage, trouble: str
) -> None:
    stage.let(trouble)

    handle = fal.submit(VEO, INPUT)

    assert len(stage.heard) == 2
    assert [handle.request_id] == [line.request_id for line in stage.ledger]


@pytest.mark.parametrize("trouble", ["status-429", "status-502", "status-drop"])
def test_a_question_that_is_not_answered_is_asked_again(
    fal: SyncClient, stage: Stage, trouble: str
) -> None:
    handle = fal.submit(VEO, INPUT)
    stage.let(trouble)

    assert isinstance(handle.status(), InProgress)
    assert len(stage.sent("GET", "queue")) == 2


def test_an_error_of_fals_own_is_no_proxys(fal: SyncClient, stage: Stage) -> None:
    """Its 503 names a request, so that the client does not ask again."""
    stage.let("no-runner")
    handle = fal.submit(VEO, INPUT)

    *_, end = handle.iter_events()
    error = failure(handle.get)

    assert isinstance(end, Completed)
    assert "runner_scheduling_failure" == end.error_type == error.error_type
    assert error.status_code == 503
    results = [each for each in stage.heard if each.parts[-2:-1] == ["requests"]]
    assert len(results) == 1


@pytest.mark.parametrize("trouble", ["status-sparse", "status-unknown"])
def test_the_client_trips_where_fal_says_less_or_other_than_usual(
    fal: SyncClient, stage: Stage, trouble: str
) -> None:
    """It is not the emulator that is wrong: the client is known to be this brittle."""
    stage.fal.script("job", WAITS)
    handle = fal.submit(VEO, INPUT)
    stage.let(trouble)

    with pytest.raises((KeyError, ValueError), match=r"queue_position|THROTTLED"):
        handle.status()


def test_the_backup_domain_is_the_same_queue(stage: Stage, authority: CA) -> None:
    """The client turns to it where the usual one cannot be connected to."""
    certified = [host for host in HOSTS if host != "queue.fal.run"]
    with by_proxy(stage, authority, certified):
        client = SyncClient(key=KEY)
        result = client.subscribe(VEO, INPUT)
        client._client.close()

    assert result["video"]["content_type"] == "video/mp4"
    assert {"queue.falrun.com"} == {each.headers["host"] for each in stage.heard}


def test_a_refusal_in_words_reaches_the_caller(fal: SyncClient, stage: Stage) -> None:
    stage.fal.script("submit", Say(403, {"detail": "This key may not."}))

    assert str(failure(fal.submit, VEO, INPUT)) == "This key may not."
