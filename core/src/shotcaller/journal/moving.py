"""Moves takes from state to state; inside a transaction, guards what money needs."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence

from attrs import evolve, fields

from shotcaller.budgets import Limit
from shotcaller.effects import Move, NoSlot, Overtaken
from shotcaller.journal import budgets as money
from shotcaller.journal import health, reading, turns
from shotcaller.journal.rows import changed, written
from shotcaller.take import Draft, State, Take

IN_FLIGHT_FOR = 6 * 3600.0
"""After how many seconds a take no longer counts against its gateway's places."""

IN_FLIGHT = (State.SENDING, State.SUBMITTED)
"""The states in which a take has a place at its gateway."""

_KEPT = frozenset({"id", "heir"})
"""The columns that no move writes: an heir may be named meanwhile."""


def moved(db: sqlite3.Connection, move: Move, now: float, who: str, most: int) -> Take:
    """Performs one transition; raises ``Overtaken`` or ``NoSlot``.

    ``most`` is how many questions a second may be put to the take's account.
    """
    if move.limit is not None:
        require_slot(db, move.take, move.limit, now)
    sent_at = move.to.sent_at
    if sent_at is None and move.to.state is State.SENDING:
        sent_at = now
    take = evolve(
        move.to,
        epoch=move.take.epoch + 1,
        owner=move.take.owner if move.keep else None,
        due=_due(db, move, now, most),
        updated=now,
        sent_at=sent_at,
        set_back=set_back(move.take, now),
    )
    if move.take.state in {State.UNCERTAIN, State.CANCELLED}:
        require_unowned(db, take)
    write(db, move.take, take)
    money.settle(db, move.take, take)
    health.notice(db, move.take, take)
    note(db, take, move.note, who)
    if move.rest > 0:
        rest(db, take, now + move.rest, most)
    return take


def _due(db: sqlite3.Connection, move: Move, now: float, most: int) -> float:
    due = now + move.wait
    if move.keep or move.to.state not in turns.ASKING:
        return due
    turns.forget(db, move.to.account, now)
    return turns.taken(db, move.to.account, due, most)


def set_back(take: Take, now: float) -> float:
    """Returns by how much the clock was set back, in all, since a take was sent.

    What is on record cannot be of the future.
    """
    if take.sent_at is None:
        return 0.0
    return take.set_back + max(0.0, take.updated - now)


def opened(
    db: sqlite3.Connection,
    draft: Draft,
    limits: Sequence[Limit],
    now: float,
    who: str,
) -> Take:
    """Records a new take and what it may cost; raises ``NoMoney``."""
    known = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    born = uuid.uuid4().hex
    take = Take(**known, id=born[:12], key=born, due=now, created=now, updated=now)
    money.require(db, draft, limits, now)
    row = written(take)
    marks = ", ".join(f":{name}" for name in row)
    sql = f"INSERT INTO take ({', '.join(row)}) VALUES ({marks})"  # noqa: S608  names of columns
    db.execute(sql, row)
    money.record(db, take)
    note(db, take, "recorded", who)
    if draft.retakes is not None:
        before = evolve(reading.required(db, draft.retakes), updated=now)
        note(db, before, f"made anew as take {take.id}", who)
    return take


def write(db: sqlite3.Connection, before: Take, after: Take) -> None:
    """Records a take that is as it was known; raises ``Overtaken`` otherwise."""
    row = {"id": after.id, **changed(before, after)}
    sets = ", ".join(f"{name} = :{name}" for name in row if name not in _KEPT)
    sql = (
        f"UPDATE take SET {sets} WHERE id = :id AND state = :was_state"  # noqa: S608  names of columns
        " AND epoch = :was_epoch AND owner IS :was_owner"
    )
    was = {
        "was_state": str(before.state),
        "was_epoch": before.epoch,
        "was_owner": before.owner,
    }
    if db.execute(sql, {**row, **was}).rowcount != 1:
        raise Overtaken(before.id)


def note(db: sqlite3.Connection, take: Take, text: str, who: str) -> None:
    """Adds a line to a take's story, unless it would say the last one again."""
    sql = (
        "SELECT state, note, who FROM event WHERE take = ? ORDER BY rowid DESC LIMIT 1"
    )
    last = db.execute(sql, (take.id,)).fetchone()
    said = (str(take.state), text, who)
    if last is None or tuple(last) != said:
        values = (take.id, take.updated, *said)
        db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", values)


def rest(db: sqlite3.Connection, take: Take, until: float, most: int) -> None:
    """Lets an account's other takes wait too: what a submit met, for submits.

    They do not come back all at once.
    """
    queued = take.state is State.QUEUED
    states = [State.QUEUED] if queued else [State.QUEUED, State.SUBMITTED]
    marks = ", ".join("?" * len(states))
    sql = (
        f"SELECT id FROM take WHERE account = ? AND state IN ({marks})"  # noqa: S608  marks are question marks
        " AND due < ? AND id != ? ORDER BY due"
    )
    values = (take.account, *map(str, states), until, take.id)
    for (other,) in db.execute(sql, values).fetchall():
        due = turns.taken(db, take.account, until, most)
        db.execute("UPDATE take SET due = ? WHERE id = ?", (due, other))


def require_unowned(db: sqlite3.Connection, adopting: Take) -> None:
    """Raises ``Overtaken`` if the job of a take in doubt is another take's."""
    if adopting.ticket is None:
        return
    sql = "SELECT 1 FROM take WHERE gateway = ? AND remote_id = ? AND id != ?"
    values = (adopting.gateway, adopting.ticket.remote_id, adopting.id)
    if db.execute(sql, values).fetchone() is not None:
        raise Overtaken(adopting.id)


def require_slot(db: sqlite3.Connection, take: Take, limit: int, now: float) -> None:
    """Raises ``NoSlot`` if all places of the take's account are taken."""
    sql = (
        "SELECT count(*) FROM take WHERE account = ? AND id != ?"
        " AND state IN (?, ?) AND updated > ?"
    )
    values = (take.account, take.id, *IN_FLIGHT, now - IN_FLIGHT_FOR)
    if db.execute(sql, values).fetchone()[0] >= limit:
        raise NoSlot(take.id)
