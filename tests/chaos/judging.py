"""Judges what was left behind: the journal against the ledger, shot by shot."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from attrs import frozen

from shotcaller import State, Take
from shotcaller_emulator.ledgers import Line
from tests.accounting import LIVING, disagreements

HERE = "animatic"
"""The gateway on this machine, which has no ledger."""

UNSURE = frozenset({State.SENDING, State.UNCERTAIN})
"""The states that say that a job may have been bought which is not known."""


class Entry(Line, Protocol):
    """Is a line of a ledger that tells what was asked for."""

    @property
    def input(self) -> Mapping[str, Any]:
        """What was asked for, in the vendor's words."""


@frozen
class Verdict:
    """Is what is wrong, in sentences; nothing where all is well.

    ``twice`` are shots that were paid for more than once, ``unknown`` are jobs that
    are paid for and that no take knows of or doubts, ``wrong`` is all else.
    """

    jobs: int = 0
    takes: int = 0
    done: int = 0
    doubtful: int = 0
    twice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.twice or self.unknown or self.wrong)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is wrong."""
        return (*self.twice, *self.unknown, *self.wrong)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.jobs + other.jobs,
            self.takes + other.takes,
            self.done + other.done,
            self.doubtful + other.doubtful,
            self.twice + other.twice,
            self.unknown + other.unknown,
            self.wrong + other.wrong,
        )


def judged(takes: Sequence[Take], ledger: Iterable[Entry]) -> Verdict:
    """Returns what is wrong once nobody works on any of the takes any more.

    Each shot is asked for once: one job is all that may ever be bought for it.
    """
    bought: defaultdict[str, list[Entry]] = defaultdict(list)
    entries = list(ledger)
    for entry in entries:
        if entry.billed or entry.state in LIVING:
            bought[prompt(entry.input)].append(entry)
    asked: defaultdict[str, list[Take]] = defaultdict(list)
    for take in takes:
        asked[take.asked.prompt].append(take)
    twice = tuple(
        f"{shot!r} was bought {len(jobs)} times: {', '.join(_ids(jobs))}"
        for shot, jobs in bought.items()
        if len(jobs) > 1
    )
    unknown = tuple(
        f"{shot!r} was bought as {job.request_id}, which no take knows or doubts"
        for shot, jobs in bought.items()
        for job in jobs
        if not any(_accounts_for(take, job) for take in asked[shot])
    )
    lines = [job for jobs in bought.values() for job in jobs]
    wrong = (
        *disagreements([t for t in takes if t.gateway != HERE], entries),
        *(w for t in takes for w in _unfinished(t)),
    )
    return Verdict(
        jobs=len(lines),
        takes=len(takes),
        done=sum(take.state is State.DONE for take in takes),
        doubtful=sum(take.state is State.UNCERTAIN for take in takes),
        twice=twice,
        unknown=unknown,
        wrong=wrong,
    )


def prompt(given: Mapping[str, Any]) -> str:
    """Returns the prompt in what a vendor was given, wherever it has it."""
    inner = given.get("input", given)
    return str(inner["prompt"])


def _ids(jobs: Iterable[Entry]) -> list[str]:
    return [job.request_id for job in jobs]


def _accounts_for(take: Take, job: Entry) -> bool:
    if take.ticket is not None:
        return take.ticket.remote_id == job.request_id
    return take.state in UNSURE


def _unfinished(take: Take) -> list[str]:
    if take.state is not State.DONE:
        rests = take.state.settled or take.state is State.UNCERTAIN
        return [] if rests else [f"take {take.id} is left {take.state}"]
    if take.footage is None:
        return [f"take {take.id} is done without a clip"]
    path = Path(take.footage.path)
    if not path.exists():
        return [f"take {take.id} is done, but {path.name} is not there"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != take.footage.sha256:
        return [f"take {take.id} is done, but {path.name} is not what was delivered"]
    return []
