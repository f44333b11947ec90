"""Killed while its submit is answered, a take is gone on with by another process."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import define, frozen

from shotcaller import State
from shotcaller_emulator.faults import Deed, Fault, Faults
from shotcaller_emulator.outcomes import Outcome
from tests.chaos.judging import Verdict
from tests.chaos.kinds import ANIMATIC, EVERYWHERE, Kind, Weather
from tests.chaos.stage import GOOD, IN_DOUBT, Stage, alone
from tests.chaos.weather import Late


@define
class Once:
    """Lets a fault answer one request, and does what all others ask."""

    fault: Fault
    met: bool = False

    def __call__(self, deed: Deed, /) -> Outcome:
        """Returns the fault's answer, or the good one."""
        if self.met:
            return deed()
        self.met = True
        return self.fault(deed)


def until(true: Callable[[], object]) -> None:
    """Waits until something is so; a test that waits too long is ended by pytest."""
    while not true():
        time.sleep(0.01)


def silent(kind: Kind) -> Weather | None:
    """Returns what takes the first job and never says so."""
    if kind.vendor is None:
        return None
    return Faults(0, 1.0, {kind.routes["submit"]: [Once(Late(3_600))]})


def killed_while_answered(stage: Stage, shot: str) -> None:
    """Kills a command that has bought its job, and waits for the reply."""
    running = stage.start(stage.generate(shot))
    if stage.vendor is None:
        until(lambda: [take for take in stage.takes() if take.ticket is not None])
    else:
        jobs = stage.vendor
        until(lambda: jobs.jobs)
    running.kill()
    running.wait()


@frozen
class Ending:
    """Is what was left by the killed, and what became of it."""

    left: State
    code: int
    state: State
    verdict: Verdict


def gone_on_with(kind: Kind, folder: Path) -> Ending:
    """Kills a command that has bought its job; another process goes on with it."""
    with alone(kind, folder, silent(kind)) as stage:
        killed_while_answered(stage, "A paper boat")
        (left,) = stage.takes()
        code = stage.run(stage.resume(left.id))
        if code == IN_DOUBT:
            code = stage.run(stage.resume(left.id))
        (take,) = stage.takes()
        return Ending(left.state, code, take.state, stage.judged())


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ending]:
    """Every gateway's, made side by side: most of the time each of them waits."""
    folder = tmp_path_factory.mktemp("stages")

    def made(numbered: tuple[int, Kind]) -> Ending:
        return gone_on_with(numbered[1], folder / str(numbered[0]))

    with ThreadPoolExecutor(4) as crew:
        found = crew.map(made, enumerate(EVERYWHERE.values()))
        return dict(zip(EVERYWHERE, found, strict=True))


@pytest.mark.parametrize("name", EVERYWHERE)
def test_another_process_goes_on_with_what_was_killed(
    name: str, endings: Mapping[str, Ending]
) -> None:
    ending, kind = endings[name], EVERYWHERE[name]

    assert ending.left is (State.SUBMITTED if kind is ANIMATIC else State.SENDING)
    assert ending.verdict.sentences == ()
    assert ending.verdict.jobs == (0 if kind is ANIMATIC else 1)
    if kind.safety == "blind":
        assert (ending.code, ending.state) == (IN_DOUBT, State.UNCERTAIN)
    else:
        assert (ending.code, ending.state) == (GOOD, State.DONE)
