"""Makes of what plugins say what a journal can hold: finite numbers, whole characters.

A paid clip must not hang on a vendor's ``NaN``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

LARGEST = 10**15
"""What a number of seconds, places or bytes never reaches."""


def text(value: str) -> str:
    """Returns a text with half characters spelled out, which no UTF-8 can hold."""
    return value.encode(errors="backslashreplace").decode()


def number(value: Any) -> Any:
    """Returns None for a number that is infinite, none, or beyond all measure."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number and not _sane(value) else value


def tree(value: Any) -> Any:
    """Returns JSON with each text and number in it storable."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {name: tree(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [tree(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _sane(value: float) -> bool:
    return -LARGEST <= value <= LARGEST  # which no NaN is
