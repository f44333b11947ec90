"""What is dead and surely uncharged is followed by the next candidate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shotcaller import (
    Brief,
    Refused,
    Shot,
    Shotcaller,
    State,
    TakeFailed,
)
from shotcaller.plugin import Exchange, Model, Request, Ticket, hookimpl
from tests.core.paper import API, Paper
from tests.core.paper_server import (
    PaperServer,
    say,
)

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def test_a_refused_take_falls_back_to_the_next_model(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]

    clip = caller.generate(SHOT)

    attempts = [(a.model, a.state, a.charged) for a in clip.receipt.attempts]
    assert attempts == [
        ("paper/one", State.REFUSED, "no"),
        ("paper/two", State.DONE, "yes"),
    ]
    parent, heir = caller.chain(clip.receipt.take)
    assert parent.heir == heir.id
    assert heir.parent == parent.id
    assert heir.candidates == ()


def test_when_all_are_refused_the_last_refusal_is_told(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)] * 9

    with pytest.raises(Refused, match="on paper/two was refused"):
        caller.generate(SHOT)

    assert server.submits == 2


def test_no_fallback_is_taken_where_none_is_wanted(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]

    with pytest.raises(Refused, match="on paper/one was refused"):
        caller.generate(SHOT, Brief(fallback=False))

    assert server.submits == 1


def test_refused_content_is_not_offered_elsewhere(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(Refused, match="Paper does not draw that") as caught:
        caller.generate(Shot("a forbidden boat"))

    assert caught.value.reason == "content"
    assert server.asked == []


@pytest.mark.parametrize("code", ["credit", "key"])
def test_what_holds_for_the_whole_account_is_not_tried_with_its_next_model(
    make_caller: Callable[..., Shotcaller], server: PaperServer, code: str
) -> None:
    class Locked(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            yield from Request("POST", f"{API}/jobs", json={})
            raise Refused("Paper wants money first.", reason=code)

    server.script["POST /jobs"] = [say(402)] * 2

    with pytest.raises(Refused, match="Paper wants money first"):
        make_caller(Locked()).generate(SHOT)

    assert server.routes("POST") == ["/jobs"]


def test_a_failure_that_cost_nothing_falls_back(
    caller: Shotcaller, server: PaperServer
) -> None:
    torn = {"id": "job-1", "state": "failed", "error": "out of paper"}
    server.script["GET /jobs/job-1"] = [say(200, torn)]

    clip = caller.generate(SHOT)

    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]
    assert clip.receipt.attempts[0].reason == "out of paper"
    assert server.billed == 2


def test_a_failure_that_was_billed_never_falls_back(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.states = ["failed-billed"]
    server.errors = {"failed-billed": "it tore"}

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT)

    assert "failed: it tore." in str(caught.value)
    assert caught.value.next == "It was charged; asking again pays again."
    assert server.billed == 1


def test_after_a_dead_take_the_same_shot_is_a_new_take(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422)]
    with pytest.raises(Refused):
        caller.generate(SHOT, ONE)

    clip = caller.generate(SHOT, ONE)

    assert len(clip.receipt.attempts) == 1
    assert len(caller.takes()) == 2
