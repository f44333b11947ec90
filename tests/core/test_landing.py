"""A clip lands whole, measured and in its place, or says why not."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    Shot,
    Shotcaller,
    StillRunning,
    Take,
    Undelivered,
    files,
)
from shotcaller.drivers import landing
from shotcaller.effects import Fetch, Missed, Program
from shotcaller.plugin import Brief, Done, Exchange, Status, Ticket, hookimpl
from shotcaller.take import Footage
from tests.core.mp4 import movie
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer
from tests.core.raw_server import raw, saying
from tests.core.worlds import WORLDS, performed

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one", deadline=600)


def test_a_webm_is_a_clip_too(caller: Shotcaller, server: PaperServer) -> None:
    server.clip = b"\x1a\x45\xdf\xa3" + bytes(100)

    clip = caller.generate(Shot("A boat", seconds=4), ONE)

    assert clip.path.endswith(".webm")
    assert (clip.seconds, clip.width, clip.sound) == (None, None, None)
    assert clip.receipt.warnings == ()


def test_a_movie_with_its_index_at_the_end_is_measured(
    caller: Shotcaller, server: PaperServer
) -> None:
    whole = movie(3)
    at = whole.index(b"moov") - 4
    length = int.from_bytes(whole[at : at + 4], "big")
    large = (1).to_bytes(4, "big") + b"mdat" + (16 + 64).to_bytes(8, "big") + bytes(64)
    index = (0).to_bytes(4, "big") + whole[at + 4 : at + length]
    server.clip = whole[:at] + large + index

    assert caller.generate(SHOT, ONE).seconds == 3


def test_half_a_clip_is_fetched_again(caller: Shotcaller, server: PaperServer) -> None:
    whole = server.clip
    take = caller.submit(SHOT, ONE)
    server.clip = whole[:-200]

    with pytest.raises(Undelivered, match="it ends 200 bytes too early"):
        caller.resume(take.id, patience=600)
    server.clip = whole

    assert caller.resume(take.id, patience=600).bytes == len(whole)
    assert server.billed == 1


def test_what_stands_behind_a_whole_clip_does_no_harm(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.clip += b"\xff" * 100

    assert caller.generate(SHOT, ONE).bytes == len(server.clip)


def test_the_disk_is_not_the_gateways_fault(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    take = caller.submit(SHOT, ONE)
    folder.rename(tmp_path / "away")

    with pytest.raises(Undelivered) as caught:
        caller.resume(take.id)

    assert str(caught.value) == (
        f"Take {take.id} on paper/one is finished but not on disk: the clip cannot be"
        f" written into {folder}: No such file or directory."
        f" Mend that, then `shotcaller resume {take.id}`: it costs nothing more."
    )
    assert caught.value.exit_code == 6
    assert caught.value.charged == "yes"

    (tmp_path / "away").rename(folder)
    assert Path(caller.resume(take.id).path).read_bytes() == server.clip
    assert server.billed == 1


def test_a_clip_without_end_is_cut_off(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "MOST_BYTES", 100)

    with pytest.raises(Undelivered, match="the clip has more than 0 GiB"):
        caller.generate(SHOT, ONE)

    assert list(Path(str(caller.setup.settings.output)).iterdir()) == []


def test_a_clip_that_has_no_room_is_not_begun(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(caller.setup.settings.output)
    take = caller.submit(SHOT, ONE)
    crowd(monkeypatch, folder, landing.KEPT_FREE + len(server.clip) - 1)

    with pytest.raises(Undelivered) as caught:
        caller.resume(take.id)

    assert f"{folder} has 16 MiB free, the clip needs 17." in str(caught.value)
    assert list(Path(folder).iterdir()) == []
    monkeypatch.undo()
    assert Path(caller.resume(take.id).path).read_bytes() == server.clip
    assert server.billed == 1


def crowd(monkeypatch: pytest.MonkeyPatch, folder: str, free: int) -> None:
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))


@pytest.mark.parametrize("kind", WORLDS)
def test_a_clip_of_unknown_size_stops_before_the_disk_is_full(
    caller: Shotcaller, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder = str(caller.setup.settings.output)
    take = caller.submit(SHOT, ONE)
    monkeypatch.setattr(landing, "LOOK", 1)
    crowd(monkeypatch, folder, landing.KEPT_FREE)

    with raw(saying("200 OK", movie(2), Content_Length="")) as server:
        answer = fetched(kind, caller, take, server.url)

    message = f"{folder} has 16 MiB free, the clip needs 17"
    assert answer == Missed("disk", message)
    assert list(Path(folder).iterdir()) == []


def fetched(kind: str, caller: Shotcaller, take: Take, url: str) -> Footage | Missed:
    """Fetches a take's clip from elsewhere, in one of the worlds."""
    account = evolve(caller._world.accounts["paper"], base_url=url)
    world = evolve(caller._world, accounts={"paper": account})

    def program() -> Program[Footage | Missed]:
        return (yield from Fetch(take, Done(url=f"{url}/c")))

    return performed(kind, world, program())


def test_a_clip_that_is_announced_as_too_large_is_not_begun(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "MOST_BYTES", len(server.clip) - 1)
    written: list[bytes] = []
    monkeypatch.setattr(landing.Part, "write", lambda _, chunk: written.append(chunk))

    with pytest.raises(Undelivered, match="the clip has more than 0 GiB"):
        caller.generate(SHOT, ONE)

    assert written == []


@pytest.mark.parametrize("kind", WORLDS)
def test_a_clip_that_changes_on_the_way_lands_as_the_last_one(
    caller: Shotcaller, kind: str, tmp_path: Path
) -> None:
    """What was written of the first one, which is longer, is forgotten."""
    first, last = movie(4) + bytes(1000), movie(2)
    torn = saying("200 OK", first[:-1], Content_Length=str(len(first)), ETag='"1"')
    take = caller.submit(SHOT, ONE)
    with raw(torn, saying("200 OK", last)) as server:
        footage = fetched(kind, caller, take, server.url)

    assert isinstance(footage, Footage)
    assert Path(footage.path).read_bytes() == last
    assert footage.sha256 == hashlib.sha256(last).hexdigest()
    assert (footage.seconds, footage.bytes) == (2, len(last))


def test_a_movie_of_endless_little_boxes_is_not_skimmed(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_MOST_BOXES", 3)
    whole = server.clip
    server.clip = whole[:16] + (8).to_bytes(4, "big") + b"free" + whole[16:]
    assert caller.generate(SHOT, ONE).bytes == len(server.clip)
    little = (8).to_bytes(4, "big") + b"free"
    server.clip = whole[:16] + little * 2 + whole[16:]

    with pytest.raises(Undelivered, match="it has no whole moov box"):
        caller.generate(Shot("Another"), evolve(ONE, deadline=60))


def test_what_could_not_be_written_is_told_once(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = caller.submit(SHOT, ONE)
    write = landing.Part.write

    def full(part: landing.Part, chunk: bytes) -> None:
        write(part, chunk)
        os.close(part._file.fileno())  # so that closing it fails as well
        raise landing.Unlanded("disk", "the disk is full")

    monkeypatch.setattr(landing.Part, "write", full)

    with pytest.raises(Undelivered, match="the disk is full"):
        caller.resume(take.id)


def test_a_name_that_was_taken_meanwhile_is_left_alone(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    wanted = tmp_path / "boat.mp4"
    take = caller.submit(SHOT, ONE, output=str(wanted))
    wanted.write_text("somebody's")
    (tmp_path / "boat-2.mp4").write_text("somebody's too")

    clip = caller.resume(take.id)

    assert clip.path == str(tmp_path / "boat-3.mp4")
    assert wanted.read_text() == "somebody's"


def test_a_clip_that_was_in_place_before_a_crash_is_taken_as_it_is(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    wanted = tmp_path / "boat.mp4"
    take = caller.submit(SHOT, ONE, output=str(wanted))
    wanted.write_bytes(server.clip)
    stray = tmp_path / f".{take.id}.3.part"
    stray.write_text("half of it")

    clip = caller.resume(take.id)

    assert clip.path == str(wanted)
    assert not stray.exists()
    there = sorted(path.name for path in tmp_path.glob("*boat*"))
    assert there == ["boat.mp4", "boat.mp4.receipt.json"]


@pytest.mark.parametrize("raced", [True, False])
@pytest.mark.parametrize("error", [FileExistsError, PermissionError])
def test_a_clip_gets_its_place_whatever_the_disk_allows(
    caller: Shotcaller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    raced: bool,
    error: type[OSError],
) -> None:
    """Some disks know no links, and a name may be taken in the last moment."""
    link = os.link

    def linked(source: Path, target: Path) -> None:
        if target.name != "boat.mp4":
            link(source, target)
            return
        if raced:
            target.write_text("somebody's")
        raise error(target)

    wanted = tmp_path / "boat.mp4"
    take = caller.submit(SHOT, ONE, output=str(wanted))
    monkeypatch.setattr("os.link", linked)

    clip = caller.resume(take.id)

    second = raced or error is FileExistsError
    assert Path(clip.path).name == ("boat-2.mp4" if second else "boat.mp4")
    assert not raced or wanted.read_text() == "somebody's"


def test_a_local_gateway_hands_over_a_file(
    make_caller: Callable[..., Shotcaller], server: PaperServer, tmp_path: Path
) -> None:
    source = tmp_path / "made.mp4"

    class Local(Paper):
        @hookimpl
        def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
            yield from ()
            return Done(path=str(source))

    caller = make_caller(Local())
    with pytest.raises(StillRunning) as caught:
        caller.generate(SHOT, evolve(ONE, deadline=3))
    source.write_bytes(server.clip)

    clip = caller.resume(str(caught.value.take))

    assert Path(clip.path).read_bytes() == server.clip


def test_a_disk_that_fills_up_keeps_the_take_and_no_half_of_a_clip(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, full = os.fsync, [True]

    def synced(handle: int) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(handle)

    folder = caller.setup.settings.output
    take = caller.submit(SHOT, ONE)
    monkeypatch.setattr("os.fsync", synced)
    with pytest.raises(Undelivered) as caught:
        caller.resume(take.id)

    assert f"cannot be written into {folder}: the disk is full." in str(caught.value)
    assert list(Path(str(folder)).iterdir()) == []
    full.clear()
    assert Path(caller.resume(take.id).path).read_bytes() == server.clip
    assert server.billed == 1
