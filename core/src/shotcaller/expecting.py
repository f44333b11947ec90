"""Expects how long a model takes and how often it delivers; pure.

Both begin with what is known before the first take here, and lean on the journal the
more takes there are.
"""

from __future__ import annotations

from shotcaller.catalog import History, Model

USUALLY_DONE, USUALLY_NOT = 4.0, 1.0
"""A model that nobody tried here is taken for one that made four clips of five."""

TIMES_BEFORE = 4.0
"""How many takes here the evidence of others about the time is worth."""


def reliability(known: History) -> float:
    """Returns how likely a take is to end with a clip: the mean of a Beta posterior."""
    tried = USUALLY_DONE + USUALLY_NOT + known.takes
    return round((USUALLY_DONE + known.done) / tried, 6)


def seconds(model: Model, known: History) -> float | None:
    """Returns the expected seconds from submit to clip; None where nobody knows.

    The evidence counts as :data:`TIMES_BEFORE` takes beside those that are on record
    here.
    """
    told = model.known("speed")
    if known.p50 is None or not known.timed:
        return None if told is None else told.value
    if told is None:
        return known.p50
    total = TIMES_BEFORE * told.value + known.timed * known.p50
    return round(total / (TIMES_BEFORE + known.timed), 3)


def counted(known: History) -> str:
    """Returns what is on record here in words, with the size of the sample."""
    if not known.takes:
        return "no takes here yet"
    takes = "1 take" if known.takes == 1 else f"{known.takes} takes"
    ends = [
        f"{count} {end}"
        for count, end in (
            (known.done, "done"),
            (known.failed, "failed"),
            (known.refused, "refused"),
        )
        if count
    ]
    return f"{takes} here: {', '.join(ends)}"


def timed(known: History) -> str:
    """Returns how long takes took here in words; empty where none is on record."""
    if known.p50 is None or not known.timed:
        return ""
    takes = "1 take" if known.timed == 1 else f"{known.timed} takes"
    slow = "" if known.p90 is None else f", p90 {known.p90:.0f} s"
    return f"{takes} here: p50 {known.p50:.0f} s{slow}"
