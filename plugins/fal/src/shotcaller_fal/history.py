"""Reads the list of past requests, which fal keeps far longer than their results.

There a submit is found whose answer was lost, and a result that was not collected in
time. The list may lag, so what is not in it proves nothing about a young job.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    Aside,
    BadReply,
    Charged,
    Exchange,
    Failed,
    Refused,
    Request,
    Response,
    Status,
    Take,
    Ticket,
)
from shotcaller_fal import ids, results
from shotcaller_fal.tickets import ticket as made

SLACK = 60.0
"""By how many seconds fal's clock may be behind ours when a submit is looked up."""

LONGEST_SUBMIT = 900.0
"""How many seconds after we began to send it fal may have taken a submit.

One that was sent several times, since fal was busy or out of reach, may have been
taken at any time after the first.
"""

HOUR = 3_600.0
DAY = 24 * HOUR
KEPT = 30 * DAY
"""For how many seconds fal keeps inputs and outputs, unless an account says less."""

MOST_PAGES = 20
_OK = 200
_BAD_REQUEST = 400


@frozen
class Row:
    """Is one job in the list of those that were asked of an endpoint."""

    request_id: str = ""
    sent_at: JSON = None
    status_code: JSON = None
    json_input: JSON = None
    json_output: JSON = None


@frozen
class Page:
    """Is one page of that list."""

    items: list[Row]
    next_cursor: str | None = None


def ticket(take: Take, remote_id: str) -> Ticket:
    """Returns the ticket of a job of the take's endpoint; raises where it has none."""
    if take.request is None:
        raise Refused("nothing was sent to an endpoint of fal", reason="endpoint")
    return made(take.model, _endpoint(take.request), remote_id)


def find(take: Take) -> Exchange[Sequence[Ticket]]:
    """Returns the jobs of the take's endpoint, since it was sent, with its input.

    Oldest first, those last of which fal does not say when it took them.
    """
    request, sent_at = take.request, take.sent_at
    if request is None or sent_at is None:
        return ()
    endpoint = _endpoint(request)
    window = LONGEST_SUBMIT if take.attempt <= 1 else math.inf
    since = datetime.fromtimestamp(sent_at - SLACK, UTC)
    params = _params(endpoint, start=since.strftime("%Y-%m-%dT%H:%M:%SZ"))
    rows: list[Row] = []
    for _ in range(MOST_PAGES):
        page = _page((yield from _question(params)))
        rows += page.items
        if not page.next_cursor:
            own = [row for row in rows if _is_it(request, sent_at, window, row)]
            own.sort(key=lambda row: _seconds(row.sent_at) or math.inf)
            return tuple(made(take.model, endpoint, row.request_id) for row in own)
        params = {**params, "cursor": page.next_cursor}
    # a part of the list could hold one such job where the whole holds two
    message = f"fal lists more than {len(rows)} requests to {endpoint} since then."
    raise BadReply(message)


def _endpoint(request: Request) -> str:
    return urlsplit(request.url).path.strip("/")


def _is_it(request: Request, sent_at: float, window: float, row: Row) -> bool:
    if not row.request_id:
        return False
    taken_at = _seconds(row.sent_at)
    if taken_at is not None and not -SLACK <= taken_at - sent_at <= window:
        return False  # such as a job that was running already
    return _same_input(request.json, row.json_input)


def _same_input(sent: JSON, seen: JSON) -> bool:
    """Whether a listed input holds all that was sent; fal may have added defaults."""
    if not isinstance(sent, Mapping) or not isinstance(seen, Mapping):
        return False
    return all(name in seen and seen[name] == value for name, value in sent.items())


def gone(ticket: Ticket, reply: Response) -> Exchange[Status]:
    """Looks for the result of a finished job whose own is kept no more."""
    row = yield from _listed(ticket, reply)
    return _told(row, ticket) or _kept_no_more(row, ticket, reply)


def unknown(ticket: Ticket, reply: Response) -> Exchange[Status]:
    """Looks for a job that the queue does not know, or not any more."""
    row = yield from _listed(ticket, reply)
    found = _told(row, ticket)
    if found is not None:
        return found
    if isinstance(row.status_code, int):
        return _kept_no_more(row, ticket, reply)
    _wait_until(DAY, ticket, reply, otherwise=0.0)
    return _expired("fal knows nothing of it any more", ticket, "unknown")


def unclear(ticket: Ticket, reply: Response) -> Exchange[Status]:
    """Looks for the end of a finished job whose result nobody of fal's answered."""
    found = _told((yield from _listed(ticket, reply)), ticket)
    if found is None:
        message = f"fal answered {reply.status} about {ticket.remote_id}"
        raise BadReply(f"{message}, without a word of its own.")
    return found


def _listed(ticket: Ticket, reply: Response) -> Exchange[Row]:
    """Returns what the list says of a job; an empty row where it says nothing."""
    endpoint = str(ticket.data["endpoint"])
    asked = _question(_params(endpoint, request_id=ticket.remote_id))
    answer = yield from Aside(asked)
    if answer is None:  # so nothing is known, but not for ever
        _wait_until(KEPT, ticket, reply, otherwise=0.0)
        return Row()
    rows = [one for one in _page(answer).items if one.request_id == ticket.remote_id]
    return rows[0] if rows else Row()


def _told(row: Row, ticket: Ticket) -> Status | None:
    """Returns how a row says that a job ended; None if it may go on, or does not say.

    The list may be behind: a job that runs is listed without its end.
    """
    status = row.status_code if isinstance(row.status_code, int) else _OK
    if status < _BAD_REQUEST and not isinstance(row.json_output, Mapping):
        return None
    body = json.dumps(row.json_output).encode()
    return results.ending(Response(status, {}, body), ticket)


def _kept_no_more(row: Row, ticket: Ticket, reply: Response) -> Failed:
    """Says that a result is lost, once it is too old for fal to be behind with it."""
    _wait_until(HOUR, ticket, reply, otherwise=math.inf)
    charged: Charged = "yes" if isinstance(row.status_code, int) else "unknown"
    reason = "fal finished it but keeps its result no longer"
    return _expired(reason, ticket, charged)


def _expired(reason: str, ticket: Ticket, charged: Charged) -> Failed:
    return Failed(_named(reason, ticket), charged=charged, code=results.EXPIRED)


def _named(reason: str, ticket: Ticket) -> str:
    return f"{reason} (request {ticket.remote_id})"


def _wait_until(
    age: float, ticket: Ticket, reply: Response, *, otherwise: float
) -> None:
    """Raises ``BadReply``, so that it is asked again, while a job is not so old yet."""
    born, now = ids.made_at(ticket.remote_id), _date(reply)
    known = otherwise if born is None or now is None else now - born
    if known < age:
        raise BadReply(f"fal does not know the request {ticket.remote_id} for now.")


def _date(reply: Response) -> float | None:
    from email.utils import parsedate_to_datetime  # only where something is amiss

    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _seconds(written: JSON) -> float | None:
    try:
        found = datetime.fromisoformat(written if isinstance(written, str) else "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _params(endpoint: str, **narrowed: str) -> dict[str, str]:
    usual = {"endpoint_id": endpoint, "expand": "payloads", "limit": "100"}
    return {**usual, **narrowed}


def _question(params: Mapping[str, str]) -> Request:
    url = f"{ids.PLATFORM}/models/requests/by-endpoint"
    return Request("GET", url, params=params)


def _page(reply: Response) -> Page:
    return reply.into(Page)
