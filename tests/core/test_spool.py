"""A reply that was paid for is kept, whatever the journal's disk does."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shotcaller import Brief, JournalError, Settings, Shot, Shotcaller, State, Uncertain
from shotcaller.effects import Move, ended
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.spool import SIZE, Spool
from shotcaller.plugin import Response
from shotcaller.take import Problem, Take
from tests.core.paper_server import Asked, PaperServer, Reply, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=8)
ONE = Brief(model="paper/one")
REPLY = Response(200, {"content-type": "application/json"}, b'{"id": "job-1"}')


def files(settings: Settings) -> list[Path]:
    return sorted((settings.home / "spool").glob("*"))


def test_a_reply_that_cannot_be_recorded_is_found_by_who_comes_next(
    make_caller: Callable[..., Shotcaller], server: PaperServer, settings: Settings
) -> None:
    path = settings.home / "journal.db"
    caller = make_caller()
    caller._world.journal._db.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def locked(server: PaperServer, asked: Asked) -> Reply:
        holder.execute("BEGIN EXCLUSIVE")
        return server.answer(asked)

    server.script["POST /jobs"] = [locked]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, ONE)
    holder.execute("ROLLBACK")
    holder.close()
    (kept,) = files(settings)
    id_ = str(caught.value.take)
    assert caught.value.message == (
        f"Take {id_} was answered 200 by paper (job job-1), which could not be"
        f" recorded. The journal {path} cannot be used: another process holds it"
        f" locked. It is kept in {kept}."
    )
    caller.close()
    assert files(settings) == [kept]

    other = make_caller()
    clip = other.resume(id_)

    assert clip.receipt.take == id_
    assert server.billed == 1
    notes = [event.note for event in other.events(id_)]
    assert "answered 200, as was kept aside" in notes
    assert not kept.exists()


def test_a_reply_that_names_no_job_is_kept_as_it_is(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    journal = caller._world.journal
    move = journal.move

    def failing(wish: Move) -> Take:
        if wish.heard is not None:
            raise JournalError("The journal is gone.")
        return move(wish)

    journal.move = failing  # type: ignore[assignment, method-assign]
    server.script["POST /jobs"] = [say(200, b"<html>")]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, ONE)
    journal.move = move  # type: ignore[method-assign]
    assert "was answered 200 by paper, which could not be" in caught.value.message


def test_a_disk_without_room_leaves_no_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Spool(tmp_path, "me").reserve("a")
    assert list(tmp_path.iterdir()) == []


def test_a_reply_to_a_take_that_others_gave_up_is_kept(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    settings: Settings,
    clock: StepClock,
) -> None:
    def give_up(server: PaperServer, asked: Asked) -> Reply:
        for lock in (settings.home / "owners").iterdir():
            lock.unlink()
        other = SQLiteJournal(settings.home, now=clock.now)
        (take,) = other.takes([State.SENDING], 1)
        theirs = other.claim(take.id, at_once=True).take
        problem = Problem("interrupted", "it was cut off", "unknown")
        other.move(ended(theirs, State.UNCERTAIN, problem))
        other.close()
        return server.answer(asked)

    server.script["POST /jobs"] = [give_up]
    caller = make_caller()
    take = caller.submit(SHOT, ONE)

    notes = [event.note for event in caller.events(take.id)]
    assert notes[-3:] == [
        "it was cut off",
        "answered 200, as was kept aside",
        "accepted",
    ]
    assert take.state is State.SUBMITTED
    assert server.billed == 1


FULL = """
import os, resource, sys
from pathlib import Path
from attrs import evolve
from shotcaller import Registry, Settings, Shotcaller, State, Uncertain
from tests.core.paper import Paper
from tests.core.test_fence import stalled
from tests.core.test_spool import ONE, SHOT
home, url, folder = sys.argv[1:]
environ = {"SHOTCALLER_PAPER_URL": url, "PAPER_KEY": "s3cret"}
settings = evolve(Settings.load(home, environ), output=Path(folder))
def fill(take):
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
caller = Shotcaller(settings=settings, registry=Registry({"paper": Paper()}))
stalled(caller, fill)
try:
    caller.submit(SHOT, ONE)
except Uncertain as error:
    print(error.take, error.message.count("job job-1"), flush=True)
fill_no_more = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
resource.setrlimit(resource.RLIMIT_FSIZE, fill_no_more)
os._exit(1)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_a_process_whose_disk_fills_up_while_it_pays_leaves_the_reply(
    caller: Shotcaller, settings: Settings, server: PaperServer
) -> None:
    root = str(Path(__file__).parents[2])
    arguments = [str(settings.home), server.url, str(settings.output)]
    ran = subprocess.run(
        [sys.executable, "-c", FULL, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    id_, told = ran.stdout.split()
    assert told == "1", ran.stderr
    assert [event.note for event in caller.events(id_)][-1] == "sending, attempt 1"

    assert caller.resume(id_).receipt.take == id_
    assert server.billed == 1


def test_nothing_is_sent_without_room_for_the_reply(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    settings.home.mkdir()
    (settings.home / "spool").write_text("in the way")
    with pytest.raises(JournalError, match="Nothing was sent") as caught:
        caller.generate(SHOT, ONE)
    assert caught.value.charged == "no"
    assert server.asked == []
    (settings.home / "spool").unlink()

    caller.generate(SHOT, ONE)
    assert server.billed == 1


def test_one_file_serves_one_spend_after_another(
    caller: Shotcaller, settings: Settings
) -> None:
    caller.generate(SHOT, ONE)
    caller.generate(SHOT, Brief(model="paper/one", again="2"))
    (file,) = files(settings)
    assert file.read_bytes() == bytes(SIZE)
    caller.close()
    assert files(settings) == []


def test_a_take_that_waits_for_a_place_holds_no_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "me")
    spool.reserve("a")
    spool.free("a")
    spool.free("a")
    spool.reserve("b")
    spool.reserve("b")
    assert len(list(tmp_path.iterdir())) == 1
    spool.reserve("a")
    assert len(list(tmp_path.iterdir())) == 2
    spool.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        (REPLY, REPLY),
        (Response(200, {"a": "b"}, b"\x00" * SIZE), (8192, {"a": "b"})),
        (Response(200, {"a": "b" * SIZE}, b"x" * SIZE), (8192, {})),
        (Response(200, {}, bytes(range(256))), Response(200, {}, bytes(range(256)))),
    ],
)
def test_a_reply_of_any_size_fits_into_the_blocks_that_are_there(
    tmp_path: Path, reply: Response, kept: object
) -> None:
    spool = Spool(tmp_path, "me")
    spool.reserve("a")
    (path,) = tmp_path.iterdir()
    assert spool.keep("a", reply) == path
    assert path.stat().st_size == SIZE
    spool.close()

    found = Spool(tmp_path, "other").kept("a")

    assert found is not None
    assert (found.take, found.path) == ("a", path)
    if isinstance(kept, Response):
        assert found.reply == kept
    else:
        assert (len(found.reply.body), dict(found.reply.headers)) == kept
    assert spool.kept("b") is None


def test_what_was_not_written_whole_is_no_reply(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "me")
    path = spool.keep("a", REPLY)
    whole = path.read_bytes()
    for cut in (0, 10, 64, 65, 100, whole.rindex(b"\n")):
        path.write_bytes(whole[:cut] + bytes(SIZE - cut))
        assert spool.kept("a") is None


def test_a_reply_of_another_version_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = json.dumps({"take": "a", "word": 1}).encode()
    digest = hashlib.sha256(text).hexdigest().encode()
    path = tmp_path / "they-1.spool"
    path.write_bytes(digest + b"\n" + text + b"\n")
    spool = Spool(tmp_path, "me")

    assert spool.kept("a") is None
    assert str(path) in caplog.text
    assert path.exists()


def test_only_blank_files_of_the_dead_are_swept(tmp_path: Path) -> None:
    living, dead = Spool(tmp_path, "living"), Spool(tmp_path, "dead")
    living.reserve("a")
    dead.reserve("b")
    kept = dead.keep("c", REPLY)
    Spool(tmp_path, "me").sweep(lambda owner: owner == "living")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        kept.name,
        "living-1.spool",
    ]


def test_a_reply_that_can_be_written_nowhere_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool = Spool(tmp_path / "spool", "me")
    (tmp_path / "spool").write_text("in the way")
    error = JournalError("The journal cannot be used.")
    assert spool.told("a", REPLY, error) is error
    assert "take a: lost" in caplog.text
    assert "job-1" in caplog.text


def test_a_file_that_vanishes_while_it_is_read_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "they-1.spool").symlink_to(tmp_path / "gone")
    assert Spool(tmp_path, "me").kept("a") is None
