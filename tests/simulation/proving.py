"""Runs scenarios by the thousand, and says in a line what came of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pytest
from attrs import evolve, frozen

from tests.simulation.oracle import violations
from tests.simulation.planted import PLANTED
from tests.simulation.playing import Play
from tests.simulation.processes import Outcome
from tests.simulation.schedule import Scenario, scenario, shrunk
from tests.simulation.troubles import CRASHES

BOUND = 400
"""Within so many seeds each planted bug is to be found."""

KNOWN: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "a lost submit is sent again": (63,),
        "a submit is sent again after a crash": (22,),
        "the id is recorded late": (7,),
        "a spend can be interrupted": (168,),
        "a spend that was held up is sent": (11,),
        "a reply is not kept aside": (156,),
        "the owner is ignored": (900,),
        "a dead owner is obeyed": (0,),
        "a take is let go while it is sent": (196,),
        "absence in a list is trusted": (86,),
        "a fallback is bought for a take in doubt": (9,),
        "a time-out is an end": (3,),
        "a 429 to a poll is read as death": (7,),
        "a poll without an answer is read as death": (18,),
        "the key is made of the prompt": (42,),
        "a take in doubt is not joined": (0,),
        "a take has two heirs": (18,),
        "an earlier doubt is forgotten": (264,),
        "any error is a refusal": (217,),
        "the job of another take is adopted": (4,),
        "a take in doubt is dropped as free": (248,),
        "a clip is taken on trust": (7,),
        "a budget is not reserved": (1,),
        "a budget forgets what is being sent": (43,),
    }
)
"""Seeds that have found a planted bug before; they are tried first."""


@frozen
class Verdict:
    """Is how a scenario ended, and what it violated."""

    outcome: Outcome
    violations: tuple[str, ...]


def judged(played: Scenario) -> Verdict:
    """Returns how a scenario ends, played in a folder of its own."""
    with _folder() as home:
        outcome = Play(played, home).play()
        return Verdict(outcome, tuple(violations(outcome)))


@contextmanager
def _folder() -> Iterator[Path]:
    """Gives a folder, in memory where there is such a place."""
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="shotcaller-", dir=place) as folder:
        yield Path(folder)


def found(name: str, seeds: Iterable[int]) -> int | None:
    """Returns the first seed that finds a planted bug, if one does."""
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name](patch)
        return next((n for n in seeds if judged(scenario(n)).violations), None)


def hunted(name: str) -> int | None:
    """Returns a seed that finds a planted bug: one that did before, or the first."""
    return found(name, (*KNOWN.get(name, ()), *range(BOUND)))


def reproduction(seed: int) -> str:
    """Returns a test of one line that fails as a seed does, with little in it."""
    verdict = judged(scenario(seed))
    named = evolve(scenario(seed), troubles=verdict.outcome.troubles)
    if not judged(named).violations:
        return f"assert judged(scenario({seed})).violations == ()"
    small = shrunk(named, lambda each: bool(judged(each).violations))
    return f"assert judged({small!r}).violations == ()"


@frozen
class Tally:
    """Counts what happened in many scenarios; ``failed`` are their seeds."""

    scenarios: int = 0
    faults: int = 0
    crashes: int = 0
    takes: int = 0
    jobs: int = 0
    parked: int = 0
    failed: tuple[int, ...] = ()

    def with_(self, seed: int, verdict: Verdict) -> Tally:
        """Returns the tally with one scenario more."""
        outcome = verdict.outcome
        names = [name for _, name in outcome.troubles]
        crashes = sum(name in CRASHES for name in names)
        return Tally(
            self.scenarios + 1,
            self.faults + len(names) - crashes,
            self.crashes + crashes,
            self.takes + len(outcome.takes),
            self.jobs + len(outcome.births),
            self.parked + sum(take.state == "uncertain" for take in outcome.takes),
            self.failed + ((seed,) if verdict.violations else ()),
        )


def tallied(seeds: Iterable[int]) -> Tally:
    """Plays the scenarios of seeds and counts."""
    tally = Tally()
    for seed in seeds:
        tally = tally.with_(seed, judged(scenario(seed)))
    return tally
