"""Expects how long a model takes and how often it delivers; pure.

Both begin with what is known before the first take here, and lean on the journal the
more takes there are. That a longer or a larger clip takes longer is an assumption,
and told as such.
"""

from __future__ import annotations

from shotcaller.catalog import History, Model

USUALLY_DONE, USUALLY_NOT = 4.0, 1.0
"""A model that nobody tried here is taken for one that made four clips of five."""

TIMES_BEFORE = 4.0
"""How many takes here the evidence of others about the time is worth."""


USUAL = 5.0
"""The length in seconds for which the evidence of others has the time, at 720p."""

LEAST = 15.0
"""The time in seconds that even the shortest clip takes of a model that is no faster.

Above it, time is taken to grow as the length does: so it did with the one family of
models of which it is known.
"""

_SIZES = ((2_160, 2.0), (1_080, 1.4), (481, 1.0), (0, 0.75))
"""How many times as long as 720p the sizes take that have so many lines or more."""


def reliability(known: History) -> float:
    """Returns how likely a take is to end with a clip: the mean of a Beta posterior.

    What was turned down for what it shows tells of the shot, not of the model.
    """
    tried = USUALLY_DONE + USUALLY_NOT + known.done + known.failed
    return round((USUALLY_DONE + known.done) / tried, 6)


def seconds(
    model: Model, known: History, length: float | None = None, size: str | None = None
) -> float | None:
    """Returns the expected seconds from submit to clip; None where nobody knows.

    ``length`` of the clip is in seconds, ``size`` its resolution; what is not known is
    taken to be as usual. The evidence counts as :data:`TIMES_BEFORE` takes beside those
    that are on record here, whose sizes are taken to be those asked for now.
    """
    told = model.known("speed")
    before = None if told is None else told.value * sized(size)
    before = _longer(before, USUAL, length)
    here = _longer(known.p50, known.clip, length) if known.timed else None
    if here is None or before is None:
        return before if here is None else here
    total = TIMES_BEFORE * before + known.timed * here
    return round(total / (TIMES_BEFORE + known.timed), 3)


def sized(size: str | None) -> float:
    """Returns how many times as long a size takes as 720p does."""
    if size is None:
        return 1.0
    lines = int(size[:-1]) * (540 if size.endswith("k") else 1)
    return next(times for least, times in _SIZES if lines >= least)


def _longer(took: float | None, of: float | None, length: float | None) -> float | None:
    """Returns how long another length takes than the one that took so long."""
    if took is None or of is None or length is None:
        return took
    return round(max(took * length / of, min(took, LEAST)), 3)


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
            (known.refused, "with content turned down (not counted)"),
        )
        if count
    ]
    return f"{takes} here: {', '.join(ends)}"


def about(expected: float) -> str:
    """Returns an expected time in words: whole seconds, from ten of them on."""
    return f"about {expected:.0f} s" if expected >= 10 else f"about {expected:g} s"  # noqa: PLR2004


def timed(known: History) -> str:
    """Returns how long takes took here in words; empty where none is on record."""
    if known.p50 is None or not known.timed:
        return ""
    takes = "1 take" if known.timed == 1 else f"{known.timed} takes"
    slow = "" if known.p90 is None else f", p90 {known.p90:.0f} s"
    lasted = "" if known.clip is None else f" for {known.clip:g} s"
    return f"{takes} here: p50 {known.p50:.0f} s{slow}{lasted}"
