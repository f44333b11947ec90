"""Journals that earlier versions wrote are read, and their takes gone on with."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    Refused,
    Settings,
    Shotcaller,
    ShotcallerError,
    State,
    Take,
    TakeFailed,
    Uncertain,
)
from shotcaller.errors import Cancelled, JournalError
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.schema import VERSION
from tests.core.fixtures.freeze import FOLDER, URL, WHO, freeze, frozen
from tests.core.paper import GATEWAY, Paper
from tests.core.paper_server import PaperServer
from tests.core.pictures import png

VERSIONS = range(1, VERSION + 1)
ENDS: Mapping[State, type[ShotcallerError]] = {
    State.UNCERTAIN: Uncertain,
    State.REFUSED: Refused,
    State.FAILED: TakeFailed,
    State.OUTPUT_LOST: TakeFailed,
    State.CANCELLED: Cancelled,
}


def thaw(settings: Settings, server: PaperServer, tmp_path: Path, version: int) -> None:
    """Puts a frozen journal into a home, with this test's addresses in it."""
    settings.home.mkdir(exist_ok=True)
    text = frozen(version).read_text(encoding="utf-8")
    text = text.replace(URL, server.url).replace(FOLDER, str(tmp_path))
    db = sqlite3.connect(settings.home / "journal.db")
    db.executescript(text)
    db.close()


@pytest.fixture(params=VERSIONS)
def thawed(
    request: pytest.FixtureRequest,
    settings: Settings,
    server: PaperServer,
    tmp_path: Path,
    make_caller: Callable[..., Shotcaller],
) -> Shotcaller:
    """A caller whose journal is one that an earlier version wrote."""
    (tmp_path / "start.png").write_bytes(png())
    thaw(settings, server, tmp_path, request.param)
    for number in range(1, 21):  # the gateway still knows the jobs
        job = f"job-{number}"
        server.jobs[job] = {"id": job, "prompt": "", "polls": 0}
    return make_caller(Paper(evolve(GATEWAY, concurrency=None)))


def by_prompt(caller: Shotcaller) -> dict[str, Take]:
    return {take.asked.prompt: take for take in reversed(caller.takes())}


def test_all_takes_are_read(thawed: Shotcaller) -> None:
    takes = by_prompt(thawed)
    assert {take.state for take in takes.values()} == set(State)
    uploaded = takes["Uploaded"]
    assert uploaded.sent is not None
    assert uploaded.sent.image is not None
    assert uploaded.sent.image.source.startswith("https://")
    assert takes["Heard"].reply is not None
    assert takes["Done"].footage is not None
    first, second = thawed.chain(takes["Refused, then done by another"].id)
    assert (first.state, first.heir) == (State.REFUSED, second.id)
    assert thawed.events(takes["Done"].id)[-1].note == "clip on disk"
    assert {take.model for take in takes.values()} == {"paper/one", "paper/two"}


@pytest.mark.parametrize(
    "prompt", ["Heard", "Queued", "Uploaded", "Submitted", "Running", "Ready", "Done"]
)
def test_what_lives_is_gone_on_with(
    thawed: Shotcaller, server: PaperServer, prompt: str
) -> None:
    take = by_prompt(thawed)[prompt]
    clip = thawed.resume(take.id)

    assert clip.receipt.take == take.id
    assert server.submits == (1 if prompt in {"Queued", "Uploaded"} else 0)
    assert server.files == []


def test_the_story_of_an_old_take_names_who_went_on_with_it(
    thawed: Shotcaller,
) -> None:
    take = by_prompt(thawed)["Ready"]
    before = {event.who for event in thawed.events(take.id)}
    thawed.resume(take.id)

    assert before <= {"", WHO}
    assert thawed.events(take.id)[-1].who == f"{os.getpid()}@{socket.gethostname()}"


def test_what_is_over_stays_so(thawed: Shotcaller, server: PaperServer) -> None:
    for take in thawed.takes():
        error = ENDS.get(take.state)
        if error is not None and take.heir is None:
            with pytest.raises(error):
                thawed.resume(take.id)
    (cut_off,) = thawed.takes([State.SENDING], limit=1)
    assert cut_off.reply is None or cut_off.asked.prompt == "Heard"
    assert server.submits == 0


def test_a_take_whose_submit_was_cut_off_is_not_sent_again(
    thawed: Shotcaller, server: PaperServer
) -> None:
    take = by_prompt(thawed)["A paper boat"]
    assert (take.state, take.reply) == (State.SENDING, None)
    with pytest.raises(Uncertain):
        thawed.resume(take.id)
    assert server.submits == 0


def test_models_of_old_takes_are_counted(thawed: Shotcaller) -> None:
    known = thawed._world.journal.histories()
    assert set(known) == {"paper/one", "paper/two"}
    assert (known["paper/two"].done, known["paper/two"].failed) == (1, 0)
    assert known["paper/one"].refused == 0  # none for what it showed
    assert known["paper/one"].failed == 2


def test_this_version_has_frozen_its_own(
    settings: Settings, server: PaperServer, tmp_path: Path
) -> None:
    """Whoever changes the schema runs the script once more."""
    thaw(settings, server, tmp_path, VERSION)
    db = sqlite3.connect(settings.home / "journal.db")
    there = db.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    db.close()
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(freeze())
    assert (
        there == fresh.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    )
    fresh.close()


def test_a_journal_of_the_next_version_is_refused_in_words(
    settings: Settings, server: PaperServer, tmp_path: Path
) -> None:
    thaw(settings, server, tmp_path, VERSION)
    db = sqlite3.connect(settings.home / "journal.db")
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = list(db.iterdump())
    with pytest.raises(JournalError, match="is of a newer version"):
        SQLiteJournal(settings.home)
    assert list(db.iterdump()) == before
    db.close()
