"""Turns takes into rows and back; the columns are what the journal decides by."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Any

from shotcaller import codec
from shotcaller.errors import BadInput, JournalError
from shotcaller.redaction import unsigned
from shotcaller.take import Done, Take

COLUMNS = (
    "id",
    "digest",
    "state",
    "epoch",
    "owner",
    "due",
    "parent",
    "heir",
    "gateway",
    "account",
    "created",
    "updated",
    "sent_at",
    "model",
    "took",
)
"""The columns that are fields of a take; all else is in ``body``, as JSON."""


def written(take: Take) -> dict[str, str | int | float | None]:
    """Returns a take as a row; ``reserved`` is in millionths of a dollar."""
    dumped = codec.dump(take)
    body: dict[str, Any] = {k: v for k, v in _items(dumped) if k not in COLUMNS}
    if isinstance(take.status, Done) and take.status.url is not None:
        # a signature lasts for minutes or hours; the gateway gives another
        body["status"] = {**body["status"], "url": unsigned(take.status.url)}
    return {
        **_columns(take),
        "body": json.dumps(body, separators=(",", ":"), allow_nan=False),
    }


def _columns(take: Take) -> dict[str, str | int | float | None]:
    row = {name: getattr(take, name) for name in COLUMNS}
    row["state"] = str(take.state)
    row["remote_id"] = None if take.ticket is None else take.ticket.remote_id
    row["reserved"] = _micros(take.reserved)
    return row


def changed(before: Take, after: Take) -> dict[str, str | int | float | None]:
    """Returns the columns that a move has changed, and the body.

    Each index that has a column which is written is written anew, changed or not: half
    of what goes to the disk would be indexes.
    """
    was, row = _columns(before), written(after)
    return {n: value for n, value in row.items() if n not in was or value != was[n]}


def read(row: sqlite3.Row) -> Take:
    """Returns the take of a row."""
    columns = {name: row[name] for name in COLUMNS}
    try:
        body = json.loads(row["body"])
        return codec.load({**body, **columns}, Take, name=f"take {row['id']}")
    except (BadInput, ValueError) as error:
        why = error.message if isinstance(error, BadInput) else f"{error}."
        message = f"The record of take {row['id']} cannot be read: {why}"
        hint = "Money may have moved for it; look at its gateway."
        raise JournalError(message, hint, row["id"], "unknown") from error


def _items(dumped: object) -> list[tuple[str, object]]:
    return list(dumped.items()) if isinstance(dumped, dict) else []


def _micros(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 1_000_000)
