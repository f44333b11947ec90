"""Describes models: what they can do, what they cost, how good, until when."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from shotcaller.shot import Kind, checks
from shotcaller.wire import JSON

HIGHEST_RATE = 10_000
SHORTEST_STEP = 0.001


class Operation(StrEnum):
    """Says what a shot starts from."""

    TEXT = "text"
    IMAGE = "image"
    FRAMES = "frames"
    REFERENCES = "references"


class Sound(StrEnum):
    """Says whether a model's clips have sound."""

    NEVER = "never"
    OPTIONAL = "optional"
    ALWAYS = "always"


@frozen
class Lengths:
    """Says which lengths a model offers, in seconds: a list, or a range with a step.

    A ``step`` of 0 means any length in the range; ``choices`` go before the range.
    """

    low: float
    high: float
    step: float = 0.0
    choices: tuple[float, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not 0 < self.low <= self.high < math.inf:
            msg = f"no clip has a length from {self.low!r} to {self.high!r} s"
            raise ValueError(msg)
        if self.step and not SHORTEST_STEP <= self.step < math.inf:
            msg = f"{self.step!r} s is no step"
            raise ValueError(msg)

    @classmethod
    def of(cls, *choices: float) -> Lengths:
        """Returns the closed list of ``choices``."""
        return cls(min(choices), max(choices), 0.0, tuple(sorted(choices)))

    def __contains__(self, seconds: float) -> bool:
        if self.choices:
            return seconds in self.choices
        if not self.low <= seconds <= self.high:
            return False
        steps = (seconds - self.low) / self.step if self.step else 0.0
        return abs(steps - round(steps)) < 1e-6  # noqa: PLR2004  float noise

    def __str__(self) -> str:
        if self.choices:
            *rest, last = (f"{choice:g}" for choice in self.choices)
            return f"{', '.join(rest)} or {last}" if rest else last
        whole = " in whole seconds" if self.step == 1 else ""
        stepped = f" in steps of {self.step:g}" if self.step not in {0, 1} else ""
        return f"{self.low:g} to {self.high:g}{whole}{stepped}"


@frozen
class Option:
    """Is a model's own parameter, given as ``--option name=value``."""

    name: str
    about: str
    choices: tuple[JSON, ...] = ()


def _one(check: Callable[[str, object], None]) -> Any:
    return lambda _, attribute, value: check(attribute.name, value)


def _each(check: Callable[[str, object], None]) -> Any:
    def validate(_: object, attribute: Attribute[Any], values: Iterable[str]) -> None:
        for value in values:
            check(attribute.name, value)

    return validate


def _operations(values: Iterable[Operation]) -> frozenset[Operation]:
    return frozenset(values)


@frozen(kw_only=True)
class Capabilities:
    """Says what a model can do.

    ``prompt`` is the longest prompt in characters, ``cuts`` the largest number of
    cuts (0: none), ``references`` the largest number by kind. The ``default_…``
    fields are what the model uses where the shot says nothing; ``default_seconds``
    None means that the model decides the length itself. ``urls`` says whether media
    may be named by URL, ``ratio_from_image`` that the first frame decides the ratio.
    """

    operations: frozenset[Operation] = field(converter=_operations)
    seconds: Lengths
    default_seconds: float | None = None
    ratios: tuple[str, ...] = field(default=(), validator=_each(checks.ratio))
    default_ratio: str | None = field(default=None, validator=_one(checks.ratio))
    resolutions: tuple[str, ...] = field(default=(), validator=_each(checks.resolution))
    default_resolution: str | None = field(
        default=None, validator=_one(checks.resolution)
    )
    sound: Sound = Sound.NEVER
    references: Mapping[Kind, int] = field(factory=dict)
    prompt: int = 2_500
    cuts: int = 0
    negative: bool = False
    seed: bool = False
    urls: bool = True
    ratio_from_image: bool = False
    options: tuple[Option, ...] = ()

    def __attrs_post_init__(self) -> None:
        usual = self.default_seconds
        if usual is not None and usual not in self.seconds:
            msg = f"default_seconds {usual!r} is not among {self.seconds} s"
            raise ValueError(msg)


class Unit(StrEnum):
    """Says what a rate is charged for.

    A token is a 1,024th of a pixel of a frame: width x height x frames / 1024.
    """

    CLIP = "clip"
    SECOND = "second"
    TOKEN = "token"  # noqa: S105  a unit of price, not a password


@frozen
class Rate:
    """Is an amount in USD for one unit, where all of ``when`` holds.

    ``when`` names ``resolution``, ``sound`` (``on``, ``off``), ``operation`` or an
    option; the first rate that applies counts.
    """

    usd: Decimal = field(converter=Decimal)
    per: Unit = Unit.SECOND
    when: Mapping[str, str] = field(factory=dict, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.usd.is_finite() or not 0 <= self.usd <= HIGHEST_RATE:
            msg = f"a rate of {self.usd} is not from 0 to {HIGHEST_RATE} USD"
            raise ValueError(msg)


def _rates(values: Iterable[Rate]) -> tuple[Rate, ...]:
    return tuple(values)


@frozen
class Price:
    """Is a model's price list in USD, with its source and date."""

    rates: tuple[Rate, ...] = field(converter=_rates)
    source: str
    as_of: date


FREE = (Rate("0", Unit.CLIP),)
"""The rates of what costs nothing."""


@frozen
class Evidence:
    """Is one dated judgement: of ``quality`` from 0 to 1, or ``speed`` in seconds.

    ``speed`` is the usual time from submit to finished clip.
    """

    about: str
    value: float
    source: str
    as_of: date

    def __attrs_post_init__(self) -> None:
        value, most = self.value, 1.0 if self.about == "quality" else math.inf
        if not 0 <= value <= most or value == math.inf:
            msg = f"evidence about {self.about}: {value!r} is not from 0 to {most:g}"
            raise ValueError(msg)


@frozen
class Lifecycle:
    """Says until when a model lives, and what comes after it."""

    retires_on: date | None = None
    successor: str | None = None
    note: str = ""
    source: str = ""


_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"  # so neither empty nor ..
_MODEL_ID = re.compile(rf"[a-z][a-z0-9-]*[/:]{_PART}(/{_PART})*")


def _words(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        msg = f"traits: {values!r} is not a set of words"
        raise TypeError(msg)
    return frozenset(values)


def _evidence(values: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(values)


@frozen(kw_only=True)
class Model:
    """Is what is on offer at a gateway; its id is ``gateway/family-version[-tier]``.

    ``traits`` are words a vote can go by (``cinematic``, ``dialogue``, ``draft``).
    ``price`` None means unknown, which is not zero. ``artificial`` is False where no
    AI model draws the clip.
    """

    id: str
    title: str
    maker: str
    capabilities: Capabilities
    price: Price | None = None
    evidence: tuple[Evidence, ...] = field(default=(), converter=_evidence)
    lifecycle: Lifecycle = Lifecycle()
    traits: frozenset[str] = field(default=frozenset(), converter=_words)
    artificial: bool = True
    listed: bool = True

    def __attrs_post_init__(self) -> None:
        if not _MODEL_ID.fullmatch(self.id):
            msg = f"model id {self.id!r} is not written gateway/family-version"
            raise ValueError(msg)

    @property
    def gateway(self) -> str:
        """The id of the gateway that is paid."""
        return re.split("[/:]", self.id, maxsplit=1)[0]

    def known(self, about: str) -> Evidence | None:
        """Returns the newest evidence about ``quality`` or ``speed``, if any."""
        found = [item for item in self.evidence if item.about == about]
        return max(found, key=lambda item: item.as_of, default=None)
