"""Compares what was delivered and billed with what was asked for; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import PurePath

from shotcaller.catalog import Quote, dollars
from shotcaller.pricing import frame_size
from shotcaller.shot import Shot
from shotcaller.take import Done, Footage

SECONDS_OFF = 0.5
RATIO_OFF = 0.03
CENT = Decimal("0.01")
_SUFFIXES: Mapping[str, frozenset[str]] = {
    "video/mp4": frozenset({".mp4", ".m4v"}),
    "video/quicktime": frozenset({".mov", ".qt"}),
    "video/webm": frozenset({".webm", ".mkv"}),
}


def differences(shot: Shot, footage: Footage) -> tuple[str, ...]:
    """Returns a sentence for each way in which a clip is not as asked for."""
    checks = (_length, _frame, _ratio, _sound)
    return tuple(found for check in checks for found in check(shot, footage))


def overcharged(quote: Quote, billed: Decimal | None) -> Iterator[str]:
    """Yields a sentence where more was billed than a take was to cost at most."""
    if billed is None or quote.high is None or billed - quote.high < CENT:
        return
    yield f"{dollars(billed)} was billed, at most {dollars(quote.high)} quoted"


def undeclared(source: Done, footage: Footage) -> Iterator[str]:
    """Yields a sentence where a clip is not as large as its gateway said."""
    said = source.bytes
    if said is not None and said != footage.bytes:
        yield f"{footage.bytes} bytes were delivered, {said} announced"


def misnamed(footage: Footage) -> Iterator[str]:
    """Yields a sentence where a clip's name says that it is of another kind.

    The name is what was asked for, so it stays.
    """
    path = PurePath(footage.path)
    usual = _SUFFIXES.get(footage.type or "")
    if usual and path.suffix and path.suffix.lower() not in usual:
        yield f"{path.name} is {footage.type}, whatever its name says"


def _length(shot: Shot, footage: Footage) -> Iterator[str]:
    asked, got = shot.length, footage.seconds
    if asked is None or got is None or abs(asked - got) <= SECONDS_OFF:
        return
    yield f"{got:.1f} s were delivered, {asked:g} s asked for"


def _frame(shot: Shot, footage: Footage) -> Iterator[str]:
    if shot.resolution is None or not footage.width or not footage.height:
        return
    asked = min(frame_size(shot.resolution, "1:1"))
    got = min(footage.width, footage.height)
    if abs(got - asked) > asked * RATIO_OFF:
        size = f"{footage.width}x{footage.height}"
        yield f"{size} was delivered, {shot.resolution} asked for"


def _ratio(shot: Shot, footage: Footage) -> Iterator[str]:
    if shot.ratio is None or not footage.width or not footage.height:
        return
    across, down = (int(part) for part in shot.ratio.split(":"))
    asked, got = across / down, footage.width / footage.height
    if abs(got / asked - 1) > RATIO_OFF:
        size = f"{footage.width}x{footage.height}"
        yield f"{size} was delivered, the ratio {shot.ratio} asked for"


def _sound(shot: Shot, footage: Footage) -> Iterator[str]:
    if shot.sound is None or footage.sound is None or shot.sound == footage.sound:
        return
    yield "no sound was delivered" if shot.sound else "sound was delivered unasked"
