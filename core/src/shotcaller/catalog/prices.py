"""Describes what models cost: rates in USD by length, clip or token."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import ge, gt, optional

from shotcaller.catalog.capabilities import Operation
from shotcaller.shot import Kind, checks

HIGHEST_RATE = 10_000
GIVEN = "given"
"""What a rate asks of an option, or of videos, whose value does not matter."""


class Unit(StrEnum):
    """Says what a rate is charged for.

    A token is a 1,024th of a pixel of a frame: width x height x frames / 1024, with
    24 frames a second and one more.
    """

    CLIP = "clip"
    SECOND = "second"
    TOKEN = "token"  # noqa: S105  a unit of price, not a password


def _amount(_: object, __: Attribute[Any], usd: Decimal) -> None:
    if not usd.is_finite() or not 0 <= usd <= HIGHEST_RATE:
        msg = f"a rate of {usd} is not from 0 to {HIGHEST_RATE} USD"
        raise ValueError(msg)


def _plain(value: str) -> bool:
    """Tells whether a length is written as lengths are compared: 8, and not 8.0."""
    try:
        seconds = float(value)
    except ValueError:
        return False
    return 0 < seconds < math.inf and value == f"{seconds:g}"


CONDITIONS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "operation": (set(Operation).__contains__, "an operation such as image"),
    "resolution": (re.compile(checks.RESOLUTION).fullmatch, "a size such as 720p"),
    "seconds": (_plain, "a length such as 8"),
    "sound": ({"on", "off"}.__contains__, "on or off"),
    "video": ({GIVEN}.__contains__, GIVEN),
}
"""What a rate may ask for besides options: what values it has, in code and in words."""


def _conditions(_: object, __: Attribute[Any], when: Mapping[str, object]) -> None:
    for name, value in when.items():
        holds, wanted = CONDITIONS.get(name, (lambda _: True, "text"))
        if not isinstance(value, str) or not holds(value):
            msg = f"a rate when {name} is {value!r}: that is not {wanted}"
            raise ValueError(msg)


@frozen
class Rate:
    """Is an amount in USD for one unit, where all of ``when`` holds.

    ``when`` names ``resolution``, ``sound`` (``on``, ``off``), ``operation``,
    ``seconds``, ``video`` (``given`` where the shot has one, to be guided by or to go
    on from) or an option, by its value or as ``given``; of an option that is a list of
    tables also a field, as in ``elements.voice_id``. The first rate that applies
    counts. ``pixels`` are those of a frame for which tokens are counted, by default
    what resolution and ratio come to. ``input_seconds`` is how long the videos that
    are given are together, at least and at most, where their seconds are charged as
    well, and ``video_seconds`` how long each is at most.
    """

    usd: Decimal = field(converter=Decimal, validator=_amount)
    per: Unit = Unit.SECOND
    when: Mapping[str, str] = field(factory=dict, kw_only=True, validator=_conditions)
    pixels: int | None = field(default=None, kw_only=True, validator=optional(gt(0)))
    input_seconds: tuple[float, float] | None = field(default=None, kw_only=True)
    video_seconds: float | None = field(
        default=None, kw_only=True, validator=optional(gt(0))
    )

    def __attrs_post_init__(self) -> None:
        low, high = self.input_seconds or (0.0, 0.0)
        if not 0 <= low <= high < math.inf:
            msg = f"input_seconds: nothing lasts from {low!r} to {high!r} s"
            raise ValueError(msg)
        if self.pixels is not None and self.per is not Unit.TOKEN:
            msg = f"pixels: a rate per {self.per} does not count them"
            raise ValueError(msg)
        if self.input_seconds is not None and self.per is Unit.CLIP:
            msg = "input_seconds: a rate per clip does not count them"
            raise ValueError(msg)


def _rates(values: Iterable[Rate]) -> tuple[Rate, ...]:
    return tuple(values)


@frozen
class Surcharge:
    """Is an amount in USD for each reference of a kind beyond the first ones."""

    usd: Decimal = field(converter=Decimal, validator=_amount)
    kind: Kind = Kind.IMAGE
    beyond: int = field(default=0, validator=ge(0))


def _surcharges(values: Iterable[Surcharge]) -> tuple[Surcharge, ...]:
    return tuple(values)


@frozen
class Price:
    """Is a model's price list in USD, with its source and date."""

    rates: tuple[Rate, ...] = field(converter=_rates)
    source: str
    as_of: date
    surcharges: tuple[Surcharge, ...] = field(default=(), converter=_surcharges)


FREE = (Rate("0", Unit.CLIP),)
"""The rates of what costs nothing."""
