"""Holds processes on one journal, users who want things of them, and a network."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeGuard

from shotcaller import Brief, Shot, ShotcallerError, State, Take
from shotcaller.budgets import Budgets, ProjectBudget
from shotcaller.drivers.simulated import Crashed, Mishap, Step, VirtualClock
from shotcaller.drivers.world import FENCE
from shotcaller.effects import Fetch, Lost, Move, Program, Send, Unsent
from shotcaller.plugin import Request, Response
from shotcaller.programs import advancing, generating, reconciling
from shotcaller.programs.digesting import digest_of
from shotcaller.wire import Effect
from tests.simulation.chances import Fate
from tests.simulation.processes import PROJECT, Birth, Process, Run, installation
from tests.simulation.schedule import Want, Wish
from tests.simulation.troubles import CRASHES, FULL, KINDS, fitting
from tests.simulation.vendors import Internet

LIKELY = 4.0
"""How much more often than usual something goes wrong on the network."""


class Stage:
    """Is all that lives in a folder, one effect at a time.

    ``purse`` is what the project may spend, in USD; ``order`` decides which of several
    things that may happen does.
    """

    def __init__(
        self,
        home: Path,
        internet: Internet,
        fate: Fate,
        order: Random,
        purse: str | None = None,
    ) -> None:
        self.home = home
        self.internet = internet
        self.fate = fate
        self.order = order
        self.purse = purse
        self.clock = VirtualClock()
        self.births: list[Birth] = []
        self.complaints: list[str] = []
        self.processes: dict[int, Process] = {}
        self.runs: list[Run] = []
        self.steps = 0
        self._clips = home / "clips"
        self._clips.mkdir(parents=True)
        self._now_running: Run | None = None

    # -- what the drivers are given

    def network(self, request: Request, now: datetime) -> Response | Unsent | Lost:
        """Asks the internet, and notes which jobs were born for which take."""
        run, internet = self._now_running, self.internet
        if run is None or request.method != "POST":
            return internet(request, now)
        late = self.clock.now() - run.began
        if late > FENCE:
            self.complaints.append(f"{run.spending} was sent {late:g} s too late")
        before = {name: internet.jobs(name) for name in internet.vendors}
        answer = internet(request, now)
        born = [
            Birth(name, job, run.spending)
            for name in internet.vendors
            for job in internet.jobs(name) - before[name]
        ]
        self.births += born
        return answer

    def trouble(self, effect: Effect[Any]) -> Mishap | None:
        """Says what goes wrong with an effect that is about to be performed."""
        run = self._now_running
        if run is not None and _begins_spend(effect):
            run.spending, run.critical = effect.take.id, True
            run.began = self.clock.now()
        exposed = isinstance(effect, Send | Fetch) or (run is not None and run.critical)
        often = LIKELY if exposed else 1.0
        name = self.fate.strikes(partial(fitting, effect), often)
        if run is not None:
            self._excuse(run, effect, name)
            run.process.full = name in FULL
        return KINDS[name].made() if name in KINDS else None

    def _excuse(self, run: Run, effect: Effect[Any], name: str) -> None:
        """Forgives that a reply is lost if it could not be recorded at once."""
        records = isinstance(effect, Move) and effect.to.reply is not None
        run.critical = run.critical and not records
        for birth in run.to_record:
            birth.excused = birth.excused or (records and name in CRASHES)
        run.to_record = []

    # -- what users do

    def started(self) -> Process:
        """Returns a new process."""
        budgets = Budgets(projects={PROJECT: ProjectBudget(total=self.purse)})
        return Process(self.home, self.clock, budgets, self.network, self.trouble)

    def begin(self, number: int, wish: Wish, want: Want) -> None:
        """Lets a user do something in a process, which is started if it is not there.

        Nothing happens where there is no take yet of which it could be asked.
        """
        if number not in self.processes:
            self.processes[number] = self.started()
        process = self.processes[number]
        program = self._program(process, wish, want)
        if program is not None:
            steps = process.driver.run(program)
            self.runs.append(Run(process, wish, steps, self.clock.now()))

    def _program(self, process: Process, wish: Wish, want: Want) -> Program[Any] | None:
        shot, brief = _asked(want, wish.patience)
        context, folder = installation(), str(self._clips)
        match wish.what:
            case "generate":
                return generating.generate(context, shot, brief, folder=folder)
            case "submit":
                enough = partial(advancing.accepted, context)
                return generating.generate(
                    context, shot, brief, folder=folder, enough=enough, patience=5.0
                )
            case "find":
                return generating.find(shot, brief)
            case _:
                take = newest(process, digest_of(shot, brief))
                return None if take is None else self._about(take, wish)

    def _about(self, take: Take, wish: Wish) -> Program[Any] | None:
        context, folder = installation(), str(self._clips)
        match wish.what:
            case "cancel":
                return advancing.cancel(context, take.id)
            case "retake":
                return reconciling.retake(
                    context, take.id, wish.patience, folder=folder
                )
            case "discard":
                return reconciling.discard(context, take.id)
            case "adopt":
                jobs = [birth.job for birth in self.births if birth.take == take.id]
                return reconciling.adopt(context, take.id, jobs[-1]) if jobs else None
            case _:
                return generating.resume(context, take.id, wish.patience)

    def interrupt(self, run: Run) -> None:
        """Lets a user press Ctrl-C, or a caller leave."""
        self.runs.remove(run)
        self._now_running = run
        try:
            run.steps.close()
        except Crashed:
            self.bury(run.process)
        run.process.full = False
        self._now_running = None

    # -- what machines do

    def step(self, run: Run) -> None:
        """Lets a run come to its next effect, or to its end."""
        self.steps += 1
        self._now_running = run
        self.internet.seconds = 0.0
        try:
            step = next(run.steps)
        except StopIteration:
            self.runs.remove(run)
        except Crashed:
            self.bury(run.process)
        except ShotcallerError as error:
            self.runs.remove(run)
            if self.fate.over:
                self.complaints.append(f"{run.wish.what} ended with: {error}")
        except Exception as error:  # noqa: BLE001  it is reported
            self.complaints.append(f"{run.wish.what} raised {error!r}")
            self.runs.remove(run)
        else:
            self._waits(run, step)
        run.process.full = False
        self._now_running = None

    def _waits(self, run: Run, step: Step) -> None:
        """Says when a run goes on: after its sleep, the network, or a slow disk."""
        if step.until is not None:
            run.wake = step.until + self.order.choice((0.0, 0.0, 0.05, 3.0))
            return
        run.wake = self.clock.now() + self.order.choice((0.0, 0.0, 0.1, 0.6, 2.0))
        if isinstance(step.effect, Send):
            run.wake += self.internet.seconds + self.order.choice((0.1, 1.0, 8.0))
            self._note_reply(run, step)

    def _note_reply(self, run: Run, step: Step) -> None:
        """Notes the jobs whose ids have reached us, and are to be recorded at once."""
        answer = step.outcome.answer
        if not isinstance(step.effect, Send) or not step.effect.spend:
            return
        if not isinstance(answer, Response) or answer.status >= 300:
            return
        for birth in self.births:
            if birth.take == run.spending and f'"{birth.job}"'.encode() in answer.body:
                birth.heard = True
                run.to_record.append(birth)

    def quit(self, process: Process) -> None:
        """Lets a process end as it should: Ctrl-C for all that runs in it."""
        for run in self.within(process):
            if process in self.processes.values():
                self.interrupt(run)
        if process in self.processes.values():
            self._forget(process)
            process.quit()

    def bury(self, process: Process) -> None:
        """Lets a process die, with all that runs in it."""
        process.die()
        self._forget(process)
        for run in self.within(process):
            self.runs.remove(run)
            for birth in run.to_record:
                birth.excused = True
            with suppress(Crashed):
                run.steps.close()

    def within(self, process: Process) -> list[Run]:
        """Returns what runs in a process."""
        return [run for run in self.runs if run.process is process]

    def _forget(self, process: Process) -> None:
        number = next(n for n, each in self.processes.items() if each is process)
        del self.processes[number]


def newest(process: Process, digest: str) -> Take | None:
    """Returns the newest take of a digest."""
    known = process.journal.takes(tuple(State), 50)
    return next((take for take in known if take.digest == digest), None)


def _begins_spend(effect: Effect[Any]) -> TypeGuard[Move]:
    """Whether the next byte may spend; the driver's own word for it may be a bug."""
    if not isinstance(effect, Move):
        return False
    return effect.to.state is State.SENDING and effect.to.reply is None


def _asked(want: Want, patience: float | None) -> tuple[Shot, Brief]:
    named: dict[str, Any] = {"only": want.models}
    if len(want.models) == 1:
        named = {"model": want.models[0]}
    brief = Brief(
        **named,
        again=want.again,
        budget=want.budget,
        deadline=patience,
        project=PROJECT,
        unknown_price=True,
    )
    return Shot(want.prompt), brief
