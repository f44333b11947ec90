"""Names the sources of what is known of the models, with their dates."""

from __future__ import annotations

from datetime import date

from shotcaller.plugin import Evidence

BOARDS = "blind votes of public arenas on the same model elsewhere"
GUESS = "our own judgement: the model is on no board"
TIMES = "our own judgement of the time from submit to clip"

JUDGED = date(2026, 10, 8)
"""The day up to which the boards were read."""


def judged(quality: float, seconds: float, source: str) -> tuple[Evidence, Evidence]:
    """Returns how good a model's clips are, from 0 to 1, and how long they take."""
    return (
        Evidence("quality", quality, source, JUDGED),
        Evidence("speed", seconds, TIMES, JUDGED),
    )
