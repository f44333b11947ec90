"""The journal: one truth for many processes, and a clear word when it cannot be."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller import State, Take
from shotcaller.effects import (
    Move,
    NoSlot,
    Overtaken,
    adopted,
    ended,
    heard,
    sending,
    submitted,
    waiting,
)
from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.owners import Owner
from shotcaller.plugin import Request, Response, Ticket
from shotcaller.take import DEAD, MOVES, SETTLED, Draft, Problem
from tests.core.drafts import draft
from tests.core.worlds import StepClock


@pytest.fixture
def journal(tmp_path: Path, clock: StepClock) -> Iterator[SQLiteJournal]:
    opened = SQLiteJournal(tmp_path / "home", now=clock.now)
    yield opened
    opened.close()


PROBLEM = Problem("x", "because", "no")


def test_a_draft_becomes_a_take_with_id_key_and_time(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    take = journal.open(draft())

    assert len(take.id) == 12
    assert len(take.key) == 32
    assert take.key.startswith(take.id)
    assert take.state is State.QUEUED
    assert (take.created, take.updated, take.due) == (clock.time,) * 3
    assert journal.chain(take.id) == (take,)
    assert [event.note for event in journal.events(take.id)] == ["recorded"]


def test_the_reserve_is_kept_in_millionths_of_a_dollar(
    journal: SQLiteJournal, tmp_path: Path
) -> None:
    journal.open(draft("a"))
    journal.open(draft("b", reserved=None))

    with sqlite3.connect(tmp_path / "home" / "journal.db") as db:
        rows = db.execute("SELECT reserved FROM take ORDER BY digest").fetchall()
    db.close()
    assert rows == [(300_000,), (None,)]


@pytest.mark.parametrize("state", list(State))
def test_only_the_living_and_the_done_are_joined(
    journal: SQLiteJournal, state: State
) -> None:
    first = journal.open(draft())
    put(journal, first, state)

    second = journal.open(draft())
    found = journal.join("d")

    assert (second.id == first.id) is (state not in DEAD)
    assert found is not None
    assert found.id == second.id


def put(journal: SQLiteJournal, take: Take, state: State) -> Take:
    """Leads a take to a state by moves that are allowed."""
    ways = {State.QUEUED: [take.state]}
    queue = [State.QUEUED]
    while queue:
        at = queue.pop(0)
        for to in MOVES[at]:
            if to not in ways:
                ways[to] = [*ways[at], to]
                queue.append(to)
    for step in ways[state][1:]:
        take = journal.move(Move(take, evolve(take, state=step), f"to {step}"))
    return take


def test_nothing_is_joined_where_nothing_is(journal: SQLiteJournal) -> None:
    assert journal.join("d") is None


def test_an_heir_is_opened_once(journal: SQLiteJournal) -> None:
    parent = put(journal, journal.open(draft()), State.REFUSED)

    heir = journal.open(draft(parent=parent.id))
    again = journal.open(draft(parent=parent.id))

    assert again == heir
    assert [take.id for take in journal.chain(heir.id)] == [parent.id, heir.id]
    assert journal.chain(parent.id)[0].heir == heir.id
    assert journal.chain("nothing") == ()


def test_a_claim_owns_a_take_that_is_due_and_nobodys(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    take = journal.open(draft())

    claimed = journal.claim(take.id, at_once=False)
    again = journal.claim(take.id, at_once=True)

    assert claimed.mine
    assert claimed.now == clock.time
    assert claimed.take.owner is not None
    assert claimed.take.epoch == take.epoch + 1
    assert not again.mine
    assert again.take == claimed.take


def test_a_take_that_is_not_due_is_left_alone_unless_at_once(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    take = journal.claim(journal.open(draft()).id, at_once=False).take
    journal.move(waiting(take, "later", 60))

    assert not journal.claim(take.id, at_once=False).mine
    mine = journal.claim(take.id, at_once=True)
    assert mine.mine
    journal.release(mine.take)
    clock.time += 61
    assert journal.claim(take.id, at_once=False).mine


@pytest.mark.parametrize("state", sorted(SETTLED))
def test_a_settled_take_is_nobodys_to_work_on(
    journal: SQLiteJournal, state: State
) -> None:
    take = put(journal, journal.open(draft()), state)

    assert not journal.claim(take.id, at_once=True).mine


def test_a_move_is_a_compare_and_set(journal: SQLiteJournal, clock: StepClock) -> None:
    take = journal.claim(journal.open(draft()).id, at_once=False).take
    request = Request("POST", "https://api.paper.test/jobs", json={"a": [1, "ü"]})
    sent = journal.move(sending(take, request, None))

    assert sent.owner == take.owner
    assert sent.sent_at == clock.time
    assert journal.chain(take.id) == (sent,)
    for stale in (take, evolve(sent, epoch=9), evolve(sent, owner=None)):
        with pytest.raises(Overtaken):
            journal.move(Move(stale, stale, "stale"))
    assert journal.chain(take.id) == (sent,)

    clock.time += 5
    reply = journal.move(heard(sent, Response(200, {"X": "1"}, b"\xff\x00")))
    ticket = Ticket("paper", "paper/one", "job-1", {"n": 1})
    done = journal.move(submitted(reply, ticket, 2.0, None))
    assert done.owner is None
    assert done.due == clock.time + 2
    assert done.sent_at == sent.sent_at
    assert journal.chain(take.id) == (done,)
    assert journal.known("paper") == {"job-1"}
    assert journal.known("other") == frozenset()


def test_a_move_that_leads_nowhere_is_refused() -> None:
    take = Take(**{a: getattr(draft(), a) for a in names()}, id="1", key="k")
    with pytest.raises(ValueError, match="no move leads from queued to done"):
        Move(take, evolve(take, state=State.DONE), "")


def names() -> list[str]:
    return [attribute.name for attribute in fields(Draft)]


def test_the_same_note_is_written_once(journal: SQLiteJournal) -> None:
    take = journal.open(draft())
    for _ in range(3):
        take = journal.move(waiting(take, "waiting", 1))

    notes = [event.note for event in journal.events(take.id)]
    assert notes == ["recorded", "waiting"]


def test_a_story_stays_in_order_where_the_clock_was_set_back(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    take = journal.open(draft())
    clock.time -= 3_600
    mine = journal.claim(take.id, at_once=True).take
    journal.move(ended(mine, State.REFUSED, PROBLEM))

    states = [event.state for event in journal.events(take.id)]
    assert states == [State.QUEUED, State.REFUSED]


def test_places_are_counted_by_account(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    request = Request("POST", "https://api.paper.test/jobs")
    for digest in ("a", "b"):
        journal.move(sending(journal.open(draft(digest)), request, 2))
    third = journal.open(draft("c"))

    with pytest.raises(NoSlot):
        journal.move(sending(third, request, 2))
    elsewhere = journal.open(draft("e", account="another"))
    journal.move(sending(elsewhere, request, 2))
    clock.time += 7 * 3600
    assert journal.move(sending(third, request, 2)).state is State.SENDING


def test_takes_are_listed_newest_first(
    journal: SQLiteJournal, clock: StepClock
) -> None:
    ids = []
    for number in range(5):
        clock.time += 1
        ids.append(journal.open(draft(str(number))).id)
    put(journal, journal.chain(ids[0])[0], State.CANCELLED)

    assert [take.id for take in journal.takes(list(State), 3)] == ids[:1:-1]
    assert [take.id for take in journal.takes([State.CANCELLED], 9)] == ids[:1]
    assert journal.takes([], 9) == ()
    assert journal.ids(ids[2][:8]) == (ids[2],)
    assert journal.ids("%") == ()


def test_letting_go_frees_a_take_but_not_somebody_elses(
    journal: SQLiteJournal, tmp_path: Path, clock: StepClock
) -> None:
    other = SQLiteJournal(tmp_path / "home", now=clock.now)
    take = journal.claim(journal.open(draft()).id, at_once=True).take

    other.release(take)
    assert not other.claim(take.id, at_once=True).mine
    journal.release(take)
    assert other.claim(take.id, at_once=True).mine
    other.close()


def test_a_closed_journal_owns_nothing(
    journal: SQLiteJournal, tmp_path: Path, clock: StepClock
) -> None:
    other = SQLiteJournal(tmp_path / "home", now=clock.now)
    take = other.claim(journal.open(draft()).id, at_once=True).take
    assert not journal.claim(take.id, at_once=True).mine

    other.close()

    assert journal.claim(take.id, at_once=True).mine


KILLED = """
import os, signal, sys
from pathlib import Path
from shotcaller.journal import SQLiteJournal
journal = SQLiteJournal(Path(sys.argv[1]))
assert journal.claim(sys.argv[2], at_once=True).mine
print("mine", flush=True)
sys.stdin.read(1)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_owned_is_free_at_once(
    journal: SQLiteJournal, tmp_path: Path
) -> None:
    take = journal.open(draft())
    command = [sys.executable, "-c", KILLED, str(tmp_path / "home"), take.id]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        held = journal.claim(take.id, at_once=True)
        process.communicate("x")

    assert not held.mine
    assert process.returncode == -9
    assert journal.claim(take.id, at_once=True).mine
    assert len(list((tmp_path / "home" / "owners").iterdir())) == 1


def test_an_owner_lives_as_long_as_it_holds_its_lock(tmp_path: Path) -> None:
    first, second = Owner(tmp_path), Owner(tmp_path)
    assert first.alive(second.token)
    assert first.alive(first.token)
    second.close()
    assert not first.alive(second.token)
    assert not first.alive("never-was")
    first.close()
    assert list(tmp_path.iterdir()) == []


def test_a_sound_record_has_nothing_wrong(journal: SQLiteJournal) -> None:
    journal.open(draft())
    assert journal.check() == ()


def _open_once(home: str, results: multiprocessing.Queue[str]) -> None:
    journal = SQLiteJournal(Path(home))
    for number in range(10):
        results.put(journal.open(draft(str(number))).id)
    journal.close()


def test_processes_that_open_the_same_share_one_take(tmp_path: Path) -> None:
    SQLiteJournal(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[str] = context.Queue()
    workers = [
        context.Process(target=_open_once, args=(str(tmp_path), results))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    ids = [results.get(timeout=30) for _ in range(30)]
    for worker in workers:
        worker.join()

    assert len(set(ids)) == 10


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(list(State)), max_size=12))
def test_states_go_only_where_they_may(wishes: list[State]) -> None:
    take = Take(**{a: getattr(draft(), a) for a in names()}, id="1", key="k")
    for wish in wishes:
        if take.state is State.CANCELLED and wish is State.SUBMITTED:
            with pytest.raises(ValueError, match="was cancelled, not given up"):
                Move(take, evolve(take, state=wish), "")
        elif wish in MOVES[take.state]:
            take = Move(take, evolve(take, state=wish), "").to
        else:
            with pytest.raises(ValueError, match="no move leads"):
                Move(take, evolve(take, state=wish), "")
    assert take.state not in SETTLED or MOVES[take.state] <= {State.SUBMITTED}


def test_a_found_job_is_adopted(journal: SQLiteJournal) -> None:
    take = journal.open(draft())
    take = journal.move(sending(take, Request("POST", "https://x.test"), None))
    take = journal.move(ended(take, State.UNCERTAIN, PROBLEM))
    take = journal.move(adopted(take, Ticket("paper", "paper/one", "job-5")))
    assert take.state is State.SUBMITTED
    assert journal.known("paper") == {"job-5"}


def test_a_take_that_is_not_there_is_named(
    journal: SQLiteJournal, tmp_path: Path
) -> None:
    with pytest.raises(JournalError) as caught:
        journal.claim("nothing", at_once=True)
    path = tmp_path / "home" / "journal.db"
    assert str(caught.value) == (
        f"The journal {path} has no take 'nothing'. `shotcaller takes` lists them."
    )
