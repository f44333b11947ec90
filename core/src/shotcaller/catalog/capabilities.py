"""Describes what models can do: what they start from, lengths, shapes, sound."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import ge, optional

from shotcaller.catalog.options import Option
from shotcaller.shot import Kind, Shot, checks

SHORTEST_STEP = 0.001
_NOISE = 1e-6


class Operation(StrEnum):
    """Says what a shot starts from."""

    TEXT = "text"
    IMAGE = "image"
    FRAMES = "frames"
    REFERENCES = "references"
    EXTEND = "extend"


def starts(shot: Shot) -> tuple[Operation, ...]:
    """Returns all that the shot starts from, what decides most first."""
    found = []
    if shot.extend is not None:
        found.append(Operation.EXTEND)
    if shot.references:
        found.append(Operation.REFERENCES)
    if shot.last_image is not None:
        found.append(Operation.FRAMES)
    elif shot.image is not None:
        found.append(Operation.IMAGE)
    return tuple(found) or (Operation.TEXT,)


def operation(shot: Shot) -> Operation:
    """Returns what the shot starts from."""
    return starts(shot)[0]


class Sound(StrEnum):
    """Says whether a model's clips have sound."""

    NEVER = "never"
    OPTIONAL = "optional"
    ALWAYS = "always"


@frozen
class Lengths:
    """Says which lengths a model offers, in seconds: a list, or a range with a step.

    A ``step`` of 0 means any length in the range; ``choices`` go before the range.
    Where a length cannot be ``asked`` for, the model decides it, within the range.
    """

    low: float
    high: float
    step: float = 0.0
    choices: tuple[float, ...] = ()
    asked: bool = field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.low <= self.high < math.inf:
            msg = f"no clip has a length from {self.low!r} to {self.high!r} s"
            raise ValueError(msg)
        if self.step and not SHORTEST_STEP <= self.step < math.inf:
            msg = f"{self.step!r} s is no step"
            raise ValueError(msg)
        ends = (self.low, self.high)
        if self.choices and (min(self.choices), max(self.choices)) != ends:
            msg = f"{self.choices!r} are not choices from {self.low!r} to {self.high!r}"
            raise ValueError(msg)

    @classmethod
    def of(cls, *choices: float) -> Lengths:
        """Returns the closed list of ``choices``."""
        return cls(min(choices), max(choices), 0.0, tuple(sorted(choices)))

    def __contains__(self, seconds: float) -> bool:
        if self.choices:
            return seconds in self.choices
        if not self.asked or not self.low <= seconds <= self.high:
            return False
        steps = (seconds - self.low) / self.step if self.step else 0.0
        return abs(steps - round(steps)) < _NOISE

    def __str__(self) -> str:
        if not self.asked:
            return f"what it decides, {self.low:g} to {self.high:g}"
        if self.choices:
            *rest, last = (f"{choice:g}" for choice in self.choices)
            return f"{', '.join(rest)} or {last}" if rest else last
        steps = f" in steps of {self.step:g}" if self.step else ""
        return f"{self.low:g} to {self.high:g}{steps}"

    @property
    def count(self) -> float:
        """How many lengths are offered; infinite where any in a range is."""
        if self.choices:
            return len(set(self.choices))
        if self.low == self.high:
            return 1
        span = self.high - self.low
        return int(span / self.step + _NOISE) + 1 if self.step else math.inf

    def nearest(self, seconds: float) -> tuple[float, ...]:
        """Returns the longest length below one that is not offered, and the next above.

        Beyond either end there is only one of them.
        """
        if self.choices:
            below = [choice for choice in self.choices if choice < seconds]
            above = [choice for choice in self.choices if choice > seconds]
            return (*below[-1:], *above[:1])
        if seconds <= self.low:
            return (self.low,)
        last = self.low + (self.count - 1) * self.step if self.step else self.high
        if seconds >= last or not self.step:
            return (last,)
        steps = math.floor((seconds - self.low) / self.step)
        below_it = self.low + steps * self.step
        return (below_it, below_it + self.step)

    def below(self, seconds: float) -> tuple[float, ...]:
        """Returns the lengths that are offered below one, the longest first.

        Of a range without a step those of whole seconds, and the shortest.
        """
        if self.choices:
            return tuple(one for one in reversed(self.choices) if one < seconds)
        step = self.step or 1.0
        count = math.ceil(min(seconds, self.high) - self.low) / step
        found = (self.low + step * n for n in range(math.ceil(count), -1, -1))
        return tuple(one for one in found if one < seconds and one <= self.high)

    def between(self, low: float, high: float) -> bool:
        """Whether a length from ``low`` to ``high`` is offered, both included."""
        if self.choices:
            return any(low <= choice <= high for choice in self.choices)
        first = max(low, self.low)
        if self.step:
            steps = math.ceil((first - self.low) / self.step - _NOISE)
            first = self.low + steps * self.step
        return first <= min(high, self.high) + _NOISE


def _one(check: Callable[[str, object], None]) -> Any:
    return lambda _, attribute, value: check(attribute.name, value)


def _each(check: Callable[[str, object], None]) -> Any:
    def validate(_: object, attribute: Attribute[Any], values: Iterable[str]) -> None:
        for value in values:
            check(attribute.name, value)

    return validate


def _counted(_: object, attribute: Attribute[Any], counts: Mapping[Kind, int]) -> None:
    for kind, count in counts.items():
        if count < 0:
            msg = f"{attribute.name}: {count} is no number for {kind}"
            raise ValueError(msg)


def _operations(values: Iterable[Operation]) -> frozenset[Operation]:
    return frozenset(Operation(value) for value in values)


def _by_kind(counts: Mapping[Kind, int]) -> dict[Kind, int]:
    return {Kind(kind): count for kind, count in counts.items()}


@frozen(kw_only=True)
class Pictures:
    """Says which pictures a model reads, as far as their files tell.

    ``types`` are media types such as ``image/png``, none of them for any; ``shortest``
    is how many pixels a side has at least; ``narrowest`` and ``widest`` are the ratios
    of width to height that it takes, None for any.
    """

    types: tuple[str, ...] = ()
    shortest: int = field(default=1, validator=ge(1))
    narrowest: float = field(default=0.0, validator=ge(0))
    widest: float | None = None

    def __attrs_post_init__(self) -> None:
        if self.widest is not None and not self.narrowest <= self.widest:
            msg = f"no picture is from {self.narrowest!r} to {self.widest!r} wide"
            raise ValueError(msg)


@frozen(kw_only=True)
class Capabilities:
    """Says what a model can do.

    ``operations`` is what a shot may start from, all of it at once where it says so.
    ``prompt`` is the longest prompt in characters, of the shot or of one cut;
    ``cuts`` the largest number of cuts (0: none) and ``cut_seconds`` their lengths,
    None where any will do. ``references`` is the largest number by kind and
    ``most_references`` of all kinds together; ``sound_alone`` says whether they may
    be sounds only. ``media_bytes`` is how large a file of a kind may be, ``pictures``
    what else it asks of pictures. The
    ``default_…`` fields are what the model uses where the shot says nothing;
    ``default_seconds`` None means that the model decides the length itself. ``urls``
    says whether media may be named by URL, ``ratio_from_image`` that the first frame
    decides the ratio.
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
    references: Mapping[Kind, int] = field(
        factory=dict, converter=_by_kind, validator=_counted
    )
    most_references: int | None = field(default=None, validator=optional(ge(0)))
    sound_alone: bool = True
    media_bytes: Mapping[Kind, int] = field(
        factory=dict, converter=_by_kind, validator=_counted
    )
    pictures: Pictures = Pictures()
    prompt: int = field(default=2_500, validator=ge(1))
    cuts: int = field(default=0, validator=ge(0))
    cut_seconds: Lengths | None = None
    negative: bool = False
    seed: bool = False
    urls: bool = True
    ratio_from_image: bool = False
    options: tuple[Option, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.operations:
            msg = "operations: a model starts from something"
            raise ValueError(msg)
        usual = self.default_seconds
        if usual is not None and usual not in self.seconds:
            msg = f"default_seconds {usual!r} is not among {self.seconds} s"
            raise ValueError(msg)
        names = [option.name for option in self.options]
        if twice := {name for name in names if names.count(name) > 1}:
            msg = f"options: {', '.join(sorted(twice))} is there twice"
            raise ValueError(msg)
