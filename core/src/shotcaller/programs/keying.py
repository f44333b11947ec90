"""Says whether a submit may be repeated under its idempotency key."""

from __future__ import annotations

from shotcaller.catalog import Gateway, Safety
from shotcaller.take import Take
from shotcaller.wire import Request

KEY_MARGIN = 3_600.0
"""How long before its end an idempotency key is no longer relied on, in seconds."""


def key_lives(gateway: Gateway, take: Take) -> bool:
    """Whether the gateway is sure to know the key of a submit still."""
    if not _keyed(gateway, take.request) or take.sent_at is None:
        return False
    if take.set_back >= KEY_MARGIN:
        return False  # how long it has been cannot be told any more
    return take.updated - take.sent_at < gateway.key_lives - KEY_MARGIN


def _keyed(gateway: Gateway, request: Request | None) -> bool:
    """Whether the gateway reads a key in the request: the record says, no model."""
    if gateway.safety is not Safety.IDEMPOTENT or request is None:
        return False
    borne = {name.lower() for name in request.headers}
    return not gateway.key_header or gateway.key_header.lower() in borne
