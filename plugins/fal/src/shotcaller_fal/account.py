"""Asks fal whether the key is good, which is free."""

from __future__ import annotations

from shotcaller.plugin import Exchange, Request
from shotcaller_fal import ids, words

ENDPOINT = "fal-ai/veo3.1"
"""Whose price is asked for; that it may be gone one day says nothing of the key."""

_GOOD = frozenset({200, 404})
"""With neither answer was the key turned down."""


def check() -> Exchange[str]:
    """Says that the key is good; raises ``Refused`` where fal does not take it.

    A price is told to every key and to nobody without one; the balance only to an
    admin key, which nobody should generate with.
    """
    url = f"{ids.PLATFORM}/models/pricing"
    reply = yield from Request("GET", url, params={"endpoint_id": ENDPOINT})
    if reply.status not in _GOOD:
        raise words.refusal(reply)
    return "the key is good; see fal.ai/dashboard/billing for what is left"
