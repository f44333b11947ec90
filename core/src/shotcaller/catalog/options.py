"""Describes a model's own parameters, and tells which values they take."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_BOUNDED = frozenset({Form.ANY, Form.WHOLE, Form.NUMBER, Form.LIST})


_ADDRESS = re.compile(r"(?:.*_)?ur[il]s?", re.IGNORECASE)
_REACHED = re.compile(r"(?:https?://|data:)", re.IGNORECASE)


def strays(name: str, value: JSON) -> Iterator[tuple[str, str]]:
    """Yields what is no address where the name of an option, or of a field, wants one.

    Such as the path of a file on this machine, of which a gateway would get the text.
    """
    if isinstance(value, str):
        if _ADDRESS.fullmatch(name) and not _REACHED.match(value):
            yield name, value
    elif isinstance(value, Mapping):
        for inner, held in value.items():
            yield from strays(inner, held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from strays(name, held)


@frozen
class Option:
    """Is a model's own parameter, given as ``--option name=value``.

    ``choices`` are the only values, if there are any; ``low`` and ``high`` bound a
    number, or how many items a list has. ``each`` is what the items of a list are,
    None anything; ``fields`` are all that a table may hold, none for anything.
    Without one that is ``required`` the model makes nothing.
    """

    name: str
    about: str
    choices: tuple[JSON, ...] = ()
    form: Form = field(default=Form.ANY, kw_only=True)
    low: float | None = field(default=None, kw_only=True)
    high: float | None = field(default=None, kw_only=True)
    each: Option | None = field(default=None, kw_only=True)
    fields: tuple[Option, ...] = field(default=(), kw_only=True)
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

    @property
    def names(self) -> tuple[str, ...]:
        """What a price may go by: the option, and each field of the tables it lists."""
        listed = () if self.each is None else self.each.fields
        return (self.name, *(f"{self.name}.{one.name}" for one in listed))

    def wrong(self, value: JSON) -> str:
        """Says what is wrong with a value, such as ``is not text``; empty if fine."""
        if self.choices and not any(_same(choice, value) for choice in self.choices):
            offered = ", ".join(repr(choice) for choice in self.choices)
            return f"is not one of {offered}"
        if not _FORMS[self.form](value):
            return f"is not {self.form}"
        if self.form is Form.LIST and isinstance(value, list | tuple):
            return self._wrong_items(value)
        if self.fields and isinstance(value, Mapping):
            return self._wrong_fields(value)
        return self._beyond(value) if _number(value) else ""

    def _wrong_items(self, items: Sequence[JSON]) -> str:
        if many := self._beyond(len(items)):
            return f"has {len(items)} items, which {many}"
        for number, item in enumerate(items, 1):
            if self.each is not None and (wrong := self.each.wrong(item)):
                return f"has an item {number} that {wrong}"
        return ""

    def _wrong_fields(self, table: Mapping[str, JSON]) -> str:
        known = {one.name: one for one in self.fields}
        for name, value in table.items():
            if name not in known:
                return f"has an unknown field {name!r} (it takes {', '.join(known)})"
            if wrong := known[name].wrong(value):
                return f"has a field {name!r} that {wrong}"
        return ""

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
