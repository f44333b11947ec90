"""Kills at exact system calls of one lifecycle, one after the other, and goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from attrs import frozen

from tests.chaos.judging import Verdict
from tests.chaos.kinds import Kind
from tests.chaos.stage import Watched, staged
from tests.chaos.tracing import CALLS, Point, killed_at, points, traced

MANY = 60
"""Of a call that is made more often than that, chance chooses so many."""

SLOW = 3
"""How often a point is tried that is not come to, or passed before it can be killed."""


@frozen
class Ending:
    """Is what became of a lifecycle that was killed at a point, and gone on with."""

    point: Point
    reached: bool
    verdict: Verdict


def lifecycle(kind: Kind, folder: Path, at: tuple[Watched, str]) -> list[Point]:
    """Returns all points of a whole lifecycle, in the order of their kinds."""
    stage = staged(kind, folder, at)
    command = stage.generate(f"{folder.name}: undisturbed")
    lines = traced(stage, command, ",".join(CALLS), 0)
    return [point for call in CALLS for point in points(lines, call)]


def chosen(found: Sequence[Point], chance: Random, many: int = MANY) -> list[Point]:
    """Returns the points to kill at: all of them, but of some calls only a part."""
    kept: list[Point] = []
    for call in CALLS:
        mine = [point for point in found if point.call == call]
        if len(mine) > many:
            mine = sorted(chance.sample(mine, many), key=mine.index)
        kept += mine
    return kept


def ended(kind: Kind, folder: Path, at: tuple[Watched, str], point: Point) -> Ending:
    """Kills a lifecycle at a point; another process goes on, and all is judged."""
    endings = (
        _once(kind, folder.with_name(f"{folder.name}-{number}"), at, point)
        for number in range(SLOW)
    )
    ending = next(endings)
    while not ending.reached and ending.verdict.good:
        again = next(endings, None)
        if again is None:
            break
        ending = again
    return ending


def _once(kind: Kind, folder: Path, at: tuple[Watched, str], point: Point) -> Ending:
    stage = staged(kind, folder, at)
    shot = f"{folder.name}: {point}"
    try:
        reached = killed_at(stage, stage.generate(shot), point)
    except TimeoutError:
        reached = False
    take = stage.take_of(shot)
    if take is not None:
        stage.run(stage.resume(take))
    stage.calmed(shot)
    return Ending(point, reached, stage.judged())


def told(endings: Sequence[Ending]) -> Iterator[str]:
    """Returns what is wrong, with the point at which it was killed."""
    for ending in endings:
        for sentence in ending.verdict.sentences:
            yield f"killed at {ending.point}: {sentence}"
