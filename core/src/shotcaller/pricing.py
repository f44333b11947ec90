"""Quotes what a shot would cost on a model; pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

from shotcaller.catalog import Model, Operation, Quote, Rate, Sound, Unit
from shotcaller.shot import Shot

FRAMES_PER_SECOND = 24
_CENT_OF_A_CENT = Decimal("0.0001")


def operation(shot: Shot) -> Operation:
    """Returns what the shot starts from."""
    if shot.references:
        return Operation.REFERENCES
    if shot.last_image is not None:
        return Operation.FRAMES
    return Operation.TEXT if shot.image is None else Operation.IMAGE


def has_sound(model: Model, shot: Shot) -> bool:
    """Returns whether the clip will have sound: asked for, or the model's way."""
    offered = model.capabilities.sound
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
    longest. What no rate covers is unknown, which is not zero.
    """
    if model.price is None:
        return Quote(None, None, None)
    rate = _rate(model, shot)
    if rate is None:
        return Quote(None, None, None, model.price.source, model.price.as_of)
    offered = model.capabilities
    usual = None if shot.cuts else offered.default_seconds
    asked = shot.length or usual
    low, expected, high = (
        _cost(model, shot, rate, seconds)
        for seconds in (
            asked or offered.seconds.low,
            asked or offered.seconds.high,
            asked or offered.seconds.high,
        )
    )
    return Quote(low, expected, high, model.price.source, model.price.as_of)


def _rate(model: Model, shot: Shot) -> Rate | None:
    known = _circumstances(model, shot)
    rates = model.price.rates if model.price else ()
    return next((rate for rate in rates if rate.when.items() <= known.items()), None)


def _circumstances(model: Model, shot: Shot) -> Mapping[str, str]:
    options = shot.options.get(model.gateway, {})
    return {
        **{name: str(value) for name, value in options.items()},
        "operation": operation(shot),
        "resolution": shot.resolution or model.capabilities.default_resolution or "",
        "sound": "on" if has_sound(model, shot) else "off",
    }


def _cost(model: Model, shot: Shot, rate: Rate, seconds: float) -> Decimal:
    cost = rate.usd * _units(model, shot, rate.per, seconds)
    return cost.quantize(_CENT_OF_A_CENT, ROUND_UP)


def _units(model: Model, shot: Shot, per: Unit, seconds: float) -> Decimal:
    if per is Unit.CLIP:
        return Decimal(1)
    if per is Unit.SECOND:
        return Decimal(str(seconds))
    offered = model.capabilities
    width, height = frame_size(
        shot.resolution or offered.default_resolution or "720p",
        shot.ratio or offered.default_ratio or "16:9",
    )
    pixels = Decimal(width * height * FRAMES_PER_SECOND) * Decimal(str(seconds))
    return pixels / 1024
