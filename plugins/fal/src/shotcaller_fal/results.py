"""Reads results: the model's own status, headers and body, as the queue replays them.

Facts that surprise: a job without an error may have a bad result, a result of 4xx is
the end of it, and units are not seconds but whatever the endpoint is priced by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

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
from shotcaller_fal import clips, prices, words

UNITS = "x-fal-billable-units"
EXPIRED = "expired"
_REQUEST_ID = "x-fal-request-id"
_KEPT = ("seed", "expanded_prompt", "actual_prompt")
_LARGEST = 2**63 - 1
_OK = 200
_BAD_REQUEST = 400
_NOT_FOUND = 404
_GONE = frozenset({_NOT_FOUND, 410})
_CANCELLED = 499
_BROKEN = 500


def is_gone(reply: Response) -> bool:
    """Whether a finished job's result is kept no more, after an hour or minutes."""
    return reply.status in _GONE and "Path " not in words.said(reply).text


def is_told(reply: Response) -> bool:
    """Whether a result can be the model's own, and no page of a proxy's.

    A proxy may pass fal's id of the request on, but none of its words: the job behind
    its page may have made a clip that is paid for.
    """
    if reply.status < _BAD_REQUEST or words.said(reply).text:
        return True
    return reply.status < _BROKEN and _REQUEST_ID in reply.headers


def units(reply: Response) -> Decimal | None:
    """Returns how many units fal bills for a result, if it says so."""
    return prices.sane(reply.headers.get(UNITS))


def ending(
    reply: Response,
    ticket: Ticket,
    seconds: float | None = None,
    unit_usd: Decimal | None = None,
) -> Status:
    """Returns what a result means.

    ``seconds`` is the inference time and ``unit_usd`` the price of a unit, if known.
    """
    if reply.status < _BAD_REQUEST:
        return _made(reply, ticket, seconds, unit_usd)
    said = words.said(reply)
    if reply.status == _BAD_REQUEST and "in progress" in said.text:
        return Running("finishing")
    if reply.status == _CANCELLED:
        return Failed("cancelled at fal", _charged(reply, "unknown"), "cancelled")
    if said.code == words.CONTENT:
        # whether a clip that is made and then withheld is billed is documented nowhere
        return Failed(said.sentence, _charged(reply, "unknown"), said.code)
    free = reply.status >= _BROKEN or reply.status in {_NOT_FOUND, words.UNPROCESSABLE}
    charged = _charged(reply, "no" if free else "unknown")
    return Failed(said.sentence, charged, said.code)


def _made(
    reply: Response, ticket: Ticket, seconds: float | None, unit_usd: Decimal | None
) -> Status:
    output = reply.json()
    url = next(clips.videos(output), None)
    if url is not None:
        count = units(reply)
        billed = None if count is None or unit_usd is None else count * unit_usd
        facts = {
            **_own(output),
            "request_id": ticket.remote_id,
            "inference_seconds": seconds,
            "billable_units": _number(count),
            "unit_usd": _number(unit_usd),
        }
        told = {name: value for name, value in facts.items() if value is not None}
        size = clips.size(output, url)
        return Done(url, billed=billed, facts=told, bytes=size)
    if reply.status != _OK or not isinstance(output, Mapping):
        message = f"fal answered {reply.status} with a result that names no video."
        raise BadReply(message, paths=("video",))
    names = words.plain(", ".join(output)) or "nothing"
    reason = f"fal finished it, but its result names no video: it holds {names}"
    reason = f"{reason} (request {ticket.remote_id})"
    return Failed(reason, _charged(reply, "unknown"), "no-video")


def _own(output: JSON) -> dict[str, JSON]:
    found = output if isinstance(output, Mapping) else {}
    return {name: _fact(found.get(name)) for name in _KEPT}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _fact(value: JSON) -> JSON:
    """Returns what a receipt can hold: a text, or a number of a usual size."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float) else None


def _charged(reply: Response, otherwise: Charged) -> Charged:
    count = units(reply)
    if count is None:
        return otherwise
    return "yes" if count else "no"
