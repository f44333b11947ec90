"""Lets the disk fail under the journal at exact calls, and goes on once it is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from attrs import frozen

from tests.chaos.judging import Verdict
from tests.chaos.kinds import Kind
from tests.chaos.stage import GOOD, Stage, Watched, staged
from tests.chaos.tracing import Point, killed_at, traced, tracer

ERRORS = {"fdatasync": "EIO", "pwrite64": "ENOSPC"}
"""How each call fails that the journal is written with."""

LENGTHS = {"fdatasync": 40, "pwrite64": 280}
"""About how often a thread makes each call in a lifecycle."""

HALF = 0.5

_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")


@frozen
class Failure:
    """Is a call to the journal's files that fails: in each thread the n-th.

    ``forever`` lets all later ones fail as well.
    """

    call: str
    number: int
    forever: bool = False

    def __str__(self) -> str:
        more = " and all later ones" if self.forever else ""
        return f"{ERRORS[self.call]} at {self.call} {self.number}{more}"


def failures(chance: Random, share: int) -> Iterator[Failure]:
    """Returns so many failures of each call, anywhere in a lifecycle."""
    for call, most in LENGTHS.items():
        for number in sorted(chance.sample(range(1, most), share)):
            yield Failure(call, number, forever=chance.random() < HALF)


def failed(stage: Stage, command: Sequence[str], failure: Failure) -> int:
    """Runs a command whose journal fails so; returns its exit code."""
    when = f"{failure.number}+" if failure.forever else str(failure.number)
    inject = f"inject={failure.call}:error={ERRORS[failure.call]}:when={when}"
    journal = stage.home / "journal.db"
    paths = [
        part for end in ("", "-journal", "-wal") for part in ("-P", _at(journal, end))
    ]
    trace = tracer(
        failure.call,
        "-s",
        "0",
        *paths,
        "-e",
        inject,
        output=str(stage.folder / "failed.txt"),
    )
    return stage.run([*trace, *command])


def _at(journal: Path, end: str) -> str:
    return f"{journal}{end}"


def mended(
    kind: Kind, folder: Path, at: tuple[Watched, str], failure: Failure
) -> Verdict:
    """Lets a lifecycle fail, goes on once all is well, and judges what is left."""
    stage = staged(kind, folder, at)
    shot = f"{folder.name}: {failure}"
    failed(stage, stage.generate(shot), failure)
    stage.calmed(shot)
    return stage.judged()


def heard(kind: Kind, folder: Path, at: tuple[Watched, str], call: str) -> Verdict:
    """Lets the journal fail from the reply to a submit on, mends it, and judges.

    The submit's record is the last that is written: its reply is known to nothing but
    the process. Its id must be known all the same once the disk is well again.
    """
    number = _until_the_submit(staged(kind, folder / "before", at), call) + 1
    stage = staged(kind, folder / f"now-{folder.name}", at)
    shot = f"{stage.folder.name}: the reply cannot be written"
    take = _queued(stage, shot)
    code = failed(stage, stage.resume(take), Failure(call, number, forever=True))
    found = stage.rows()
    missed = () if found == [("sending", None)] else (f"the journal says {found}",)
    unsaid = ("the command said that all was well",) if code == GOOD else ()
    mended = stage.calmed(shot)
    lost = () if mended == GOOD else ("the id of a job that was accepted is lost",)
    return stage.judged() + Verdict(wrong=(*missed, *unsaid, *lost))


def _queued(stage: Stage, shot: str) -> str:
    """Returns a take that was killed as it was to be recorded that it is sent.

    Whoever goes on with it writes as little before the submit as can be.
    """
    killed_at(stage, stage.generate(shot), Point("fdatasync", 1, 1))
    take = stage.take_of(shot)
    if take is None:
        raise LookupError(f"{shot} was not recorded before its submit")
    return take


def _until_the_submit(stage: Stage, call: str) -> int:
    """Returns how often any thread writes to the journal before the submit is sent."""
    take = _queued(stage, f"before: {stage.folder.parent.name}")
    lines = list(_calls(traced(stage, stage.resume(take), f"{call},sendto", 8)))
    sent = next(place for place, (_, _, said) in enumerate(lines) if '"POST' in said)
    writes = Counter(
        thread
        for thread, made, said in lines[:sent]
        if made == call and "/journal.db" in said
    )
    return max(writes.values())


def _calls(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        if found := _CALL.match(line):
            yield found[1], found[2], found[3]
