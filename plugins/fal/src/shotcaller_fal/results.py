"""Reads results: the model's own status, headers and body, as the queue replays them.

Facts that surprise: a job without an error may have a bad result, a result of 4xx is
the end of it, and units are not seconds but whatever the endpoint is priced by.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    BadReply,
    Charged,
    Done,
    Failed,
    Response,
    Running,
    Status,
    Ticket,
)
from shotcaller_fal import words
from shotcaller_fal.catalogue import endpoints

UNITS = "x-fal-billable-units"
_KEPT = ("seed", "expanded_prompt", "actual_prompt")
_BAD_REQUEST = 400
_NOT_FOUND = 404
_CANCELLED = 499
_BROKEN = 500


@frozen
class Metrics:
    """Is what fal measured of a job; ``inference_time`` is in seconds."""

    inference_time: float | None = None


@frozen
class Timed:
    """Is the part of a job's status that says how long it took."""

    metrics: Metrics | None = None


def is_gone(reply: Response) -> bool:
    """Whether a finished job's result is kept no more, after an hour or minutes."""
    return reply.status == _NOT_FOUND and b"Path " not in reply.body


def ending(reply: Response, ticket: Ticket, seconds: float | None) -> Status:
    """Returns what a result means; ``seconds`` is the inference time, if told."""
    if reply.status < _BAD_REQUEST:
        return done(reply.json(), ticket, _units(reply), seconds)
    said = words.said(reply)
    if reply.status == _BAD_REQUEST and "in progress" in said.text:
        return Running("finishing")
    if reply.status == _CANCELLED:
        return Failed("cancelled at fal", _charged(reply, "unknown"), "cancelled")
    if said.code == words.CONTENT:
        # whether a clip that is made and then withheld is billed is documented nowhere
        return Failed(said.text, _charged(reply, "unknown"), said.code)
    free = reply.status >= _BROKEN or reply.status in {_NOT_FOUND, words.UNPROCESSABLE}
    return Failed(said.text, _charged(reply, "no" if free else "unknown"), said.code)


def done(
    output: JSON,
    ticket: Ticket,
    units: Decimal | None = None,
    seconds: float | None = None,
) -> Done:
    """Returns where the clip of a result is, and what belongs on its receipt."""
    url = _video(output)
    facts: dict[str, JSON] = {"request_id": ticket.remote_id}
    if isinstance(output, Mapping):
        facts |= {name: output[name] for name in _KEPT if output.get(name) is not None}
    if seconds is not None:
        facts["inference_seconds"] = seconds
    if units is None:
        return Done(url, facts=facts)
    facts["billable_units"] = float(units)
    unit = _unit_price(ticket)
    billed = None if unit is None else units * unit
    return Done(url, billed=billed, facts=facts)


def _video(output: JSON) -> str:
    """Finds the clip: all of fal's video endpoints call it so, some give several."""
    if isinstance(output, Mapping):
        found = output.get("video") or output.get("videos")
        first = found[0] if isinstance(found, list) else found
        url = first.get("url") if isinstance(first, Mapping) else None
        if isinstance(url, str) and url:
            return url
    raise BadReply("fal answered with a result that names no video.", paths=("video",))


def _units(reply: Response) -> Decimal | None:
    try:
        units = Decimal(reply.headers[UNITS])
    except (KeyError, InvalidOperation):
        return None
    return units if units.is_finite() and units >= 0 else None


def _charged(reply: Response, otherwise: Charged) -> Charged:
    units = _units(reply)
    if units is None:
        return otherwise
    return "yes" if units else "no"


def _unit_price(ticket: Ticket) -> Decimal | None:
    endpoint = endpoints().get(str(ticket.data["endpoint"]))
    return None if endpoint is None else endpoint.unit_usd
