"""The judge is judged: it says so where something was paid twice, or is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from shotcaller import Shot, State, Take
from shotcaller.journal import SQLiteJournal
from shotcaller.take import Footage, Ticket
from shotcaller.wire import Request
from tests.chaos.judging import Verdict, judged
from tests.core.drafts import draft


@frozen
class Job:
    """Is a line of a ledger."""

    request_id: str
    input: Mapping[str, Any] = {"prompt": "A boat"}
    state: str = "done"
    billed: Decimal = Decimal("0.20")


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """A take that is done, with its clip."""
    journal = SQLiteJournal(tmp_path)
    opened = journal.open(draft())
    journal.close()
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"pictures")
    digest = hashlib.sha256(b"pictures").hexdigest()
    return evolve(
        opened,
        state=State.DONE,
        request=Request("POST", "https://api.paper.test", json={"prompt": "A boat"}),
        ticket=Ticket("paper", "paper/one", "job-1"),
        footage=Footage(str(clip), 8, digest),
    )


def test_one_job_of_one_take_is_well(take: Take) -> None:
    verdict = judged([take], [Job("job-1")])

    assert verdict == Verdict(jobs=1, takes=1, done=1)
    assert verdict.good


def test_a_shot_that_was_bought_twice_is_told(take: Take) -> None:
    again = evolve(take, id="2", ticket=Ticket("paper", "paper/one", "job-2"))

    verdict = judged([take, again], [Job("job-1"), Job("job-2")])

    assert verdict.twice == ("'A boat' was bought 2 times: job-1, job-2",)
    assert verdict.unknown == ()
    assert not verdict.good


def test_a_second_bill_hides_behind_no_doubt_about_another_shot(take: Take) -> None:
    doubtful = evolve(
        take, id="2", asked=Shot("A cat"), state=State.UNCERTAIN, ticket=None
    )

    verdict = judged([take, doubtful], [Job("job-1"), Job("job-2")])

    assert verdict.twice == ("'A boat' was bought 2 times: job-1, job-2",)
    assert verdict.unknown == (
        "'A boat' was bought as job-2, which no take knows or doubts",
    )


def test_a_job_that_no_take_knows_is_told_unless_it_is_doubted(take: Take) -> None:
    doubtful = evolve(take, state=State.UNCERTAIN, ticket=None, footage=None)

    assert judged([doubtful], [Job("job-1")]).good
    assert judged([], [Job("job-1")]).unknown == (
        "'A boat' was bought as job-1, which no take knows or doubts",
    )


def test_what_was_not_charged_is_no_job(take: Take) -> None:
    failed = Job("job-0", {"input": {"prompt": "A boat"}}, "failed", Decimal(0))

    assert judged([take], [failed, Job("job-1")]).jobs == 1


def test_a_clip_that_is_gone_or_another_is_told(take: Take) -> None:
    assert take.footage is not None
    path = Path(take.footage.path)

    path.write_bytes(b"noise")
    other = judged([take], [Job("job-1")])
    path.unlink()
    gone = judged([take], [Job("job-1")])
    never = judged([evolve(take, footage=None)], [Job("job-1")])

    assert other.wrong == (
        f"take {take.id} is done, but clip.mp4 is not what was delivered",
    )
    assert gone.wrong == (f"take {take.id} is done, but clip.mp4 is not there",)
    assert never.wrong == (f"take {take.id} is done without a clip",)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SUBMITTED])
def test_a_take_that_was_left_on_its_way_is_told(take: Take, state: State) -> None:
    verdict = judged([evolve(take, state=state)], [Job("job-1")])

    assert verdict.sentences == (f"take {take.id} is left {state}",)


def test_verdicts_add_up(take: Take) -> None:
    good, bad = judged([take], [Job("job-1")]), judged([], [Job("job-1")])

    assert good + bad == Verdict(
        jobs=2, takes=1, done=1, unknown=bad.unknown, wrong=bad.wrong
    )
