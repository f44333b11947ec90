"""Deals out when an account may be asked, so that no second sees too many questions.

All processes share the journal, so they share this. A second is a row; whoever finds
it full asks in the next one that is not.
"""

from __future__ import annotations

import math
import sqlite3

from shotcaller.take import State, Take

ASKING = frozenset({State.SUBMITTED, State.UNCERTAIN})
"""The states in which a take's next step puts a question to its gateway."""

LATE = 10.0
"""For how many seconds a turn may be taken late: everybody oversleeps a little."""

_KEPT_FOR = 600


def taken(db: sqlite3.Connection, account: str, at: float, most: int) -> float:
    """Takes a turn at a time or, where that second is full, soon after; returns it."""
    wanted = math.floor(at)
    second = _first_free(db, account, wanted, most)
    sql = (
        "INSERT INTO turn VALUES (?, ?, 1)"
        " ON CONFLICT (account, second) DO UPDATE SET taken = taken + 1"
    )
    db.execute(sql, (account, second))
    return at + (second - wanted)


def forget(db: sqlite3.Connection, account: str, now: float) -> None:
    """Forgets the turns that are long over."""
    sql = "DELETE FROM turn WHERE account = ? AND second < ?"
    db.execute(sql, (account, math.floor(now) - _KEPT_FOR))


def out_of_turn(take: Take, now: float, *, at_once: bool) -> bool:
    """Whether a take is about to be asked about at a time that was not dealt to it."""
    return take.state in ASKING and (at_once or now - take.due > LATE)


def _first_free(db: sqlite3.Connection, account: str, second: int, most: int) -> int:
    sql = (
        "SELECT second FROM turn WHERE account = ? AND second >= ? AND taken >= ?"
        " ORDER BY second"
    )
    for (full,) in db.execute(sql, (account, second, most)):
        if full > second:
            break
        second += 1
    return second
