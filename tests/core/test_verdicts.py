"""A server error ends a take only where the job itself bears it, and it stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    Shot,
    Shotcaller,
    State,
    TakeFailed,
    pacing,
)
from shotcaller.plugin import (
    Brief,
    Done,
    Exchange,
    Failed,
    Request,
    Status,
    Ticket,
    hookimpl,
)
from tests.core.paper import API, GATEWAY, Paper
from tests.core.paper_server import PaperServer, Rule, drop, say

SHOT = Shot("A paper boat")

ONE = Brief(model="paper/one", deadline=600)


def verdict(status: int = 500) -> Rule:
    return say(status, {"error": "too many people"}, X_Paper_Error="people")


class Judged(Paper):
    """Is a gateway whose jobs bear their own errors, by a header."""

    def __init__(self) -> None:
        super().__init__(evolve(GATEWAY, verdicts=("x-paper-job", "x-paper-error")))

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        reply = yield from Request("GET", f"{API}/jobs/{ticket.remote_id}")
        if reply.status >= 500:
            return Failed(reply.headers["x-paper-error"], "no")
        return Done(url=str(reply.json()["url"]))  # type: ignore[call-overload,index]


def test_an_error_that_the_job_itself_bears_is_believed_once_it_stays(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Judged())
    server.script["GET /jobs/job-1"] = [verdict()] * 20

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT, ONE)

    assert "people" in caught.value.message
    assert server.routes("GET") == ["/jobs/job-1"] * (pacing.STEADY + 1)
    assert server.billed == 1


@pytest.mark.parametrize(
    "rules",
    [
        [verdict()] * pacing.STEADY,
        [say(500, {})] * (pacing.STEADY + 2),
        [verdict(429)] * (pacing.STEADY + 2),
        [drop] * 3 * (pacing.STEADY - 1) + [verdict()],
    ],
    ids=["too few", "nobody's", "no server error", "not yet steady"],
)
def test_an_error_that_passes_or_is_not_the_jobs_own_ends_nothing(
    make_caller: Callable[..., Shotcaller], server: PaperServer, rules: list[Rule]
) -> None:
    caller = make_caller(Judged())
    server.script["GET /jobs/job-1"] = rules

    clip = caller.generate(SHOT, ONE)

    assert Path(clip.path).read_bytes() == server.clip
    assert server.billed == 1


def test_a_gateway_without_verdicts_never_ends_a_take_by_a_server_error(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["GET /jobs/job-1"] = [verdict()] * (pacing.STEADY + 3)

    clip = caller.generate(SHOT, ONE)

    assert clip.receipt.attempts[-1].state is State.DONE
