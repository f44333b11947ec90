"""A submit whose reply was lost is found again as its gateway declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import Brief, Registry, Shot, Shotcaller, State, Uncertain
from shotcaller.plugin import (
    Exchange,
    Gateway,
    Model,
    Request,
    Safety,
    Take,
    Ticket,
    hookimpl,
)
from shotcaller.programs.finding import share
from tests.core.paper import API, GATEWAY, Blind, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
DAY = 24 * 3_600.0


def brief(again: str = "") -> Brief:
    return Brief(model="paper/one", again=again)


class Listing(Paper):
    """Is a gateway that reads no key, and lists its jobs with their prompts."""

    def __init__(self, gateway: Gateway | None = None) -> None:
        super().__init__(gateway or evolve(GATEWAY, safety=Safety.LISTABLE))

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        body = {"prompt": shot.prompt}
        reply = yield from Request("POST", f"{API}/jobs", json=body)
        job: Any = reply.json()
        return Ticket("paper", model.id, job["id"], {"at": f"{API}/jobs"})


class Correlating(Paper):
    """Is a gateway that can be asked for the job that bears a take's key."""

    def __init__(self) -> None:
        super().__init__(evolve(GATEWAY, safety=Safety.CORRELATED))

    @hookimpl
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        reply = yield from Request("GET", f"{API}/jobs")
        jobs: Any = reply.json()
        at = {"at": f"{API}/jobs"}
        return [
            Ticket("paper", take.model, job["id"], at)
            for job in jobs
            if job["key"] == take.key
        ]


def lost(
    caller: Shotcaller, server: PaperServer, *again: str, rule: Any = accept_then_drop
) -> list[str]:
    """Returns takes of the same shot whose replies were all lost."""
    takes = []
    for word in again:
        server.script["POST /jobs"] = [rule]
        with pytest.raises(Uncertain) as caught:
            caller.generate(SHOT, brief(word))
        takes.append(str(caught.value.take))
    return takes


def job(caller: Shotcaller, take: str) -> str | None:
    ticket = caller.chain(take)[-1].ticket
    return None if ticket is None else ticket.remote_id


# -- one for each declared safety


def test_idempotent_the_same_submit_is_sent_again_under_its_key(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    keyed = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=DAY)
    server.script["POST /jobs"] = [drop, drop]

    make_caller(Blind(keyed)).generate(SHOT, brief())

    assert server.submits == 3
    assert len({asked.body for asked in server.asked if asked.method == "POST"}) == 1


def test_idempotent_after_the_key_has_lapsed_only_the_user_can_tell(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> None:
    keyed = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=DAY)
    caller = make_caller(Blind(keyed))
    server.script["POST /jobs"] = [accept_then_drop, *[drop] * 9]
    *_, take = caller.follow(SHOT, evolve(brief(), deadline=1))
    clock.time += DAY - 3_600
    submits = server.submits

    for _ in range(3):
        with pytest.raises(Uncertain):
            caller.resume(take.id)

    assert server.submits == submits


def test_correlated_the_job_that_bears_the_key_is_adopted(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Correlating())
    takes = lost(caller, server, "", "again")

    for take in reversed(takes):
        assert caller.resume(take).receipt.take == take

    assert [job(caller, take) for take in takes] == ["job-1", "job-2"]
    assert server.submits == server.billed == 2


def test_listable_the_only_job_that_is_left_is_adopted(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    (take,) = lost(caller, server, "")

    assert caller.resume(take).receipt.take == take
    assert server.submits == server.billed == 1


@pytest.mark.parametrize("plugin", [Listing, Correlating])
def test_that_nothing_is_listed_never_leads_to_a_second_submit(
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    clock: StepClock,
    plugin: Callable[[], Paper],
) -> None:
    caller = make_caller(plugin())
    (take,) = lost(caller, server, "", rule=drop)

    for _ in range(3):
        clock.time += DAY
        with pytest.raises(Uncertain):
            caller.resume(take)

    assert server.submits == 1
    assert caller.chain(take)[-1].state is State.UNCERTAIN


def test_blind_nobody_is_asked(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Blind())
    (take,) = lost(caller, server, "")
    asked = len(server.asked)

    with pytest.raises(Uncertain):
        caller.resume(take, patience=600)

    assert len(server.asked) == asked


@pytest.mark.parametrize("safety", [Safety.LISTABLE, Safety.CORRELATED])
def test_who_promises_to_find_jobs_has_to(safety: Safety) -> None:
    gateway = evolve(GATEWAY, safety=safety)
    registry = Registry({"paper": Blind(gateway)})

    assert [row.broken for row in registry.plugins] == [
        "ValueError: shotcaller_find is missing"
    ]


# -- how long


def test_who_waits_looks_again_with_growing_pauses(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller(Listing())
    (take,) = lost(caller, server, "")
    server.script["GET /jobs"] = [say(200, [])] * 4
    clock.slept.clear()

    assert caller.resume(take, patience=3_600).receipt.take == take

    first = clock.slept[:4]
    assert all(shorter < longer for shorter, longer in pairwise(first))
    assert server.submits == 1


def test_after_a_day_nobody_looks_for_it_any_more(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> None:
    caller = make_caller(Listing())
    (take,) = lost(caller, server, "", rule=drop)
    began = clock.now()
    clock.time += DAY - 1_800  # while nobody looked

    with pytest.raises(Uncertain):
        caller.resume(take, patience=10 * DAY)

    assert len(server.asked) > 20  # and as often as ever in its last half hour
    assert DAY <= clock.now() - began < DAY + 3_600
    row = caller.chain(take)[-1]
    assert row.state is State.UNCERTAIN
    assert row.due - row.updated == DAY


def test_a_gateway_that_cannot_be_asked_is_asked_later(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    (take,) = lost(caller, server, "")
    server.script["GET /jobs"] = [say(503)]

    with pytest.raises(Uncertain):
        caller.resume(take)

    assert caller.resume(take).receipt.take == take


# -- takes that sent the same


def test_as_many_jobs_as_takes_are_dealt_out_oldest_to_oldest(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    takes = lost(caller, server, "", "again", "and again")

    for take in reversed(takes):
        assert caller.resume(take).receipt.take == take

    assert [job(caller, take) for take in takes] == ["job-1", "job-2", "job-3"]
    assert server.submits == server.billed == 3


def test_fewer_jobs_than_takes_are_left_alone(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    takes = lost(caller, server, "") + lost(caller, server, "again", rule=drop)

    for take in takes:
        with pytest.raises(Uncertain):
            caller.resume(take)

    assert [job(caller, take) for take in takes] == [None, None]


def test_a_take_that_was_given_up_may_still_own_a_job(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    given_up, other = lost(caller, server, "", "again")
    caller.discard(given_up)
    server.script["GET /jobs"] = [say(200, [{"id": "job-1", "prompt": SHOT.prompt}])]

    with pytest.raises(Uncertain):
        caller.resume(other)

    server.script.clear()
    assert caller.resume(other).receipt.take == other
    assert job(caller, other) == "job-2"


def test_a_take_that_was_surely_not_accepted_owns_none(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    caller = make_caller(Listing())
    server.script["POST /jobs"] = [say(429)]
    *_, dropped = caller.follow(SHOT, evolve(brief(), deadline=0))
    assert dropped.state is State.QUEUED
    assert dropped.request is not None
    caller.cancel(dropped.id)
    (take,) = lost(caller, server, "again")

    assert caller.resume(take).receipt.take == take


# -- the rule itself

CLAIMS = st.dictionaries(
    st.sampled_from("ABCDE"), st.lists(st.sampled_from("12345"), unique=True)
)


@given(CLAIMS, st.sets(st.sampled_from("ABCDE")))
def test_no_job_is_dealt_out_twice_and_none_that_a_take_does_not_claim(
    claims: Mapping[str, Sequence[str]], sending: set[str]
) -> None:
    dealt = {take: share(take, claims, sending) for take in claims}
    given_out = [own for own in dealt.values() if own is not None]

    assert len(given_out) == len(set(given_out))
    assert all(own in claims[take] for take, own in dealt.items() if own is not None)
    assert all(dealt[take] is None for take in claims if take in sending)


@given(st.lists(st.sampled_from("12345"), unique=True, min_size=1, max_size=5))
def test_equal_claims_are_dealt_out_in_order(jobs: list[str]) -> None:
    claims = dict.fromkeys("ABCDE"[: len(jobs)], jobs)

    assert [share(take, claims, ()) for take in claims] == jobs


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"A": "1", "B": ""}, {"A": "1", "B": None}),
        ({"A": "1", "B": "2"}, {"A": "1", "B": "2"}),
        ({"A": "12", "B": "2"}, {"A": "1", "B": "2"}),
        ({"A": "12", "B": "23", "C": "3"}, {"A": "1", "B": "2", "C": "3"}),
        ({"A": "12", "B": ""}, {"A": None, "B": None}),
        ({"A": "1", "B": "1"}, {"A": None, "B": None}),
        ({"A": "2", "B": "12"}, {"A": "2", "B": "1"}),
        ({"A": "1", "B": "12", "C": "23"}, {"A": "1", "B": "2", "C": "3"}),
        ({"A": "12", "B": "34", "C": "14"}, dict.fromkeys("ABC")),
    ],
)
def test_overlapping_claims(
    claims: Mapping[str, str], expected: Mapping[str, str | None]
) -> None:
    assert {take: share(take, claims, ()) for take in claims} == expected


def test_a_reply_that_may_yet_come_keeps_jobs_back() -> None:
    claims = {"A": "12", "B": "12", "C": "3"}

    assert share("A", claims, {"B"}) is None
    assert share("C", claims, {"B"}) == "3"
