"""Reads what vendors answer: tolerant of extra keys, exact about missing ones."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from shotcaller.errors import BadReply

if TYPE_CHECKING:  # cattrs takes 0.1 s to load, so plugins must not pay for it
    from cattrs import Converter

T = TypeVar("T")


def read(data: object, cls: type[T], *, source: str) -> T:
    """Returns ``data``, parsed JSON, as an instance of ``cls``.

    Unknown keys are ignored and ids that arrive as numbers are taken as strings.
    Raises :class:`~shotcaller.errors.BadReply` naming each path that does not fit;
    ``source`` says whose answer it was.
    """
    from cattrs import transform_error

    try:
        return _theirs().structure(data, cls)
    except Exception as error:
        found = transform_error(error, path="reply", format_exception=_worded)
        paths = tuple(found)
        message = f"{source} answered in a form we cannot read: {'; '.join(paths)}."
        raise BadReply(message, paths=paths) from error


@cache
def _theirs() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=False)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _flag)
    converter.register_structure_hook_factory(_is_list, _listed)
    return converter


def _is_list(cls: Any) -> bool:
    origin: Any = get_origin(cls)
    return origin is list or (origin is tuple and get_args(cls)[1:] == (...,))


def _listed(cls: Any, converter: Converter) -> Any:
    from cattrs.cols import list_structure_factory

    made: Any = get_origin(cls)
    own: Any = list.__class_getitem__(get_args(cls)[0])
    plain = list_structure_factory(own, converter)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, list):  # a text would be taken for its letters
            raise _expected("a list", value)
        return made(plain(value, own))

    return structure


class _Unexpected(TypeError):
    """Says what was expected and what came."""


def _expected(what: str, value: object) -> _Unexpected:
    return _Unexpected(f"expected {what}, got {type(value).__name__}")


def _worded(error: BaseException, type_: type | None) -> str:
    from cattrs.v import format_exception

    if isinstance(error, _Unexpected):
        return str(error)
    return format_exception(error, type_)


def _text(value: Any, _: type[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _expected("text", value)


def _flag(value: Any, _: type[bool]) -> bool:
    if isinstance(value, bool):
        return value
    raise _expected("true or false", value)
