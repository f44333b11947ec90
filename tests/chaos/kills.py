"""Kills the installed command at random moments, until enough of it has died."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from attrs import evolve, frozen

from tests.chaos.judging import Verdict
from tests.chaos.kinds import KINDS, Kind
from tests.chaos.stage import Stage, alone
from tests.chaos.weather import FAULTS, faults

BOUTS = 3
"""How often a shot is killed at most, before it is left in peace."""

AROUND = 0.25
"""For how many seconds before and after its submit a take's money is most at stake."""

LONGEST = 6.0
"""After how many seconds at most a command is killed."""

HALF = 0.5


@frozen
class Pace:
    """Is how many seconds a command takes: until it has submitted, and to its end."""

    submit: float
    length: float


@frozen
class Cell:
    """Is one kind of gateway with one fault, and so many processes on one journal."""

    kind: Kind
    fault: str
    processes: int
    seed: int
    kills: int

    def __str__(self) -> str:
        crowd = "1 process" if self.processes == 1 else f"{self.processes} processes"
        return f"{self.kind.name}, {self.fault}, {crowd}"


@frozen
class Tally:
    """Is what happened in a cell: processes started and killed, and the verdict."""

    started: int
    killed: int
    verdict: Verdict

    def __str__(self) -> str:
        verdict = self.verdict
        return (
            f"{self.killed} kills, {verdict.takes} takes, {verdict.jobs} jobs,"
            f" {verdict.done} done, {verdict.doubtful} in doubt:"
            f" {len(verdict.twice)} billed twice,"
            f" {len(verdict.unknown)} billed and unknown"
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.started + other.started,
            self.killed + other.killed,
            self.verdict + other.verdict,
        )


def cells(seed: int, kills: int) -> Iterator[Cell]:
    """Returns every kind of gateway with every fault that it can have."""
    number = seed * 1_000
    for kind in KINDS:
        for fault in FAULTS if kind.vendor else ["none"]:
            for processes in (1, 3):
                number += 1
                yield Cell(kind, fault, processes, number, kills)


def fought(cell: Cell, folder: Path) -> Tally:
    """Kills until the cell has had its kills; then judges what is left."""
    chance = Random(cell.seed)
    weather = faults(cell.kind, cell.fault, cell.seed) if cell.kind.vendor else None
    with alone(cell.kind, folder, weather) as stage:
        pace = _pace(stage, _shot(stage, 0))
        started = killed = shots = 0
        while killed < cell.kills:
            crowd = [_shot(stage, shots + 1 + n // 2) for n in range(cell.processes)]
            shots += math.ceil(cell.processes / 2)
            for _ in range(BOUTS):
                moments = [_moment(chance, pace) for _ in crowd]
                commands = [_again(chance, stage, shot) for shot in crowd]
                started += len(commands)
                killed += bout(stage, commands, moments)
            for shot in dict.fromkeys(crowd):
                stage.calmed(shot)
        verdict = stage.judged()
        lost = shots + 1 - verdict.takes
        if lost > 0:
            why = f"{lost} shots have no take although they were asked for to the end"
            verdict = evolve(verdict, wrong=(*verdict.wrong, why))
    return Tally(started, killed, verdict)


def bout(
    stage: Stage, commands: Sequence[Sequence[str]], moments: Sequence[float]
) -> int:
    """Starts commands at once and kills each at its moment; returns how many died."""
    began = time.monotonic()
    running = [stage.start(command) for command in commands]
    killed = 0
    for moment, process in sorted(zip(moments, running, strict=True), key=_first):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        if process.poll() is None:
            process.kill()
            killed += 1
        process.wait()
    return killed


def _first(pair: tuple[float, object]) -> float:
    return pair[0]


def _shot(stage: Stage, number: int) -> str:
    return f"{stage.folder.name}: shot {number}"


def _pace(stage: Stage, shot: str) -> Pace:
    """Makes a shot undisturbed, to see how long things take on this machine."""
    began, clock = time.monotonic(), time.time()
    stage.calmed(shot)
    length = min(time.monotonic() - began, LONGEST)
    posts = stage.vendor.posts if stage.vendor else []
    submit = posts[0].timestamp() - clock if posts else length / 2
    return Pace(min(submit, LONGEST), length)


def _moment(chance: Random, pace: Pace) -> float:
    """Returns when to kill: at any time, or while a first submit is under way.

    Waiting for polls takes longest, and is least dangerous.
    """
    if chance.random() < HALF:
        return chance.uniform(0.2, pace.length)
    return max(0.0, chance.uniform(pace.submit - AROUND, pace.submit + AROUND))


def _again(chance: Random, stage: Stage, shot: str) -> list[str]:
    """Returns how somebody goes on with a shot: by its take, or by asking again."""
    take = stage.take_of(shot) if chance.random() < 0.5 else None
    return stage.generate(shot) if take is None else stage.resume(take)
