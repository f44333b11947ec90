"""Whatever else happens, one request is paid once and its job belongs to one take."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    JournalError,
    Refused,
    Settings,
    Shot,
    Shotcaller,
    State,
    Take,
    Uncertain,
)
from shotcaller.effects import Move
from shotcaller.plugin import (
    Exchange,
    Model,
    Request,
    Running,
    Secret,
    Status,
    Ticket,
    hookimpl,
)
from tests.core.paper import API, Paper
from tests.core.paper_server import Asked, PaperServer, Reply, accept_then_drop, say
from tests.core.test_generate import PNG

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")
ONE_AT_ONCE = Brief(model="paper/one", deadline=0)


def test_a_refused_takes_heir_is_the_take_that_was_asked_for_meanwhile(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    server.script["POST /jobs"] = [say(402)]
    run = first.follow(SHOT)
    refused = next(take for take in run if take.state is State.REFUSED)
    run.close()

    clip = second.generate(SHOT)
    again = first.resume(refused.id)

    assert again.receipt.take == clip.receipt.take
    assert server.billed == 1


@pytest.mark.parametrize("field", ["params", "headers"])
def test_a_request_that_cannot_be_recorded_is_not_sent(
    make_caller: Callable[..., Shotcaller], server: PaperServer, field: str
) -> None:
    class Odd(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            odd: Any = {field: {"n": 1}}
            yield from Request("POST", f"{API}/jobs", json={}, **odd)
            raise AssertionError

    caller = make_caller(Odd())
    with pytest.raises(Refused, match=f"{field}: 1 is not text"):
        caller.generate(SHOT, ONE)
    assert server.asked == []
    assert len(caller.takes()) == 1


def test_a_request_with_what_is_no_json_is_not_sent(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Odd(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            odd: Any = {"s": {1, 2}}
            yield from Request("POST", f"{API}/jobs", json=odd)
            raise AssertionError

    said = "on paper/one was not sent: the plugin of paper/one failed"
    with pytest.raises(Refused, match=said) as caught:
        make_caller(Odd()).generate(SHOT, ONE)
    assert " paper/one meets the same again; name another model." in caught.value.next
    assert server.asked == []


def test_a_record_that_cannot_be_read_hides_no_other(
    caller: Shotcaller, settings: Settings
) -> None:
    first, second = caller.submit(SHOT), caller.submit(SHOT, Brief(again="2"))
    with sqlite3.connect(settings.home / "journal.db") as db:
        db.execute("UPDATE take SET body = '{}' WHERE id = ?", (first.id,))
    db.close()

    assert [take.id for take in caller.takes()] == [second.id]
    with pytest.raises(JournalError) as caught:
        caller.chain(first.id)
    assert str(caught.value).startswith(
        f"The record of take {first.id} cannot be read: "
    )
    assert caught.value.charged == "unknown"
    assert caught.value.take == first.id


def test_after_a_reply_that_was_not_recorded_the_take_is_free_again(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    path = settings.home / "journal.db"
    caller._world.journal._db.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]

    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def locked(server: PaperServer, asked: Asked) -> Reply:
        holder.execute("BEGIN EXCLUSIVE")
        return server.answer(asked)

    server.script["POST /jobs"] = [locked]
    with pytest.raises(Uncertain, match="could not be recorded") as caught:
        caller.generate(SHOT, ONE)
    holder.execute("ROLLBACK")
    holder.close()

    clip = caller.resume(str(caught.value.take))
    assert clip.receipt.take == caught.value.take
    assert server.billed == 1


def test_a_job_is_adopted_by_one_take_only(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    """The second looks before the first has adopted, and adopts after it."""
    first, second = make_caller(), make_caller()
    server.script["POST /jobs"] = [accept_then_drop, accept_then_drop]
    takes = []
    for number in "12":
        with pytest.raises(Uncertain) as caught:
            first.generate(SHOT, Brief(again=number, model="paper/one"))
        takes.append(str(caught.value.take))
    del server.jobs["job-2"]

    def adopted_meanwhile(server: PaperServer, asked: Asked) -> Reply:
        second.resume(takes[1])
        return server.answer(asked)

    server.script["GET /jobs"] = [adopted_meanwhile]
    known = first._world.journal.known
    first._world.journal.known = lambda gateway: frozenset()  # type: ignore[method-assign]
    with pytest.raises(Uncertain):
        first.resume(takes[0])
    first._world.journal.known = known  # type: ignore[method-assign]
    assert first.chain(takes[1])[0].state is State.DONE


def test_leaving_at_the_moment_of_sending_is_not_uncertain(
    caller: Shotcaller, server: PaperServer
) -> None:
    run = caller.follow(SHOT)
    take = next(take for take in run if take.state is State.SENDING)
    run.close()

    assert caller.generate(SHOT).receipt.take == take.id
    assert server.submits == 1


def test_an_observer_that_exits_is_not_felt(
    make_caller: Callable[..., Shotcaller],
) -> None:
    class Exiting(Paper):
        @hookimpl
        def shotcaller_observe(self, take: Take) -> None:
            raise SystemExit(3)

    caller = make_caller(Exiting())
    assert caller.generate(SHOT).receipt.attempts[-1].state is State.DONE


def test_a_ticket_is_of_the_gateway_that_was_asked(
    make_caller: Callable[..., Shotcaller],
) -> None:
    class Elsewhere(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            ticket = yield from super().shotcaller_submit(model, shot, key)
            return Ticket("other", "other/x", ticket.remote_id, ticket.data)

    clip = make_caller(Elsewhere()).generate(SHOT)
    assert clip.receipt.gateway == "paper"


def test_a_locked_journal_refuses_no_take(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller()
    journal = caller._world.journal
    move = journal.move

    def locked(wish: Any) -> Any:
        if wish.note == "prepared":
            raise JournalError("The journal is locked.")
        return move(wish)

    journal.move = locked  # type: ignore[assignment, method-assign]
    with pytest.raises(JournalError, match="The journal is locked"):
        caller.generate(SHOT)
    journal.move = move  # type: ignore[method-assign]

    clip = caller.generate(SHOT)
    assert len(clip.receipt.attempts) == 1
    assert server.billed == 1


def test_half_a_character_from_a_gateway_stops_nothing(
    caller: Shotcaller, server: PaperServer
) -> None:
    torn = b'{"id": "job-1", "state": "draw \\ud83d", "url": ""}'
    server.script["GET /jobs/job-1"] = [say(200, torn)]

    caller.generate(SHOT, ONE)

    notes = [event.note for event in caller.events(caller.takes()[0].id)]
    assert "draw ?" in notes


def test_a_key_that_a_gateway_echoes_is_not_kept(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    said = {"id": "job-1", "state": "you sent Key s3cret"}
    server.script["GET /jobs/job-1"] = [say(200, said, X_Echo="s3cret")]
    server.script["POST /jobs"] = [say(422, {"got": "s3cret"}, X_Echo="s3cret")]

    with pytest.raises(Refused):
        caller.generate(SHOT, ONE)
    caller.generate(SHOT, ONE)

    notes = [event.note for event in caller.events(caller.takes()[0].id)]
    assert "you sent Key ***" in notes
    assert b"s3cret" not in (settings.home / "journal.db").read_bytes()


def test_a_proxy_never_sees_what_is_for_this_machine(
    caller: Shotcaller, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert caller.generate(SHOT).receipt.attempts[-1].state is State.DONE


def test_places_are_made_by_looking_after_takes_that_nobody_follows(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller()
    for number in "12":
        caller.submit(SHOT, Brief(again=number))

    seen: list[Take] = []
    clip = caller.generate(SHOT, Brief(again="3"), watch=seen.append)

    assert server.submits == 3
    assert {take.id for take in seen} == {clip.receipt.take}


def test_a_look_after_others_that_fails_does_not_stop_ours(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Forgetful(Paper):
        @hookimpl
        def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
            yield from ()
            return Running("drawing")

    caller = make_caller(Forgetful())
    takes = [caller.submit(SHOT, Brief(again=number)) for number in "12"]
    journal = caller._world.journal
    now = journal.chain(takes[0].id)[0]
    journal.move(Move(now, evolve(now, ticket=None), "torn"))

    *_, queued = caller.follow(SHOT, Brief(again="3", deadline=20))

    assert queued.state is State.QUEUED
    assert all(take.owner is None for take in caller.takes())


def test_submit_hands_over_a_take_that_waits_for_its_place(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    server.states = ["drawing"]
    caller = make_caller()
    for number in "12":
        caller.submit(SHOT, Brief(again=number))

    assert caller.submit(SHOT, Brief(again="3")).state is State.QUEUED
    assert server.submits == 2


def test_a_file_that_changed_after_it_was_asked_for_is_not_uploaded(
    caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    picture = tmp_path / "start.png"
    picture.write_bytes(PNG)
    for number in "12":
        caller.submit(SHOT, Brief(again=number))
    *_, queued = caller.follow(Shot("A boat", image=picture), ONE_AT_ONCE)
    assert queued.state is State.QUEUED
    server.files.clear()
    caller._world.journal.move(forgotten(queued))
    picture.write_bytes(PNG.replace(b"IHDR\x00\x00\x00\x02", b"IHDR\x00\x00\x00\x05"))

    with pytest.raises(Refused) as caught:
        caller.resume(queued.id)

    assert f"{picture} is not the file any more that was asked for." in str(
        caught.value
    )
    assert caught.value.reason == "media"
    assert server.files == []


def forgotten(take: Take) -> Move:
    """Takes the uploads back."""
    return Move(take, evolve(take, sent=None), "not uploaded yet")


def test_a_plugin_that_exits_ends_no_program(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Exiting(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            yield from Request("POST", f"{API}/jobs", json={"prompt": "x"})
            raise SystemExit(7)

    with pytest.raises(Uncertain, match=r"A plugin wanted to exit \(7\)"):
        make_caller(Exiting()).generate(SHOT, ONE)
    assert server.billed == 1


def test_closing_waits_for_a_spend_under_way(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller, asked_for = make_caller(), threading.Event()

    def slow(server: PaperServer, asked: Asked) -> Reply:
        asked_for.set()
        time.sleep(0.3)
        return server.answer(asked)

    server.script["POST /jobs"] = [slow]
    errors: list[Exception] = []

    def generate() -> None:
        try:
            caller.generate(SHOT, ONE)
        except Exception as error:  # noqa: BLE001  it was closed under it
            errors.append(error)

    thread = threading.Thread(target=generate)
    thread.start()
    asked_for.wait(5)
    caller.close()
    thread.join()

    clip = make_caller().generate(SHOT, ONE)
    assert clip.receipt.attempts[-1].state is State.DONE
    assert server.billed == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("A boat",), "shot: 'A boat' is no Shot."),
        ((SHOT, "cheap"), "brief: 'cheap' is no Brief."),
    ],
)
def test_what_is_no_shot_or_brief_is_named(
    caller: Shotcaller, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        caller.generate(*arguments)
    assert str(caught.value) == message


def test_an_output_that_is_no_path_is_named(caller: Shotcaller) -> None:
    odd: Any = 5
    with pytest.raises(BadInput, match="output: 5 is no text"):
        caller.generate(SHOT, output=odd)


def test_a_request_that_holds_a_key_is_not_sent(
    make_caller: Callable[..., Shotcaller], server: PaperServer, settings: Settings
) -> None:
    class Leaking(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            headers = {"X-Key": Secret("s3cret")}
            yield from Request("POST", f"{API}/jobs", json={}, headers=headers)
            raise AssertionError

    with pytest.raises(Refused, match="a Secret is never written"):
        make_caller(Leaking()).generate(SHOT, ONE)
    assert server.asked == []
    assert b"s3cret" not in (settings.home / "journal.db").read_bytes()


def test_two_that_miss_the_same_file_ask_for_it_once(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    clip = first.generate(SHOT)
    Path(clip.path).unlink()
    journal = first._world.journal
    move = journal.move

    def overtaken(wish: Move) -> Take:
        if wish.note.startswith("the file is gone"):
            second._world.journal.move(wish)
        return move(wish)

    journal.move = overtaken  # type: ignore[assignment, method-assign]
    again = first.generate(SHOT)

    assert Path(again.path).read_bytes() == server.clip
    assert again.receipt.take == clip.receipt.take
    assert server.billed == 1
