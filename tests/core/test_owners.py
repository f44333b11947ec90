"""Who works on a take keeps it while alive, and loses it at the moment of death."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shotcaller import Brief, Settings, Shot, Shotcaller
from shotcaller.effects import Move
from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.owners import Owner
from tests.core.drafts import draft
from tests.core.paper_server import PaperServer
from tests.core.worlds import StepClock

ROOT = Path(__file__).parents[2]

HOLDING = """
import sys
from pathlib import Path
from shotcaller.journal.owners import Owner
owner = Owner(Path(sys.argv[1]))
print(owner.token, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that holds an owner's lock, and its token."""
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_a_process_that_is_stopped_is_alive_and_one_that_is_killed_is_not(
    tmp_path: Path, holder: tuple[subprocess.Popen[str], str]
) -> None:
    process, token = holder
    here = Owner(tmp_path)
    assert here.alive(token)
    process.send_signal(signal.SIGSTOP)
    assert here.alive(token)
    process.kill()
    process.wait()

    assert not here.alive(token)
    assert not (tmp_path / f"{token}.lock").exists()
    here.close()


def test_looking_at_owners_in_one_process_costs_none_of_them_its_lock(
    tmp_path: Path,
) -> None:
    """Closing a file drops a process's POSIX locks on it; SQLite knows that."""
    owners = [Owner(tmp_path) for _ in range(3)]
    for one in owners:
        assert all(one.alive(other.token) for other in owners)
    owners[0].close()
    script = """
import sys
from pathlib import Path
from shotcaller.journal.owners import Owner
here = Owner(Path(sys.argv[1]))
print([here.alive(token) for token in sys.argv[2:]])
"""
    tokens = [owner.token for owner in owners]
    seen = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *tokens],
        capture_output=True,
        text=True,
        check=True,
    )

    assert seen.stdout == "[False, True, True]\n"
    owners[1].sweep()
    owners[1].close()
    owners[2].close()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_whose_file_was_swept_away_is_taken_again(tmp_path: Path) -> None:
    owner, other = Owner(tmp_path), Owner(tmp_path)
    path = tmp_path / f"{owner.token}.lock"
    owner.stay()
    path.unlink()
    assert not other.alive(owner.token)
    owner.stay()
    assert other.alive(owner.token)

    path.unlink()
    path.write_bytes(b"")  # somebody else's, in its place
    assert not other.alive(owner.token)
    owner.stay()
    assert other.alive(owner.token)
    owner.close()
    other.close()


def test_a_lock_whose_file_is_swept_away_as_it_is_taken_is_taken_again(
    tmp_path: Path,
) -> None:
    """A sweep comes upon a file that is made, and not locked yet."""
    here = Owner(tmp_path)
    path = tmp_path / f"{here.token}.lock"
    here._lock.close()
    sweep = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    sweep.execute("BEGIN EXCLUSIVE")

    def go() -> None:
        path.unlink()
        sweep.close()

    timer = threading.Timer(0.05, go)
    timer.start()
    here._lock = here._locked()
    timer.join()

    other = Owner(tmp_path)
    assert path.exists()
    assert other.alive(here.token)
    other.close()
    here.close()


def test_a_journal_whose_owners_were_swept_away_goes_on(
    tmp_path: Path, clock: StepClock
) -> None:
    first = SQLiteJournal(tmp_path, now=clock.now)
    second = SQLiteJournal(tmp_path, now=clock.now)
    take = first.open(draft())
    for lock in (tmp_path / "owners").iterdir():
        lock.unlink()

    assert first.claim(take.id, at_once=True).mine
    assert not second.claim(take.id, at_once=True).mine
    first.close()
    assert second.claim(take.id, at_once=True).mine
    second.close()


MOVING = """
import os, sys
from pathlib import Path
from shotcaller.effects import Move
from shotcaller.journal import SQLiteJournal
journal = SQLiteJournal(Path(sys.argv[1]))
take = journal.claim(sys.argv[2], at_once=True).take
journal.move(Move(take, take, "looked at"))
journal.close()
print(os.getpid())
"""


def test_a_story_names_the_process_that_did_each_thing(tmp_path: Path) -> None:
    journal = SQLiteJournal(tmp_path)
    take = journal.open(draft())
    moving = [sys.executable, "-c", MOVING, str(tmp_path), take.id]
    other = subprocess.run(moving, capture_output=True, text=True, check=True).stdout
    for _ in range(2):  # the second has nothing new to tell
        mine = journal.claim(take.id, at_once=True).take
        journal.move(Move(mine, mine, "looked at"))

    here, host = os.getpid(), socket.gethostname()
    assert [(event.note, event.who) for event in journal.events(take.id)] == [
        ("recorded", f"{here}@{host}"),
        ("looked at", f"{other.strip()}@{host}"),
        ("looked at", f"{here}@{host}"),
    ]
    journal.close()


def test_a_take_is_due_when_the_clock_was_set_back(
    tmp_path: Path, clock: StepClock
) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    take = journal.open(draft())
    clock.time -= 50
    assert not journal.claim(take.id, at_once=False).mine
    clock.time -= 3_600
    assert journal.claim(take.id, at_once=False).mine
    journal.close()


def test_a_clock_that_is_set_back_makes_nobody_wait_for_as_long(
    caller: Shotcaller, clock: StepClock
) -> None:
    take = caller.submit(Shot("A paper boat", seconds=8), Brief(model="paper/one"))
    clock.time -= 7 * 86_400
    clock.slept.clear()

    assert caller.resume(take.id).receipt.take == take.id
    assert sum(clock.slept) < 60


FORKED = """
import os, sys
from pathlib import Path
from attrs import evolve
from shotcaller import Brief, JournalError, Registry, Settings, Shot, Shotcaller
from tests.core.paper import Paper
home, url, folder = sys.argv[1:]
environ = {"SHOTCALLER_PAPER_URL": url, "PAPER_KEY": "s3cret"}
settings = evolve(Settings.load(home, environ), output=Path(folder))
caller = Shotcaller(settings=settings, registry=Registry({"paper": Paper()}))
take = caller.submit(Shot("A paper boat", seconds=8), Brief(model="paper/one"))
journal = caller._world.journal
assert journal.claim(take.id, at_once=True).mine
def child():
    try:
        journal.takes([take.state], 1)
    except JournalError as error:
        print(error)
    journal.close()
    with caller:
        assert [one.id for one in caller.takes()] == [take.id]
        assert not caller._world.journal.claim(take.id, at_once=True).mine
        other = caller.submit(Shot("Another"), Brief(model="paper/one"))
        print(other.state)
if os.fork() == 0:
    child()
    sys.exit(0)
_, status = os.wait()
assert status == 0
other = Shotcaller(settings=settings, registry=Registry({"paper": Paper()}))
assert not other._world.journal.claim(take.id, at_once=True).mine
print("still ours", len(caller.takes()))
other.close()
caller.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_process_that_is_forked_has_a_journal_of_its_own(
    settings: Settings, server: PaperServer
) -> None:
    arguments = [str(settings.home), server.url, str(settings.output)]
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ran.stderr == ""
    path = settings.home / "journal.db"
    refused = f"The journal {path} was opened before this process was forked."
    assert ran.stdout.splitlines() == [
        f"{refused} Open a Shotcaller of its own in each process.",
        "submitted",
        "still ours 2",
    ]


def test_a_copy_of_a_client_closes_nothing_of_the_first(
    caller: Shotcaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = caller.submit(Shot("A paper boat", seconds=8), Brief(model="paper/one"))
    journal, driver = caller._world.journal, caller._driver
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: -1)
        caller.close()
        journal.close()
        with pytest.raises(JournalError, match="was opened before"):
            journal.events(take.id)
        assert [one.id for one in caller.takes()] == [take.id]
        caller.close()

    assert len(caller._inherited) == 1
    assert [one.id for one in journal.takes([take.state], 5)] == [take.id]
    driver.close()
    journal.close()


def test_a_lock_that_another_holds_in_ones_place_is_an_error(tmp_path: Path) -> None:
    journal = SQLiteJournal(tmp_path)
    (lock,) = (tmp_path / "owners").iterdir()
    lock.unlink()
    other = sqlite3.connect(lock, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError, match="cannot be used"):
        journal.ids("")
    other.close()
    assert journal.ids("") == ()
    journal.close()
