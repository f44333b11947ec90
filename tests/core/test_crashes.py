"""A process that dies while it spends leaves enough behind to go on from."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Settings,
    Shot,
    Shotcaller,
    State,
    Uncertain,
)
from shotcaller.plugin import Safety
from tests.core.crashes import crashed
from tests.core.paper import GATEWAY, Blind, Paper
from tests.core.paper_server import (
    Asked,
    PaperServer,
    Reply,
)

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def test_a_crash_before_the_reply_is_uncertain_and_never_a_second_submit(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = crashed(caller, reply=False)

    with pytest.raises(Uncertain, match="the submit was cut off before its reply"):
        caller.generate(SHOT, ONE)

    assert caller.chain(take.id)[-1].state is State.UNCERTAIN
    assert server.submits == 0


def test_a_crash_after_the_reply_loses_nothing(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.jobs["job-1"] = {"id": "job-1", "polls": 0, "prompt": SHOT.prompt}
    take = crashed(caller, reply=True)

    clip = caller.generate(SHOT, ONE)

    assert clip.receipt.take == take.id
    assert server.submits == 0


def test_a_crash_with_a_key_that_lives_is_sent_again(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    gateway = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)
    caller = make_caller(Paper(gateway))
    take = crashed(caller, reply=False)

    clip = caller.generate(SHOT, ONE)

    assert clip.receipt.take == take.id
    assert server.submits == 1
    assert server.jobs["job-1"]["key"] == take.key


def test_a_reply_that_cannot_be_recorded_is_called_uncertain(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    path = settings.home / "journal.db"

    def answered(server: PaperServer, asked: Asked) -> Reply:
        db = sqlite3.connect(path)
        db.execute("ALTER TABLE take RENAME TO gone")
        db.commit()
        db.close()
        return server.answer(asked)

    server.script["POST /jobs"] = [answered]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, ONE)

    take = caught.value.take
    (kept,) = (settings.home / "spool").iterdir()
    assert str(caught.value) == (
        f"Take {take} was answered 200 by paper (job job-1), which could not be"
        f" recorded. The journal {path} cannot be used: no such table: take."
        f" It is kept in {kept}."
        f" Mend that, then `shotcaller resume {take}`; it is not sent again."
    )
    assert caught.value.charged == "unknown"
    assert server.billed == 1


def test_a_crash_while_sending_holds_no_place_for_long(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Blind(evolve(GATEWAY, concurrency=1)))
    take = crashed(caller, reply=False)

    clip = caller.generate(SHOT, Brief(model="paper/one", again="2", deadline=600))

    assert clip.receipt.take != take.id
    assert caller.chain(take.id)[-1].state is State.UNCERTAIN
    assert server.submits == 1
