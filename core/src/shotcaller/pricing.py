"""Quotes what a shot would cost on a model; pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from itertools import product

from attrs import frozen

from shotcaller.catalog import (
    GIVEN,
    UNPRICED,
    Capabilities,
    Model,
    Operation,
    Price,
    Quote,
    Rate,
    Sound,
    Unit,
    operation,
)
from shotcaller.shot import Kind, Media, Shot
from shotcaller.wire import JSON

FRAMES_PER_SECOND = 24
PIXELS_PER_TOKEN = 1024

STALE_AFTER = timedelta(days=180)
"""After how long a price is told to be old: vendors change theirs more often."""

NOMINAL = Decimal(5)
"""The seconds for which models are compared where a shot leaves the length open."""

_CENT_OF_A_CENT = Decimal("0.0001")


def has_sound(model: Model, shot: Shot) -> bool:
    """Returns whether the clip will have sound: asked for, or the model's way."""
    return _sounds(model.able(operation(shot)), shot)


def _sounds(can: Capabilities, shot: Shot) -> bool:
    if can.sound is Sound.OPTIONAL:
        return shot.sound is not False
    return can.sound is Sound.ALWAYS


def frame_size(resolution: str, ratio: str) -> tuple[int, int]:
    """Returns width and height in pixels, both even; the short side is the ``p``."""
    short = int(resolution[:-1]) * (540 if resolution.endswith("k") else 1)
    across, down = (int(part) for part in ratio.split(":"))
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across >= down else (short, long)


@frozen
class _Clip:
    """Is a clip that a shot may become, with its length as rates name it."""

    seconds: float
    named: str
    resolution: str


@frozen
class _Cost:
    """Is what a clip may cost, at least and at most, and the rate that it is by."""

    least: Decimal
    most: Decimal
    rate: Rate
    clip: _Clip


def quote(model: Model, shot: Shot, today: date | None = None) -> Quote:
    """Returns what the shot would cost on the model, in USD.

    The bounds are those over all that is left to the model: the length and the frame
    where neither the shot nor a default says them, and how long the videos are that
    are charged for and could not be measured. The highest is expected. What no rate
    covers is unknown, which is not zero. ``today`` tells whether the price is stale.
    """
    price = model.price
    if price is None:
        return UNPRICED
    start = operation(shot)
    can = model.able(start)
    known = _known(model, can, start, shot)
    costs: list[_Cost] = []
    for clip in _clips(can, price, shot):
        rate = _rate(price, known, clip)
        units = () if rate is None else _units(can, shot, rate, clip)
        if rate is None or not units:
            return Quote(None, None, None, price.source, price.as_of)
        costs.append(_Cost(rate.usd * min(units), rate.usd * max(units), rate, clip))
    more = _surcharged(price, shot)
    low = _rounded(min(cost.least for cost in costs) + more)
    dearest = max(costs, key=_most)
    high, rate = _rounded(dearest.most + more), dearest.rate
    return Quote(
        low,
        high,
        high,
        price.source,
        price.as_of,
        rate=rate.usd,
        per=rate.per,
        seconds=dearest.clip.seconds,
        stale=today is not None and today - price.as_of > STALE_AFTER,
    )


def comparable(known: Quote, shot: Shot) -> Decimal | None:
    """Returns what to compare models by, in USD; None where the price is unknown.

    It is what the shot is expected to cost. Where the shot leaves the length open, a
    model would be quoted for its own, and a clip of 4 s seem cheaper than one of 15:
    so it is what :data:`NOMINAL` seconds come to at the same rate.
    """
    if known.expected is None or known.seconds is None or shot.length is not None:
        return known.expected
    return _rounded(known.expected * NOMINAL / Decimal(str(known.seconds)))


def _most(cost: _Cost) -> Decimal:
    return cost.most


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT_OF_A_CENT, ROUND_UP)


def _clips(can: Capabilities, price: Price, shot: Shot) -> Iterator[_Clip]:
    """Yields clips among which are the cheapest and the dearest that are possible."""
    known = shot.resolution or can.default_resolution
    resolutions = (known,) if known else can.resolutions or ("",)
    for (seconds, named), resolution in product(
        _lengths(can, price, shot), resolutions
    ):
        yield _Clip(seconds, named, resolution)


def _lengths(can: Capabilities, price: Price, shot: Shot) -> list[tuple[float, str]]:
    known = shot.length or (None if shot.cuts else can.default_seconds)
    if known is not None:
        return [(known, f"{known:g}")]
    offered = can.seconds
    if offered.choices:
        return [(seconds, f"{seconds:g}") for seconds in offered.choices]
    asked = {rate.when["seconds"] for rate in price.rates if "seconds" in rate.when}
    named = [(float(name), name) for name in sorted(asked) if float(name) in offered]
    if len(named) == offered.count:
        return named
    # All other lengths cost by rates that ask for none: most, and least, at the ends.
    return [*named, (offered.low, ""), (offered.high, "")]


def _known(
    model: Model, can: Capabilities, start: Operation, shot: Shot
) -> dict[str, str]:
    """Returns what rates may ask for, as far as all clips have it in common."""
    known: dict[str, str] = {
        "operation": start,
        "sound": "on" if _sounds(can, shot) else "off",
        "video": GIVEN if _videos(shot) else "",
    }
    options = shot.options.get(model.gateway)
    if not options:
        return known
    named = {name: str(value) for name, value in options.items()}
    return {**named, **dict.fromkeys(_listed(options), GIVEN), **known}


def _rate(price: Price, known: Mapping[str, str], clip: _Clip) -> Rate | None:
    told = {**known, "resolution": clip.resolution, "seconds": clip.named}
    return next((rate for rate in price.rates if _holds(rate, told)), None)


def _listed(options: Mapping[str, JSON]) -> Iterator[str]:
    """Yields the fields of the tables that options list, by their option."""
    for name, value in options.items():
        tables = value if isinstance(value, list) else []
        for table in tables:
            if isinstance(table, Mapping):
                yield from (f"{name}.{field}" for field in table)


def _holds(rate: Rate, known: Mapping[str, str]) -> bool:
    return all(
        bool(known.get(name)) if wanted == GIVEN else known.get(name) == wanted
        for name, wanted in rate.when.items()
    )


def _videos(shot: Shot) -> list[Media]:
    extended = () if shot.extend is None else (shot.extend,)
    return [m for m in (*extended, *shot.references) if m.kind is Kind.VIDEO]


def _units(can: Capabilities, shot: Shot, rate: Rate, clip: _Clip) -> list[Decimal]:
    """Returns how many units may be charged; nothing where that is not known."""
    if rate.per is Unit.CLIP:
        return [Decimal(1)]
    lengths = [Decimal(str(clip.seconds + more)) for more in _input_seconds(rate, shot)]
    if rate.per is Unit.SECOND:
        return lengths
    pixels = [rate.pixels] if rate.pixels else _pixels(can, shot, clip)
    frames = [FRAMES_PER_SECOND * length + 1 for length in lengths]
    return [each * count / PIXELS_PER_TOKEN for each, count in product(pixels, frames)]


def _input_seconds(rate: Rate, shot: Shot) -> Sequence[float]:
    videos = _videos(shot)
    if rate.input_seconds is None or not videos:
        return (0.0,)
    known = [video.seconds for video in videos if video.seconds is not None]
    told, untold = math.fsum(known), len(videos) - len(known)
    if not untold:
        return (told,)
    least, most = rate.input_seconds
    if rate.video_seconds is not None:
        most = min(most, told + untold * rate.video_seconds)
    return (max(told, least), max(told, most))


def _pixels(can: Capabilities, shot: Shot, clip: _Clip) -> list[int]:
    ratio = shot.ratio or can.default_ratio
    ratios = (ratio,) if ratio else can.ratios
    if not clip.resolution:
        return []
    return [math.prod(frame_size(clip.resolution, each)) for each in ratios]


def _surcharged(price: Price, shot: Shot) -> Decimal:
    if not price.surcharges:
        return Decimal(0)
    counts = Counter(item.kind for item in shot.references)
    extra = (
        one.usd * max(counts[one.kind] - one.beyond, 0) for one in price.surcharges
    )
    return sum(extra, Decimal(0))
