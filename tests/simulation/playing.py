"""Plays a scenario: wishes at their times, and a storm of troubles; then calm."""

from __future__ import annotations

from pathlib import Path
from random import Random

from shotcaller.programs.keying import KEY_MARGIN
from tests.simulation.calming import DAY, MOST_STEPS, calmed
from tests.simulation.chances import Chance
from tests.simulation.processes import Outcome, Process, Run
from tests.simulation.schedule import Scenario
from tests.simulation.stage import Stage
from tests.simulation.troubles import MACHINE
from tests.simulation.vendors import Internet

CRITICAL, SELDOM = 8.0, 0.3
"""How much more, or less, often than usual: in the midst of a spend, and else."""


class Play:
    """Is a scenario being played in a folder."""

    def __init__(self, scenario: Scenario, home: Path) -> None:
        self._scenario = scenario
        internet = Internet(
            scenario.seed, scenario.weather, scenario.lag, scenario.skew
        )
        self._chance = Chance(scenario)
        self._order = Random(f"{scenario.seed} order")
        self._stage = Stage(home, internet, self._chance, self._order, scenario.purse)
        start = self._stage.clock.now()
        self._wishes = [(start + wish.at, wish) for wish in scenario.wishes]

    def play(self) -> Outcome:
        """Plays the storm, then the calm, and returns how it ended."""
        stage = self._stage
        while (stage.runs or self._wishes) and stage.steps < MOST_STEPS:
            self._begin_what_is_wished()
            self._go_on()
        return calmed(stage)

    def _begin_what_is_wished(self) -> None:
        now, scenario = self._stage.clock.now(), self._scenario
        due = [wish for at, wish in self._wishes if at <= now]
        self._wishes = [one for one in self._wishes if one[0] > now]
        for wish in due:
            number = wish.process % scenario.processes
            self._stage.begin(number, wish, scenario.wants[wish.want])

    def _go_on(self) -> None:
        stage = self._stage
        now = stage.clock.now()
        ready = [run for run in stage.runs if run.wake <= now]
        if not ready:
            times = [run.wake for run in stage.runs] + [at for at, _ in self._wishes]
            stage.clock.time = max(now, min(times, default=now))
            return
        run = self._order.choice(ready)
        often = CRITICAL if run.critical else SELDOM
        if not self._happened(self._chance.strikes(lambda: MACHINE, often), run):
            self._stepped(run)

    def _happened(self, name: str, run: Run) -> bool:
        """Lets the machine do something; returns whether the run is gone."""
        stage = self._stage
        match name:
            case "interrupt":
                stage.interrupt(run)
                return True
            case "quit" | "die":
                self._end(run.process, name)
                return True
            case "pause":
                for each in stage.within(run.process):
                    each.wake += self._order.choice((20.0, 300.0, 4_000.0))
                return True
            case "leap":
                stage.clock.time += self._order.choice((90.0, 7_200.0, DAY))
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
        internet = self._stage.internet
        seconds = max(0.0, min(seconds, KEY_MARGIN - 60 - internet.ahead))
        self._stage.clock.time -= seconds
        internet.ahead += seconds
        self._wishes = [(at - seconds, wish) for at, wish in self._wishes]
        for run in self._stage.runs:
            run.wake -= seconds

    def _stepped(self, run: Run) -> None:
        mine = self._stage.within(run.process)
        self._stage.step(run)
        if run.process not in self._stage.processes.values():
            self._wish_again(mine)

    def _end(self, process: Process, how: str) -> None:
        """Ends a process, by itself or by force."""
        mine = self._stage.within(process)
        end = self._stage.bury if how == "die" else self._stage.quit
        end(process)
        self._wish_again(mine)

    def _wish_again(self, cut_off: list[Run]) -> None:
        """Lets users ask again later, mostly, for what was cut off."""
        for run in cut_off:
            if self._order.random() < 0.7:
                later = self._stage.clock.now() + self._order.choice((0.0, 5.0, 300.0))
                self._wishes.append((later, run.wish))
