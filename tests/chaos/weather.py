"""Names what goes wrong at a vendor while its customers are killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from shotcaller_emulator.faults import (
    After,
    Cut,
    Deed,
    Drop,
    Fault,
    Faults,
    Say,
    Stall,
    Tear,
)
from shotcaller_emulator.outcomes import Later, Outcome
from tests.chaos.kinds import Kind, Weather

SHARE = 0.5
"""The share of requests that meet with the fault."""

SILENCE = 1.5
"""How many seconds a vendor says nothing, before the connection breaks."""

LATE = 0.8
"""How many seconds an answer takes that comes late."""


@frozen
class Late:
    """Does at once what was asked, and answers so many seconds later."""

    seconds: float

    def __call__(self, deed: Deed, /) -> Outcome:
        """Returns the wait, with the answer after it."""
        outcome = deed()
        return Later(self.seconds, lambda _now: outcome)


FAULTS: Mapping[str, Mapping[str, Sequence[Fault]]] = MappingProxyType(
    {
        "none": {},
        "accept-then-drop": {"submit": [After(Drop())]},
        "hang": {"submit": [After(Stall(SILENCE))], "poll": [Stall(SILENCE)]},
        "500 on polls": {"poll": [Say(500)]},
        "broken download": {"download": [Tear(), Cut()]},
        "slow reply": {
            "submit": [Late(LATE)],
            "poll": [Late(LATE)],
            "download": [Late(LATE)],
        },
    }
)
"""What goes wrong, by name, and by what the request is for."""


def faults(kind: Kind, name: str, seed: int) -> Weather:
    """Returns the faults of a name for a kind of gateway, as chance will have them."""
    known = {kind.routes[what]: plays for what, plays in FAULTS[name].items()}
    return Faults(seed, SHARE, known)
