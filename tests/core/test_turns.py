"""However many takes, processes and resumes there are, a gateway is asked in turn."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import State, Take
from shotcaller.effects import Move
from shotcaller.journal import SQLiteJournal, schema, turns
from shotcaller.plugin import Gateway, Ticket
from tests.core.drafts import draft
from tests.core.worlds import StepClock

MOST = 3
RATES = {"paper": MOST}


@contextmanager
def journals(home: Path, clock: StepClock, count: int) -> Iterator[list[SQLiteJournal]]:
    """Gives as many journals as if each were another process's."""
    opened = [SQLiteJournal(home, now=clock.now, rates=RATES) for _ in range(count)]
    yield opened
    for journal in opened:
        journal.close()


def submitted(journal: SQLiteJournal, name: str, wait: float) -> Take:
    """Returns a take of a gateway that is to be asked again after a while."""
    take = journal.open(draft(name))
    take = journal.move(Move(take, evolve(take, state=State.SENDING), "on", keep=True))
    ticket = Ticket("paper", "paper/one", f"job of {name}")
    to = evolve(take, state=State.SUBMITTED, ticket=ticket)
    return journal.move(Move(take, to, "accepted", wait))


def seconds(times: list[float]) -> Counter[int]:
    return Counter(math.floor(time) for time in times)


@given(st.lists(st.floats(0, 4), max_size=40))
def test_no_second_has_more_questions_than_the_gateway_bears(
    wishes: list[float],
) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(schema.TURNS)
    dealt = [turns.taken(db, "paper", 1e9 + wish, MOST) for wish in wishes]
    other = turns.taken(db, "another", 1e9, MOST)
    db.close()

    assert all(n <= MOST for n in seconds(dealt).values())
    for turn, wish in zip(dealt, wishes, strict=True):
        late = turn - (1e9 + wish)
        assert 0 <= late <= len(wishes) / MOST + 1  # there is a turn for it soon
        assert late == round(late)
    assert other == 1e9


def test_processes_share_the_turns_of_an_account(tmp_path: Path) -> None:
    clock = StepClock()
    with journals(tmp_path, clock, 2) as both:
        takes = [submitted(both[n % 2], f"take {n}", 2.0) for n in range(7)]

    due = math.floor(clock.time + 2)
    assert seconds([take.due for take in takes]) == {due: 3, due + 1: 3, due + 2: 1}


def test_takes_that_are_all_resumed_at_once_are_asked_about_in_turn(
    tmp_path: Path,
) -> None:
    clock = StepClock()
    with journals(tmp_path, clock, 2) as both:
        takes = [submitted(both[0], f"take {n}", 3_600.0) for n in range(8)]
        clock.time += 60
        start = math.floor(clock.time)
        asked: list[float] = []
        waiting = [take.id for take in takes]
        for number, take in enumerate(waiting):
            claimed = both[number % 2].claim(take, at_once=True)
            if claimed.mine:
                asked.append(claimed.now)
            else:
                assert claimed.take.due > clock.time
        while len(asked) < len(takes):
            clock.time += 1
            for take in waiting:
                claimed = both[1].claim(take, at_once=False)
                if claimed.mine and claimed.take.owner is not None:
                    asked.append(claimed.now)

    assert seconds(asked) == {start: MOST, start + 1: MOST, start + 2: 2}


def test_takes_whose_process_slept_for_long_are_not_asked_about_all_at_once(
    tmp_path: Path,
) -> None:
    clock = StepClock()
    with journals(tmp_path, clock, 1) as (journal,):
        takes = [submitted(journal, f"take {n}", 5.0) for n in range(5)]
        clock.time += 7_200
        claims = [journal.claim(take.id, at_once=False) for take in takes]

    assert [claim.mine for claim in claims] == [True, True, True, False, False]
    assert {claim.take.due - clock.time for claim in claims[MOST:]} == {1.0}


def test_takes_that_rest_for_a_gateway_come_back_one_after_the_other(
    tmp_path: Path,
) -> None:
    clock = StepClock()
    with journals(tmp_path, clock, 1) as (journal,):
        takes = [submitted(journal, f"take {n}", 5.0) for n in range(9)]
        clock.time += 20
        mine = next(
            claim.take
            for claim in (journal.claim(take.id, at_once=True) for take in takes)
            if claim.mine
        )
        journal.move(Move(mine, mine, "answered 429", wait=60.0, rest=60.0))
        found = journal.takes((State.SUBMITTED,), 20)

    dues = [take.due for take in found]
    assert min(dues) >= clock.time + 60
    assert max(seconds(dues).values()) <= MOST
    assert max(dues) <= clock.time + 64


def test_turns_are_forgotten_once_they_are_over(tmp_path: Path) -> None:
    clock = StepClock()
    with journals(tmp_path, clock, 1) as (journal,):
        submitted(journal, "long ago", 5.0)
        clock.time += 3_600
        submitted(journal, "now", 5.0)
        rows = journal._db.execute("SELECT second, taken FROM turn").fetchall()

    assert [tuple(row) for row in rows] == [(math.floor(clock.time + 5), 1)]


@pytest.mark.parametrize("rate", [0, -1])
def test_a_gateway_is_asked_at_least_once_a_second(rate: int) -> None:
    with pytest.raises(ValueError, match="'questions_per_second' must be >= 1"):
        Gateway(id="paper", title="Paper", questions_per_second=rate)
