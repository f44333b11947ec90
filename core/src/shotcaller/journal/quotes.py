"""Keeps prices that were promised, each under an id."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence

from attrs import evolve

from shotcaller import codec
from shotcaller.catalog import VALID_FOR, Quoted
from shotcaller.errors import BadInput


def keep(
    db: sqlite3.Connection, quotes: Sequence[Quoted], now: float
) -> tuple[Quoted, ...]:
    """Records quotes with an id and a time, and forgets those that are over."""
    db.execute("DELETE FROM quote WHERE made < ?", (now - VALID_FOR,))
    kept = tuple(evolve(one, id=uuid.uuid4().hex[:12], made=now) for one in quotes)
    for one in kept:
        body = json.dumps(codec.dump(one), separators=(",", ":"))
        db.execute("INSERT INTO quote VALUES (?, ?, ?)", (one.id, now, body))
    return kept


def quoted(db: sqlite3.Connection, id_: str, now: float) -> Quoted | None:
    """Returns the one quote whose id begins so; what is over, or unread, is none."""
    sql = "SELECT body FROM quote WHERE substr(id, 1, ?) = ? AND made >= ? LIMIT 2"
    rows = db.execute(sql, (len(id_), id_, now - VALID_FOR)).fetchall()
    if len(rows) != 1:
        return None
    (row,) = rows
    try:
        return codec.load(json.loads(row["body"]), Quoted, name=f"quote {id_}")
    except BadInput:  # of another version: it was for a day
        return None
