"""Describes what models cost: rates in USD by length, clip or token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from shotcaller.shot import Kind

HIGHEST_RATE = 10_000


class Unit(StrEnum):
    """Says what a rate is charged for.

    A token is a 1,024th of a pixel of a frame: width x height x frames / 1024, with
    24 frames a second and one more.
    """

    CLIP = "clip"
    SECOND = "second"
    TOKEN = "token"  # noqa: S105  a unit of price, not a password


@frozen
class Rate:
    """Is an amount in USD for one unit, where all of ``when`` holds.

    ``when`` names ``resolution``, ``sound`` (``on``, ``off``), ``operation``,
    ``seconds``, ``video`` (``given`` where a video is among the references) or an
    option, by its value or as ``given``; the first rate that applies counts.
    ``pixels`` are those of a frame for which tokens are counted, by default what
    resolution and ratio come to. ``input_seconds`` is how long the videos that are
    given are at least and at most, where their seconds are charged as well.
    """

    usd: Decimal = field(converter=Decimal)
    per: Unit = Unit.SECOND
    when: Mapping[str, str] = field(factory=dict, kw_only=True)
    pixels: int | None = field(default=None, kw_only=True)
    input_seconds: tuple[float, float] | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.usd.is_finite() or not 0 <= self.usd <= HIGHEST_RATE:
            msg = f"a rate of {self.usd} is not from 0 to {HIGHEST_RATE} USD"
            raise ValueError(msg)


def _rates(values: Iterable[Rate]) -> tuple[Rate, ...]:
    return tuple(values)


@frozen
class Surcharge:
    """Is an amount in USD for each reference of a kind beyond the first ones."""

    usd: Decimal = field(converter=Decimal)
    kind: Kind = Kind.IMAGE
    beyond: int = 0


@frozen
class Price:
    """Is a model's price list in USD, with its source and date."""

    rates: tuple[Rate, ...] = field(converter=_rates)
    source: str
    as_of: date
    surcharges: tuple[Surcharge, ...] = ()


FREE = (Rate("0", Unit.CLIP),)
"""The rates of what costs nothing."""
