"""Picks out of a reply what can go on a receipt: short texts and usual numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from shotcaller.plugin import JSON

LONGEST = 300
LARGEST = 2**53


def kept(**found: JSON) -> Mapping[str, JSON]:
    """Returns those of the facts that are there and can be told."""
    return {name: value for name, value in found.items() if _plain(value)}


def _plain(value: JSON) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= LARGEST


def text(value: JSON) -> str:
    """Returns a text as it is, and anything else as none."""
    return value if isinstance(value, str) else ""
