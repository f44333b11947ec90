"""Writes our own values as JSON and reads them back, strictly.

Where vendors' answers are read with tolerance (``replies``), what is ours must fit to
the letter: unknown keys, wrong types and unknown tags are refused by path.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeAlias, TypeVar, get_args, get_origin

from attrs import has
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn

from shotcaller.errors import BadInput
from shotcaller.secret import Secret
from shotcaller.take import Done, Failed, Running, Status
from shotcaller.wire import JSON, File, Multipart

T = TypeVar("T")
_STATUSES: Mapping[str, type[Running | Done | Failed]] = {
    cls.__name__: cls for cls in (Running, Done, Failed)
}
_Hook: TypeAlias = Callable[[Any, Any], Any]
_JSON_NAMES = {str: "text", bool: "true or false", int: "a whole number"}


def dump(value: object) -> JSON:
    """Returns a value of ours as JSON; raises ``TypeError`` if it holds a secret."""
    written: JSON = _ours().unstructure(value)
    return written


def load(data: object, cls: type[T], *, name: str = "data") -> T:
    """Returns JSON as a value of ours.

    Raises :class:`~shotcaller.errors.BadInput` naming each path that does not fit;
    ``name`` says what was read.
    """
    try:
        return _ours().structure(data, cls)
    except Exception as error:
        found = transform_error(error, path=name, format_exception=_worded)
        raise BadInput(f"{'; '.join(found)}.", field=name) from error


def text(value: object) -> str:
    """Returns a value as canonical JSON: sorted keys, no spaces, no NaN."""
    return json.dumps(
        dump(value),
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        ensure_ascii=False,
    )


def _worded(error: BaseException, _: type | None) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return str(error).rstrip(".")


def _refuse(_: Secret) -> str:
    msg = "a Secret is never written"
    raise TypeError(msg)


def _not(value: object, what: str) -> TypeError:
    return TypeError(f"{value!r} is not {what}")


def _exactly(*accepted: type) -> Any:
    def check(value: object, cls: type) -> object:
        if type(value) in accepted:
            return cls(value)  # an enumeration of texts comes here too
        raise _not(value, _JSON_NAMES.get(accepted[0], "a number"))

    return check


def _bytes_out(value: bytes) -> JSON:
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _bytes_in(value: Any, _: object) -> bytes:
    match value:
        case {"text": str(plain), **rest} if not rest:
            return plain.encode()
        case {"base64": str(coded), **rest} if not rest:
            try:
                return base64.b64decode(coded, validate=True)
            except binascii.Error as error:
                raise _not(coded, "base64") from error
    raise _not(value, "text or base64")


def _content_in(value: Any, _: object) -> bytes | File | Multipart | None:
    if value is None:
        return None
    if isinstance(value, dict) and "path" in value:
        return _ours().structure(value, File)
    if isinstance(value, dict) and "file" in value:
        return _ours().structure(value, Multipart)
    return _bytes_in(value, bytes)


def _decimal_in(value: Any, _: object) -> Decimal:
    try:
        return Decimal(value if isinstance(value, str) else "")
    except InvalidOperation as error:
        raise _not(value, "an amount written as text") from error


def _date_in(value: Any, _: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise _not(value, "a date such as 2026-01-31") from error


def _header_in(value: Any, _: object) -> str:
    if isinstance(value, str):
        return value
    raise _not(value, "text")


def _is_set(cls: Any) -> bool:
    return (get_origin(cls) or cls) is frozenset


def _set_out(values: frozenset[Any]) -> JSON:
    return [_ours().unstructure(value) for value in sorted(values)]


def _status_out(value: Status | None) -> JSON:
    if value is None:
        return None
    written: dict[str, JSON] = _ours().unstructure(value)
    return {**written, "status": type(value).__name__}


def _status_in(value: Any, _: object) -> Status | None:
    if value is None:
        return None
    fields = dict(value) if isinstance(value, dict) else {}
    tag = fields.pop("status", None)
    if not isinstance(tag, str) or tag not in _STATUSES:
        known = ", ".join(_STATUSES)
        raise _not(value, f"a status, tagged as one of {known}")
    return _ours().structure(fields, _STATUSES[tag])


def _values(cls: Any, converter: Converter) -> _Hook:
    plain: Any = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)

    def structure(value: Any, type_: Any) -> Any:
        if not isinstance(value, dict):
            raise _not(value, f"a table of what makes a {cls.__name__}")
        return plain(value, type_)

    return structure


def _tables(cls: Any, converter: Converter) -> _Hook:
    own = dict.__class_getitem__(get_args(cls))
    plain = converter.get_structure_hook(own)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise _not(value, "a table")
        return plain(value, own)

    return structure


def _lists(cls: Any, converter: Converter) -> _Hook:
    own = list.__class_getitem__(get_args(cls)[0])
    plain = converter.get_structure_hook(own)
    made = get_origin(cls)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise _not(value, "a list")
        return made(plain(value, own))

    return structure


def _is_table(cls: Any) -> bool:
    origin: Any = get_origin(cls)
    return origin is Mapping


def _is_list(cls: Any) -> bool:
    origin, args = get_origin(cls), get_args(cls)
    return origin is frozenset or (origin is tuple and args[1:] == (...,))


@cache
def _ours() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for asked, factory in {has: _values, _is_list: _lists, _is_table: _tables}.items():
        converter.register_structure_hook_factory(asked, factory)
    for cls in (str, bool, int):
        converter.register_structure_hook(cls, _exactly(cls))
    converter.register_structure_hook(float, _exactly(float, int))
    converter.register_structure_hook(str | Secret, _header_in)
    converter.register_structure_hook(bytes | File | Multipart | None, _content_in)
    converter.register_unstructure_hook(bytes, _bytes_out)
    converter.register_structure_hook(bytes, _bytes_in)
    converter.register_unstructure_hook(Secret, _refuse)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, _decimal_in)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, _date_in)
    converter.register_unstructure_hook_func(_is_set, _set_out)
    for union in (Status, Status | None):
        converter.register_unstructure_hook(union, _status_out)
        converter.register_structure_hook(union, _status_in)
    return converter
