"""Describes a model's own parameters, and tells which values they take."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeGuard

from attrs import field, frozen

from shotcaller.wire import JSON


class Form(StrEnum):
    """Says what JSON an option's value is."""

    ANY = "anything"
    FLAG = "true or false"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "text"
    LIST = "a list"
    TABLE = "a table"


def _number(value: JSON) -> TypeGuard[float]:
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
_BOUNDED = frozenset({Form.ANY, Form.WHOLE, Form.NUMBER})


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

    def __attrs_post_init__(self) -> None:
        low, high = self._bounds
        if not low <= high:
            msg = f"option {self.name}: no number is from {low:g} to {high:g}"
            raise ValueError(msg)
        if self.form not in _BOUNDED and (low, high) != (-math.inf, math.inf):
            msg = f"option {self.name}: {self.form} has no bounds"
            raise ValueError(msg)
        for choice in self.choices:
            if wrong := self.wrong(choice):
                msg = f"option {self.name}: the choice {choice!r} {wrong}"
                raise ValueError(msg)

    def wrong(self, value: JSON) -> str:
        """Says what is wrong with a value, such as ``is not text``; empty if fine."""
        if self.choices and not any(_same(choice, value) for choice in self.choices):
            offered = ", ".join(repr(choice) for choice in self.choices)
            return f"is not one of {offered}"
        if not _FORMS[self.form](value):
            return f"is not {self.form}"
        return self._beyond(value) if _number(value) else ""

    def _beyond(self, value: float) -> str:
        low, high = self._bounds
        if value < low:
            return f"is less than {low:g}"
        return f"is more than {high:g}" if value > high else ""

    @property
    def _bounds(self) -> tuple[float, float]:
        low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high


def _same(choice: JSON, value: JSON) -> bool:
    """Tells 1 from True, which are equal in Python but not in JSON."""
    return choice == value and isinstance(choice, bool) is isinstance(value, bool)
