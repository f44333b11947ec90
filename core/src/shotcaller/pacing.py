"""Decides when to ask again: pure, in seconds; drivers add jitter."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from shotcaller.catalog import History

LOCAL_FIRST = 0.05
LOCAL_MOST = 0.2
FIRST = 2.0
ENOUGH = 5
"""How many clips of a model tell how long its fastest ones take."""
SPREAD = 0.2
"""By which part of itself the wait for a poll may be shorter, or longer."""
SLOT = 2.0
FOREIGN = 0.5
"""The wait for a take that somebody else is working on."""
MOST_ATTEMPTS = 4
MOST_MISSES = 8
STEADY = 5
"""After how many failures in a row an error that a job bears itself is believed."""
SOUGHT = 24 * 3_600.0
"""For how many seconds after its submit an uncertain take is looked for by itself."""
REST = 24 * 3_600.0
"""The wait before a take is looked at again of which nothing new is expected."""
LONGEST_ASKED = 3_600.0
"""The longest wait that a gateway is granted, in seconds."""


@frozen
class Deadlines:
    """Says after how many seconds in the queue, or of work, a take is overdue.

    It goes on, and is collected, all the same; only the waiting for it ends.
    """

    queue: float = 7_200.0
    run: float = 3_600.0

    def overdue(self, elapsed: float, *, queued: bool) -> str:
        """Returns in words what takes too long; nothing if it does not."""
        most = self.queue if queued else self.run
        if elapsed <= most:
            return ""
        where = "waiting at the gateway" if queued else "running"
        minutes, limit = elapsed / 60, most / 60
        return f"it has been {where} for {minutes:.0f} min, {limit:.0f} is the limit"


def next_poll(elapsed: float, *, local: bool, asked: float | None = None) -> float:
    """Returns the least wait before the next poll.

    It is 5 % of what has passed since the take was queued, or began to run, from 1 to
    10 seconds, less the spread that drivers add again by chance. ``asked`` is what
    the gateway wants, a floor; a gateway on this machine costs nothing to ask and is
    asked often, so that a short draft is noticed at once.
    """
    part = 0.05 * elapsed
    if local:
        return min(LOCAL_MOST, max(LOCAL_FIRST, part))
    return max(_floor(asked), (1 - SPREAD) * min(10.0, max(1.0, part)))


def first_poll(history: History | None) -> float:
    """Returns the wait from the submit to the first poll: nothing is ready sooner."""
    if history is None or history.p5 is None or history.done < ENOUGH:
        return FIRST
    return max(1.0, history.p5)


def backoff(misses: int, *, asked: float | None = None) -> float:
    """Returns the wait after so many failures in a row: doubling from 1 to 60."""
    return max(_floor(asked), min(60.0, 2.0 ** min(misses, 6)))


def _floor(asked: float | None) -> float:
    """Keeps what a gateway asks for within reason: neither NaN nor for ever."""
    return min(asked, LONGEST_ASKED) if asked is not None and asked > 0 else 0.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds that a reply's Retry-After asks for, if it names any.

    A date is not read: clocks differ, and the floor that our own pace sets is near.
    """
    value = headers.get("retry-after", "").strip()
    return (
        min(float(value), LONGEST_ASKED)
        if value.isascii() and value.isdigit()
        else None
    )
