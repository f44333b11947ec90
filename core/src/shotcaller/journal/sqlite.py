"""Keeps the journal in one SQLite file, with the standard library's driver."""

from __future__ import annotations

import sqlite3
import threading
import time
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

from attrs import evolve

from shotcaller.availability import Memory
from shotcaller.budgets import Budgets, Spending
from shotcaller.catalog import QUESTIONS_PER_SECOND, History, Quoted
from shotcaller.effects import Claimed, Judge, Move, NoSlot, Overtaken
from shotcaller.errors import JournalError
from shotcaller.journal import budgets as money
from shotcaller.journal import health, histories, moving, reading, turns
from shotcaller.journal import quotes as promises
from shotcaller.journal.opening import FILE, copied, opened, transaction, worded
from shotcaller.journal.owners import Owner
from shotcaller.journal.protocol import Event
from shotcaller.journal.spool import Spool
from shotcaller.take import SETTLED, Draft, State, Take

PATIENCE = 10.0
"""For how many seconds a locked journal is waited for."""

SET_BACK = 60.0
"""How far in the future a record may be before the clock must have been set back."""


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
        rates: Mapping[str, int] | None = None,
    ) -> None:
        """Opens the journal of ``home``; ``patience`` in seconds, ``now`` its clock.

        ``budgets`` are what all takes together may spend; ``rates`` are how many
        questions a second each gateway may be asked, by its id.
        """
        self._rates = rates or {}
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
            return reading.living(self._db, digest)

    def open(self, draft: Draft) -> Take:
        """Records a take with a new id and key, or returns the one to join."""
        with self._transaction():
            found = reading.joined(self._db, draft)
            take = found or self._opened(draft)
            if draft.parent is not None:
                sql = "UPDATE take SET heir = ? WHERE id = ?"
                self._db.execute(sql, (take.id, draft.parent))
            return take

    def claim(self, take: str, *, at_once: bool) -> Claimed:
        """Owns a take for one step if it is due and nobody living has it."""
        kept = None
        with self._transaction():
            now = self._now()
            found = reading.required(self._db, take)
            due = at_once or found.due <= now or now < found.updated - SET_BACK
            if found.state in SETTLED or not due or not self._free(found):
                return Claimed(found, now, mine=False)
            if turns.out_of_turn(found, now, at_once=at_once):
                turn = turns.taken(self._db, found.account, now, self._most(found))
                if turn > now:
                    sql = "UPDATE take SET due = ? WHERE id = ?"
                    self._db.execute(sql, (turn, take))
                    return Claimed(evolve(found, due=turn), now, mine=False)
            self._let_go.discard(take)
            mine = evolve(
                found,
                owner=self._owner.token,
                epoch=found.epoch + 1,
                updated=now,
                set_back=moving.set_back(found, now),
            )
            kept = self._spool.kept(take) if _awaits_reply(found) else None
            if kept is not None:
                reply = kept.reply
                mine = evolve(mine, state=State.SENDING, reply=reply, problem=None)
            moving.write(self._db, found, mine)
            if kept is not None:
                note = f"answered {kept.reply.status}, as was kept aside"
                moving.note(self._db, mine, note, self._owner.name)
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
            with self._transaction():
                now, who, most = self._now(), self._owner.name, self._most(move.take)
                moved = moving.moved(self._db, move, now, who, most)
        except (JournalError, Overtaken, NoSlot) as error:
            if move.heard is not None:
                raise self._spool.told(move.take.id, move.heard, error) from error
            self._spool.free(move.take.id)
            raise
        if not move.spends:
            self._once_on_disk(partial(self._spool.free, moved.id))
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
        with self._transaction():
            return reading.known(self._db, gateway)

    def alike(self, take: Take) -> tuple[Take, ...]:
        """Returns the takes that may own the same job as one in doubt, oldest first."""
        with self._transaction():
            return reading.alike(self._db, take)

    def in_flight(self, account: str) -> tuple[str, ...]:
        """Returns the ids of an account's takes in flight that are due and nobody's."""
        now = self._now()
        with self._transaction():
            rows = reading.due(self._db, account, moving.IN_FLIGHT, now, now + SET_BACK)
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

    def _most(self, take: Take) -> int:
        return self._rates.get(take.gateway, QUESTIONS_PER_SECOND)

    def _counted(self, now: float) -> Mapping[str, History]:
        if not 0 <= now - self._counted_at < histories.FRESH:
            self._histories = histories.counted(self._db)
            self._counted_at = now
        return self._histories

    def _opened(self, draft: Draft) -> Take:
        limits = self._budgets.limits(draft.brief.project)
        now, who = self._now(), self._owner.name
        return moving.opened(self._db, draft, limits, now, who)

    def _free(self, take: Take) -> bool:
        if take.owner is None:
            return True
        ours = take.owner == self._owner.token
        return take.id in self._let_go if ours else not self._owner.alive(take.owner)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._owner.forked:
            raise copied(self._path)
        with self._mutex, worded(self._path), transaction(self._db):
            self._owner.stay()
            yield


def _awaits_reply(take: Take) -> bool:
    return take.state in {State.SENDING, State.UNCERTAIN} and take.reply is None
