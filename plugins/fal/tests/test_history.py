"""What the list of past requests is asked, and what it proves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from attrs import evolve

import shotcaller_fal
from shotcaller.catalog import Quote
from shotcaller.plugin import (
    JSON,
    Aside,
    BadReply,
    Brief,
    Done,
    Failed,
    Refused,
    Request,
    Response,
    Shot,
    Take,
    Ticket,
)
from shotcaller_fal import history, ids, queue
from shotcaller_fal.tickets import ticket as made

Says = Callable[..., Response]
Talks = Callable[..., Any]

REQUEST_ID = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"
BORN = datetime(2026, 4, 18, 14, 23, 47, tzinfo=UTC).timestamp()
BY_ENDPOINT = "https://api.fal.ai/v1/models/requests/by-endpoint"
URL = "https://v3b.fal.media/files/b/a.mp4"
SENT_AT = datetime(2026, 4, 18, 12, 0, 30, tzinfo=UTC).timestamp()
INPUT = {"prompt": "a fox", "duration": "8s"}
SUBMIT = Request("POST", "https://queue.fal.run/fal-ai/veo3.1/fast", json=INPUT)


def after(seconds: float) -> str:
    """Returns the Date of an answer so long after the job's id was made."""
    return format_datetime(datetime.fromtimestamp(BORN + seconds, UTC), usegmt=True)


def uncertain(
    request: Request | None = SUBMIT, sent_at: float | None = SENT_AT
) -> Take:
    return Take(
        id="t1",
        key="k1",
        digest="d1",
        brief=Brief(),
        asked=Shot("a fox"),
        model="fal/veo-3.1-fast",
        title="Veo",
        gateway="fal",
        account="fal:FAL_KEY@queue.fal.run",
        plugin="shotcaller-fal",
        quote=Quote(None, None, None),
        folder="/clips",
        request=request,
        sent_at=sent_at,
    )


def row(**more: JSON) -> dict[str, JSON]:
    return {"request_id": "r1", "json_input": INPUT, **more}


def test_a_job_is_known_by_its_id_alone() -> None:
    ticket = shotcaller_fal.shotcaller_ticket(uncertain(), REQUEST_ID)

    assert ticket == made("fal/veo-3.1-fast", "fal-ai/veo3.1/fast", REQUEST_ID)


def test_where_nothing_was_sent_no_job_is_known() -> None:
    with pytest.raises(Refused, match="nothing was sent to an endpoint of fal"):
        shotcaller_fal.shotcaller_ticket(uncertain(None), REQUEST_ID)


def test_what_is_found_comes_oldest_first(talk: Talks, say: Says) -> None:
    late, early = "2026-04-18T12:01:00Z", "2026-04-18T12:00:40Z"
    times = {"a": late, "b": "some day", "c": early}
    rows = [{**row(sent_at=at), "request_id": id_} for id_, at in times.items()]

    found = talk(history.find(uncertain()), say(200, {"items": rows})).value

    assert [ticket.remote_id for ticket in found] == ["c", "a", "b"]


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429])
def test_a_result_that_may_be_about_our_question_ends_nothing_by_itself(
    status: int, talk: Talks, say: Says, ticket: Ticket
) -> None:
    over = say(200, {"status": "COMPLETED"})
    own = say(status, {"detail": "No."}, X_Fal_Request_Id=REQUEST_ID)
    bad = {"request_id": REQUEST_ID, "status_code": status, "json_output": {}}
    good = {
        "request_id": REQUEST_ID,
        "status_code": 200,
        "json_output": {"video": {"url": URL}},
    }

    for listed in (None, say(200, {"items": []})):
        with pytest.raises(BadReply, match=REQUEST_ID):
            talk(queue.poll(ticket), over, own, listed)
    told = [
        talk(queue.poll(ticket), over, own, say(200, {"items": [item]})).value
        for item in (bad, good)
    ]

    assert isinstance(told[0], Failed)
    assert told[0].charged == "unknown"
    assert told[1] == Done(URL, facts={"request_id": REQUEST_ID})


def question(**narrowed: str) -> Request:
    usual = {"endpoint_id": "fal-ai/veo3.1/fast", "expand": "payloads", "limit": "100"}
    return Request("GET", BY_ENDPOINT, params={**usual, **narrowed})


def test_the_time_in_an_id_is_read() -> None:
    assert ids.made_at(REQUEST_ID) == pytest.approx(BORN, abs=1)
    assert ids.made_at("1bd9a4a0-6f0c-4d3e-8c3f-0d2a8a1b7c55") is None
    assert ids.made_at("no id") is None


def test_an_uncertain_take_is_looked_up_by_endpoint_time_and_input(
    talk: Talks, say: Says
) -> None:
    rows: list[JSON] = [
        row(),
        row(request_id="r2", json_input={**INPUT, "resolution": "720p"}),
        row(request_id="r3", json_input={**INPUT, "duration": "4s"}),
        row(request_id="r4", json_input={"prompt": "a fox"}),
        row(request_id="r5", json_input=None),
        row(request_id="r6", json_input="a fox"),
        row(request_id=""),
        {"json_input": INPUT},
    ]
    find = shotcaller_fal.shotcaller_find(uncertain())

    asked, found = talk(find, say(200, {"items": rows, "has_more": False}))

    assert asked == [question(start="2026-04-18T11:59:30Z")]
    assert found == tuple(
        made("fal/veo-3.1-fast", "fal-ai/veo3.1/fast", id_) for id_ in ("r1", "r2")
    )


@pytest.mark.parametrize(
    ("sent_at", "ours"),
    [
        ("2026-04-18T12:00:31Z", True),
        ("2026-04-18T12:00:31.123456+00:00", True),
        ("2026-04-18T12:00:31", True),
        ("2026-04-18T11:59:31Z", True),
        ("2026-04-18T14:14:00+02:00", True),
        ("2026-04-18T11:59:29Z", False),
        ("2026-04-18T12:16:00Z", False),
        ("2026-04-19T12:00:30Z", False),
        ("some day", True),
        (None, True),
        (1776513600, True),
    ],
)
def test_a_job_of_another_time_is_another_job(
    sent_at: JSON, ours: bool, talk: Talks, say: Says
) -> None:
    listed = say(200, {"items": [row(sent_at=sent_at)]})

    found = talk(history.find(uncertain()), listed).value

    assert [one.remote_id for one in found] == (["r1"] if ours else [])


def test_a_submit_that_was_tried_for_long_is_found_whenever_it_was_taken(
    talk: Talks, say: Says
) -> None:
    later = say(200, {"items": [row(sent_at="2026-04-19T12:00:30Z")]})
    again = evolve(uncertain(), attempt=2)

    assert [one.remote_id for one in talk(history.find(again), later).value] == ["r1"]


def test_the_list_is_read_to_its_end(talk: Talks, say: Says) -> None:
    first = say(200, {"items": [row()], "next_cursor": "c2", "has_more": True})
    last = say(200, {"items": [row(request_id="r2")], "next_cursor": ""})

    asked, found = talk(history.find(uncertain()), first, last)

    start = "2026-04-18T11:59:30Z"
    assert asked == [question(start=start), question(start=start, cursor="c2")]
    assert [one.remote_id for one in found] == ["r1", "r2"]


def test_a_list_that_is_too_long_to_read_finds_nothing(talk: Talks, say: Says) -> None:
    page = say(200, {"items": [row()], "next_cursor": "more"})

    with pytest.raises(BadReply) as raised:
        talk(history.find(uncertain()), *[page] * history.MOST_PAGES)

    assert raised.value.message == (
        "fal lists more than 20 requests to fal-ai/veo3.1/fast since then."
    )


@pytest.mark.parametrize(
    "take", [uncertain(request=None), uncertain(sent_at=None)], ids=["request", "time"]
)
def test_a_take_that_was_never_sent_is_not_looked_up(take: Take, talk: Talks) -> None:
    assert talk(history.find(take)) == ([], ())


def test_an_error_of_the_platform_finds_nothing(talk: Talks, say: Says) -> None:
    error = say(404, {"error": {"type": "not_found", "message": "Endpoint not found"}})

    with pytest.raises(BadReply):
        talk(history.find(uncertain()), error)


def test_what_is_listed_without_its_clip_was_made_and_is_gone(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    listed = say(200, {"items": [{"request_id": REQUEST_ID, "status_code": 200}]})
    late = say(404, date=after(history.HOUR + 10))

    status = talk(queue.poll(ticket), over, late, listed).value
    assert talk(queue.poll(ticket), late, listed).value == status

    assert status == Failed(
        f"fal finished it but keeps its result no longer (request {REQUEST_ID})",
        charged="yes",
        code="expired",
    )


@pytest.mark.parametrize("finished", [False, True])
def test_what_is_listed_without_an_end_is_asked_for_again(
    finished: bool, talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    missing = say(404, date=after(60))
    listed = say(200, {"items": [{"request_id": REQUEST_ID, "status_code": None}]})

    with pytest.raises(BadReply, match="for now"):
        talk(queue.poll(ticket), *([over] if finished else []), missing, listed)


def test_one_404_loses_no_result_that_the_list_does_not_keep(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    listed = say(200, {"items": [{"request_id": REQUEST_ID, "status_code": 200}]})

    with pytest.raises(BadReply, match="for now"):
        talk(queue.poll(ticket), over, say(404, date=after(60)), listed)


@pytest.mark.parametrize("output", [None, {"detail": "It broke"}])
def test_what_is_listed_as_failed_has_failed(
    output: JSON, talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    ended = {"request_id": REQUEST_ID, "status_code": 500, "json_output": output}
    listed = say(200, {"items": [ended]})

    status = talk(queue.poll(ticket), over, say(410), listed).value

    reason = ": It broke" if output else " without a reason"
    assert status == Failed(f"fal answered 500{reason}", charged="no", code="failed")


def test_a_job_that_the_queue_forgot_is_found_in_the_list(
    talk: Talks, say: Says, ticket: Ticket
) -> None:
    found = {"request_id": REQUEST_ID, "json_output": {"video": {"url": URL}}}
    listed = say(200, {"items": [found]})

    asked, status = talk(queue.poll(ticket), say(404, {"status": "NOT_FOUND"}), listed)

    assert len(asked) == 3
    assert isinstance(asked[2], Aside)
    assert status == Done(URL, facts={"request_id": REQUEST_ID})


@pytest.mark.parametrize(
    ("known", "answered", "limit"),
    [
        (True, True, history.HOUR),
        (False, True, history.DAY),
        (True, False, history.KEPT),
        (False, False, history.KEPT),
    ],
)
def test_only_time_makes_a_job_that_nobody_knows_an_expired_one(
    known: bool,
    answered: bool,
    limit: float,
    talk: Talks,
    say: Says,
) -> None:
    ticket = made("fal/veo-3.1", "fal-ai/veo3.1", REQUEST_ID)
    asked = [say(200, {"status": "COMPLETED"})] if known else []
    listed = say(200, {"items": []}) if answered else None

    young, old = (say(404, date=after(limit + more)) for more in (-10, 10))

    with pytest.raises(BadReply) as raised:
        talk(queue.poll(ticket), *asked, young, listed)
    status = talk(queue.poll(ticket), *asked, old, listed).value

    assert raised.value.message == (
        f"fal does not know the request {REQUEST_ID} for now."
    )
    reason = (
        "fal finished it but keeps its result no longer"
        if known
        else "fal knows nothing of it any more"
    )
    assert status == Failed(
        f"{reason} (request {REQUEST_ID})", charged="unknown", code="expired"
    )


@pytest.mark.parametrize("date", ["", "some day", "Sat, 18 Apr 99999 00:00:00 GMT"])
def test_without_a_time_a_finished_job_is_over_and_an_unknown_one_is_asked_for(
    date: str, talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    nothing = say(200, {"items": []})
    gone = say(404, date=date)

    assert talk(queue.poll(ticket), over, gone, nothing).value.code == "expired"
    with pytest.raises(BadReply):
        talk(queue.poll(ticket), gone, nothing)
    with pytest.raises(BadReply):
        talk(queue.poll(ticket), over, gone, None)


def test_a_path_that_an_app_does_not_have_is_no_expired_result(
    talk: Talks, say: Says, ticket: Ticket, over: Response
) -> None:
    wrong = say(404, {"detail": "Path /x/y not found"})

    assert talk(queue.poll(ticket), over, wrong).value == Failed(
        "fal answered 404: Path /x/y not found", charged="no", code="endpoint"
    )
