"""Names the sources of what is known of the models, with their dates."""

from __future__ import annotations

from datetime import date

from shotcaller.plugin import Evidence

BOARDS = "blind votes of public arenas on the same model elsewhere"
GUESS = "our own, as no board has the model"
TIMES = "our own, of the time from submit to clip, for 5 s at 720p"

MARGINS = {BOARDS: 0.02, GUESS: 0.05}
"""By how much a quality may be off."""

JUDGED = date(2026, 10, 8)
"""The day up to which the boards were read."""


def judged(
    quality: float, seconds: float, source: str, image: float | None = None
) -> tuple[Evidence, ...]:
    """Returns how good a model's clips are, from 0 to 1, and how long they take.

    ``image`` is how good they are from a picture, where that is another number.
    """
    off, opinion = MARGINS[source], source == GUESS
    found = [Evidence("quality", quality, source, JUDGED, margin=off, judged=opinion)]
    if image is not None:
        found.append(
            Evidence("quality-image", image, source, JUDGED, margin=off, judged=opinion)
        )
    return (*found, Evidence("speed", seconds, TIMES, JUDGED, judged=True))
