"""Plays a scenario: users, processes that die, a network, one journal; then calm."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeGuard

from shotcaller import Brief, Shot, ShotcallerError, State, Take
from shotcaller.budgets import Budgets, ProjectBudget
from shotcaller.drivers.simulated import (
    Crashed,
    Mishap,
    Step,
    VirtualClock,
)
from shotcaller.drivers.world import FENCE
from shotcaller.effects import Fetch, Lost, Move, Program, Send, Unsent
from shotcaller.plugin import Request, Response
from shotcaller.programs import advancing, generating
from shotcaller.programs.digesting import digest_of
from shotcaller.programs.sending import KEY_MARGIN
from shotcaller.take import SETTLED
from shotcaller.wire import Effect
from tests.simulation.chances import Chance
from tests.simulation.processes import Birth, Outcome, Process, Run, installation
from tests.simulation.schedule import Scenario, Want, Wish
from tests.simulation.troubles import CRASHES, FULL, KINDS, MACHINE, fitting
from tests.simulation.vendors import Internet

PROJECT = "film"
MOST_STEPS = 1_500
ROUNDS = 8
PATIENCE = 7_200.0
DAY = 86_400.0
CRITICAL, LIKELY, SELDOM = 8.0, 4.0, 0.3
"""How much more, or less, often than usual: in the midst of a spend, on the network,
and between effects.
"""


class Play:
    """Is a scenario being played in a folder."""

    def __init__(self, scenario: Scenario, home: Path) -> None:
        self.scenario = scenario
        self.home = home
        self.clock = VirtualClock()
        self.internet = Internet(
            scenario.seed, scenario.weather, scenario.lag, scenario.skew
        )
        self.births: list[Birth] = []
        self.complaints: list[str] = []
        self._clips = home / "clips"
        self._clips.mkdir(parents=True)
        self._order = Random(f"{scenario.seed} order")
        self._chance = Chance(scenario)
        self._now_running: Run | None = None
        self._steps = 0
        start = self.clock.now()
        self._wishes = [(start + wish.at, wish) for wish in scenario.wishes]
        self._processes: dict[int, Process] = {}
        self._runs: list[Run] = []

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
        name = self._chance.strikes(partial(fitting, effect), often)
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

    # -- the storm

    def play(self) -> Outcome:
        """Plays the storm, then the calm, and returns how it ended."""
        while (self._runs or self._wishes) and self._steps < MOST_STEPS:
            self._begin_what_is_wished()
            self._go_on()
        self._chance.over = True
        self.internet.calm()
        for process in tuple(self._processes):
            self._end(process, self._order.choice(("quit", "die")))
        return self._calm()

    def _begin_what_is_wished(self) -> None:
        due = [wish for at, wish in self._wishes if at <= self.clock.now()]
        self._wishes = [one for one in self._wishes if one[0] > self.clock.now()]
        for wish in due:
            number = wish.process % self.scenario.processes
            if number not in self._processes:
                self._processes[number] = self._started()
            process = self._processes[number]
            program = self._program(process, wish)
            if program is not None:
                steps = process.driver.run(program)
                self._runs.append(Run(process, wish, steps, self.clock.now()))

    def _started(self) -> Process:
        project = ProjectBudget(total=self.scenario.purse)
        budgets = Budgets(projects={PROJECT: project})
        return Process(self.home, self.clock, budgets, self.network, self.trouble)

    def _program(self, process: Process, wish: Wish) -> Program[Any] | None:
        want = self.scenario.wants[wish.want]
        shot, brief = _asked(want, wish.patience)
        context, folder = installation(), str(self._clips)
        if wish.what == "generate":
            return generating.generate(context, shot, brief, folder=folder)
        if wish.what == "submit":
            enough = partial(advancing.accepted, context)
            return generating.generate(
                context, shot, brief, folder=folder, enough=enough, patience=5.0
            )
        if wish.what == "find":
            return generating.find(shot, brief)
        digest = digest_of(shot, brief)
        known = process.journal.takes(tuple(State), 50)
        take = next((one.id for one in known if one.digest == digest), None)
        if take is None:
            return None
        if wish.what == "cancel":
            return advancing.cancel(context, take)
        return generating.resume(context, take, wish.patience)

    def _go_on(self) -> None:
        now = self.clock.now()
        ready = [run for run in self._runs if run.wake <= now]
        if not ready:
            times = [run.wake for run in self._runs] + [at for at, _ in self._wishes]
            self.clock.time = max(now, min(times, default=now))
            return
        run = self._order.choice(ready)
        often = CRITICAL if run.critical else SELDOM
        if not self._happened(self._chance.strikes(lambda: MACHINE, often), run):
            self._step(run)

    def _happened(self, name: str, run: Run) -> bool:
        """Lets the machine do something; returns whether the run is gone."""
        match name:
            case "interrupt":
                self._interrupt(run)
                return True
            case "quit" | "die":
                self._end(self._number(run.process), name)
                return True
            case "pause":
                for each in self._runs:
                    if each.process is run.process:
                        each.wake += self._order.choice((20.0, 300.0, 4_000.0))
                return True
            case "leap":
                self.clock.time += self._order.choice((90.0, 7_200.0, DAY))
            case "set-back":
                self._set_back(self._order.choice((1.0, 45.0, 1_800.0)))
            case _:
                pass
        return False

    def _set_back(self, seconds: float) -> None:
        """Sets our clock back, and no other: waits and vendors go on as before.

        By no more in all than the margin that is left to a key, for a clock that is
        set back further, unseen, hides how old the key is.
        """
        seconds = max(0.0, min(seconds, KEY_MARGIN - 60 - self.internet.ahead))
        self.clock.time -= seconds
        self.internet.ahead += seconds
        self._wishes = [(at - seconds, wish) for at, wish in self._wishes]
        for run in self._runs:
            run.wake -= seconds

    def _step(self, run: Run) -> None:
        self._steps += 1
        self._now_running = run
        self.internet.seconds = 0.0
        try:
            step = next(run.steps)
        except StopIteration:
            self._runs.remove(run)
        except Crashed:
            self._end(self._number(run.process), "die")
        except ShotcallerError as error:
            self._runs.remove(run)
            if self._chance.over:
                self.complaints.append(f"{run.wish.what} ended with: {error}")
        except Exception as error:  # noqa: BLE001  it is reported
            self.complaints.append(f"{run.wish.what} raised {error!r}")
            self._runs.remove(run)
        else:
            self._waits(run, step)
        run.process.full = False
        self._now_running = None

    def _waits(self, run: Run, step: Step) -> None:
        """Says when a run goes on: after its sleep, the network, or a slow disk."""
        if step.until is not None:
            run.wake = step.until + self._order.choice((0.0, 0.0, 0.05, 3.0))
            return
        run.wake = self.clock.now() + self._order.choice((0.0, 0.0, 0.1, 0.6, 2.0))
        if isinstance(step.effect, Send):
            run.wake += self.internet.seconds + self._order.choice((0.1, 1.0, 8.0))
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

    def _interrupt(self, run: Run) -> None:
        """Lets a user press Ctrl-C, or a caller leave."""
        self._runs.remove(run)
        self._now_running = run
        try:
            run.steps.close()
        except Crashed:
            self._end(self._number(run.process), "die")
        run.process.full = False
        self._now_running = None

    def _number(self, process: Process) -> int:
        return next(n for n, each in self._processes.items() if each is process)

    def _end(self, number: int, how: str) -> None:
        """Ends a process, by itself or by force; its users ask again later, mostly."""
        process = self._processes[number]
        mine = [run for run in self._runs if run.process is process]
        if how == "die":
            self._bury(number, process)
        for run in mine:
            if number in self._processes:
                self._interrupt(run)
            if not self._chance.over and self._order.random() < 0.7:
                later = self.clock.now() + self._order.choice((0.0, 5.0, 300.0))
                self._wishes.append((later, run.wish))
        if self._processes.pop(number, None) is not None:
            process.quit()

    def _bury(self, number: int, process: Process) -> None:
        """Lets a process die, with all that runs in it."""
        process.die()
        del self._processes[number]
        for run in [run for run in self._runs if run.process is process]:
            self._runs.remove(run)
            for birth in run.to_record:
                birth.excused = True
            with suppress(Crashed):
                run.steps.close()

    # -- the calm

    def _calm(self) -> Outcome:
        """Resumes everything from a new process until nothing moves any more."""
        process = self._started()
        before: list[tuple[State, str]] = []
        for _ in range(ROUNDS):
            takes = process.journal.takes(tuple(State), 50)
            for take in takes:
                if take.state not in SETTLED and take.heir is None:
                    self._resumed(process, take)
            after = [(take.state, take.id) for take in _all(process)]
            if after == before:
                break
            before = after
            self.clock.sleep(DAY / 2)
        takes = _all(process)
        stories = {take.id: _story(process, take) for take in takes}
        process.quit()
        now = datetime.fromtimestamp(self.clock.now() + DAY, UTC)
        return Outcome(
            takes,
            stories,
            tuple(self.births),
            self.internet,
            self.internet.there(now),
            tuple(self.complaints),
            tuple(self._chance.struck),
            self._steps,
            None if self.scenario.purse is None else Decimal(self.scenario.purse),
        )

    def _resumed(self, process: Process, take: Take) -> None:
        program = generating.resume(installation(), take.id, PATIENCE)
        wish = Wish(at=0.0, process=0, what="resume", want=0)
        run = Run(process, wish, process.driver.run(program), self.clock.now())
        self._runs = [run]
        for _ in range(MOST_STEPS):
            self.clock.time = max(self.clock.now(), run.wake)
            self._step(run)
            if not self._runs:
                return
        self.complaints.append(f"{take.id} is never resumed to an end")
        self._runs = []


def _begins_spend(effect: Effect[Any]) -> TypeGuard[Move]:
    """Whether the next byte may spend; the driver's own word for it may be a bug."""
    if not isinstance(effect, Move):
        return False
    return effect.to.state is State.SENDING and effect.to.reply is None


def _all(process: Process) -> tuple[Take, ...]:
    return process.journal.takes(tuple(State), 100)


def _story(process: Process, take: Take) -> tuple[State, ...]:
    return tuple(event.state for event in process.journal.events(take.id))


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
