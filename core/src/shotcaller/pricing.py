"""Quotes what a shot would cost on a model; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_UP, Decimal
from typing import TypeAlias

from shotcaller.catalog import (
    Capabilities,
    Model,
    Price,
    Quote,
    Rate,
    Sound,
    Unit,
    operation,
)
from shotcaller.shot import Kind, Media, Shot

FRAMES_PER_SECOND = 24
GIVEN = "given"
"""What a rate asks of an option, or of videos, whose value does not matter."""

Bound: TypeAlias = Callable[[tuple[float, float]], float]

_CENT_OF_A_CENT = Decimal("0.0001")


def has_sound(model: Model, shot: Shot) -> bool:
    """Returns whether the clip will have sound: asked for, or the model's way."""
    offered = model.able(operation(shot)).sound
    if offered is Sound.OPTIONAL:
        return shot.sound is not False
    return offered is Sound.ALWAYS


def frame_size(resolution: str, ratio: str) -> tuple[int, int]:
    """Returns width and height in pixels, both even; the short side is the ``p``."""
    short = int(resolution[:-1]) * (540 if resolution.endswith("k") else 1)
    across, down = (int(part) for part in ratio.split(":"))
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across >= down else (short, long)


def quote(model: Model, shot: Shot) -> Quote:
    """Returns what the shot would cost on the model, in USD.

    A length that the model decides, or that not every cut names, is quoted at the
    longest, and so is a video that is charged for and whose length is not known.
    What no rate covers is unknown, which is not zero.
    """
    price = model.price
    if price is None:
        return Quote(None, None, None)
    offered = model.able(operation(shot)).seconds
    known = _seconds(model, shot)
    low = _cost(model, price, shot, known or offered.low, min)
    high = _cost(model, price, shot, known or offered.high, max)
    if low is None or high is None:
        return Quote(None, None, None, price.source, price.as_of)
    return Quote(low, high, high, price.source, price.as_of)


def _seconds(model: Model, shot: Shot) -> float | None:
    usual = None if shot.cuts else model.able(operation(shot)).default_seconds
    return shot.length or usual


def _rate(model: Model, price: Price, shot: Shot, seconds: float) -> Rate | None:
    known = _circumstances(model, shot, seconds)
    return next((rate for rate in price.rates if _holds(rate, known)), None)


def _holds(rate: Rate, known: Mapping[str, str]) -> bool:
    return all(
        name in known and wanted in {known[name], GIVEN}
        for name, wanted in rate.when.items()
    )


def _circumstances(model: Model, shot: Shot, seconds: float) -> Mapping[str, str]:
    options = shot.options.get(model.gateway, {})
    usual = model.able(operation(shot)).default_resolution
    found = {
        **{name: str(value) for name, value in options.items()},
        "operation": operation(shot),
        "resolution": shot.resolution or usual or "",
        "seconds": f"{seconds:g}",
        "sound": "on" if has_sound(model, shot) else "off",
    }
    return found | {"video": GIVEN} if _videos(shot) else found


def _videos(shot: Shot) -> list[Media]:
    extended = () if shot.extend is None else (shot.extend,)
    return [m for m in (*extended, *shot.references) if m.kind is Kind.VIDEO]


def _cost(
    model: Model, price: Price, shot: Shot, seconds: float, bound: Bound
) -> Decimal | None:
    rate = _rate(model, price, shot, seconds)
    if rate is None:
        return None
    charged = seconds + _input_seconds(rate, shot, bound)
    can = model.able(operation(shot))
    cost = rate.usd * _units(can, shot, rate, charged) + _surcharged(price, shot)
    return cost.quantize(_CENT_OF_A_CENT, ROUND_UP)


def _input_seconds(rate: Rate, shot: Shot, bound: Bound) -> float:
    videos = _videos(shot)
    if rate.input_seconds is None or not videos:
        return 0.0
    known = [video.seconds for video in videos if video.seconds is not None]
    if len(known) == len(videos):
        return sum(known)
    return bound(rate.input_seconds)


def _units(can: Capabilities, shot: Shot, rate: Rate, seconds: float) -> Decimal:
    if rate.per is Unit.CLIP:
        return Decimal(1)
    length = Decimal(str(seconds))
    if rate.per is Unit.SECOND:
        return length
    pixels = rate.pixels or _pixels(can, shot)
    return pixels * (FRAMES_PER_SECOND * length + 1) / 1024


def _pixels(can: Capabilities, shot: Shot) -> int:
    width, height = frame_size(
        shot.resolution or can.default_resolution or "720p",
        shot.ratio or can.default_ratio or "16:9",
    )
    return width * height


def _surcharged(price: Price, shot: Shot) -> Decimal:
    counts = {kind: sum(m.kind is kind for m in shot.references) for kind in Kind}
    return sum(
        (one.usd * max(counts[one.kind] - one.beyond, 0) for one in price.surcharges),
        Decimal(0),
    )
