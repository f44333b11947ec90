"""A key that was changed may be another account's: nothing is repeated or believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from attrs import evolve

from shotcaller import (
    Brief,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    StillRunning,
    Uncertain,
)
from shotcaller.plugin import (
    Exchange,
    Failed,
    Gateway,
    Request,
    Running,
    Safety,
    Secret,
    Status,
    Ticket,
    hookimpl,
)
from tests.core.paper import API, GATEWAY, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, say
from tests.core.worlds import StepClock

SHOT, BRIEF = Shot("A paper boat"), Brief(model="paper/one")
KEYED = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)

Making = Callable[[str], Shotcaller]


class Forgetful(Paper):
    """Knows a job only under the key that it was sent with."""

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        reply = yield from Request("GET", f"{API}/jobs/{ticket.remote_id}")
        return (
            Failed("no such job", "unknown", "expired")
            if reply.status == 404
            else Running()
        )


def with_key(
    settings: Settings, clock: StepClock, gateway: Gateway
) -> Iterator[Making]:
    """Makes callers with a key, of a gateway, that share a journal."""
    made: list[Shotcaller] = []

    def make(key: str) -> Shotcaller:
        own = evolve(settings, keys={**settings.keys, "PAPER_KEY": Secret(key)})
        registry = Registry({"paper": Forgetful(gateway)})
        made.append(Shotcaller(settings=own, registry=registry, clock=clock))
        return made[-1]

    yield make
    for caller in made:
        caller.close()


@pytest.fixture
def keyed(settings: Settings, clock: StepClock) -> Iterator[Making]:
    """Makes callers with a key, of a gateway that honours idempotency keys."""
    yield from with_key(settings, clock, KEYED)


def lost(caller: Shotcaller, server: PaperServer) -> str:
    """Returns a take whose process ended after the reply to its submit was lost."""
    server.script["POST /jobs"] = [accept_then_drop]
    run = caller.follow(SHOT, BRIEF)
    doubted = next(take for take in run if take.problem is not None)
    run.close()
    caller.close()
    assert doubted.state is State.SENDING
    return doubted.id


def test_a_submit_is_not_repeated_with_another_key(
    keyed: Making, server: PaperServer
) -> None:
    take = lost(keyed("first"), server)

    with pytest.raises(Uncertain) as caught:
        keyed("second").resume(take)

    assert server.billed == 1
    assert "paper is set up with another key now than the submit" in str(caught.value)


def test_a_submit_is_repeated_with_the_key_it_was_sent_with(
    keyed: Making, server: PaperServer
) -> None:
    take = lost(keyed("first"), server)

    with pytest.raises(StillRunning):
        keyed("first").resume(take, patience=5)

    assert server.billed == 2  # this server honours no key, so a repeat is seen


def test_the_key_that_counts_is_the_one_a_take_was_sent_with(
    keyed: Making, server: PaperServer
) -> None:
    """Not the one it was asked for with."""
    first = keyed("first")
    run = first.follow(SHOT, BRIEF)
    queued = next(run)
    run.close()
    first.close()
    assert queued.state is State.QUEUED
    server.script["POST /jobs"] = [accept_then_drop]
    second = keyed("second")
    run = second.follow(SHOT, BRIEF)
    next(take for take in run if take.problem is not None)
    run.close()
    second.close()

    with pytest.raises(Uncertain):
        keyed("first").resume(queued.id)

    assert server.billed == 1


def test_that_a_job_is_not_known_is_not_believed_of_another_key(
    keyed: Making, server: PaperServer
) -> None:
    first = keyed("first")
    take = first.submit(SHOT, BRIEF)
    first.close()
    server.script["GET /jobs/job-1"] = [say(404)] * 50

    with pytest.raises(StillRunning) as caught:
        keyed("second").resume(take.id, patience=30)
    assert "under the key that is set up now" in str(caught.value)
    with pytest.raises(Exception, match="no such job"):
        keyed("first").resume(take.id, patience=60)
