"""Checks what users write: each refusal names the field and shows the value."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import UnionType

from shotcaller.errors import BadInput
from shotcaller.wire import JSON

LONGEST_PROMPT = 20_000
LONGEST_SHOT = 3_600.0
LARGEST_SEED = 2**63 - 1
LARGEST_BUDGET = Decimal(1_000_000)
FINEST_BUDGET = -6  # as a power of ten: the journal counts in millionths
DEEPEST_OPTION = 16
RATIO = r"[1-9][0-9]{0,3}:[1-9][0-9]{0,3}"
RESOLUTION = r"[1-9][0-9]{2,3}p|[1-9][0-9]?k"

_SHOWN = 500  # a path must be legible in full


def shown(value: object) -> str:
    """Returns a value as it is shown in a message, cut short where it is long."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  whatever it is, it can be spoken of
        text = f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def bad(name: str, value: object, rule: str, hint: str = "") -> BadInput:
    """Returns the error that says what is wrong with a field's value."""
    return BadInput(f"{name}: {shown(value)} {rule}.", hint, field=name)


def kind(name: str, value: object, wanted: type | UnionType) -> None:
    """Refuses what is of another kind, with the name of the one that is wanted."""
    if not isinstance(value, wanted):
        named = getattr(wanted, "__name__", "text")
        raise bad(name, value, f"is no {named}")


def text(name: str, value: object) -> None:
    """Refuses what is no text, or none that UTF-8 can hold."""
    if not isinstance(value, str):
        raise bad(name, value, "is not text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        rule = f"has half a character at position {error.start}; it is not Unicode text"
        raise bad(name, value, rule) from error


def prompt(name: str, value: object) -> None:
    """Refuses a prompt that is empty, too long or no text."""
    text(name, value)
    words = str(value)
    if not words.strip():
        raise bad(name, value, "is empty; describe what should be seen")
    if len(words) > LONGEST_PROMPT:
        message = f"{name}: {len(words)} characters are too many"
        message += f" (at most {LONGEST_PROMPT}); it begins {words[:40]!r}."
        raise BadInput(message, "Shorten it.", field=name)


def word(name: str, value: object) -> None:
    """Refuses what is neither None nor a word."""
    if value is None:
        return
    text(name, value)
    if not str(value).strip():
        raise bad(name, value, "is empty")


def words(name: str, value: object) -> None:
    """Refuses what is not several words; one alone is not taken for its letters."""
    if not isinstance(value, tuple):
        raise bad(name, value, "is not a list of ids", "Put it in a list.")
    for item in value:
        if item is None:
            raise bad(name, item, "is not text")
        word(name, item)


def flag(name: str, value: object) -> None:
    """Refuses what is neither true nor false."""
    if not isinstance(value, bool):
        raise bad(name, value, "is neither true nor false")


def length(name: str, value: object) -> None:
    """Refuses what is no length of a shot in seconds; None is one."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(name, value, "is not a number of seconds")
    if not 0 < value <= LONGEST_SHOT:  # false for NaN as well
        limit = f"must be more than 0 and at most {LONGEST_SHOT:g} seconds"
        raise bad(name, value, limit)


def wait(name: str, value: object) -> None:
    """Refuses what is no time to wait in seconds; None is one."""
    if value is None:
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= _float(value) < math.inf:
        raise bad(name, value, "is not a number of seconds of 0 or more")


def seed(name: str, value: object) -> None:
    """Refuses what is no seed; None is one."""
    if value is None:
        return
    if type(value) is not int or not 0 <= value <= LARGEST_SEED:
        raise bad(name, value, f"is not a whole number from 0 to {LARGEST_SEED}")


def matching(name: str, value: object, pattern: str, rule: str) -> None:
    """Refuses what is neither None nor written as a pattern says."""
    if value is None:
        return
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise bad(name, value, rule)


def ratio(name: str, value: object) -> None:
    """Refuses what is not written as a ratio is; None is one."""
    matching(name, value, RATIO, "is not a ratio such as 16:9")


def resolution(name: str, value: object) -> None:
    """Refuses what is not written as a resolution is; None is one."""
    matching(name, value, RESOLUTION, "is not a resolution such as 720p or 4k")


def seconds(value: float | None) -> float | None:
    """Makes 8 and 8.0 the same; leaves to the check what is no number."""
    return value if value is None or isinstance(value, bool) else _float(value)


def _float(value: object) -> float:
    try:
        return float(value) if isinstance(value, int) else value  # type: ignore[return-value]
    except OverflowError:
        return math.inf


def several(name: str, value: object) -> Iterable[object]:
    """Returns what can be gone through, unless it is a text or a mapping."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise bad(name, value, "is not a list", "Put it in a list.")
    return value


def usd(value: Decimal | float | str | None, name: str = "budget") -> Decimal | None:
    """Returns a budget in USD; refuses what is none."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        hint = "Write it as 2, or 2.50."
        raise bad(name, value, "is not an amount in USD", hint) from None
    if not amount.is_finite() or not 0 <= amount <= LARGEST_BUDGET:
        limit = f"is not an amount in USD from 0 to {LARGEST_BUDGET}"
        raise bad(name, value, limit)
    if amount and amount.adjusted() < FINEST_BUDGET:
        raise bad(name, value, "is less than a millionth of a USD")
    return amount


def options(value: object) -> dict[str, dict[str, JSON]]:
    """Returns a copy of a shot's options; refuses what JSON cannot hold."""
    if not isinstance(value, Mapping):
        raise bad("options", value, "is not a table of options by gateway")
    return {gateway: _own(gateway, given) for gateway, given in value.items()}


def _own(gateway: object, given: object) -> dict[str, JSON]:
    if not isinstance(gateway, str):
        raise bad("options", gateway, "is not the id of a gateway")
    text("options", gateway)
    return table(f"options.{gateway}", given)


def table(name: str, value: object, depth: int = 0) -> dict[str, JSON]:
    """Returns a copy of a table as JSON holds it; refuses what JSON cannot hold."""
    if not isinstance(value, Mapping):
        raise bad(name, value, "is not a table")
    for key in value:
        text(name, key)
    return {str(key): _json(f"{name}.{key}", v, depth) for key, v in value.items()}


def _json(name: str, value: object, depth: int) -> JSON:
    if depth > DEEPEST_OPTION:
        raise bad(name, value, f"is nested more than {DEEPEST_OPTION} deep")
    if isinstance(value, Mapping):
        return table(name, value, depth + 1)
    if isinstance(value, str):
        text(name, value)
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_json(f"{name}[{n}]", v, depth + 1) for n, v in enumerate(value)]
    return _number(name, value)


def _number(name: str, value: object) -> JSON:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_SEED:
        return value
    raise bad(name, value, "cannot be written as JSON")
