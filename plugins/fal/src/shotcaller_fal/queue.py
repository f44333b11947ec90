"""Speaks the queue's protocol: submit, poll, cancel.

The queue takes any input and says what is wrong with it only in the result. It has no
word for failure: COMPLETED means over, and the status of the result says how.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    Aside,
    BadReply,
    Cancellation,
    Exchange,
    Request,
    Response,
    Running,
    Status,
    Ticket,
)
from shotcaller_fal import history, ids, prices, results, words
from shotcaller_fal.tickets import ticket as made

FAR = 50
"""From which place in the queue on it is not worth asking every few seconds."""

EITHER = frozenset({401, 403, 408, 425, 429})
"""The statuses of a result that may be the model's own, or about our question.

The list of requests has the model's; nothing else tells.
"""

LONGEST_NOTE = 80
LONGEST_RUN = 1e6
_NOT_FOUND = 404


@frozen
class Accepted:
    """Is the answer to a submit; all but the id may be missing, or odd."""

    request_id: str
    status_url: JSON = None
    response_url: JSON = None
    cancel_url: JSON = None


@frozen
class Told:
    """Is how a job stands; all but the status may be missing, or odd.

    What only adorns the progress must not keep a paid clip back.
    """

    status: str
    queue_position: JSON = None
    logs: JSON = None
    metrics: JSON = None


def submit(model: str, endpoint: str, payload: Mapping[str, JSON]) -> Exchange[Ticket]:
    """Asks for a job with one POST, and returns its ticket."""
    reply = yield from Request("POST", ids.submit_url(endpoint), json=payload)
    if not _good(reply):
        raise words.refusal(reply)
    accepted = reply.into(Accepted)
    return made(
        model,
        endpoint,
        accepted.request_id,
        status=accepted.status_url,
        response=accepted.response_url,
        cancel=accepted.cancel_url,
    )


def poll(ticket: Ticket) -> Exchange[Status]:
    """Asks how a job stands and, once it is over, for its result."""
    reply = yield from _stands(ticket)
    if reply.status == _NOT_FOUND:
        return (yield from history.unknown(ticket, reply))
    if not _good(reply):
        raise _unclear(reply, ticket)
    told = reply.into(Told)
    if told.status != "COMPLETED":
        return _running(told)
    result = yield from Request("GET", _url(ticket, "response"))
    if results.is_gone(result):
        return (yield from history.gone(ticket, result))
    if result.status in EITHER or not results.is_told(result):
        return (yield from history.unclear(ticket, result))
    return (yield from _ended(result, ticket, _seconds(told.metrics)))


def _stands(ticket: Ticket) -> Exchange[Response]:
    """Asks how a job stands, with its log if that can be had.

    A log of megabytes comes whole each time, and what is too large never arrives: the
    end of the job must not hang on it.
    """
    url = _url(ticket, "status")
    told = yield from Aside(Request("GET", url, params={"logs": "1"}))
    if told is not None:
        return told
    return (yield from Request("GET", url))


def _running(told: Told) -> Running:
    if told.status == "IN_QUEUE":
        ahead = told.queue_position
        if not isinstance(ahead, int) or isinstance(ahead, bool):
            return Running("in queue")
        return Running("in queue", ahead, wait=10.0 if ahead > FAR else None)
    if told.status == "IN_PROGRESS":
        return Running(_last(told.logs) or "running")
    return Running(f"fal says {words.plain(told.status, LONGEST_NOTE)}")  # no known end


def _last(logs: JSON) -> str:
    """Returns the last line of a log that says something; each poll has all of them."""
    lines = logs if isinstance(logs, list) else []
    for line in reversed(lines):
        message = line.get("message") if isinstance(line, Mapping) else line
        text = words.plain(message, LONGEST_NOTE) if isinstance(message, str) else ""
        if text:
            return text
    return ""


def _seconds(metrics: JSON) -> float | None:
    took = metrics.get("inference_time") if isinstance(metrics, Mapping) else None
    if not isinstance(took, int | float) or isinstance(took, bool):
        return None
    return float(took) if 0 <= took < LONGEST_RUN else None


def _ended(result: Response, ticket: Ticket, seconds: float | None) -> Exchange[Status]:
    """Returns what a result means, with its price in USD where fal says the units."""
    unit = None
    if results.units(result):
        endpoint = str(ticket.data["endpoint"])
        unit = prices.unit_usd((yield from prices.asked(endpoint)), endpoint)
    return results.ending(result, ticket, seconds, unit)


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
    """Says that an answer proves nothing."""
    if reply.status == _NOT_FOUND:
        return BadReply(f"fal does not know the request {ticket.remote_id} (404).")
    return BadReply(f"fal answered {reply.status} about {ticket.remote_id}.")
