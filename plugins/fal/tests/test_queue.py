"""Submit, poll and cancel, word for word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

import shotcaller_fal
from shotcaller.plugin import (
    JSON,
    Aside,
    BadReply,
    Cancellation,
    Done,
    Failed,
    Request,
    Response,
    Running,
    Ticket,
)
from shotcaller_fal import queue
from shotcaller_fal.tickets import ticket as made

Says = Callable[..., Response]
Talks = Callable[..., Any]

REQUEST_ID = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"
JOB = f"https://queue.fal.run/fal-ai/veo3.1/requests/{REQUEST_ID}"
STATUS = Aside(Request("GET", f"{JOB}/status", params={"logs": "1"}))
YOUNG = "Sat, 18 Apr 2026 14:30:00 GMT"  # minutes after the job was made
URL = "https://v3b.fal.media/files/b/a.mp4"


def test_an_accepted_job_is_followed_by_the_paths_that_fal_answered(
    talk: Talks, say: Says
) -> None:
    base = f"https://evil.example/fal-ai/other/requests/{REQUEST_ID}"
    told = {
        "status": "IN_QUEUE",
        "request_id": REQUEST_ID,
        "status_url": f"{base}/status?x=1",
        "response_url": f"{base}/response",
        "cancel_url": f"{base}/cancel",
        "queue_position": 0,
    }
    submit = queue.submit("fal/veo-3.1", "fal-ai/veo3.1", {"prompt": "a fox"})

    asked, ticket = talk(submit, say(200, told))

    path = f"/fal-ai/other/requests/{REQUEST_ID}"
    assert asked == [
        Request("POST", "https://queue.fal.run/fal-ai/veo3.1", json={"prompt": "a fox"})
    ]
    assert ticket == Ticket(
        "fal",
        "fal/veo-3.1",
        REQUEST_ID,
        {
            "endpoint": "fal-ai/veo3.1",
            "status": f"{path}/status",
            "response": f"{path}/response",
            "cancel": f"{path}/cancel",
        },
    )
    asked, _ = talk(queue.poll(ticket), say(202, {"status": "IN_QUEUE"}))
    assert asked[0].request.url == f"https://queue.fal.run{path}/status"


def test_a_log_that_is_too_large_to_come_is_done_without(
    talk: Talks, say: Says, ticket: Ticket
) -> None:
    asked, value = talk(queue.poll(ticket), None, say(200, {"status": "IN_PROGRESS"}))

    assert asked == [STATUS, Request("GET", f"{JOB}/status")]
    assert value == Running("running")


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "http://[",
        "https://queue.fal.run/fal-ai/veo3.1/requests/another/status",
        f"https://queue.fal.run/../requests/{REQUEST_ID}/status",
        f"https://queue.fal.run/a/b/requests/{REQUEST_ID}/../../x",
        f"https://queue.fal.run/requests/{REQUEST_ID}",
        f"queue.fal.run/fal-ai/veo3.1/requests/{REQUEST_ID}",
        f"x.evil.example/veo3.1/requests/{REQUEST_ID}",
        f"https://queue.fal.run//fal-ai/veo3.1/requests/{REQUEST_ID}",
    ],
)
def test_an_odd_address_is_replaced_by_the_one_that_is_usual(
    url: JSON, talk: Talks, say: Says, ticket: Ticket
) -> None:
    told: dict[str, JSON] = {"request_id": REQUEST_ID}
    told |= dict.fromkeys(("status_url", "response_url", "cancel_url"), url)

    submit = queue.submit("fal/veo-3.1", "fal-ai/veo3.1", {})

    assert talk(submit, say(201, told)).value == ticket


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"request_id": " "},
        {"request_id": None},
        {"request_id": ".."},
        {"request_id": "a\n\x1b[2J"},
        {"request_id": "a" * 201},
        [],
    ],
)
def test_an_accepted_job_without_an_id_cannot_be_followed(
    body: JSON, talk: Talks, say: Says
) -> None:
    with pytest.raises(BadReply):
        talk(queue.submit("fal/m", "owner/app", {}), say(200, body))


def test_an_id_cannot_lead_out_of_its_path() -> None:
    assert made("fal/m", "owner/app", "../x?y").data["response"] == (
        "/owner/app/requests/..%2Fx%3Fy"
    )


@pytest.mark.parametrize(
    ("told", "running"),
    [
        (
            {"status": "IN_QUEUE", "queue_position": 3, "logs": None},
            Running("in queue", ahead=3),
        ),
        (
            {"status": "IN_QUEUE", "queue_position": 8_000},
            Running("in queue", ahead=8_000, wait=10.0),
        ),
        ({"status": "IN_QUEUE"}, Running("in queue")),
        ({"status": "IN_QUEUE", "queue_position": "3"}, Running("in queue")),
        ({"status": "IN_QUEUE", "queue_position": True}, Running("in queue")),
        ({"status": "IN_PROGRESS", "logs": None}, Running("running")),
        ({"status": "IN_PROGRESS"}, Running("running")),
        ({"status": "IN_PROGRESS", "logs": []}, Running("running")),
        (
            {
                "status": "IN_PROGRESS",
                "logs": [
                    {"message": "25% done", "level": "INFO"},
                    {"message": "50%|#####     |\r"},
                    {"message": "\n"},
                    {"message": None},
                    7,
                ],
            },
            Running("50%|##### |"),
        ),
        ({"status": "IN_PROGRESS", "logs": ["one", "two"]}, Running("two")),
        ({"status": "IN_PROGRESS", "logs": "odd"}, Running("running")),
        (
            {"status": "IN_PROGRESS", "logs": [{"message": "x" * 99}]},
            Running("x" * 79 + "…"),
        ),
        ({"status": "PAUSED"}, Running("fal says PAUSED")),
    ],
)
def test_place_and_log_are_told_as_progress(
    told: JSON, running: Running, talk: Talks, say: Says, ticket: Ticket
) -> None:
    for status in (200, 202):
        asked, value = talk(queue.poll(ticket), say(status, told))

        assert (asked, value) == ([STATUS], running)


@pytest.mark.parametrize("status", [400, 405, 301])
def test_an_answer_that_says_nothing_about_the_job_ends_nothing(
    status: int, talk: Talks, say: Says, ticket: Ticket
) -> None:
    with pytest.raises(BadReply) as raised:
        talk(queue.poll(ticket), say(status))

    assert raised.value.message == f"fal answered {status} about {REQUEST_ID}."


@pytest.mark.parametrize(
    "answer",
    [
        Response(502, {"x-fal-request-id": REQUEST_ID}, b"<html>nginx</html>"),
        Response(503, {"x-fal-request-id": REQUEST_ID}, b""),
        Response(504, {"x-fal-request-id": REQUEST_ID}, b"{}"),
        Response(404, {}, b"<html>Path /x was not found</html>"),
        Response(400, {}, b"<html>Bad Request</html>"),
        Response(422, {}, b"<html>Not as the firewall likes it</html>"),
    ],
)
def test_a_page_instead_of_a_result_is_no_end_of_a_job_that_may_be_paid(
    answer: Response, talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    dated = evolve(answer, headers={**answer.headers, "date": YOUNG})

    with pytest.raises(BadReply):
        talk(queue.poll(ticket), over, dated, say(200, {"items": []}))


def test_a_job_that_ended_behind_a_page_is_found_in_the_list(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    page = Response(502, {"x-fal-request-id": REQUEST_ID}, b"<html>nginx</html>")
    row: JSON = {"request_id": REQUEST_ID, "json_output": {"video": {"url": URL}}}

    status = talk(queue.poll(ticket), over, page, say(200, {"items": [row]})).value

    assert status == Done(URL, facts={"request_id": REQUEST_ID})


def test_an_answer_that_only_a_model_gives_ends_its_job(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    runner = Response(502, {"x-fal-error-type": "runner_incomplete_response"}, b"")
    partner = Response(400, {"x-fal-request-id": REQUEST_ID}, b"no")

    assert talk(queue.poll(ticket), over, runner).value == Failed(
        "fal answered 502: (runner_incomplete_response)", charged="no", code="failed"
    )
    assert talk(queue.poll(ticket), over, partner).value == Failed(
        "fal answered 400 without a reason", charged="unknown", code="input"
    )


def test_a_result_that_is_not_there_yet_is_asked_for_again(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    early = say(400, {"detail": "Request is still in progress"})

    assert talk(queue.poll(ticket), over, early).value == Running("finishing")


@pytest.mark.parametrize(
    ("metrics", "seconds"),
    [
        ({"inference_time": 71.5}, 71.5),
        ({"inference_time": 72}, 72.0),
        ({"inference_time": True}, None),
        ({"inference_time": -1}, None),
        ({"inference_time": 10**400}, None),
        ({"inference_time": "71"}, None),
        ({}, None),
        (None, None),
        ("odd", None),
    ],
)
def test_the_time_that_it_took_is_on_the_receipt(
    metrics: JSON, seconds: float | None, talk: Talks, say: Says, ticket: Ticket
) -> None:
    over = say(200, {"status": "COMPLETED", "metrics": metrics})
    asked, done = talk(queue.poll(ticket), over, say(200, {"video": {"url": URL}}))

    facts: dict[str, JSON] = {"request_id": REQUEST_ID}
    if seconds is not None:
        facts["inference_seconds"] = seconds
    assert asked == [STATUS, Request("GET", JOB)]
    assert done == Done(URL, facts=facts)


def test_a_price_that_nobody_tells_keeps_no_clip_back(
    talk: Talks, say: Says, over: Response
) -> None:
    job = made("fal/m", "owner/app", REQUEST_ID)
    result = say(200, {"video": {"url": URL}}, X_Fal_Billable_Units="3")

    asked, done = talk(queue.poll(job), over, result, None)

    assert isinstance(asked[2], Aside)
    assert done == Done(URL, facts={"request_id": REQUEST_ID, "billable_units": 3.0})


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (202, {"status": "CANCELLATION_REQUESTED"}, Cancellation.REQUESTED),
        (200, {"success": True}, Cancellation.REQUESTED),
        (204, None, Cancellation.REQUESTED),
        (400, {"status": "ALREADY_COMPLETED"}, Cancellation.TOO_LATE),
    ],
)
def test_a_wish_to_cancel_is_passed_on(
    status: int,
    body: JSON,
    answer: Cancellation,
    talk: Talks,
    say: Says,
) -> None:
    ticket = made("fal/veo-3.1", "fal-ai/veo3.1", REQUEST_ID)
    cancel = shotcaller_fal.shotcaller_cancel(ticket)

    assert talk(cancel, say(status, body)) == (
        [Request("PUT", f"{JOB}/cancel")],
        answer,
    )


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, f"fal does not know the request {REQUEST_ID} (404)."),
        (400, f"fal answered 400 about {REQUEST_ID}."),
    ],
)
def test_a_wish_to_cancel_that_is_not_understood_is_no_cancellation(
    status: int, message: str, talk: Talks, say: Says, ticket: Ticket
) -> None:
    with pytest.raises(BadReply) as raised:
        talk(shotcaller_fal.shotcaller_cancel(ticket), say(status, {"status": "?"}))

    assert raised.value.message == message


WORDS = """
    status video videos url content_type detail type loc msg input items seed logs
    request_id json_output status_code prices unit_price message metrics error
    inference_time queue_position
"""
NAMES = st.sampled_from(WORDS.split())
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
STATUSES = st.sampled_from([200, 202, 204, 301, 400, 404, 405, 410, 422, 499, 500, 504])
HEADERS = st.dictionaries(
    st.sampled_from(["x-fal-billable-units", "x-fal-error-type", "date"]),
    st.sampled_from(["2.0", "0", "-1", "NaN", "1e9999", "", "x", "Sat, 18 Apr 2026"]),
)


def replies(status: st.SearchStrategy[int]) -> st.SearchStrategy[Response]:
    body = VALUES.map(lambda value: json.dumps(value).encode())
    broken = st.sampled_from([b"", b"<html>", b"\xff", b"[" * 5_000])
    return st.builds(Response, status, HEADERS, body | broken)


@given(
    replies(STATUSES)
    | st.builds(
        lambda word, more: Response(
            200, {}, json.dumps({**more, "status": word}).encode()
        ),
        st.sampled_from(["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "ODD"]),
        st.dictionaries(NAMES, VALUES),
    ),
    replies(STATUSES),
    st.none() | replies(st.just(200)),
)
@example(
    Response(200, {}, b'{"status": "COMPLETED"}'),
    Response(200, {}, b'{"video": {"url": "https://a/b"}, "seed": 1e999}'),
    None,
)
def test_whatever_fal_answers_a_poll_is_a_status_or_not_understood(
    status: Response, result: Response, side: Response | None
) -> None:
    poll = queue.poll(made("fal/veo-3.1", "fal-ai/veo3.1", REQUEST_ID))
    answers = [status, result]
    ended: Any = None
    asked: Any = next(poll)
    while ended is None:
        try:
            asked = poll.send(side if isinstance(asked, Aside) else answers.pop(0))
        except StopIteration as stop:
            ended = stop.value
        except BadReply as error:
            ended = error

    assert isinstance(ended, Running | Done | Failed | BadReply)
