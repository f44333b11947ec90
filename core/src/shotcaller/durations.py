"""Says how long takes take, and since when they do what they do; pure, in seconds."""

from __future__ import annotations

from shotcaller.take import Running, Take

LATE, LATE_PART = 5.0, 0.1
"""How much too late a look may come, in seconds or as a part of what it took, for the
time that a take took to be known.
"""


def phase_began(take: Take, status: Running) -> float:
    """Returns since when a take waits in the gateway's queue, or runs.

    One that was in the queue when it was last asked about begins to run now.
    """
    accepted = take.created if take.accepted_at is None else take.accepted_at
    if status.ahead is not None:
        return accepted
    if take.running_at is not None:
        return take.running_at
    queued = isinstance(take.status, Running) and take.status.ahead is not None
    return take.updated if queued else accepted


def took(take: Take) -> float | None:
    """Returns how long a take took, unless nobody looked when it was ready."""
    if take.accepted_at is None or take.links or take.took is not None:
        return take.took
    took, late = take.updated - take.accepted_at, take.updated - take.due
    return took if took >= 0 and late <= max(LATE, LATE_PART * took) else None
