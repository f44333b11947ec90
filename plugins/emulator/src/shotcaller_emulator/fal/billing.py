"""Works out what a clip costs, and in how many of fal's billable units.

The rules are those seen on the wire, as far as any were: tokens before seconds, the
price that names most of the input before one that names less. Where no listed price
fits an input, the dearest one counts; an endpoint without a price has a made-up one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen

from shotcaller.plugin import JSON
from shotcaller_emulator.fal.clips import filled
from shotcaller_emulator.films import FPS, Film
from shotcaller_fal.catalogue import Endpoint, Listed

MADE_UP = Listed(Decimal("0.10"), "second", {}, "", "made up")
"""The price of endpoints of which none was seen."""

MIL = Decimal("0.000001")
"""Units are given in millionths at most."""

TOKENS = {"1000 tokens": 1000, "million tokens": 1_000_000}

PER_SECOND = {
    "second",
    "requested second",
    "extension second",
    "second of INPUT audio",
}

EXTRAS = {
    "additional second",
    "input image",
    "reference image beyond the first 5",
    "source second",
}
"""What comes on top of the price of the clip."""

LUMA = {"540p": 1, "720p": 2, "1080p": 4}
"""How often Ray 2 counts its price by resolution."""

FREE_REFERENCES = 5
FIRST = 5


@frozen
class Bill:
    """Is what a clip costs: so many units at so many dollars each."""

    units: Decimal
    unit_usd: Decimal

    @property
    def usd(self) -> Decimal:
        """The price of the clip in dollars."""
        return (self.units * self.unit_usd).normalize()


@frozen
class _Clip:
    """Is what a price may depend on: the input with its defaults, and the film."""

    wanted: Mapping[str, JSON]
    film: Film

    @property
    def seconds(self) -> Decimal:
        return Decimal(str(self.film.seconds))

    @property
    def tokens(self) -> Decimal:
        pixels = self.film.width * self.film.height
        return pixels * (FPS * self.seconds + 1) / 1024


def bill(endpoint: Endpoint, given: Mapping[str, JSON], film: Film) -> Bill:
    """Returns what a valid input costs."""
    clip = _Clip(filled(endpoint, given), film)
    base = _base(endpoint, clip)
    usd = _cost(base, clip) + sum(_cost(each, clip) for each in _extras(endpoint))
    unit = unit_usd(endpoint)
    return Bill((usd / unit).quantize(MIL).normalize(), unit)


def unit_usd(endpoint: Endpoint) -> Decimal:
    """Returns the price of a unit: as seen on the wire, or else as listed first."""
    return _unit(endpoint).usd if endpoint.unit_usd is None else endpoint.unit_usd


def unit(endpoint: Endpoint) -> str:
    """Returns the name of an endpoint's unit."""
    return _unit(endpoint).per if endpoint.unit_usd is None else "units"


def _unit(endpoint: Endpoint) -> Listed:
    tokens = [price for price in endpoint.prices if price.per in TOKENS]
    return next(iter((*tokens, *endpoint.prices)), MADE_UP)


def _extras(endpoint: Endpoint) -> Iterator[Listed]:
    return (price for price in endpoint.prices if price.per in EXTRAS)


def _base(endpoint: Endpoint, clip: _Clip) -> Listed:
    prices = [price for price in endpoint.prices if price.per not in EXTRAS]
    fitting = [price for price in prices if _fits(price, clip)]
    if fitting:
        return max(fitting, key=_rank)
    return max(prices, key=lambda price: _cost(price, clip), default=MADE_UP)


def _rank(price: Listed) -> tuple[bool, bool, int]:
    used = any("used" in str(v) or "non-empty" in str(v) for v in price.when.values())
    return used, price.per in TOKENS, len(price.when)


def _fits(price: Listed, clip: _Clip) -> bool:
    length = re.search(r"video of (\d+) s", price.per)
    if length and int(length[1]) != clip.seconds:
        return False
    return all(
        _holds(value, clip.wanted.get(name)) for name, value in price.when.items()
    )


def _holds(condition: JSON, value: JSON) -> bool:
    """Tells whether a condition holds, as "720p or 1080p", "used", or a plain value."""
    if not isinstance(condition, str):
        return condition == value
    if condition == "used" or condition.startswith("non-empty"):
        return bool(value)
    choices = re.split(r"/| or ", condition.lower())
    return str(value).lower() in choices


def _cost(price: Listed, clip: _Clip) -> Decimal:
    return price.usd * _times(price.per, clip)


def _times(per: str, clip: _Clip) -> Decimal | int:  # noqa: PLR0911  a rule for each
    if per in TOKENS:
        return clip.tokens / TOKENS[per]
    if per in PER_SECOND:
        return clip.seconds
    match per:
        case "additional second":
            return max(clip.seconds - FIRST, Decimal(0))
        case "input image" | "reference image beyond the first 5":
            free = 0 if per == "input image" else FREE_REFERENCES
            return max(_images(clip.wanted) - free, 0)
        case "5 s clip":
            return clip.seconds / FIRST
        case "5 s at 540p":
            longer = 2 if clip.seconds > FIRST else 1
            return LUMA[str(clip.wanted["resolution"])] * longer
        case "source second":
            return clip.seconds
        case _ if per.startswith("megapixel"):
            pixels = clip.film.width * clip.film.height * clip.film.frames
            return Decimal(pixels) / 1_000_000
        case _:  # the whole video, or its first seconds
            return 1


def _images(wanted: Mapping[str, JSON]) -> int:
    count = 0
    for name, value in wanted.items():
        if name.endswith("image_url"):
            count += 1
        elif name.endswith("image_urls") and isinstance(value, list):
            count += len(value)
    return count


__all__ = ["Bill", "bill", "unit", "unit_usd"]
