"""Beside each clip lies a receipt that can be read in years, and gives nothing away."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve
from jsonschema import Draft202012Validator

import shotcaller
from shotcaller import (
    AsyncShotcaller,
    Brief,
    Clip,
    Media,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    receipts,
)
from shotcaller.effects import Move
from shotcaller.plugin import (
    JSON,
    Done,
    Exchange,
    Kind,
    Request,
    Status,
    Ticket,
    hookimpl,
)
from shotcaller.programs.receipting import worded
from tests.core.mp4 import movie
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, say

SHOT = Shot("A paper boat", seconds=8)
ONE = Brief(model="paper/one", deadline=600)
SCHEMA = json.loads(
    (Path(shotcaller.__file__).parent / "receipt.schema.json").read_text("utf-8")
)


def receipt(clip: str) -> dict[str, Any]:
    found = json.loads(Path(f"{clip}.receipt.json").read_text("utf-8"))
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(SCHEMA, format_checker=checker).validate(found)
    assert isinstance(found, dict)
    return found


def test_the_published_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$id"] == SCHEMA["properties"]["schema"]["const"] == receipts.SCHEMA
    assert sorted(SCHEMA["required"]) == sorted(SCHEMA["properties"])


def test_a_receipt_tells_who_made_what_from_what_for_how_much(
    caller: Shotcaller, server: PaperServer
) -> None:
    clip = caller.generate(SHOT, ONE)

    found = receipt(clip.path)

    take = caller.takes()[0]
    assert list(found) == list(SCHEMA["required"])
    assert found["clip"] == {
        "file": Path(clip.path).name,
        "type": "video/mp4",
        "bytes": clip.bytes,
        "sha256": clip.sha256,
        "seconds": 8.0,
        "width": 1280,
        "height": 720,
        "fps": 24.0,
        "sound": True,
    }
    assert (found["take"], found["digest"]) == (take.id, take.digest)
    assert (found["gateway"], found["model"]) == ("paper", "paper/one")
    assert (found["title"], found["job"]) == ("Paper one", "job-1")
    assert found["shot"]["prompt"] == "A paper boat"
    assert found["cost"] == {"quoted": 0.8, "billed": None, "currency": "USD"}
    assert found["quote"]["high"] == 0.8
    assert found["quote"]["as_of"] == "2026-11-01"
    assert found["attempts"] == [
        {
            "take": take.id,
            "model": "paper/one",
            "state": "done",
            "reason": "",
            "charged": "yes",
        }
    ]
    assert found["warnings"] == []
    assert found["times"]["asked"].startswith("2027-01-15T08:00:00")
    assert found["versions"]["shotcaller"] == metadata.version("shotcaller")
    assert found["versions"]["plugin"] == take.plugin
    assert "s3cret" not in json.dumps(found)


def test_a_receipt_tells_every_attempt_and_every_warning(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422, {"detail": "no"})]
    server.clip = movie(3, sound=False)

    clip = caller.generate(evolve(SHOT, sound=True), Brief(deadline=600))

    found = receipt(clip.path)
    assert [one["state"] for one in found["attempts"]] == ["refused", "done"]
    assert found["warnings"] == list(clip.receipt.warnings)
    assert len(found["warnings"]) == 2


class Telling(Paper):
    """Says more of a clip than others, some of which opens doors."""

    size: int | None = None

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        url = f"{ticket.data['at']}/{ticket.remote_id}"
        job: Any = (yield from Request("GET", url)).json()
        facts: dict[str, JSON] = {
            "page": "https://me:pw@paper.test/v/1?X-Amz-Signature=s1gned#t",
            "made": ["see https://paper.test/a?token=s1gned, and more", 7, None],
            "odd": "https://[",
        }
        return Done(url=job["url"], facts=facts, bytes=self.size)


def test_a_receipt_holds_no_address_that_opens_anything(
    make_caller: Callable[..., Shotcaller],
) -> None:
    shot = Shot(
        "A boat",
        references=[
            Media("https://a.test/b.png?sig=s1gned", Kind.IMAGE),
            Media("data:image/png;base64,s1gned", Kind.IMAGE),
            Media("/media/s1gned/me.png", Kind.IMAGE, sha256="ab" * 32),
        ],
    )
    caller = make_caller(Telling())
    clip = caller.generate(SHOT, ONE)
    take = caller.takes()[0]

    written = json.dumps([receipt(clip.path), worded((evolve(take, asked=shot),))])

    assert "s1gned" not in written
    assert "pw" not in written
    facts = receipt(clip.path)["facts"]
    assert facts["page"] == "https://paper.test/v/1"
    assert facts["made"] == ["see https://paper.test/a and more", 7, None]
    assert facts["odd"] == "(an address)"
    sources = [one["source"] for one in json.loads(written)[1]["shot"]["references"]]
    assert sources == ["https://a.test/b.png", "data:image/png;base64", "me.png"]


def test_a_take_that_nothing_was_sent_for_has_no_time_of_it(
    caller: Shotcaller,
) -> None:
    caller.generate(SHOT, ONE)
    local = evolve(caller.takes()[0], sent_at=None, ticket=None, footage=None)

    found: Any = worded((local,))

    assert found["times"]["sent"] is None
    assert (found["job"], found["clip"]) == (None, None)


def test_a_size_that_the_gateway_announced_is_compared(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    paper = Telling()
    paper.size = len(server.clip) + 1
    clip = make_caller(paper).generate(SHOT, ONE)

    size = len(server.clip)
    warning = f"{size} bytes were delivered, {size + 1} announced"
    assert clip.receipt.warnings == (warning,)
    assert receipt(clip.path)["warnings"] == [warning]


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("boat.mov", ("boat.mov is video/mp4, whatever its name says",)),
        ("boat.gif", ("boat.gif is video/mp4, whatever its name says",)),
        ("boat.MP4", ()),
        ("boat.m4v", ()),
        ("boat", ()),
    ],
)
def test_a_name_that_says_something_else_is_kept_and_warned_of(
    caller: Shotcaller, tmp_path: Path, name: str, warnings: tuple[str, ...]
) -> None:
    clip = caller.generate(SHOT, ONE, output=tmp_path / name)
    again = caller.generate(SHOT, ONE, output=tmp_path / "copies" / ".." / name)
    copy = caller.generate(SHOT, ONE, output=tmp_path / f"copy-of-{name}")

    assert Path(clip.path).name == name
    assert clip.receipt.warnings == again.receipt.warnings == warnings
    expected = [one.replace("boat", "copy-of-boat") for one in warnings]
    assert copy.receipt.warnings == (*warnings, *expected)
    assert receipt(copy.path)["warnings"] == [*warnings, *expected]


def test_a_copy_of_a_clip_has_a_receipt_of_its_own(
    caller: Shotcaller, tmp_path: Path
) -> None:
    clip = caller.generate(SHOT, ONE)
    copy = caller.generate(SHOT, ONE, output=tmp_path / "boat.mp4")

    first, second = receipt(clip.path), receipt(copy.path)

    assert second["clip"]["file"] == "boat.mp4"
    assert second["clip"]["sha256"] == first["clip"]["sha256"]
    assert second["take"] == first["take"]


def test_a_clip_whose_receipt_cannot_be_written_is_delivered_all_the_same(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    wanted = tmp_path / "boat.mp4"
    mine = tmp_path / "boat.mp4.receipt.json"
    mine.write_text('{"schema": "mine"}')
    clip = caller.generate(SHOT, ONE, output=wanted)
    copied = tmp_path / "copy.mp4"
    (tmp_path / "copy.mp4.receipt.json").mkdir()
    copy = caller.generate(SHOT, ONE, output=copied)

    warning = f"no receipt was written: {mine} is something else"
    assert clip.receipt.warnings == (warning,)
    assert wanted.read_bytes() == server.clip
    assert mine.read_text() == '{"schema": "mine"}'
    assert copy.receipt.warnings[1:] == (
        f"no receipt was written: {copied}.receipt.json is something else",
    )
    assert copied.read_bytes() == server.clip
    assert server.billed == 1


def test_a_disk_that_takes_no_receipt_is_said_to(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(part: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    clip = caller.generate(SHOT, ONE)
    beside = f"{clip.path}.receipt.json"

    warning = f"no receipt was written: {beside}: Permission denied"
    assert clip.receipt.warnings == (warning,)
    assert list(Path(clip.path).parent.iterdir()) == [Path(clip.path)]
    monkeypatch.undo()
    caller.resume(clip.receipt.take)
    assert receipt(clip.path)["take"] == clip.receipt.take


def test_the_receipt_of_an_earlier_clip_of_that_name_gives_way(
    caller: Shotcaller, tmp_path: Path
) -> None:
    wanted = tmp_path / "boat.mp4"
    first = caller.generate(SHOT, ONE, output=wanted)
    wanted.unlink()
    second = caller.generate(Shot("Another"), ONE, output=wanted)

    assert first.receipt.take != second.receipt.take
    assert receipt(second.path)["take"] == second.receipt.take


class Crash(BaseException):
    """Is what nothing survives."""


@pytest.mark.parametrize("before", ["receipt", "done"])
def test_a_crash_between_clip_and_record_mends_itself(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
) -> None:
    caller = make_caller()
    take = caller.submit(SHOT, ONE)
    journal = caller._world.journal
    move = journal.move

    def crashed(*_: object) -> None:
        raise Crash

    def moved(step: Move) -> object:
        if step.to.state is State.DONE:
            raise Crash
        return move(step)

    if before == "receipt":
        monkeypatch.setattr(receipts, "_put", crashed)
    else:
        monkeypatch.setattr(journal, "move", moved)
    with pytest.raises(Crash):
        caller.resume(take.id)
    monkeypatch.undo()
    downloads = server.routes("GET").count("/clips/job-1.mp4")
    if before == "done":  # then not even the gateway is needed
        server.script["GET /clips/job-1.mp4"] = [say(404)] * 99

    clip = make_caller().resume(take.id)

    assert Path(clip.path).read_bytes() == server.clip
    assert receipt(clip.path)["clip"]["sha256"] == clip.sha256
    there = sorted(path.name for path in Path(clip.path).parent.iterdir())
    name = Path(clip.path).name
    assert there == [name, f"{name}.receipt.json"]
    again = server.routes("GET").count("/clips/job-1.mp4") - downloads
    assert again == (1 if before == "receipt" else 0)
    assert clip.receipt.take == take.id
    assert server.billed == 1


@pytest.mark.parametrize("kind", ["other clip", "no clip", "other take", "junk"])
def test_a_receipt_that_proves_nothing_brings_no_clip(
    caller: Shotcaller, server: PaperServer, tmp_path: Path, kind: str
) -> None:
    wanted = tmp_path / "boat.mp4"
    take = caller.submit(SHOT, ONE, output=wanted)
    wanted.write_bytes(b"nothing" if kind == "no clip" else movie(4))
    named = "abc" if kind == "other take" else take.id
    sha = "ab" * 32
    text = json.dumps(
        {"schema": receipts.SCHEMA, "take": named, "clip": {"sha256": sha}}
    )
    beside = tmp_path / "boat.mp4.receipt.json"
    beside.write_text("[1" if kind == "junk" else text)

    clip = caller.resume(take.id)

    assert clip.path == str(tmp_path / "boat-2.mp4")
    assert Path(clip.path).read_bytes() == server.clip


def test_a_clip_that_was_edited_keeps_its_receipt_and_is_fetched_beside_it(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    wanted = tmp_path / "boat.mp4"
    caller.generate(SHOT, ONE, output=wanted)
    edited = movie(2)
    wanted.write_bytes(edited)

    clip = caller.generate(SHOT, ONE)

    assert clip.path == str(tmp_path / "boat-2.mp4")
    assert wanted.read_bytes() == edited
    assert receipt(clip.path)["clip"]["file"] == "boat-2.mp4"
    assert server.billed == 1


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_a_clip_that_is_there_is_found_in_async_as_well(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    caller = make_caller()
    take = caller.submit(SHOT, ONE)
    journal = caller._world.journal
    move = journal.move

    def moved(step: Move) -> object:
        if step.to.state is State.DONE:
            raise Crash
        return move(step)

    monkeypatch.setattr(journal, "move", moved)
    with pytest.raises(Crash):
        caller.resume(take.id)
    monkeypatch.undo()
    server.script["GET /clips/job-1.mp4"] = [say(404)] * 99

    async def resumed() -> Clip:
        registry = Registry({"paper": Paper()})
        async with AsyncShotcaller(settings=settings, registry=registry) as other:
            return await other.resume(take.id)

    clip = anyio.run(resumed, backend=kind)

    assert Path(clip.path).read_bytes() == server.clip
    assert server.routes("GET").count("/clips/job-1.mp4") == 1
