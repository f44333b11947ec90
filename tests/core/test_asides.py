"""Questions on the side: their answers are welcome, and nothing depends on them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import frozen

from shotcaller import Refused, Shot, Shotcaller, State
from shotcaller.plugin import (
    Aside,
    Brief,
    Done,
    Exchange,
    Model,
    Request,
    Status,
    Ticket,
    hookimpl,
)
from tests.core.paper import API, Paper
from tests.core.paper_server import PaperServer, Rule, drop, say

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")
PRICE = Aside(Request("GET", f"{API}/price"))


@frozen
class Job:
    url: str


class Priced(Paper):
    """Asks on the side what a clip has cost."""

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        reply = yield from Request("GET", f"{API}/jobs/{ticket.remote_id}")
        told = yield from PRICE
        billed = None if told is None else Decimal(str(told.json()))
        return Done(url=reply.into(Job).url, billed=billed)


class Curious(Paper):
    """Asks on the side before it spends, where nothing is asked."""

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        yield from PRICE
        return Ticket("paper", model.id, "job-1")


@pytest.mark.parametrize(
    ("rule", "billed"),
    [
        (say(200, 0.25), Decimal("0.25")),
        (say(404), None),
        (say(500), None),
        (say(429), None),
        (say(401), None),
        (drop, None),
    ],
)
def test_a_clip_is_delivered_whatever_is_answered_on_the_side(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    rule: Rule,
    billed: Decimal | None,
) -> None:
    server.script["GET /price"] = [rule] * 9

    clip = make_caller(Priced()).generate(SHOT, ONE)

    assert clip.receipt.cost.billed == billed
    assert server.billed == 1
    assert server.routes("GET").count("/jobs/job-1") == 1


def test_nothing_is_asked_on_the_side_before_a_spend(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Curious())

    with pytest.raises(Refused, match="which is no request and no work here"):
        caller.generate(SHOT, ONE)

    (take,) = caller.takes()
    assert take.state is State.REFUSED
    assert server.asked == []
