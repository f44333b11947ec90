"""Speaks the queue's protocol: submit, poll, cancel, find.

The queue takes any input and says what is wrong with it only in the result. It has no
word for failure: COMPLETED means over, and the status of the result says how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    BadReply,
    Cancellation,
    Exchange,
    Failed,
    Request,
    Response,
    Running,
    Status,
    Take,
    Ticket,
)
from shotcaller_fal import ids, results, words
from shotcaller_fal.gateway import ID

FAR = 50
"""From which place in the queue on it is not worth asking every few seconds."""

SLACK = 60.0
"""By how many seconds fal's clock may be behind ours when a submit is looked up."""

MOST_PAGES = 5
LONGEST_NOTE = 80
_NOT_FOUND = 404


@frozen
class Accepted:
    """Is the answer to a submit; all but the id may be missing."""

    request_id: str
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None


@frozen
class Line:
    """Is one line of a job's log."""

    message: str | None = None


@frozen
class Told:
    """Is how a job stands; what is missing is not told."""

    status: str
    queue_position: int | None = None
    logs: list[Line] | None = None


@frozen
class Row:
    """Is one job in the list of those that were asked of an endpoint."""

    request_id: str
    json_input: Mapping[str, JSON] | None = None
    json_output: Mapping[str, JSON] | None = None


@frozen
class Page:
    """Is one page of that list."""

    items: list[Row]
    next_cursor: str | None = None


def submit(model: str, endpoint: str, payload: Mapping[str, JSON]) -> Exchange[Ticket]:
    """Asks for a job with one POST, and returns its ticket."""
    reply = yield from Request("POST", ids.submit_url(endpoint), json=payload)
    if not _good(reply):
        raise words.refusal(reply)
    return _ticket(model, endpoint, reply.into(Accepted))


def _ticket(model: str, endpoint: str, accepted: Accepted) -> Ticket:
    base = ids.request_path(endpoint, accepted.request_id)
    paths = {
        "status": ids.own_path(accepted.status_url, f"{base}/status"),
        "response": ids.own_path(accepted.response_url, base),
        "cancel": ids.own_path(accepted.cancel_url, f"{base}/cancel"),
    }
    return Ticket(ID, model, accepted.request_id, {"endpoint": endpoint, **paths})


def poll(ticket: Ticket) -> Exchange[Status]:
    """Asks how a job stands and, once it is over, for its result."""
    asked = Request("GET", _url(ticket, "status"), params={"logs": "1"})
    reply = yield from asked
    if not _good(reply):
        raise _unclear(reply, ticket)
    told = reply.into(Told)
    if told.status != "COMPLETED":
        return _running(told)
    result = yield from Request("GET", _url(ticket, "response"))
    if results.is_gone(result):
        return (yield from _stored(ticket))
    return results.ending(result, ticket, _seconds(reply))


def _running(told: Told) -> Running:
    if told.status == "IN_QUEUE":
        ahead = told.queue_position
        return Running("in queue", ahead, wait=10.0 if (ahead or 0) > FAR else None)
    if told.status == "IN_PROGRESS":
        lines = [(line.message or "").strip() for line in told.logs or ()]
        last = next((line for line in reversed(lines) if line), "running")
        return Running(last[:LONGEST_NOTE])
    return Running(f"fal says {told.status[:LONGEST_NOTE]}")  # no end that is known


def _seconds(reply: Response) -> float | None:
    metrics = reply.into(results.Timed).metrics
    return None if metrics is None else metrics.inference_time


def _stored(ticket: Ticket) -> Exchange[Status]:
    """Looks for a result in the list of requests, which keeps it far longer."""
    rows = yield from _listed(ticket.data["endpoint"], request_id=ticket.remote_id)
    for row in rows:
        if row.request_id == ticket.remote_id and row.json_output is not None:
            return results.done(row.json_output, ticket)
    reason = "fal finished it but keeps its result no longer"
    return Failed(reason, charged="yes", code="expired")


def find(take: Take) -> Exchange[Sequence[Ticket]]:
    """Returns the jobs of the take's endpoint, since it was sent, with its input."""
    request = take.request
    if request is None or take.sent_at is None:
        return ()
    endpoint = urlsplit(request.url).path.strip("/")
    since = datetime.fromtimestamp(take.sent_at - SLACK, UTC)
    rows = yield from _listed(endpoint, start=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return tuple(
        _ticket(take.model, endpoint, Accepted(row.request_id))
        for row in rows
        if _same_input(request.json, row.json_input)
    )


def _same_input(sent: JSON, seen: JSON) -> bool:
    """Whether a listed input holds all that was sent; fal may have added defaults."""
    if not isinstance(sent, Mapping) or not isinstance(seen, Mapping):
        return False
    return all(seen.get(name) == value for name, value in sent.items())


def _listed(endpoint: JSON, **narrowed: str) -> Exchange[list[Row]]:
    url = f"{ids.PLATFORM}/models/requests/by-endpoint"
    params = {
        "endpoint_id": str(endpoint),
        "expand": "payloads",
        "limit": "100",
        **narrowed,
    }
    rows: list[Row] = []
    for _ in range(MOST_PAGES):
        reply = yield from Request("GET", url, params=params)
        page = reply.into(Page)
        rows += page.items
        if page.next_cursor is None:
            break
        params = {**params, "cursor": page.next_cursor}
    return rows


def cancel(ticket: Ticket) -> Exchange[Cancellation]:
    """Asks fal to stop a job; it may finish all the same, so it is followed on."""
    reply = yield from Request("PUT", _url(ticket, "cancel"))
    if _good(reply):
        # 200 is said to mean that it left the queue, 202 that a signal was sent; both
        # bear the same words, and only the result tells.
        return Cancellation.REQUESTED
    if b"ALREADY_COMPLETED" in reply.body:
        return Cancellation.TOO_LATE
    raise _unclear(reply, ticket)


def _url(ticket: Ticket, what: str) -> str:
    return f"{ids.QUEUE}{ticket.data[what]}"


def _good(reply: Response) -> bool:
    return 200 <= reply.status < 300  # noqa: PLR2004  any 2xx: 200 and 202 are both seen


def _unclear(reply: Response, ticket: Ticket) -> BadReply:
    """Says that an answer proves nothing: a fresh job may not be known at once."""
    if reply.status == _NOT_FOUND:
        return BadReply(f"fal does not know the request {ticket.remote_id} (404).")
    return BadReply(f"fal answered {reply.status} about {ticket.remote_id}.")
