"""Is somebody who wants a clip, whatever goes wrong."""

from __future__ import annotations

from shotcaller import Brief, Clip, Shot, Shotcaller, ShotcallerError
from tests.core.worlds import StepClock

TRIES = 6
PAUSE = 120.0
"""How often a clip is asked for, and after how many seconds again."""


def persisted(
    caller: Shotcaller, clock: StepClock, shot: Shot, brief: Brief
) -> Clip | ShotcallerError:
    """Asks for a clip, and again every few minutes, until there is one."""
    last: Clip | ShotcallerError | None = None
    for _ in range(TRIES):
        takes = caller.takes()
        try:
            if takes:
                last = caller.resume(takes[0].id, patience=900)
            else:
                last = caller.generate(shot, brief)
        except ShotcallerError as error:
            last = error
        if isinstance(last, Clip):
            return last
        clock.sleep(PAUSE)
    assert last is not None
    return last
