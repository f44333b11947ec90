"""Keeps the journal in one SQLite file, with the standard library's driver."""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from attrs import evolve, fields

from shotcaller.availability import Memory
from shotcaller.budgets import Budgets, Spending
from shotcaller.catalog import History, Quoted
from shotcaller.effects import Claimed, Judge, Move, NoSlot, Overtaken
from shotcaller.errors import JournalError
from shotcaller.journal import budgets as money
from shotcaller.journal import health, histories, reading
from shotcaller.journal import quotes as promises
from shotcaller.journal.opening import FILE, copied, opened, transaction, worded
from shotcaller.journal.owners import Owner
from shotcaller.journal.protocol import Event
from shotcaller.journal.rows import changed, written
from shotcaller.journal.spool import Spool
from shotcaller.take import DEAD, SETTLED, Draft, State, Take

PATIENCE = 10.0
"""For how many seconds a locked journal is waited for."""

IN_FLIGHT_FOR = 6 * 3600.0
"""After how many seconds a take no longer counts against its gateway's places."""

SET_BACK = 60.0
"""How far in the future a record may be before the clock must have been set back."""

_KEPT = frozenset({"id", "heir"})
"""The columns that no move writes: an heir may be named meanwhile."""

_IN_FLIGHT = (State.SENDING, State.SUBMITTED)


class SQLiteJournal:
    """Is the journal of one home folder; safe to use from several processes.

    Raises :class:`~shotcaller.errors.JournalError` where the file is locked, cannot
    be written, is damaged or comes from a newer version.
    """

    def __init__(
        self,
        home: Path,
        *,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.time,
        budgets: Budgets | None = None,
    ) -> None:
        """Opens the journal of ``home``; ``patience`` in seconds, ``now`` its clock.

        ``budgets`` are what all takes together may spend.
        """
        self._now = now
        self._budgets = budgets or Budgets()
        self._path = home / FILE
        self._mutex = threading.RLock()
        self._let_go: set[str] = set()
        self._later: list[Callable[[], object]] | None = None
        self._histories: Mapping[str, History] = {}
        self._counted_at = float("-inf")
        self._db = opened(self._path, patience)
        try:
            with worded(self._path, "Nothing was sent. "):
                self._owner = Owner(home / "owners")
                self._owner.sweep()
                self._spool = Spool(home / "spool", self._owner.token)
                self._spool.sweep(self._owner.alive)
        except BaseException:
            self._db.close()
            raise

    @property
    def forked(self) -> bool:
        """Whether another process opened it, of which this one is a copy."""
        return self._owner.forked

    def join(self, digest: str) -> Take | None:
        """Returns the newest take of a digest that lives or is done."""
        with self._transaction():
            return self._living(digest)

    def open(self, draft: Draft) -> Take:
        """Records a take with a new id and key, or returns the one to join."""
        with self._transaction():
            if draft.retakes is not None:
                found = reading.retake(self._db, draft.digest, draft.retakes)
            elif draft.parent is None:
                found = self._living(draft.digest)
            else:
                found = reading.one(
                    self._db, "SELECT * FROM take WHERE parent = ?", draft.parent
                )
                # somebody may have asked for the same in the meantime
                found = found or self._living(draft.digest)
            take = found or self._inserted(draft)
            if draft.parent is not None:
                sql = "UPDATE take SET heir = ? WHERE id = ?"
                self._db.execute(sql, (take.id, draft.parent))
            return take

    def claim(self, take: str, *, at_once: bool) -> Claimed:
        """Owns a take for one step if it is due and nobody living has it."""
        kept = None
        with self._transaction():
            now = self._now()
            found = self._required(take)
            due = at_once or found.due <= now or now < found.updated - SET_BACK
            if found.state in SETTLED or not due or not self._free(found):
                return Claimed(found, now, mine=False)
            self._let_go.discard(take)
            mine = evolve(
                found, owner=self._owner.token, epoch=found.epoch + 1, updated=now
            )
            kept = self._spool.kept(take) if _awaits_reply(found) else None
            if kept is not None:
                reply = kept.reply
                mine = evolve(mine, state=State.SENDING, reply=reply, problem=None)
            self._write(found, mine)
            if kept is not None:
                self._note(mine, f"answered {kept.reply.status}, as was kept aside")
        if kept is not None:
            self._once_on_disk(partial(self._spool.clear, kept))
        return Claimed(mine, now, mine=True)

    def move(self, move: Move) -> Take:
        """Performs one transition; raises ``Overtaken`` or ``NoSlot``.

        A reply that cannot be recorded is kept aside; whoever claims the take next
        finds it.
        """
        if move.spends:
            with self._mutex, worded(self._path, "Nothing was sent. "):
                self._spool.reserve(move.take.id)
        try:
            moved = self._moved(move)
        except (JournalError, Overtaken, NoSlot) as error:
            if move.heard is not None:
                raise self._spool.told(move.take.id, move.heard, error) from error
            self._spool.free(move.take.id)
            raise
        if not move.spends:
            self._once_on_disk(partial(self._spool.free, moved.id))
        return moved

    def _moved(self, move: Move) -> Take:
        with self._transaction():
            now = self._now()
            if move.limit is not None:
                self._require_slot(move.take, move.limit, now)
            sent_at = move.to.sent_at
            if sent_at is None and move.to.state is State.SENDING:
                sent_at = now
            moved = evolve(
                move.to,
                epoch=move.take.epoch + 1,
                owner=move.take.owner if move.keep else None,
                due=now + move.wait,
                updated=now,
                sent_at=sent_at,
            )
            if move.take.state in {State.UNCERTAIN, State.CANCELLED}:
                self._require_unowned(moved)
            self._write(move.take, moved)
            money.settle(self._db, move.take, moved)
            health.notice(self._db, move.take, moved)
            self._note(moved, move.note)
            if move.rest > 0:
                self._rest(moved, now + move.rest)
            return moved

    def release(self, take: Take) -> None:
        """Lets go of a take whose step was abandoned, as it stands."""
        sql = "UPDATE take SET owner = NULL WHERE id = ? AND epoch = ? AND owner = ?"
        self._let_go.add(take.id)  # even if it cannot be written now
        with self._transaction():
            self._db.execute(sql, (take.id, take.epoch, self._owner.token))
        self._let_go.discard(take.id)

    def known(self, gateway: str) -> frozenset[str]:
        """Returns the remote ids that takes of a gateway have."""
        sql = "SELECT remote_id FROM take WHERE gateway = ? AND remote_id NOT NULL"
        with self._transaction():
            rows = self._db.execute(sql, (gateway,)).fetchall()
        return frozenset(row["remote_id"] for row in rows)

    def alike(self, take: Take) -> tuple[Take, ...]:
        """Returns the takes that may own the same job as one in doubt, oldest first."""
        with self._transaction():
            return reading.alike(self._db, take)

    def in_flight(self, account: str) -> tuple[str, ...]:
        """Returns the ids of an account's takes in flight that are due and nobody's."""
        sql = (
            "SELECT id, owner FROM take WHERE account = ? AND state IN (?, ?)"
            " AND (due <= ? OR updated > ?)"
        )
        now = self._now()
        values = (account, *map(str, _IN_FLIGHT), now, now + SET_BACK)
        with self._transaction():
            rows = self._db.execute(sql, values).fetchall()
        free = (r for r in rows if not r["owner"] or not self._owner.alive(r["owner"]))
        return tuple(row["id"] for row in free)

    def histories(self) -> Mapping[str, History]:
        """Returns how the takes of each model went, as of at most a minute ago."""
        with self._transaction():
            return self._counted(self._now())

    def chain(self, take: str) -> tuple[Take, ...]:
        """Returns a take with its parents and heirs, oldest first."""
        with self._transaction():
            return reading.chain(self._db, take)

    def takes(self, states: Collection[State], limit: int) -> tuple[Take, ...]:
        """Returns the newest takes in any of the states, newest first."""
        with self._transaction():
            return reading.takes(self._db, states, limit)

    def ids(self, prefix: str) -> tuple[str, ...]:
        """Returns the ids that begin so."""
        with self._transaction():
            return reading.ids(self._db, prefix)

    def events(self, take: str) -> tuple[Event, ...]:
        """Returns a take's story, oldest first."""
        with self._transaction():
            return reading.events(self._db, take)

    def recall(self, project: str | None) -> Memory:
        """Returns what is left of the budgets of a project, and what is wrong."""
        limits, now = self._budgets.limits(project), self._now()
        with self._transaction():
            left = money.allowances(self._db, limits, now)
            return Memory(now, left, health.outages(self._db), self._counted(now))

    def judge(self, effect: Judge) -> None:
        """Remembers what a free question told of an account."""
        with self._transaction():
            health.judge(self._db, effect, self._now())

    def promise(self, quotes: Sequence[Quoted]) -> tuple[Quoted, ...]:
        """Keeps quotes, and returns them with an id and a time."""
        with self._transaction():
            return promises.keep(self._db, quotes, self._now())

    def promised(self, quote: str) -> Quoted | None:
        """Returns a quote that is kept and not over."""
        with self._transaction():
            return promises.quoted(self._db, quote, self._now())

    def spending(self, since: float) -> tuple[Spending, ...]:
        """Returns what was spent since a time, newest day first."""
        with self._transaction():
            return money.spending(self._db, since)

    def check(self) -> tuple[str, ...]:
        """Returns what is wrong with the record itself; nothing if it is sound."""
        with self._transaction():
            rows = self._db.execute("PRAGMA integrity_check").fetchall()
        return tuple(row[0] for row in rows if row[0] != "ok")

    def together(self, calls: Iterable[Callable[[], object]]) -> None:
        """Makes calls of this journal's methods, and commits all of them at once."""
        with self._mutex:
            self._later = []
            try:
                with self._transaction():
                    for call in calls:
                        call()
                        if not self._db.in_transaction:  # what was done is undone
                            raise sqlite3.OperationalError("the commit was cut short")
                later = self._later
            finally:
                self._later = None
            for call in later:
                call()

    def _once_on_disk(self, call: Callable[[], object]) -> None:
        """Makes a call that only what is committed allows."""
        with self._mutex:
            if self._later is None:
                call()
            else:
                self._later.append(call)

    def close(self) -> None:
        """Lets go of the file and of this process's name among the owners."""
        if self._owner.forked:
            return  # all of it is the other's, whose lock this would give back
        with self._mutex:
            self._spool.close()
            self._owner.close()
            self._db.close()

    # -- inside a transaction

    def _counted(self, now: float) -> Mapping[str, History]:
        if not 0 <= now - self._counted_at < histories.FRESH:
            self._histories = histories.counted(self._db)
            self._counted_at = now
        return self._histories

    def _living(self, digest: str) -> Take | None:
        marks = ", ".join("?" * len(DEAD))
        sql = f"SELECT * FROM take WHERE digest = ? AND state NOT IN ({marks}) ORDER BY created DESC LIMIT 1"  # noqa: S608, E501  marks are question marks
        return reading.one(self._db, sql, digest, *map(str, DEAD))

    def _required(self, take: str) -> Take:
        found = reading.one(self._db, "SELECT * FROM take WHERE id = ?", take)
        if found is None:
            message = f"The journal {self._path} has no take {take!r}."
            raise JournalError(message, "`shotcaller takes` lists them.")
        return found

    def _inserted(self, draft: Draft) -> Take:
        now = self._now()
        known = {field.name: getattr(draft, field.name) for field in fields(Draft)}
        born = uuid.uuid4().hex
        take = Take(
            **known,
            id=born[:12],
            key=born,
            due=now,
            created=now,
            updated=now,
        )
        limits = self._budgets.limits(draft.brief.project)
        money.require(self._db, draft, limits, now)
        row = written(take)
        marks = ", ".join(f":{name}" for name in row)
        sql = f"INSERT INTO take ({', '.join(row)}) VALUES ({marks})"  # noqa: S608  names of columns
        self._db.execute(sql, row)
        money.record(self._db, take)
        self._note(take, "recorded")
        if draft.retakes is not None:
            before = self._required(draft.retakes)
            self._note(evolve(before, updated=now), f"made anew as take {take.id}")
        return take

    def _write(self, before: Take, after: Take) -> None:
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
        if self._db.execute(sql, {**row, **was}).rowcount != 1:
            raise Overtaken(before.id)

    def _note(self, take: Take, note: str) -> None:
        sql = "SELECT state, note FROM event WHERE take = ? ORDER BY rowid DESC LIMIT 1"
        last = self._db.execute(sql, (take.id,)).fetchone()
        if last is not None and (last["state"], last["note"]) == (take.state, note):
            return
        values = (take.id, take.updated, str(take.state), note)
        self._db.execute("INSERT INTO event VALUES (?, ?, ?, ?)", values)

    def _free(self, take: Take) -> bool:
        if take.owner is None:
            return True
        ours = take.owner == self._owner.token
        return take.id in self._let_go if ours else not self._owner.alive(take.owner)

    def _rest(self, take: Take, until: float) -> None:
        """Lets an account's other takes wait too: what a submit met, for submits."""
        queued = take.state is State.QUEUED
        states = [State.QUEUED] if queued else [State.QUEUED, State.SUBMITTED]
        marks = ", ".join("?" * len(states))
        sql = (
            f"UPDATE take SET due = ? WHERE account = ? AND state IN ({marks})"  # noqa: S608  marks are question marks
            " AND due < ? AND id != ?"
        )
        values = (until, take.account, *map(str, states), until, take.id)
        self._db.execute(sql, values)

    def _require_unowned(self, adopting: Take) -> None:
        if adopting.ticket is None:
            return
        sql = "SELECT 1 FROM take WHERE gateway = ? AND remote_id = ? AND id != ?"
        values = (adopting.gateway, adopting.ticket.remote_id, adopting.id)
        if self._db.execute(sql, values).fetchone() is not None:
            raise Overtaken(adopting.id)

    def _require_slot(self, take: Take, limit: int, now: float) -> None:
        sql = (
            "SELECT count(*) FROM take WHERE account = ? AND id != ?"
            " AND state IN (?, ?) AND updated > ?"
        )
        values = (take.account, take.id, *_IN_FLIGHT, now - IN_FLIGHT_FOR)
        if self._db.execute(sql, values).fetchone()[0] >= limit:
            raise NoSlot(take.id)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._owner.forked:
            raise copied(self._path)
        with self._mutex, worded(self._path), transaction(self._db):
            self._owner.stay()
            yield


def _awaits_reply(take: Take) -> bool:
    return take.state in {State.SENDING, State.UNCERTAIN} and take.reply is None
