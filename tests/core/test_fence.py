"""A spend that was held up between its record and its first byte is not sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import Brief, Settings, Shot, Shotcaller, State, Take, Uncertain
from shotcaller.drivers import world as shared
from shotcaller.effects import Lost, Move, Send, Unsent, ended
from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Request, hookimpl
from shotcaller.programs.generating import generate
from shotcaller.take import Problem
from shotcaller.transport import SyncTransport, wording
from shotcaller.transport.wording import FirstByte, HeldUp
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer
from tests.core.worlds import WORLDS, StepClock, performed

SHOT = Shot("A paper boat", seconds=8)
ONE = Brief(model="paper/one")
WHY = "paper could not be reached (it was held up for too long to be sent)"


def stalled(caller: Shotcaller, stall: Callable[[Take], object]) -> None:
    """Holds the process up at the moment at which it is about to spend, once."""
    journal, stalls = caller._world.journal, [stall]
    move = journal.move

    def moved(wanted: Move) -> Take:
        take = move(wanted)
        if wanted.spends and stalls:
            stalls.pop()(take)
        return take

    vars(journal)["move"] = moved


class Slow(Paper):
    """Tells somebody of each spend that begins, which takes too long."""

    def __init__(self, clock: StepClock, told: Callable[[], object]) -> None:
        super().__init__()
        self.clock = clock
        self.told = told

    @hookimpl
    def shotcaller_observe(self, take: Take) -> None:
        self.seen.append(take)
        if take.state is State.SENDING and take.reply is None:
            self.told()
            self.clock.time += shared.FENCE + 1


@pytest.mark.parametrize("kind", WORLDS)
def test_a_slow_observer_holds_no_spend_up(
    kind: str,
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    clock: StepClock,
) -> None:
    sent: list[int] = []
    slow = Slow(clock, lambda: sent.append(server.submits))
    caller = make_caller(slow)
    folder = str(caller.setup.settings.output)
    program = generate(caller.setup.context(), SHOT, ONE, folder=folder)
    take = performed(kind, caller._world, program)[-1]

    assert sent == [1]
    assert take.state is State.DONE
    assert WHY not in [event.note for event in caller.events(take.id)]
    told = [seen.epoch for seen in slow.seen if seen.id == take.id]
    assert told == sorted(told)


def test_that_a_spend_began_is_told_where_its_reply_could_not_be_recorded(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> None:
    slow = Slow(clock, lambda: None)
    caller = make_caller(slow)
    journal = caller._world.journal
    move = journal.move

    def full(wanted: Move) -> Take:
        if wanted.heard is not None:
            raise JournalError("The disk is full.")
        return move(wanted)

    vars(journal)["move"] = full
    with pytest.raises(Uncertain, match="job job-1"):
        caller.generate(SHOT, ONE)

    assert (slow.seen[-1].state, slow.seen[-1].reply) == (State.SENDING, None)
    assert server.submits == 1


@pytest.mark.parametrize("kind", WORLDS)
def test_a_spend_that_was_held_up_is_sent_later(
    kind: str,
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    clock: StepClock,
) -> None:
    def pause(_: Take) -> None:
        assert server.submits == 0
        clock.time += shared.FENCE + 1

    caller = make_caller()
    stalled(caller, pause)
    folder = str(caller.setup.settings.output)
    program = generate(caller.setup.context(), SHOT, ONE, folder=folder)
    take = performed(kind, caller._world, program)[-1]

    notes = [event.note for event in caller.events(take.id)]
    first = notes.index("sending, attempt 1")
    assert notes[first + 1 : first + 3] == [WHY, "sending, attempt 2"]
    assert take.state is State.DONE
    assert server.submits == 1


def test_what_others_have_given_up_is_not_taken_back(
    make_caller: Callable[..., Shotcaller],
    settings: Settings,
    server: PaperServer,
    clock: StepClock,
) -> None:
    """As by a sweep of old files, or a file system that forgets locks."""

    def lose(take: Take) -> None:
        clock.time += shared.FENCE + 1
        for lock in (settings.home / "owners").iterdir():
            lock.unlink()
        other = SQLiteJournal(settings.home, now=clock.now)
        theirs = other.claim(take.id, at_once=True)
        assert theirs.mine
        problem = Problem("interrupted", "it was cut off", "unknown")
        other.move(ended(theirs.take, State.UNCERTAIN, problem))
        other.close()

    caller = make_caller()
    stalled(caller, lose)
    take = caller.submit(SHOT, ONE)

    assert take.state is State.UNCERTAIN
    assert server.submits == 0


def test_a_byte_that_left_in_time_is_not_held_back_afterwards() -> None:
    byte = FirstByte(time.monotonic() + 60)
    byte.trace("http11.send_request_headers.started", {})
    assert byte.failure(OSError()) == Lost("OSError")


def test_a_byte_that_is_late_does_not_leave(server: PaperServer) -> None:
    late = FirstByte(time.monotonic() - 1)
    late.trace("connection.connect_tcp.started", {})
    with pytest.raises(HeldUp):
        late.trace("http11.send_request_headers.started", {})

    transport = SyncTransport()
    request = Request("POST", f"{server.url}/jobs", json={"prompt": "a"})
    answer = transport.spend(request, time.monotonic() - 1)
    assert answer == Unsent(wording.worded(HeldUp()))
    assert server.asked == []
    again = transport.spend(request, time.monotonic() + 60)
    transport.close()
    assert not isinstance(again, Unsent | Lost)
    assert server.submits == 1


def test_only_a_spend_has_to_be_in_time(caller: Shotcaller) -> None:
    take = caller.submit(SHOT, ONE)
    question = Send("paper", Request("GET", "https://api.paper.test/jobs"))
    assert shared.fenced(caller._world, question, take) == question
    spend = evolve(question, spend=True)
    fenced = shared.fenced(caller._world, spend, take)
    assert isinstance(fenced, Send)
    assert fenced.before is not None
    assert fenced.before <= time.monotonic() + shared.FENCE


STOPPED = """
import os, signal, sys
from pathlib import Path
from attrs import evolve
from shotcaller import Registry, Settings, Shotcaller
from shotcaller.drivers import world
from tests.core.paper import Paper
from tests.core.test_fence import ONE, SHOT, stalled
world.FENCE = 0.1
home, url, folder = sys.argv[1:]
environ = {"SHOTCALLER_PAPER_URL": url, "PAPER_KEY": "s3cret"}
settings = evolve(Settings.load(home, environ), output=Path(folder))
with Shotcaller(settings=settings, registry=Registry({"paper": Paper()})) as caller:
    stalled(caller, lambda take: os.kill(os.getpid(), signal.SIGSTOP))
    print(caller.submit(SHOT, ONE).state)
"""


@pytest.mark.skipif(not hasattr(os, "WUNTRACED"), reason="stops a process")
def test_a_process_that_is_stopped_keeps_its_take_and_does_not_send_late(
    caller: Shotcaller, settings: Settings, server: PaperServer, tmp_path: Path
) -> None:
    root = Path(__file__).parents[2]
    arguments = [str(settings.home), server.url, str(tmp_path / "clips")]
    stopped = subprocess.Popen(
        [sys.executable, "-c", STOPPED, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    os.waitpid(stopped.pid, os.WUNTRACED)
    (take,) = caller.takes()
    assert take.state is State.SENDING
    assert not caller._world.journal.claim(take.id, at_once=True).mine
    time.sleep(0.2)
    os.kill(stopped.pid, signal.SIGCONT)
    out, _ = stopped.communicate(timeout=60)

    assert out == "submitted\n"
    assert WHY in [event.note for event in caller.events(take.id)]
    assert server.submits == 1
