"""The journal knows how long a model takes, and nobody asks sooner."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller import Brief, Shot, Shotcaller, State, Take
from shotcaller.catalog import History
from shotcaller.durations import phase_began
from shotcaller.effects import Move, polled, ready, submitted
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.histories import FRESH
from shotcaller.plugin import Done, Running, Ticket
from shotcaller.take import Problem
from tests.core.drafts import draft
from tests.core.paper_server import PaperServer
from tests.core.worlds import StepClock

ONE = Brief(model="paper/one")
TICKET = Ticket("paper", "paper/one", "job-1")
DONE = Done(url="https://clips.paper.test/a.mp4")


def done(journal: SQLiteJournal, name: str, model: str, took: float | None) -> None:
    take = journal.open(draft(name, model=model))
    for state in (State.SUBMITTED, State.READY, State.DONE):
        to = evolve(take, state=state, took=took)
        take = journal.move(Move(take, to, f"to {state}"))


def dead(
    journal: SQLiteJournal, name: str, model: str, *states: State, why: str = "content"
) -> None:
    take = journal.open(draft(name, model=model))
    problem = Problem(why, "no", "no")
    for state in states:
        to = evolve(take, state=state, problem=problem)
        take = journal.move(Move(take, to, f"to {state}"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=45))
def test_quantiles_are_of_the_takes_that_were_done(times: list[int]) -> None:
    with tempfile.TemporaryDirectory() as home:
        journal = SQLiteJournal(Path(home))
        journal._db.execute("PRAGMA synchronous = OFF")
        for number, took in enumerate(times):
            done(journal, str(number), "paper/one", took)
        known = journal.histories()["paper/one"]
        journal.close()

    ranked = sorted(times)

    def nearest(part: float) -> int:
        return ranked[max(1, math.ceil(round(part * len(ranked), 9))) - 1]

    assert (known.p5, known.p50, known.p90) == (
        nearest(0.05),
        nearest(0.5),
        nearest(0.9),
    )
    assert known.done == len(times)


def test_each_model_has_its_own_history(tmp_path: Path, clock: StepClock) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    assert journal.histories() == {}
    done(journal, "a", "paper/one", 30)
    done(journal, "b", "paper/one", None)
    dead(journal, "c", "paper/one", State.SUBMITTED, State.FAILED)
    dead(journal, "c2", "paper/one", State.SUBMITTED, State.FAILED, why="failed")
    dead(journal, "d", "paper/one", State.REFUSED)
    dead(journal, "g", "paper/one", State.REFUSED, why="no-key")  # nobody's fault there
    dead(journal, "e", "paper/two", State.SUBMITTED, State.OUTPUT_LOST)
    dead(journal, "f", "paper/two", State.CANCELLED)
    assert journal.histories() == {}  # as of a moment ago
    clock.time += FRESH

    assert journal.histories() == {
        "paper/one": History(
            done=2, failed=1, refused=2, timed=1, p5=30.0, p50=30.0, p90=30.0
        ),
        "paper/two": History(failed=1),
    }
    journal.close()


@pytest.fixture
def take(tmp_path: Path, clock: StepClock) -> Take:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    opened = journal.open(draft())
    journal.close()
    return evolve(opened, state=State.SUBMITTED, ticket=TICKET, created=0.0)


@pytest.mark.parametrize(
    ("updated", "due", "took"),
    [
        (130.0, 129.0, 30.0),
        (130.0, 125.0, 30.0),
        (130.0, 124.0, None),
        (1_100.0, 1_000.0, 1_000.0),
        (90_000.0, 102.0, None),
        (99.0, 99.0, None),
    ],
)
def test_how_long_it_took_is_known_where_somebody_looked_in_time(
    take: Take, updated: float, due: float, took: float | None
) -> None:
    asked = evolve(take, accepted_at=100.0, updated=updated, due=due)
    assert ready(asked, DONE).to.took == took


def test_a_clip_that_is_fetched_again_took_no_longer(take: Take) -> None:
    asked = evolve(take, accepted_at=100.0, updated=130.0, due=130.0)
    assert ready(evolve(asked, took=12.0), DONE).to.took == 12.0
    assert ready(evolve(asked, links=1), DONE).to.took is None
    assert ready(evolve(asked, accepted_at=None), DONE).to.took is None


def test_the_time_in_the_queue_is_apart_from_the_time_it_runs(take: Take) -> None:
    take = submitted(
        evolve(take, state=State.SENDING, updated=100.0), TICKET, 0, None
    ).to
    assert take.accepted_at == 100.0
    waits, runs = Running(ahead=7), Running()

    at_once = polled(evolve(take, updated=110.0), runs, 1.0).to
    assert at_once.running_at == 100.0

    queued = polled(evolve(take, updated=700.0), waits, 1.0).to
    assert queued.running_at is None
    assert phase_began(evolve(queued, updated=800.0), waits) == 100.0
    began = polled(evolve(queued, updated=800.0), runs, 1.0).to
    assert began.running_at == 800.0
    assert polled(evolve(began, updated=900.0), runs, 1.0).to.running_at == 800.0
    again = polled(evolve(began, updated=950.0), waits, 1.0).to
    assert again.running_at is None
    assert phase_began(evolve(take, accepted_at=None), runs) == 0.0


def test_a_model_that_is_known_is_first_asked_when_it_may_be_ready(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    journal = caller._world.journal
    assert isinstance(journal, SQLiteJournal)
    for number, took in enumerate((40.0, 50.0, 60.0, 70.0, 80.0)):
        done(journal, str(number), "paper/one", took)
    clock.slept.clear()

    caller.generate(Shot("A paper boat", seconds=8), ONE)

    assert 40 <= clock.slept[0] <= 44
    assert server.routes("GET").count("/jobs/job-1") == 2
