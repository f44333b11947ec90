"""Processes on one journal do whatever they may, in any order, and die of it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from shotcaller import State, Take
from shotcaller.drivers.simulated import VirtualClock
from shotcaller.effects import Move, Overtaken, adopted
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.sqlite import SET_BACK
from shotcaller.plugin import Ticket
from shotcaller.take import DEAD, MOVES, SETTLED
from tests.core.drafts import draft

PROCESSES = st.integers(0, 2)
MANY = st.integers(0, 10**6)


class Journals(RuleBasedStateMachine):
    """Is three processes on one file, each with the takes that it has in hand."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.home = Path(self._folder.name)
        self.clock = VirtualClock()
        self.journals = [self._opened() for _ in range(3)]
        self.hands: list[dict[str, Take]] = [{}, {}, {}]
        self.stale: list[Take] = []
        self.ids: list[str] = []
        self.seen: dict[str, tuple[str, int]] = {}
        self.jobs = count()
        self.db = sqlite3.connect(self.home / "journal.db", isolation_level=None)
        self.db.row_factory = sqlite3.Row

    def _opened(self) -> SQLiteJournal:
        journal = SQLiteJournal(self.home, now=self.clock.now)
        journal._db.execute("PRAGMA synchronous = OFF")
        return journal

    def teardown(self) -> None:
        for journal in self.journals:
            journal.close()
        self.db.close()
        self._folder.cleanup()

    def rows(self) -> list[Any]:
        return self.db.execute("SELECT * FROM take").fetchall()

    def row(self, id_: str) -> Any:
        return self.db.execute("SELECT * FROM take WHERE id = ?", (id_,)).fetchone()

    @rule(process=PROCESSES, digest=st.sampled_from("ab"))
    def open(self, process: int, digest: str) -> None:
        living = [row for row in self.rows() if row["digest"] == digest]
        living = [row for row in living if row["state"] not in DEAD]
        take = self.journals[process].open(draft(digest))
        assert [row["id"] for row in living] in ([], [take.id])
        if not living:
            self.ids.append(take.id)

    @precondition(lambda self: self.ids)
    @rule(process=PROCESSES, which=MANY)
    def succeed(self, process: int, which: int) -> None:
        parent = self.row(self.ids[which % len(self.ids)])
        if parent["state"] not in DEAD:
            return
        before = parent["heir"]
        heir = self.journals[process].open(draft(parent["digest"], parent=parent["id"]))
        if heir.id not in self.ids:
            self.ids.append(heir.id)
        assert heir.id != parent["id"]
        assert self.row(parent["id"])["heir"] == heir.id
        child = self.db.execute(
            "SELECT id FROM take WHERE parent = ?", (parent["id"],)
        ).fetchone()
        assert child is None or child["id"] == heir.id
        assert before is None or child is None or before == heir.id

    @precondition(lambda self: self.ids)
    @rule(process=PROCESSES, which=MANY, at_once=st.booleans())
    def claim(self, process: int, which: int, at_once: bool) -> None:
        id_ = self.ids[which % len(self.ids)]
        before = self.row(id_)
        claimed = self.journals[process].claim(id_, at_once=at_once)
        living = {journal._owner.token for journal in self.journals}
        now = self.clock.now()
        due = at_once or before["due"] <= now or now < before["updated"] - SET_BACK
        free = before["owner"] not in living and before["state"] not in SETTLED
        assert claimed.mine == (due and free)
        if claimed.mine:
            self.hands[process][id_] = claimed.take

    @rule(process=PROCESSES, which=MANY, to=st.sampled_from(State), keep=st.booleans())
    def move(self, process: int, which: int, to: State, keep: bool) -> None:
        hand = self.hands[process]
        if not hand:
            return
        take = list(hand.values())[which % len(hand)]
        if to not in MOVES[take.state]:
            return
        after = evolve(take, state=to)
        if to is State.SUBMITTED and take.ticket is None:
            after = evolve(after, ticket=self._ticket(f"job-{next(self.jobs)}"))
        moved = self.journals[process].move(Move(take, after, "on", 1.0, keep))
        self.stale.append(take)
        if keep:
            hand[take.id] = moved
        else:
            del hand[take.id]

    @rule(process=PROCESSES, which=MANY)
    def move_too_late(self, process: int, which: int) -> None:
        if not self.stale:
            return
        take = self.stale[which % len(self.stale)]
        try:
            self.journals[process].move(Move(take, take, "late"))
        except Overtaken:
            return
        raise AssertionError("a move from a state that is past was made")

    @rule(process=PROCESSES, which=MANY, job=st.integers(0, 3))
    def adopt(self, process: int, which: int, job: int) -> None:
        doubted = [t for t in self.hands[process].values() if t.state == "uncertain"]
        if not doubted:
            return
        take, remote_id = doubted[which % len(doubted)], f"job-{job}"
        others = {row["remote_id"] for row in self.rows() if row["id"] != take.id}
        try:
            self.journals[process].move(adopted(take, self._ticket(remote_id)))
        except Overtaken:
            assert remote_id in others
        else:
            assert remote_id not in others
            del self.hands[process][take.id]

    @rule(process=PROCESSES, which=MANY)
    def release(self, process: int, which: int) -> None:
        hand = self.hands[process]
        if hand:
            take = list(hand.values())[which % len(hand)]
            self.journals[process].release(hand.pop(take.id))
            assert self.row(take.id)["owner"] is None

    @rule(process=PROCESSES)
    def crash(self, process: int) -> None:
        """The kernel closes its files and frees its locks; another one starts."""
        self.journals[process]._owner._lock.close()
        self.journals[process]._db.close()
        self.stale += self.hands[process].values()
        self.hands[process] = {}
        taken = [row["id"] for row in self.rows()]
        self.journals[process] = self._opened()
        assert [row["id"] for row in self.rows()] == taken
        self.stale = [t for t in self.stale if self.row(t.id)["epoch"] > t.epoch]

    @rule(seconds=st.sampled_from([-7_200.0, -1.0, 0.5, 60.0, 86_400.0]))
    def wait(self, seconds: float) -> None:
        self.clock.time += seconds

    def _ticket(self, remote_id: str) -> Ticket:
        return Ticket("paper", "paper/one", remote_id)

    @invariant()
    def one_owner(self) -> None:
        for row in self.rows():
            having = [hand[row["id"]] for hand in self.hands if row["id"] in hand]
            mine = [t for t in having if t.epoch == row["epoch"]]
            assert len(having) == len(mine) <= 1
            assert all(take.owner == row["owner"] for take in mine)

    @invariant()
    def forwards_only(self) -> None:
        for row in self.rows():
            state, epoch = self.seen.get(row["id"], (row["state"], -1))
            assert row["epoch"] >= epoch
            assert row["state"] == state or State(row["state"]) in MOVES[State(state)]
            self.seen[row["id"]] = row["state"], row["epoch"]

    @invariant()
    def nothing_twice(self) -> None:
        rows = self.rows()
        living = Counter(row["digest"] for row in rows if row["state"] not in DEAD)
        parents = Counter(row["parent"] for row in rows if row["parent"])
        jobs = Counter(row["remote_id"] for row in rows if row["remote_id"])
        assert all(n == 1 for n in (*living.values(), *parents.values()))
        assert all(n == 1 for n in jobs.values())


TestJournals = Journals.TestCase
TestJournals.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
