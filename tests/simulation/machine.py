"""Lets Hypothesis do with takes what users, processes and networks do, in any order."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from random import Random

from attrs import frozen
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as chosen_by
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shotcaller import State
from tests.simulation.calming import DAY, calmed
from tests.simulation.oracle import violations
from tests.simulation.processes import Outcome, Run
from tests.simulation.schedule import FIRST, SECOND, SOLE, Want, Wish
from tests.simulation.stage import Stage
from tests.simulation.troubles import KINDS
from tests.simulation.vendors import Internet

WHAT = ("generate", "submit", "find", "resume", "cancel", "adopt", "retake", "discard")
PATIENCE = st.sampled_from((None, 5.0, 30.0))
WHICH = st.integers(0, 5)
MANY = 6
MOST = 60
"""After so many effects it is somebody else's turn."""


class Queued:
    """Lets the troubles happen that were asked for, each to the next effect it can."""

    def __init__(self) -> None:
        self.struck: list[tuple[int, str]] = []
        self.over = False
        self.waiting: list[str] = []
        self._occasions = 0

    def strikes(
        self,
        kinds: Callable[[], Mapping[str, float]],
        often: float,
    ) -> str:
        """Returns what goes wrong on this occasion, if anything does."""
        self._occasions += 1
        if self.over or not self.waiting:
            return ""
        name = next((name for name in self.waiting if name in kinds()), "")
        if name:
            self.waiting.remove(name)
            self.struck.append((self._occasions, name))
        return name


class Lives(RuleBasedStateMachine):
    """Is three processes with users, on one journal, before vendors with ledgers.

    Whatever is done, it is judged once the weather is calm and all is resumed.
    """

    def __init__(self) -> None:
        super().__init__()
        # in memory where there is such a place
        memory = Path("/dev/shm")
        place = memory if memory.is_dir() else None
        self._folder = tempfile.TemporaryDirectory(prefix="shotcaller-", dir=place)
        self.fate = Queued()
        self.wants: tuple[Want, ...] = ()

    @initialize(
        seed=st.integers(0, 99),
        lag=st.sampled_from((0.0, 60.0, 7_200.0)),
        first=st.sampled_from(SOLE),
        pair=st.tuples(st.sampled_from(FIRST), st.sampled_from(SECOND)),
        alike=st.booleans(),
        purse=st.sampled_from((None, "0.60")),
    )
    def set_up(
        self,
        *,
        seed: int,
        lag: float,
        first: str,
        pair: tuple[str, str],
        alike: bool,
        purse: str | None,
    ) -> None:
        internet = Internet(seed, 0.0, lag, 0.0)
        home = Path(self._folder.name)
        self.stage = Stage(home, internet, self.fate, Random(seed), purse)
        prompt = "A paper boat"
        models = pair if alike else (first,)
        second = Want(prompt=prompt, models=models, again="again" if alike else "")
        self.wants = (Want(prompt=prompt, models=pair), second)

    @precondition(lambda self: len(self.stage.runs) < MANY)
    @rule(
        process=st.integers(0, 2),
        what=st.sampled_from(WHAT),
        want=st.integers(0, 1),
        patience=PATIENCE,
    )
    def wish(self, process: int, what: str, want: int, patience: float | None) -> None:
        wish = Wish(at=0.0, process=process, what=what, want=want, patience=patience)
        self.stage.begin(process, wish, self.wants[want])

    @precondition(lambda self: len(self.stage.runs) < MANY)
    @rule(want=st.integers(0, 1), alike=st.booleans())
    def all_wish(self, want: int, alike: bool) -> None:
        """Lets a user in each process want something: all the same, or each another."""
        for process in range(3):
            which = want if alike else process % 2
            self.wish(process, "generate", which, None)

    @precondition(lambda self: self.stage.runs)
    @rule(which=WHICH, steps=st.sampled_from((1, 1, 2, 5, 25, MOST)))
    def go_on(self, which: int, steps: int) -> None:
        for _ in range(steps):
            if self.stage.runs:
                self._step(which)

    @precondition(lambda self: self.stage.runs)
    @rule(steps=st.sampled_from((5, 25, MOST)))
    def go_on_together(self, steps: int) -> None:
        for _ in range(steps):
            if self.stage.runs:
                self._step(self.stage.order.randrange(MANY))

    @precondition(lambda self: self.stage.runs)
    @rule(which=WHICH)
    def go_on_to_a_spend(self, which: int) -> None:
        """Goes on until a submit is recorded, so that what comes next hits it."""
        for _ in range(MOST):
            if self.stage.runs and not any(run.critical for run in self.stage.runs):
                self._step(which)

    @precondition(lambda self: self.stage.runs)
    @rule(which=WHICH, name=st.sampled_from(tuple(KINDS)))
    def spoil(self, which: int, name: str) -> None:
        """Goes on until something that is bound to go wrong has gone wrong."""
        self.fate.waiting.append(name)
        for _ in range(MOST):
            if self.stage.runs and name in self.fate.waiting:
                self._step(which)

    def _step(self, which: int) -> None:
        if not self._ready():
            self.stage.clock.time = min(run.wake for run in self.stage.runs)
        ready = self._ready()
        self.stage.step(ready[which % len(ready)])

    def _ready(self) -> list[Run]:
        now = self.stage.clock.now()
        return [run for run in self.stage.runs if run.wake <= now]

    @precondition(lambda self: self.stage.runs)
    @rule(which=WHICH)
    def interrupt(self, which: int) -> None:
        self.stage.interrupt(self.stage.runs[which % len(self.stage.runs)])

    @precondition(lambda self: self.stage.runs)
    @rule(which=WHICH, seconds=st.sampled_from((20.0, 300.0, 4_000.0)))
    def pause(self, which: int, seconds: float) -> None:
        run = self.stage.runs[which % len(self.stage.runs)]
        for each in self.stage.within(run.process):
            each.wake += seconds

    @precondition(lambda self: self.stage.processes)
    @rule(which=WHICH, by_force=st.booleans())
    def end(self, which: int, by_force: bool) -> None:
        processes = list(self.stage.processes.values())
        end = self.stage.bury if by_force else self.stage.quit
        end(processes[which % len(processes)])

    @rule(seconds=st.sampled_from((1.0, 60.0, 7_200.0, DAY)))
    def leap(self, seconds: float) -> None:
        self.stage.clock.time += seconds

    def teardown(self) -> None:
        with self._folder:
            if self.wants:
                self.judge(calmed(self.stage))

    def judge(self, outcome: Outcome) -> None:
        """Holds the journal against the ledgers."""
        assert violations(outcome) == []


@frozen
class Account:
    """Counts what machines did; ``wrong`` is what Hypothesis says of the worst."""

    runs: int
    jobs: int
    troubles: int
    doubtful: int
    wrong: str = ""


def proven(seed: int, runs: int, phases: Collection[Phase] = tuple(Phase)) -> Account:
    """Lets so many machines run, chosen by a seed, until one does what it must not.

    That one is then made as short as it can be, if that is among the phases.
    """
    counted: Counter[str] = Counter()

    class Counted(Lives):
        def judge(self, outcome: Outcome) -> None:
            counted["runs"] += 1
            counted["jobs"] += len(outcome.births)
            counted["troubles"] += len(outcome.troubles)
            counted["doubtful"] += sum(
                take.state is State.UNCERTAIN for take in outcome.takes
            )
            super().judge(outcome)

    wishes = settings(
        max_examples=runs,
        stateful_step_count=30,
        deadline=None,
        database=None,
        derandomize=False,
        phases=phases,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    wrong = ""
    try:
        run_state_machine_as_test(chosen_by(seed)(Counted), settings=wishes)
    except AssertionError as error:
        wrong = "\n".join([str(error), *getattr(error, "__notes__", ())])
    return Account(**counted, wrong=wrong)
