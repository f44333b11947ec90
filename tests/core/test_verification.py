"""A clip is told from any other by its receipt and by the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve

from shotcaller import (
    AsyncShotcaller,
    BadInput,
    Brief,
    Clip,
    Settings,
    Shot,
    Shotcaller,
    Verification,
    documents,
)
from tests.core.mp4 import movie
from tests.core.paper_server import PaperServer

SHOT = Shot("A paper boat", seconds=8)
ONE = Brief(model="paper/one", deadline=600)
WHOLE = ("good", "file", "it is a clip (video/mp4)")
SAME = (
    "good",
    "receipt",
    "bytes, digest and all that is measured are those of the receipt",
)


@pytest.fixture
def clip(caller: Shotcaller) -> Clip:
    return caller.generate(SHOT, ONE)


def told(found: Verification) -> list[tuple[str, str, str]]:
    return [(str(one.grade), one.about, one.message) for one in found.findings]


def rewrite(clip: Clip, change: Callable[[Any], object]) -> None:
    beside = Path(f"{clip.path}.receipt.json")
    document = json.loads(beside.read_text("utf-8"))
    change(document)
    beside.write_text(json.dumps(document), "utf-8")


def test_a_clip_as_it_was_delivered_is_the_one(caller: Shotcaller, clip: Clip) -> None:
    found = caller.verify(clip.path)

    id_ = clip.receipt.take
    delivered = ("good", "journal", f"take {id_} delivered it")
    assert told(found) == [WHOLE, SAME, delivered]
    assert found.good
    assert documents.verification(found) == {
        "path": clip.path,
        "receipt": f"{clip.path}.receipt.json",
        "take": id_,
        "verified": True,
        "findings": documents.findings(found.findings),
    }


def test_a_clip_that_was_moved_with_its_receipt_is_still_the_one(
    caller: Shotcaller, clip: Clip, tmp_path: Path
) -> None:
    Path(f"{clip.path}.receipt.json").rename(tmp_path / "b.mp4.receipt.json")
    moved = Path(clip.path).rename(tmp_path / "b.mp4")

    assert caller.verify(moved).good


def test_async_callers_verify_as_well(settings: Settings, clip: Clip) -> None:
    async def main() -> Verification:
        async with AsyncShotcaller(settings=settings) as caller:
            return await caller.verify(Path(clip.path))

    assert anyio.run(main).good


def test_bytes_that_have_changed_are_noticed(caller: Shotcaller, clip: Clip) -> None:
    data = bytearray(Path(clip.path).read_bytes())
    data[-1] ^= 1
    Path(clip.path).write_bytes(data)

    found = caller.verify(clip.path)

    assert not found.good
    (_, receipt, journal) = told(found)
    assert receipt[:2] == ("bad", "receipt")
    assert receipt[2].startswith("its SHA-256 is ")
    assert receipt[2].endswith(f", the receipt says {clip.sha256}")
    assert journal == (
        "bad",
        "journal",
        f"take {clip.receipt.take} delivered another file: SHA-256 {clip.sha256}",
    )


def test_another_clip_is_told_by_its_size(caller: Shotcaller, clip: Clip) -> None:
    other = movie(3) + bytes(9)
    Path(clip.path).write_bytes(other)

    message = f"it has {len(other)} bytes, the receipt says {clip.bytes}"
    assert ("bad", "receipt", message) in told(caller.verify(clip.path))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is no media that we know, not a clip"),
        (b"\x89PNG\r\n\x1a\n", "it is png, not a clip"),
        (movie(3)[:-9], "it is damaged: it ends 9 bytes too early"),
    ],
)
def test_what_is_no_whole_clip_is_said_to_be_none(
    caller: Shotcaller, clip: Clip, data: bytes, message: str
) -> None:
    Path(clip.path).write_bytes(data)

    found = caller.verify(clip.path)

    assert told(found) == [("bad", "file", message)]
    assert (found.take, found.good) == (clip.receipt.take, False)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("seconds", 9, "its seconds is measured as 8.0, the receipt says 9"),
        ("width", 640, "its width is measured as 1280, the receipt says 640"),
        ("sound", False, "its sound is measured as True, the receipt says False"),
        (
            "type",
            "video/webm",
            "its type is measured as video/mp4, the receipt says video/webm",
        ),
    ],
)
def test_a_receipt_that_says_something_else_is_noticed(
    caller: Shotcaller, clip: Clip, name: str, value: object, message: str
) -> None:
    rewrite(clip, lambda document: document["clip"].update({name: value}))

    assert ("bad", "receipt", message) in told(caller.verify(clip.path))


def test_what_a_receipt_does_not_say_is_not_held_against_the_clip(
    caller: Shotcaller, clip: Clip
) -> None:
    rewrite(clip, lambda one: one["clip"].update(fps=None, type=None, seconds=8.0004))

    assert caller.verify(clip.path).good


def test_without_a_receipt_the_journal_vouches(
    caller: Shotcaller, clip: Clip, tmp_path: Path
) -> None:
    Path(f"{clip.path}.receipt.json").unlink()
    moved = Path(clip.path).rename(tmp_path / "b.mp4")

    found = caller.verify(moved)

    again = "`shotcaller resume TAKE` writes it again"
    missing = f"b.mp4.receipt.json is missing; {again}"
    assert told(found)[1:] == [
        ("note", "receipt", missing),
        ("good", "journal", f"take {clip.receipt.take} delivered it"),
    ]
    assert (found.receipt, found.take, found.good) == (None, clip.receipt.take, True)
    Path(f"{moved}.receipt.json").write_text("{}")
    strange = f"b.mp4.receipt.json is not one of ours; {again}"
    assert told(caller.verify(moved))[1] == ("note", "receipt", strange)


def test_a_clip_that_nothing_vouches_for_is_not_verified(
    caller: Shotcaller, tmp_path: Path
) -> None:
    (tmp_path / "b.mp4").write_bytes(movie(2))

    found = caller.verify(tmp_path / "b.mp4")

    message = "the journal of this machine has no take with this clip"
    assert told(found)[2] == ("bad", "journal", message)
    assert (found.take, found.good) == (None, False)


def test_on_another_machine_the_receipt_vouches_alone(
    clip: Clip, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = evolve(settings, home=tmp_path / "elsewhere")
    with Shotcaller(settings=elsewhere) as caller:
        found = caller.verify(clip.path)

    message = f"the journal of this machine has no take {clip.receipt.take}"
    assert told(found)[2] == ("note", "journal", message)
    assert found.good


def test_a_take_that_has_no_clip_yet_did_not_deliver_this_one(
    caller: Shotcaller, clip: Clip
) -> None:
    other = caller.submit(Shot("Another"), ONE)
    rewrite(clip, lambda document: document.update(take=other.id))

    message = f"take {other.id} is {other.state} and has no clip on record"
    assert ("bad", "journal", message) in told(caller.verify(clip.path))


def test_a_take_whose_clip_is_being_fetched_again_is_named(
    caller: Shotcaller, clip: Clip, server: PaperServer
) -> None:
    away = Path(clip.path).rename(f"{clip.path}.away")
    server.states = ["drawing"]
    server.jobs["job-1"]["polls"] = 0
    caller.submit(SHOT, ONE)
    away.rename(clip.path)

    message = f"take {clip.receipt.take} delivered it and is being fetched again"
    assert ("note", "journal", message) in told(caller.verify(clip.path))


def test_a_receipt_without_a_take_is_compared_all_the_same(
    caller: Shotcaller, clip: Clip
) -> None:
    rewrite(clip, lambda document: document.update(take=7))

    found = caller.verify(clip.path)

    assert (found.take, found.good) == (clip.receipt.take, True)


@pytest.mark.parametrize("name", ["gone.mp4", "", ".", "a\0b", "~nobody-here/a.mp4"])
def test_what_is_no_file_cannot_be_looked_at(
    caller: Shotcaller, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadInput) as caught:
        caller.verify(name)

    assert caught.value.message == f"clip: {name!r} is no file."
    assert caught.value.next == "Name a clip on this machine."


def test_what_cannot_be_read_is_said_to_be_so(
    caller: Shotcaller, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shotcaller.clips.measured", refused)

    with pytest.raises(BadInput, match=r"cannot be read \(Permission denied\)"):
        caller.verify(clip.path)


def test_a_path_is_text_or_a_path(caller: Shotcaller) -> None:
    with pytest.raises(BadInput, match="clip: 7 is no str"):
        caller.verify(7)  # type: ignore[arg-type]
