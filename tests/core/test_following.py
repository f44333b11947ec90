"""No blip ends a take: polls and downloads go on until the gateway's own word."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    Undelivered,
)
from shotcaller.plugin import (
    Brief,
    Exchange,
    Status,
    Ticket,
    hookimpl,
)
from tests.core.mp4 import box, movie
from tests.core.paper import Paper
from tests.core.paper_server import Asked, PaperServer, Reply, Rule, drop, say

SHOT = Shot("A paper boat")

ONE = Brief(model="paper/one", deadline=600)


@pytest.mark.parametrize(
    "rule",
    [
        say(401),
        say(403),
        say(408),
        say(425),
        say(429, {}, Retry_After="3"),
        say(500),
        say(503, b"<html>"),
        say(200, b"<html>"),
        say(200, {"id": "job-1"}),
        say(404, {}),
        say(200, b"[1, 2]"),
    ],
)
def test_no_answer_to_a_poll_ends_a_take(
    caller: Shotcaller, server: PaperServer, rule: Rule
) -> None:
    server.script["GET /jobs/job-1"] = [rule] * 4

    clip = caller.generate(SHOT, ONE)

    assert clip.receipt.attempts[-1].state is State.DONE
    assert server.billed == 1


def test_a_broken_connection_is_tried_again_at_once(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["GET /jobs/job-1"] = [drop, drop]

    caller.generate(SHOT, ONE)

    clip_story = caller.events(caller.takes()[0].id)
    assert not any("no answer" in event.note for event in clip_story)


def test_a_gateway_that_stays_away_is_asked_again_later(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["GET /jobs/job-1"] = [drop] * 3

    caller.generate(SHOT, ONE)

    notes = [event.note for event in caller.events(caller.takes()[0].id)]
    assert "paper gave no answer (the connection broke)." in notes


def test_retry_after_is_a_floor(
    caller: Shotcaller, server: PaperServer, clock: object
) -> None:
    server.script["GET /jobs/job-1"] = [say(429, {}, Retry_After="45")]

    caller.generate(SHOT, ONE)

    assert any(40 < wait < 50 for wait in clock.slept)  # type: ignore[attr-defined]


def test_a_plugin_that_crashes_on_a_poll_ends_nothing(
    make_caller: Callable[..., Shotcaller],
) -> None:
    class Crashing(Paper):
        crashes = 2

        @hookimpl
        def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
            if self.crashes:
                self.crashes -= 1
                raise ZeroDivisionError
            return (yield from super().shotcaller_poll(ticket))

    clip = make_caller(Crashing()).generate(SHOT, ONE)

    assert clip.receipt.attempts[-1].state is State.DONE


def expired(server: PaperServer, asked: Asked) -> Reply:
    return 403, {}, b"expired"


def short(server: PaperServer, asked: Asked) -> Reply:
    return 200, {"Content-Length": "1000"}, b"only this"


@pytest.mark.parametrize(
    "rule",
    [
        expired,
        say(404),
        say(503),
        say(204, b""),
        drop,
        say(200, b"<html>not yet</html>"),
        say(200, movie()[:80]),
        say(200, box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(64))),
        say(200, box(b"ftyp", b"isom", bytes(4)) + box(b"moov", b"junk")),
        say(200, b"\x89PNG\r\n\x1a\n" + bytes(80)),
        say(302, b"", Location="https://elsewhere.test/x.mp4"),
        say(302, b"", Location="http://127.0.0.1:1/x.mp4"),
        say(302, b"", Location="file:///etc/passwd"),
    ],
)
def test_a_clip_that_cannot_be_fetched_is_asked_for_anew(
    caller: Shotcaller, server: PaperServer, rule: Rule
) -> None:
    server.script["GET /clips/job-1.mp4"] = [rule]

    clip = caller.generate(SHOT, ONE)

    assert Path(clip.path).read_bytes() == server.clip
    there = sorted(Path(clip.path).parent.iterdir())
    assert there == [Path(clip.path), Path(f"{clip.path}.receipt.json")]
    assert server.billed == 1


def test_a_redirect_within_bounds_is_followed_without_the_key(
    caller: Shotcaller, server: PaperServer
) -> None:
    hop = say(302, b"", Location="/clips/moved.mp4")
    server.script["GET /clips/job-1.mp4"] = [hop]

    clip = caller.generate(SHOT, ONE)

    assert Path(clip.path).read_bytes() == server.clip
    moved = next(asked for asked in server.asked if "moved" in asked.path)
    assert "x-key" not in moved.headers


def test_a_redirect_without_end_is_left(
    caller: Shotcaller, server: PaperServer
) -> None:
    hop = say(302, b"", Location="/clips/job-1.mp4")
    server.script["GET /clips/job-1.mp4"] = [hop] * 4

    caller.generate(SHOT, ONE)

    notes = [event.note for event in caller.events(caller.takes()[0].id)]
    assert "the clip's link was redirected more than 3 times" in notes


def test_a_clip_that_does_not_come_is_kept_for_later(
    caller: Shotcaller, server: PaperServer
) -> None:
    clip, server.clip = server.clip, b"<html>gone</html>"

    with pytest.raises(Undelivered) as caught:
        caller.generate(SHOT, ONE)

    assert "what was delivered is no media that we know, not a clip" in str(
        caught.value
    )
    (take,) = caller.takes()
    assert take.state is State.READY
    server.clip = clip
    assert Path(caller.resume(take.id).path).read_bytes() == clip
    assert server.billed == 1


def test_a_record_that_lacks_its_ticket_is_not_guessed_at(
    caller: Shotcaller,
) -> None:
    from shotcaller import PluginError
    from shotcaller.effects import Move

    take = caller.submit(SHOT, ONE)
    journal = caller._world.journal
    for broken in (
        evolve(take, ticket=None),
        evolve(take, state=State.READY, ticket=None, status=None),
    ):
        now = journal.chain(take.id)[-1]
        fixed = evolve(broken, epoch=now.epoch)
        journal.move(Move(now, fixed, "broken"))
        with pytest.raises(PluginError, match="but its record is incomplete"):
            caller.resume(take.id)


def test_a_process_that_was_overtaken_lets_the_other_go_on(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    """Another process moves the take on while this one is asking."""
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT, ONE)
    journal = second._world.journal

    def overtake(server: PaperServer, asked: Asked) -> Reply:
        from shotcaller.effects import Move

        now = journal.chain(take.id)[-1]
        journal.move(Move(now, now, "taken over"))
        return server.answer(asked)

    server.script["GET /jobs/job-1"] = [overtake]

    clip = first.resume(take.id)

    assert clip.receipt.take == take.id
    notes = [event.note for event in first.events(take.id)]
    assert "taken over" in notes


def test_two_processes_follow_one_take_to_one_clip(
    settings: Settings, server: PaperServer
) -> None:
    server.states = ["done"]
    callers = [
        Shotcaller(settings=settings, registry=Registry({"paper": Paper()}))
        for _ in range(3)
    ]
    clips = []

    def generate(caller: Shotcaller) -> None:
        with caller:
            clips.append(caller.generate(SHOT, ONE))

    threads = [threading.Thread(target=generate, args=(c,)) for c in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(clips) == 3
    assert len({clip.path for clip in clips}) == 1
    assert server.billed == 1


def test_addresses_of_this_machine_serve_no_clip_by_a_gateways_word(
    caller: Shotcaller, server: PaperServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}/x.mp4"
        done = {"id": "job-1", "state": "done", "url": url}
        server.script["GET /jobs/job-1"] = [say(200, done)]

        caller.generate(SHOT, ONE)

        other.settimeout(0.01)
        with pytest.raises(TimeoutError):
            other.accept()


def test_one_look_collects_a_clip_that_is_there(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT, ONE)
    server.states = ["done"]

    clip = caller.resume(take.id, patience=0)

    assert clip.receipt.take == take.id
    assert server.routes("GET") == ["/jobs/job-1", "/clips/job-1.mp4"]
