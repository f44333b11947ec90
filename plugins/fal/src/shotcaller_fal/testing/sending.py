"""Reads what a family sends, and holds it against the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from shotcaller.plugin import JSON, Exchange, Request, Ticket
from shotcaller_fal.catalogue import Complaint, complaints, endpoints
from shotcaller_fal.gateway import GATEWAY

HOST = GATEWAY.api_hosts[0]


def sent(exchange: Exchange[Ticket]) -> tuple[str, Mapping[str, JSON]]:
    """Returns where a submit goes and with which input, as far as its first request."""
    request = next(exchange)
    assert isinstance(request, Request)  # noqa: S101  as a test says it
    assert isinstance(request.json, Mapping)  # noqa: S101
    return request.url.partition(f"{HOST}/")[2], request.json


def wrong(endpoint: str, payload: Mapping[str, JSON]) -> tuple[Complaint, ...]:
    """Returns what the catalogue has against an input."""
    return complaints(endpoints()[endpoint], payload)
