"""Lets the storm end: all is resumed until nothing moves, and what there is is told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from shotcaller import State, Take
from shotcaller.programs import generating
from shotcaller.take import SETTLED
from tests.simulation.processes import Outcome, Process, Run, installation
from tests.simulation.schedule import Wish
from tests.simulation.stage import Stage

ROUNDS = 8
MOST_STEPS = 1_500
PATIENCE = 7_200.0
DAY = 86_400.0


def calmed(stage: Stage) -> Outcome:
    """Resumes everything from a new process, and returns how it all ended."""
    stage.fate.over = True
    stage.internet.calm()
    for process in tuple(stage.processes.values()):
        end = stage.order.choice((stage.quit, stage.bury))
        end(process)
    process = stage.started()
    before: list[tuple[State, str]] = []
    for _ in range(ROUNDS):
        for take in _all(process):
            if take.state not in SETTLED and take.heir is None:
                _resume(stage, process, take)
        after = [(take.state, take.id) for take in _all(process)]
        if after == before:
            break
        before = after
        stage.clock.sleep(DAY / 2)
    outcome = _told(stage, process)
    process.quit()
    return outcome


def _resume(stage: Stage, process: Process, take: Take) -> None:
    program = generating.resume(installation(), take.id, PATIENCE)
    wish = Wish(at=0.0, process=0, what="resume", want=0)
    run = Run(process, wish, process.driver.run(program), stage.clock.now())
    stage.runs = [run]
    for _ in range(MOST_STEPS):
        stage.clock.time = max(stage.clock.now(), run.wake)
        stage.step(run)
        if not stage.runs:
            return
    stage.complaints.append(f"{take.id} is never resumed to an end")
    stage.runs = []


def _told(stage: Stage, process: Process) -> Outcome:
    takes = _all(process)
    now = datetime.fromtimestamp(stage.clock.now() + DAY, UTC)
    return Outcome(
        takes,
        {take.id: _story(process, take) for take in takes},
        tuple(stage.births),
        stage.internet,
        stage.internet.there(now),
        tuple(stage.complaints),
        tuple(stage.fate.struck),
        stage.steps,
        None if stage.purse is None else Decimal(stage.purse),
    )


def _all(process: Process) -> tuple[Take, ...]:
    return process.journal.takes(tuple(State), 100)


def _story(process: Process, take: Take) -> tuple[State, ...]:
    return tuple(event.state for event in process.journal.events(take.id))
