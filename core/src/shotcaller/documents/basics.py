"""Writes what all documents are made of: amounts, times, days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
"""Is a JSON object."""


def money(amount: Decimal | None) -> float | None:
    """Returns an amount as a number; null is unknown, which is not zero."""
    return None if amount is None else float(amount)


def moment(at: float) -> str:
    """Returns seconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def day(known: date | None) -> str | None:
    """Returns a date as ISO 8601."""
    return None if known is None else known.isoformat()
