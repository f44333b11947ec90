"""What a gateway asks of one take holds for all takes of the account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from shotcaller import Brief, Shot, Shotcaller, State
from shotcaller.effects import postponed, submitted, unsent
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Ticket
from shotcaller.programs.generating import resume
from shotcaller.take import Problem, Take
from tests.core.drafts import draft
from tests.core.paper import GATEWAY, Paper
from tests.core.paper_server import PaperServer, say
from tests.core.worlds import StepClock

BUSY = Problem("busy", "paper is busy", "no")


def made(journal: SQLiteJournal, name: str, state: State, account: str = "a") -> Take:
    take = journal.open(draft(name, account=account))
    if state is State.QUEUED:
        return take
    ticket = Ticket("paper", "paper/one", name)
    return journal.move(submitted(take, ticket, 0.0, None))


def test_a_question_that_comes_too_often_lets_the_account_rest(
    tmp_path: Path, clock: StepClock
) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    asked = made(journal, "asked", State.SUBMITTED)
    others = [made(journal, str(state), state) for state in (State.QUEUED, asked.state)]
    elsewhere = made(journal, "elsewhere", State.SUBMITTED, "b")
    late = made(journal, "late", State.SUBMITTED)
    late = journal.move(postponed(late, BUSY, 900.0))

    moved = journal.move(postponed(asked, BUSY, 45.0, 40.0))

    assert moved.due == clock.time + 45
    due = {take.id: take.due - clock.time for take in journal.takes(list(State), 9)}
    assert [due[take.id] for take in others] == [40, 40]
    assert (due[elsewhere.id], due[late.id]) == (0, 900)
    journal.close()


def test_a_submit_that_comes_too_often_lets_only_submits_rest(
    tmp_path: Path, clock: StepClock
) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    queued = made(journal, "queued", State.QUEUED)
    running = made(journal, "running", State.SUBMITTED)
    sent = journal.claim(made(journal, "sent", State.QUEUED).id, at_once=True).take
    journal.move(unsent(sent, BUSY, 30.0, 30.0))

    assert journal.chain(queued.id)[0].due == clock.time + 30
    assert journal.chain(running.id)[0].due == clock.time
    journal.close()


def test_a_busy_gateway_is_left_alone_by_other_processes_too(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> None:
    free = Paper(evolve(GATEWAY, concurrency=None))
    one, other = make_caller(free), make_caller(free)
    first = one.submit(Shot("First"), Brief(model="paper/one"))
    second = other.submit(Shot("Second"), Brief(model="paper/one"))
    server.script[f"GET /jobs/{first.ticket.remote_id}"] = [  # type: ignore[union-attr]
        say(429, None, Retry_After="50")
    ]
    started = clock.time
    run = one._driver.run(resume(one.setup.context(), first.id, None))
    next(take for take in run if take.problem is not None)
    run.close()

    (left,) = [take for take in other.takes() if take.id == second.id]
    assert left.due >= started + 50
    assert other.resume(second.id).receipt.take == second.id
    assert one.resume(first.id).receipt.take == first.id
