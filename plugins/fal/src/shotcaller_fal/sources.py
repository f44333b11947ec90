"""Names the sources of prices and evidence that families share, with their dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shotcaller.plugin import Evidence, Lifecycle, Price, Rate, Surcharge

PAGES = "fal's model pages and their llms.txt"
BOARDS = "blind votes of public arenas on one scale, where 0.5 is Hailuo 02"
KIN = "the votes on its next of kin, on one scale, where 0.5 is Hailuo 02"
OPINION = "an estimate from its kin, as no arena has it; 0.5 is Hailuo 02"
TIMES = "times from submit to clip that were seen in 2026, for 5 s at 720p"
GUESS = "an estimate from its kin, for 5 s at 720p"

JUDGED = date(2026, 10, 8)
"""The day up to which the boards were read."""

LISTED = date(2026, 8, 2)
"""The day of fal's newest list of endpoint types."""


def priced(
    as_of: date,
    *rates: Rate,
    surcharges: Iterable[Surcharge] = (),
    source: str = PAGES,
) -> Price:
    """Returns a price list as it was on a day, by default that of fal's pages.

    Where only a year is known, the day is its first; the last of 2025 stands for the
    winter before the spring of 2026. A ``source`` that is not sure says so.
    """
    return Price(rates, source, as_of, tuple(surcharges))


def judged(
    quality: float,
    seconds: float | None = None,
    *,
    votes: str = BOARDS,
    times: str = TIMES,
) -> tuple[Evidence, ...]:
    """Returns how good a model's clips are, from 0 to 1, and how long they take."""
    good = Evidence("quality", quality, votes, JUDGED)
    if seconds is None:
        return (good,)
    return (good, Evidence("speed", seconds, times, JUDGED))


def missing(successor: str) -> Lifecycle:
    """Returns the lifecycle of what fal's newest list of types no longer has."""
    note = "fal's newest list of types does not have it"
    return Lifecycle(None, successor, note, PAGES, LISTED)
