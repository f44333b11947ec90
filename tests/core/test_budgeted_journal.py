"""However takes go, a journal promises no more than the budgets allow."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller import (
    Brief,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
)
from shotcaller.budgets import DAY, Allowance, Budgets, Limit, ProjectBudget, held
from shotcaller.effects import Move, NoMoney
from shotcaller.journal import SQLiteJournal, schema
from shotcaller.plugin import Charged, Done
from shotcaller.programs.choosing import rank
from shotcaller.take import MOVES, SETTLED, Problem, Take
from tests.core.drafts import draft
from tests.core.paper import Paper, model
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=10)  # a dollar on paper/one, half on paper/two
NOON = 1_800_014_400.0  # 2027-01-15, of UTC
FILM = {"film": ProjectBudget(total=6, day=3), "ads": ProjectBudget()}


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOON)


LIMITS = Budgets(day=5, projects=FILM)


@define
class Counted:
    """Is what a test knows of a take, apart from the journal."""

    take: Take
    amount: int
    project: str | None
    day: int
    charged: str = "yes"

    def counts(self, project: str | None, day: int | None) -> int:
        if project is not None and self.project != project:
            return 0
        if self.take.state in SETTLED and self.charged == "no":
            return 0
        queued = self.take.state is State.QUEUED
        return self.amount if day is None or queued or self.day == day else 0


def spent(known: list[Counted], project: str | None, day: int | None) -> int:
    return sum(one.counts(project, day) for one in known)


def over(known: list[Counted], project: str | None, day: int, more: int) -> bool:
    if spent(known, None, day) + more > 500:
        return True
    if project != "film":
        return False
    film = spent(known, "film", day), spent(known, "film", None)
    return film[0] + more > 300 or film[1] + more > 600


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("open"),
            st.integers(0, 1),
            st.integers(0, 250),
            st.sampled_from([None, "film", "ads"]),
        ),
        st.tuples(
            st.just("move"),
            st.integers(0, 30),
            st.sampled_from(list(State)),
            st.sampled_from(["yes", "no", "unknown"]),
        ),
        st.tuples(st.just("wait"), st.integers(1, 20)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_no_journal_ever_promises_more_than_a_budget(steps: list[Any]) -> None:
    clock, known = StepClock(NOON), list[Counted]()
    with tempfile.TemporaryDirectory() as folder:
        both = [
            SQLiteJournal(Path(folder), now=clock.now, budgets=LIMITS) for _ in "ab"
        ]
        for number, step in enumerate(steps):
            day = int(clock.time // DAY)
            match step:
                case "open", which, cents, project:
                    amount = Decimal(cents) / 100
                    wanted = draft(str(number), reserved=amount)
                    wanted = evolve(wanted, brief=Brief(project=project))
                    refused = over(known, project, day, cents)
                    try:
                        take = both[which].open(wanted)
                    except NoMoney:
                        assert refused
                    else:
                        assert not refused
                        known.append(Counted(take, cents, project, day))
                case "move", place, state, charged if known:
                    one = known[place % len(known)]
                    if state in MOVES[one.take.state]:
                        if (one.take.state, state) == (State.QUEUED, State.SENDING):
                            one.day = day
                        moved(both[place % 2], one, state, charged)
                case "wait", hours:
                    clock.time += 3_600 * hours
                case _:
                    assert known == []  # nothing is there to be moved
            day = int(clock.time // DAY)
            assert spent(known, None, day) <= 500
            assert spent(known, "film", day) <= 300
            assert spent(known, "film", None) <= 600
            left = both[0].recall("film").allowances
            assert [int((a.spent + a.reserved) * 100) for a in left] == [
                spent(known, None, day),
                spent(known, "film", day),
                spent(known, "film", None),
            ]
        for journal in both:
            journal.close()


def moved(journal: SQLiteJournal, one: Counted, state: State, charged: Any) -> None:
    to = evolve(one.take, state=state)
    if state in SETTLED - {State.DONE}:
        to = evolve(to, problem=Problem("x", "because", charged))
        one.charged = charged
    elif state is State.READY and one.amount > 0 and to.billed is None:
        one.amount -= one.amount // 2
        to = evolve(to, billed=Decimal(one.amount) / 100)
    one.take = journal.move(Move(one.take, to, "on"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6),
    st.integers(0, 700),
    st.integers(0, 700),
    st.none() | st.integers(0, 700),
    st.integers(0, 700),
)
def test_more_budget_never_removes_a_candidate(
    rates: list[int], day: int, spend: int, own: int | None, more: int
) -> None:
    paper = Paper()
    paper.models = [
        model(f"m{n}", str(Decimal(cents) / 1000)) for n, cents in enumerate(rates)
    ]
    environ = {"PAPER_KEY": "s3cret"}
    caller = Shotcaller(
        settings=Settings.load("nowhere", environ), registry=Registry({"paper": paper})
    )

    def fitting(day: int, own: int | None) -> set[str]:
        limit = Limit(Decimal(day) / 100)
        gone = Decimal(spend) / 100
        left = Allowance(limit, spent=gone, reserved=Decimal(0))
        context = caller.setup.context()
        context = evolve(context, memory=evolve(context.memory, allowances=(left,)))
        budget = None if own is None else Decimal(own) / 100
        found = rank(context, SHOT, Brief(budget=budget))
        return {one.model for one in found.candidates}

    before = fitting(day, own)
    assert before <= fitting(day + more, own)
    assert before <= fitting(day, None if own is None else own + more)
    assert before <= fitting(day, None)


def test_an_older_journal_learns_what_its_takes_count_for(
    tmp_path: Path, clock: StepClock
) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    takes = [journal.open(draft(name)) for name in "abcd"]
    for state in (State.SENDING, State.SUBMITTED, State.READY):
        to = evolve(takes[0], state=state)
        if state is State.READY:
            to = evolve(to, status=Done(url="https://x"), billed=Decimal("0.25"))
        takes[0] = journal.move(Move(takes[0], to, "on"))
    ends: Sequence[tuple[int, Charged]] = ((1, "no"), (2, "unknown"))
    for place, charged in ends:
        problem = Problem("x", "because", charged)
        to = evolve(takes[place], state=State.REFUSED, problem=problem)
        takes[place] = journal.move(Move(takes[place], to, "off"))
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        before = db.execute("SELECT * FROM spend ORDER BY take").fetchall()
        for table in ("spend", "outage", "quote"):
            db.execute(f"DROP TABLE {table}")
        sql = "UPDATE take SET body = json_set(body, '$.brief.fallback', json(?))"
        db.execute(f"{sql} WHERE id != ?", ("true", takes[3].id))
        db.execute(f"{sql} WHERE id = ?", ("false", takes[3].id))
        db.execute(f"PRAGMA user_version = {schema.STEPS.index(schema.MONEY)}")
    db.close()

    journal = SQLiteJournal(tmp_path, now=clock.now)
    found = {take.id: take for take in journal.takes(tuple(State), 9)}
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        after = db.execute("SELECT * FROM spend ORDER BY take").fetchall()
    db.close()

    assert after == before
    assert [held(take) for take in takes] == [
        Decimal("0.25"),
        0,
        Decimal("0.3"),
        Decimal("0.3"),
    ]
    fallbacks = [str(found[take.id].brief.fallback) for take in takes]
    assert fallbacks == ["any", "any", "any", "none"]
