"""A take that takes too long is waited for no longer, and collected all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import BadInput, Brief, Settings, Shot, Shotcaller, State, StillRunning
from shotcaller.pacing import Deadlines
from shotcaller.plugin import Exchange, Request, Running, Status, Ticket, hookimpl
from tests.core.paper import API, Paper
from tests.core.paper_server import PaperServer
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=8)
ONE = Brief(model="paper/one")


class Queueing(Paper):
    """Waits at the gateway for ever."""

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        yield Request("GET", f"{API}/jobs/{ticket.remote_id}")
        return Running(note="queued", ahead=9_000)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return evolve(settings, deadlines=Deadlines(queue=120.0, run=60.0))


def test_a_run_that_is_overdue_is_not_waited_for_and_still_collected(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    usual = server.states
    server.states = ["drawing"]
    started = clock.time
    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, ONE)

    waited = clock.time - started
    assert 60 < waited < 66
    id_ = str(caught.value.take)
    why = "it has been running for 1 min, 1 is the limit"
    assert str(caught.value) == (
        f"Take {id_} on paper/one is still running (submitted: {why})."
        f" It goes on; `shotcaller resume {id_}` collects it without paying again."
    )
    (take,) = caller.takes()
    assert take.state is State.SUBMITTED
    assert take.problem is not None
    assert (take.problem.code, take.problem.message) == ("overdue", why)

    server.states = ["drawing"] * 60 + usual
    server.jobs["job-1"]["polls"] = 0
    assert caller.resume(id_).receipt.take == id_
    assert server.billed == 1


def test_a_queue_has_a_limit_of_its_own(
    make_caller: Callable[..., Shotcaller], clock: StepClock
) -> None:
    started = clock.time
    with pytest.raises(StillRunning, match="waiting at the gateway for 2 min, 2"):
        make_caller(Queueing()).generate(SHOT, ONE)
    assert 120 < clock.time - started < 132


@pytest.mark.parametrize(
    ("elapsed", "queued", "words"),
    [
        (60.0, True, ""),
        (61.0, True, "it has been waiting at the gateway for 1 min, 1 is the limit"),
        (61.0, False, ""),
        (180.0, False, "it has been running for 3 min, 2 is the limit"),
    ],
)
def test_what_is_late_is_said_in_words(
    *, elapsed: float, queued: bool, words: str
) -> None:
    assert Deadlines(60.0, 120.0).overdue(elapsed, queued=queued) == words


def test_settings_say_when_a_take_is_overdue(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[deadlines]\nrun = 90\n")
    settings = Settings.load(tmp_path, {})
    assert settings.deadlines == Deadlines(7_200.0, 90.0)
    with Shotcaller(settings=settings) as caller:
        assert caller.setup.context().deadlines.run == 90.0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("deadlines = 5", "deadlines: 5 is not a table"),
        ("[deadlines]\nrn = 5", "there is no 'rn' (there are queue, run)"),
        ("[deadlines]\nrun = true", "deadlines.run: True is no number of seconds"),
        ("[deadlines]\nrun = 0", "deadlines.run: 0 is no number of seconds"),
        ("[deadlines]\nqueue = inf", "deadlines.queue: inf is no number of seconds"),
        ("[deadlines]\nqueue = '5'", "deadlines.queue: '5' is no number of seconds"),
    ],
)
def test_a_deadline_is_a_number_of_seconds(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(BadInput) as caught:
        Settings.load(tmp_path, {})
    assert why in caught.value.message
