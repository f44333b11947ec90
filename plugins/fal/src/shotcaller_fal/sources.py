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

MARGINS = {BOARDS: 0.02, KIN: 0.03, OPINION: 0.05}
"""By how much a quality may be off.

Boards that agree differ by about 15 points of Elo, their intervals are as wide again,
and 0.03 is what 40 points come to at the top.
"""

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
    image: float | None = None,
    margin: float | None = None,
    votes: str = BOARDS,
    times: str = TIMES,
) -> tuple[Evidence, ...]:
    """Returns how good a model's clips are, from 0 to 1, and how long they take.

    ``image`` is how good they are from a picture, where that is another number;
    ``margin`` by how much either may be off, by default as :data:`MARGINS` has it.
    """
    off = MARGINS[votes] if margin is None else margin
    opinion = votes == OPINION
    found = [Evidence("quality", quality, votes, JUDGED, margin=off, judged=opinion)]
    if image is not None:
        found.append(
            Evidence("quality-image", image, votes, JUDGED, margin=off, judged=opinion)
        )
    if seconds is not None:
        guess = times == GUESS
        found.append(Evidence("speed", seconds, times, JUDGED, judged=guess))
    return tuple(found)


def missing(successor: str) -> Lifecycle:
    """Returns the lifecycle of what fal's newest list of types no longer has."""
    note = "fal's newest list of types does not have it"
    return Lifecycle(None, successor, note, PAGES, LISTED)
