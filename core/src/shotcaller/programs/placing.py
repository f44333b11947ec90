"""Looks once more at the place of a take's clip, before the clip is paid."""

from __future__ import annotations

from shotcaller import room
from shotcaller.effects import Do, Program
from shotcaller.take import Take
from shotcaller.wire import Work


def lacking(take: Take) -> Program[str]:
    """Returns why the clip could not be written; nothing where it could.

    Whoever opened the take looked a moment ago: only one that waited since, or that
    steps in for another, is looked at.
    """
    if take.parent is None and take.epoch == 1:
        return ""
    why: str = yield from Do(Work(room.lacking, take.output, take.folder), take.id)
    return why
