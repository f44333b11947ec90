"""Killed at exact system calls, and with a disk that fails where it hurts most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.chaos import failing, syscalls, tracing
from tests.chaos.failing import Failure
from tests.chaos.kinds import HEYGEN, WORKFLOWS
from tests.chaos.stage import Watched, alone, served
from tests.chaos.tracing import Point, killed_at, points

pytestmark = pytest.mark.skipif(tracing.missing() != "", reason=tracing.missing())

LINES = """\
11 fdatasync(3</a>) = 0
12 fdatasync(3</a> <unfinished ...>
11 write(1</b>) = 4
12 <... fdatasync resumed>) = 0
11 fdatasync(3</a>) = 0
11 +++ exited with 0 +++
""".splitlines()


@pytest.fixture
def blind() -> Iterator[tuple[Watched, str]]:
    with served(WORKFLOWS) as at:
        yield at


def test_calls_are_counted_for_each_thread() -> None:
    assert list(points(LINES, "fdatasync")) == [
        Point("fdatasync", 0, 1),
        Point("fdatasync", 1, 1),
        Point("fdatasync", 0, 2),
    ]
    assert list(points(LINES, "write")) == [Point("write", 0, 1)]


def test_chance_chooses_of_what_is_called_often_only() -> None:
    writes = [Point("pwrite64", 0, number) for number in range(1, 101)]
    syncs = [Point("fsync", 0, number) for number in range(1, 5)]

    some = syscalls.chosen([*writes, *syncs], Random(1), 10)

    assert [point for point in some if point.call == "fsync"] == syncs
    assert len(some) == 14
    assert some == syscalls.chosen([*writes, *syncs], Random(1), 10)


def test_a_submit_is_in_doubt_from_its_record_to_the_record_of_its_reply(
    blind: tuple[Watched, str], tmp_path: Path
) -> None:
    reply = Point("fdatasync", 1, 6)

    ending = syscalls.ended(WORKFLOWS, tmp_path / "reply", blind, reply)

    assert ending.reached
    assert ending.verdict.sentences == ()
    assert (ending.verdict.jobs, ending.verdict.doubtful) == (1, 1)


def test_a_call_that_never_comes_kills_nothing(tmp_path: Path) -> None:
    with alone(HEYGEN, tmp_path / "stage") as stage:
        command = stage.generate("A paper boat")
        reached = killed_at(stage, command, Point("fsync", 9, 1))
        verdict = stage.judged()

    assert not reached
    assert (verdict.sentences, verdict.done) == ((), 1)


def test_a_disk_that_fails_before_the_submit_costs_nothing_twice(
    blind: tuple[Watched, str], tmp_path: Path
) -> None:
    failure = Failure("pwrite64", 60, forever=True)

    verdict = failing.mended(WORKFLOWS, tmp_path / "disk", blind, failure)

    assert verdict.sentences == ()
    assert (verdict.jobs, verdict.done) == (1, 1)


def test_a_reply_that_the_journal_cannot_take_is_not_lost(
    blind: tuple[Watched, str], tmp_path: Path
) -> None:
    verdict = failing.heard(WORKFLOWS, tmp_path / "reply", blind, "fdatasync")

    assert verdict.sentences == ()
    assert (verdict.jobs, verdict.done) == (1, 1)
