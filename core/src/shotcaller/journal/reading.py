"""Answers questions about takes; inside a transaction, changes nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection

from shotcaller.errors import JournalError
from shotcaller.journal.protocol import Event
from shotcaller.journal.rows import read
from shotcaller.redaction import Redacting
from shotcaller.take import DEAD, Draft, State, Take

_log = logging.getLogger("shotcaller.journal")
_log.addFilter(Redacting())


def one(db: sqlite3.Connection, sql: str, *values: str) -> Take | None:
    """Returns the first take that a question finds."""
    row = db.execute(sql, values).fetchone()
    return None if row is None else read(row)


def by_id(db: sqlite3.Connection, take: str) -> Take | None:
    """Returns a take."""
    return one(db, "SELECT * FROM take WHERE id = ?", take)


def required(db: sqlite3.Connection, take: str) -> Take:
    """Returns a take; raises :class:`JournalError` if there is none."""
    found = by_id(db, take)
    if found is None:
        path = db.execute("PRAGMA database_list").fetchone()["file"]
        message = f"The journal {path} has no take {take!r}."
        raise JournalError(message, "`shotcaller takes` lists them.")
    return found


def chain(db: sqlite3.Connection, take: str) -> tuple[Take, ...]:
    """Returns a take with its parents and heirs, oldest first."""
    found = by_id(db, take)
    if found is None:
        return ()
    takes = [found]
    while (parent := takes[0].parent) and (before := by_id(db, parent)):
        takes.insert(0, before)
    while (heir := takes[-1].heir) and (after := by_id(db, heir)):
        takes.append(after)
    return tuple(takes)


def retake(db: sqlite3.Connection, digest: str, of: str) -> Take | None:
    """Returns the take that was made beside another and lives or is done."""
    rows = db.execute("SELECT * FROM take WHERE digest = ?", (digest,)).fetchall()
    found = (read(row) for row in rows if State(row["state"]) not in DEAD)
    return next((take for take in found if take.retakes == of), None)


def living(db: sqlite3.Connection, digest: str) -> Take | None:
    """Returns the newest take of a digest that lives or is done."""
    marks = ", ".join("?" * len(DEAD))
    sql = f"SELECT * FROM take WHERE digest = ? AND state NOT IN ({marks}) ORDER BY created DESC LIMIT 1"  # noqa: S608, E501  marks are question marks
    return one(db, sql, digest, *map(str, DEAD))


def joined(db: sqlite3.Connection, draft: Draft) -> Take | None:
    """Returns the take that a draft is no other than, if there is one."""
    if draft.retakes is not None:
        return retake(db, draft.digest, draft.retakes)
    if draft.parent is None:
        return living(db, draft.digest)
    found = one(db, "SELECT * FROM take WHERE parent = ?", draft.parent)
    # somebody may have asked for the same in the meantime
    return found or living(db, draft.digest)


def known(db: sqlite3.Connection, gateway: str) -> frozenset[str]:
    """Returns the remote ids that takes of a gateway have."""
    sql = "SELECT remote_id FROM take WHERE gateway = ? AND remote_id NOT NULL"
    rows = db.execute(sql, (gateway,)).fetchall()
    return frozenset(row["remote_id"] for row in rows)


def due(
    db: sqlite3.Connection,
    account: str,
    states: Collection[State],
    now: float,
    future: float,
) -> list[sqlite3.Row]:
    """Returns ids and owners of an account's takes that are to be looked at by now.

    So are those that were written in the ``future``, before the clock was set back.
    """
    marks = ", ".join("?" * len(states))
    sql = (
        f"SELECT id, owner FROM take WHERE account = ? AND state IN ({marks})"  # noqa: S608  marks are question marks
        " AND (due <= ? OR updated > ?)"
    )
    values = (account, *map(str, states), now, future)
    return db.execute(sql, values).fetchall()


def alike(db: sqlite3.Connection, take: Take) -> tuple[Take, ...]:
    """Returns the takes that may own the same job as one in doubt, oldest first."""
    sql = (
        "SELECT * FROM take WHERE account = ? AND state IN (?, ?, ?)"
        " AND remote_id IS NULL ORDER BY sent_at, created, rowid"
    )
    states = (State.SENDING, State.UNCERTAIN, State.CANCELLED)
    found = map(read, db.execute(sql, (take.account, *map(str, states))).fetchall())
    return tuple(
        one
        for one in found
        if one.request == take.request
        and (one.problem is None or one.problem.charged != "no")
    )


def takes(
    db: sqlite3.Connection, states: Collection[State], limit: int
) -> tuple[Take, ...]:
    """Returns the newest takes in any of the states, newest first."""
    marks = ", ".join("?" * len(states))
    sql = f"SELECT * FROM take WHERE state IN ({marks}) ORDER BY created DESC LIMIT ?"  # noqa: S608  marks are question marks
    found = []
    for row in db.execute(sql, (*map(str, states), limit)).fetchall():
        try:
            found.append(read(row))
        except JournalError as error:  # the others are to be seen all the same
            _log.warning("%s", error)
    return tuple(found)


def ids(db: sqlite3.Connection, prefix: str) -> tuple[str, ...]:
    """Returns the ids that begin so."""
    sql = "SELECT id FROM take WHERE substr(id, 1, ?) = ? ORDER BY created"
    rows = db.execute(sql, (len(prefix), prefix)).fetchall()
    return tuple(row["id"] for row in rows)


def events(db: sqlite3.Connection, take: str) -> tuple[Event, ...]:
    """Returns a take's story, oldest first."""
    sql = "SELECT * FROM event WHERE take = ? ORDER BY rowid"
    rows = db.execute(sql, (take,)).fetchall()
    return tuple(
        Event(row["take"], row["at"], State(row["state"]), row["note"], row["who"])
        for row in rows
    )
