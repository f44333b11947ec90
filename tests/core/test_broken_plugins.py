"""A plugin that breaks its contract costs nobody anything, and never spends twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    PluginError,
    Refused,
    Shot,
    Shotcaller,
    Uncertain,
)
from shotcaller.plugin import Exchange, Model, Request, Safety, Ticket, hookimpl
from tests.core.crashes import crashed
from tests.core.paper import API, GATEWAY, Paper
from tests.core.paper_server import (
    PaperServer,
    say,
)

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def test_a_refusal_in_words_nobody_knows_is_still_a_refusal(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Wordless(Paper):
        @hookimpl
        def shotcaller_submit(
            self, model: Model, shot: Shot, key: str
        ) -> Exchange[Ticket]:
            reply = yield from Request("POST", f"{API}/jobs", json={"prompt": "x"})
            raise LookupError(reply.status)

    server.script["POST /jobs"] = [say(422)]
    with pytest.raises(Refused, match=r"LookupError\(422\)") as caught:
        make_caller(Wordless()).generate(SHOT, ONE)
    assert caught.value.reason == "refused"


def test_a_key_that_cannot_be_made_sends_nothing(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    class Keyless(Paper):
        @hookimpl
        def shotcaller_authorize(self, *_: object, **__: object) -> Request:
            raise LookupError("no clock")

    with pytest.raises(Refused, match=r"it could not be authorized \(LookupError\)"):
        make_caller(Keyless()).generate(SHOT, ONE)
    assert server.asked == []


@pytest.mark.parametrize("answer", [None, Request("GET", "https://evil.test/x")])
def test_a_key_goes_nowhere_else(
    make_caller: Callable[..., Shotcaller], server: PaperServer, answer: object
) -> None:
    class Elsewhere(Paper):
        @hookimpl
        def shotcaller_authorize(self, *_: object, **__: object) -> Any:
            return answer

    with pytest.raises(Refused, match="it could not be authorized: "):
        make_caller(Elsewhere()).generate(SHOT, ONE)
    assert server.asked == []


class Broken(Paper):
    """Is a plugin whose submit can be given any shape."""

    def __init__(self, make: Callable[[], object]) -> None:
        super().__init__()
        self._make = make

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Any:
        return self._make()


def raising() -> Exchange[Ticket]:
    raise LookupError("oh")
    yield  # type: ignore[unreachable]


def yielding_nonsense() -> Exchange[Ticket]:
    yield "hello"  # type: ignore[misc]
    raise AssertionError


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (raising, "the plugin of paper/one failed: LookupError('oh')"),
        (yielding_nonsense, "A plugin yielded 'hello', which is no request"),
        (lambda: 5, "shotcaller_submit returned 5, not a generator"),
    ],
)
def test_a_plugin_that_fails_before_its_request_costs_nothing(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    make: Callable[[], object],
    why: str,
) -> None:
    with pytest.raises(Refused) as caught:
        make_caller(Broken(make)).generate(SHOT, ONE)

    assert why in str(caught.value)
    assert caught.value.charged == "no"
    assert server.asked == []


def asking_twice() -> Exchange[Ticket]:
    yield from Request("POST", f"{API}/jobs", json={"prompt": "x"})
    yield from Request("POST", f"{API}/jobs", json={"prompt": "x"})
    raise AssertionError


def test_a_plugin_that_would_spend_twice_is_stopped(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    with pytest.raises(Uncertain, match="yielded a second request"):
        make_caller(Broken(asking_twice)).generate(SHOT, ONE)
    assert server.billed == 1


def without_request() -> Exchange[Ticket]:
    return Ticket("paper", "paper/one", "job-1", {"at": f"{API}/jobs"})
    yield  # type: ignore[unreachable]


@pytest.mark.parametrize("reply", [True, False])
def test_a_plugin_that_changed_its_mind_is_not_trusted_with_a_reply(
    make_caller: Callable[..., Shotcaller], server: PaperServer, reply: bool
) -> None:
    gateway = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)
    plugin = Broken(without_request)
    plugin.gateway = gateway
    caller = make_caller(plugin)
    crashed(caller, reply=reply)

    with pytest.raises(PluginError, match="did not yield its request again"):
        caller.generate(SHOT, ONE)
    assert server.submits == 0
