"""Gateways are asked how accounts stand, each answer is a finding, nothing is paid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from shotcaller import AsyncShotcaller, Registry, Settings, Shotcaller
from shotcaller.plugin import Exchange, Gateway, Refused, Request, hookimpl
from tests.core.paper import API, Paper
from tests.core.paper_server import PaperServer, Rule, drop, say


class Open(Paper):
    """Says how an account stands."""

    @hookimpl
    def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
        reply = yield from Request("GET", f"{API}/account")
        if reply.status == 401:
            raise Refused("Paper does not know the key.", "Set PAPER_KEY.")
        yield from Request("GET", f"{API}/plan")
        return f"{reply.json()} sheets are left"


class Torn(Paper):
    """Breaks as soon as it is asked."""

    @hookimpl
    def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
        yield from ()
        raise LookupError


def told(caller: Shotcaller) -> list[tuple[str, str, str]]:
    return [(one.about, one.grade, one.message) for one in caller.check()]


@pytest.mark.parametrize(
    ("rule", "grade", "message"),
    [
        (say(200, 12), "good", "12 sheets are left"),
        (say(401), "bad", "Paper does not know the key. Set PAPER_KEY."),
        (drop, "bad", "paper gave no answer (the connection broke)."),
    ],
)
def test_what_a_gateway_says_of_the_account_is_a_finding(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    rule: Rule,
    grade: str,
    message: str,
) -> None:
    server.script["GET /account"] = [rule] * 9

    ((about, *found),) = told(make_caller(Open()))

    assert about == "account paper"
    assert found[0] == grade
    assert found[1].startswith(message)
    assert server.routes("POST") == []


def test_a_plugin_that_breaks_is_a_finding(
    make_caller: Callable[..., Shotcaller],
) -> None:
    assert told(make_caller(Torn())) == [
        ("account paper", "bad", "Its plugin failed: LookupError().")
    ]


def test_a_gateway_that_cannot_be_asked_has_no_finding(caller: Shotcaller) -> None:
    assert told(caller) == []


def test_a_gateway_without_a_key_is_not_asked(
    settings: Settings, server: PaperServer
) -> None:
    bare = evolve(settings, keys={})
    registry = Registry({"paper": Open()})
    with Shotcaller(settings=bare, registry=registry) as caller:
        assert told(caller) == []

    assert server.asked == []


@pytest.mark.anyio
async def test_async_callers_ask_the_same(
    settings: Settings, server: PaperServer
) -> None:
    server.script["GET /account"] = [say(200, 7)]
    registry = Registry({"paper": Open()})
    async with AsyncShotcaller(settings=settings, registry=registry) as caller:
        (found,) = await caller.check()

    assert (found.about, found.message) == ("account paper", "7 sheets are left")
