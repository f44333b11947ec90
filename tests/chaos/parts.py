"""Runs each part of the proof, as many things at once as the machine bears."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TypeAlias, TypeVar

from attrs import frozen

from tests.chaos import failing, kills, order, pauses, syscalls, tracing
from tests.chaos.failing import ERRORS, Failure
from tests.chaos.judging import Verdict
from tests.chaos.kills import Tally
from tests.chaos.kinds import FAL, HEYGEN, WORKFLOWS, Kind
from tests.chaos.stage import DAMAGED, Watched, alone, served
from tests.simulation.machine import proven

T = TypeVar("T")
R = TypeVar("R")

At: TypeAlias = tuple[Watched, str]
"""Is a vendor that is being served, and where."""

TESTS = Path(__file__).parents[1]

REMOTE = (FAL, HEYGEN, WORKFLOWS)
"""The kinds of gateway that are paid over a network."""


@frozen
class Plan:
    """Is how much is to be done: by default all of it, ``quick`` a tenth.

    ``lanes`` things happen at once: most of the time they wait.
    """

    seed: int
    quick: bool
    lanes: int
    folder: Path

    @property
    def kills(self) -> int:
        """How often the command is killed for each gateway, fault and crowd."""
        return 3 if self.quick else 30

    @property
    def many(self) -> int:
        """How many calls of one name are killed at: of pages written, a part."""
        return 4 if self.quick else syscalls.MANY

    @property
    def scenarios(self) -> int:
        """How many scenarios are simulated."""
        return 200 if self.quick else 2_000

    @property
    def machines(self) -> int:
        """How many state machines run."""
        return 100 if self.quick else 1_000


@frozen
class Report:
    """Is what a part has to say: one line, and all that is wrong."""

    line: str
    wrong: tuple[str, ...] = ()


Part: TypeAlias = Callable[[Plan], Report]


def progress(line: str) -> None:
    """Says how far it is, to whoever waits."""
    print(f"  … {line}", file=sys.stderr, flush=True)


def spread(plan: Plan, work: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
    """Does something to many things, in as many lanes as there are."""
    with ThreadPoolExecutor(plan.lanes) as crew:
        yield from crew.map(work, things)


def simulation(plan: Plan) -> Report:
    """Simulates lives of takes in virtual time, with crashes and planted bugs."""
    if not (TESTS / "simulation" / "__main__.py").exists():
        return Report("simulation: not there", ("there is no tests.simulation to run",))
    command = [sys.executable, "-m", "tests.simulation"]
    options = ["--scenarios", str(plan.scenarios), "--seed", str(plan.seed)]
    done = subprocess.run(
        [*command, *options], stdout=subprocess.PIPE, text=True, check=False
    )
    bad = (f"simulation ended with {done.returncode}",) if done.returncode else ()
    return Report(done.stdout.rstrip(), bad)


def machine(plan: Plan) -> Report:
    """Lets Hypothesis look for an order of doings in which something goes wrong."""
    account = proven(plan.seed, plan.machines)
    right = "0 billed twice, 0 billed and unknown"
    line = (
        f"state machine: {account.runs:,} runs (seed {plan.seed}), {account.jobs:,}"
        f" jobs, {account.troubles:,} faults: "
        f"{'a way to go wrong' if account.wrong else right},"
        f" {account.doubtful:,} in doubt"
    )
    return Report(line, (account.wrong,) if account.wrong else ())


def killing(plan: Plan) -> Report:
    """Kills the command at random moments."""
    cells = list(kills.cells(plan.seed, plan.kills))

    def fight(cell: kills.Cell) -> Tally:
        tally = kills.fought(cell, plan.folder / f"kills-{cell.seed}")
        progress(f"{cell} (seed {cell.seed}): {tally}")
        return tally

    total = Tally(0, 0, Verdict())
    for tally in spread(plan, fight, cells):
        total += tally
    crowds = len({(cell.kind.name, cell.fault) for cell in cells})
    line = (
        f"kill -9 at random: seed {plan.seed}, {crowds} pairs of gateway and fault,"
        f" with 1 and with 3 processes, {total.started} commands started, {total}"
    )
    return Report(line, total.verdict.sentences)


def exact(plan: Plan) -> Report:
    """Kills the command at exact system calls."""
    if reason := tracing.missing():
        return Report(f"kill -9 at system calls: skipped: {reason}")
    chance = Random(plan.seed)
    endings: list[syscalls.Ending] = []
    found = 0
    with ExitStack() as stack:
        jobs: list[tuple[Kind, Path, At, tracing.Point]] = []
        for kind in REMOTE:
            at = stack.enter_context(served(kind))
            folder = plan.folder / f"calls-{kind.plugins.partition(',')[0]}-{len(jobs)}"
            points = syscalls.lifecycle(kind, folder, at)
            found += len(points)
            chosen = syscalls.chosen(points, chance, plan.many)
            progress(
                f"{kind.name}: {len(chosen)} of {len(points)} calls to be killed at"
            )
            jobs += [
                (kind, folder.with_name(f"{folder.name}-{number}"), at, point)
                for number, point in enumerate(chosen)
            ]
        for number, ending in enumerate(spread(plan, _ended, jobs), 1):
            endings.append(ending)
            if number % 25 == 0:
                progress(f"{number} of {len(jobs)} calls killed at")
    total = sum((ending.verdict for ending in endings), Verdict())
    reached = sum(ending.reached for ending in endings)
    damaged = sum(DAMAGED in sentence for sentence in total.wrong)
    line = (
        f"kill -9 at system calls: seed {plan.seed}, {len(REMOTE)} gateways,"
        f" {reached} of {found} calls ({len(endings) - reached} not come to),"
        f" {total.done} done, {total.doubtful} in doubt: {len(total.twice)} billed"
        f" twice, {len(total.unknown)} billed and unknown, {damaged} journals damaged"
    )
    return Report(line, tuple(syscalls.told(endings)))


def _ended(
    job: tuple[Kind, Path, At, tracing.Point],
) -> syscalls.Ending:
    return syscalls.ended(*job)


def disk(plan: Plan) -> Report:
    """Lets the disk fail under the journal: anywhere, and where a reply is recorded."""
    if reason := tracing.missing():
        return Report(f"a failing disk: skipped: {reason}")
    failures = list(failing.failures(Random(plan.seed), 2 if plan.quick else 8))
    with ExitStack() as stack:
        vendors = [(kind, stack.enter_context(served(kind))) for kind in REMOTE]
        anywhere = [(kind, at, failure) for kind, at in vendors for failure in failures]
        replies = [(kind, at, call) for kind, at in vendors for call in ERRORS]

        def fail(numbered: tuple[int, tuple[Kind, At, Failure]]) -> Verdict:
            number, (kind, at, failure) = numbered
            return failing.mended(kind, plan.folder / f"disk-{number}", at, failure)

        def lose(numbered: tuple[int, tuple[Kind, At, str]]) -> Verdict:
            number, (kind, at, call) = numbered
            return failing.heard(kind, plan.folder / f"reply-{number}", at, call)

        verdicts = list(spread(plan, fail, enumerate(anywhere)))
        progress(f"{len(verdicts)} failures anywhere survived")
        heard = list(spread(plan, lose, enumerate(replies)))
    wrong = [
        f"{kind.name}, {what}: {sentence}"
        for (kind, _, what), verdict in zip(
            [*anywhere, *replies], [*verdicts, *heard], strict=True
        )
        for sentence in verdict.sentences
    ]
    total = sum([*verdicts, *heard], Verdict())
    lost = sum(not verdict.done for verdict in heard)
    line = (
        f"a failing disk: seed {plan.seed}, {len(verdicts)} failures (EIO, ENOSPC)"
        f" anywhere, {len(heard)} at the reply: {len(total.twice)} billed twice,"
        f" {len(total.unknown)} billed and unknown, {lost} ids lost"
    )
    return Report(line, tuple(wrong))


def ordered(plan: Plan) -> Report:
    """Reads the order of a lifecycle from its system calls."""
    if reason := tracing.missing():
        return Report(f"order of system calls: skipped: {reason}")
    wrong: list[str] = []
    read = 0
    for number, kind in enumerate(REMOTE):
        with alone(kind, plan.folder / f"order-{number}") as stage:
            story = order.story(stage, "in order")
        read += len(story)
        wrong += [f"{kind.name}: {each}" for each in order.broken(story, "POST")]
    line = (
        f"order of system calls: {read} calls of {len(REMOTE)} lifecycles read,"
        f" {len(wrong)} out of order"
    )
    return Report(line, tuple(wrong))


def paused(plan: Plan) -> Report:
    """Stops the command between record and first byte, and wakes it too late."""
    if reason := tracing.missing():
        return Report(f"a stopped process: skipped: {reason}")
    cases = [(kind, way) for kind in REMOTE for way in (pauses.slept, pauses.replaced)]

    def stop(case: tuple[int, tuple[Kind, Callable[[Kind, Path], Verdict]]]) -> Verdict:
        number, (kind, way) = case
        return way(kind, plan.folder / f"pause-{number}")

    verdicts = list(spread(plan, stop, enumerate(cases)))
    wrong = tuple(
        f"{kind.name}, {way.__name__}: {sentence}"
        for (kind, way), verdict in zip(cases, verdicts, strict=True)
        for sentence in verdict.sentences
    )
    total = sum(verdicts, Verdict())
    line = (
        f"a stopped process: {len(cases)} woken {pauses.ASLEEP:g} s after their record,"
        f" {len(total.wrong)} sent something: {len(total.twice)} billed twice,"
        f" {len(total.unknown)} billed and unknown"
    )
    return Report(line, wrong)


PARTS: dict[str, Part] = {
    "simulation": simulation,
    "machine": machine,
    "order": ordered,
    "pauses": paused,
    "disk": disk,
    "syscalls": exact,
    "kills": killing,
}
"""What is proven, by name, the quickest first."""
