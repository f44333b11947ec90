"""Describes what models can do: lengths, shapes, sound, and their own parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from shotcaller.shot import Kind, Shot, checks
from shotcaller.wire import JSON

SHORTEST_STEP = 0.001


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
        return abs(steps - round(steps)) < 1e-6  # noqa: PLR2004  float noise

    def __str__(self) -> str:
        if not self.asked:
            return f"what it decides, {self.low:g} to {self.high:g}"
        if self.choices:
            *rest, last = (f"{choice:g}" for choice in self.choices)
            return f"{', '.join(rest)} or {last}" if rest else last
        whole = " in whole seconds" if self.step == 1 else ""
        stepped = f" in steps of {self.step:g}" if self.step not in {0, 1} else ""
        return f"{self.low:g} to {self.high:g}{whole}{stepped}"


class Form(StrEnum):
    """Says what JSON an option's value is."""

    ANY = "anything"
    FLAG = "true or false"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "text"
    LIST = "a list"
    TABLE = "a table"


@frozen
class Option:
    """Is a model's own parameter, given as ``--option name=value``.

    ``choices`` are the only values, if there are any; ``low`` and ``high`` bound a
    number. Without one that is ``required`` the model makes nothing.
    """

    name: str
    about: str
    choices: tuple[JSON, ...] = ()
    form: Form = field(default=Form.ANY, kw_only=True)
    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)
    required: bool = field(default=False, kw_only=True)

    def wrong(self, value: JSON) -> str:
        """Says what is wrong with a value, such as ``is not text``, or nothing."""
        if self.choices and not any(_same(choice, value) for choice in self.choices):
            offered = ", ".join(repr(choice) for choice in self.choices)
            return f"is not one of {offered}"
        if not _FORMS[self.form](value):
            return f"is not {self.form}"
        return self._out_of_bounds(value) if isinstance(value, int | float) else ""

    def _out_of_bounds(self, value: float) -> str:
        if self.low is not None and value < self.low:
            return f"is less than {self.low:g}"
        if self.high is not None and value > self.high:
            return f"is more than {self.high:g}"
        return ""


def _same(choice: JSON, value: JSON) -> bool:
    """Tells 1 from True, which are equal in Python but not in JSON."""
    return choice == value and isinstance(choice, bool) is isinstance(value, bool)


def _number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FORMS: Mapping[Form, Callable[[JSON], bool]] = {
    Form.ANY: lambda _: True,
    Form.FLAG: lambda value: isinstance(value, bool),
    Form.WHOLE: lambda value: _number(value) and isinstance(value, int),
    Form.NUMBER: _number,
    Form.TEXT: lambda value: isinstance(value, str),
    Form.LIST: lambda value: isinstance(value, list | tuple),
    Form.TABLE: lambda value: isinstance(value, Mapping),
}


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

    ``operations`` is what a shot may start from, all of it at once where it says so.
    ``prompt`` is the longest prompt in characters, those of the cuts included;
    ``cuts`` the largest number of cuts (0: none) and ``cut_seconds`` their lengths.
    ``references`` is the largest number by kind and ``most_references`` of all kinds
    together; ``sound_alone`` says whether they may be sounds only. ``media_bytes`` is
    how large a file of a kind may be. The ``default_…`` fields are what the model
    uses where the shot says nothing; ``default_seconds`` None means that the model
    decides the length itself. ``urls`` says whether media may be named by URL,
    ``ratio_from_image`` that the first frame decides the ratio.
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
    most_references: int | None = None
    sound_alone: bool = True
    media_bytes: Mapping[Kind, int] = field(factory=dict)
    prompt: int = 2_500
    cuts: int = 0
    cut_seconds: Lengths | None = None
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
