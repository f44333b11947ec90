"""Whoever finds a job in the vendor's own list gives its id to the take in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    Refused,
    Shot,
    Shotcaller,
    State,
    Take,
    Uncertain,
)
from shotcaller.errors import ShotcallerError, Unanswered
from shotcaller.plugin import Failed, Safety, Ticket, hookimpl
from shotcaller.plugin import Refused as No
from tests.core.paper import GATEWAY, Blind, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, drop, say

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def story(caller: Shotcaller, take: str) -> list[str]:
    return [event.note for event in caller.events(take)]


def test_a_job_is_adopted_by_its_id(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    adopted = caller.adopt(uncertain, " job-1 ")

    assert adopted.state is State.SUBMITTED
    assert adopted.ticket is not None
    assert adopted.ticket.remote_id == "job-1"
    assert "adopted job-1 on request" in story(caller, uncertain)
    assert caller.resume(uncertain).receipt.take == uncertain
    assert server.submits == server.billed == 1


def test_adopting_the_same_job_once_more_changes_nothing(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    first = caller.adopt(uncertain, "job-1")
    polls = len(server.asked)

    assert caller.adopt(uncertain, "job-1").ticket == first.ticket
    assert len(server.asked) == polls
    with pytest.raises(BadInput, match=f"take: {uncertain} is submitted, not uncer"):
        caller.adopt(uncertain, "job-2")


def test_the_job_of_another_take_is_not_adopted(
    caller: Shotcaller, uncertain: str
) -> None:
    caller.generate(Shot("A paper crane"), ONE)

    with pytest.raises(BadInput) as caught:
        caller.adopt(uncertain, "job-2")

    assert caught.value.message == (
        "remote_id: the job job-2 is another take's already."
    )
    assert (caught.value.field, caught.value.charged) == ("remote_id", "unknown")
    assert caller.chain(uncertain)[-1].state is State.UNCERTAIN


class Racing(Paper):
    """Is asked about a job, and meanwhile somebody else takes it."""

    race: Callable[[], object] = staticmethod(lambda: None)

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Any:
        race, self.race = self.race, staticmethod(lambda: None)
        race()
        return (yield from super().shotcaller_poll(ticket))


def test_a_job_that_another_take_gets_meanwhile_is_not_adopted(
    make_caller: Callable[..., Shotcaller], server: PaperServer, uncertain: str
) -> None:
    plugin = Racing()
    caller, other = make_caller(plugin), make_caller(Paper())
    server.script["POST /jobs"] = [drop]
    with pytest.raises(Uncertain) as caught:
        other.generate(Shot("A paper crane"), ONE)
    plugin.race = lambda: other.adopt(str(caught.value.take), "job-1")

    with pytest.raises(BadInput, match="the job job-1 is another take's already"):
        caller.adopt(uncertain, "job-1")

    assert caller.chain(uncertain)[-1].state is State.UNCERTAIN
    assert caller.chain(str(caught.value.take))[-1].state is State.SUBMITTED


def test_the_same_said_twice_at_the_same_time_is_one_adoption(
    make_caller: Callable[..., Shotcaller], server: PaperServer, uncertain: str
) -> None:
    plugin = Racing()
    caller, other = make_caller(plugin), make_caller(Paper())
    server.script["GET /jobs"] = [say(200, [])]
    caller.discard(uncertain)  # of what was given up nobody is the owner
    plugin.race = lambda: other.adopt(uncertain, "job-1")

    adopted = caller.adopt(uncertain, "job-1")

    assert adopted.state is State.SUBMITTED
    assert caller.resume(uncertain).receipt.take == uncertain


@pytest.mark.parametrize("remote_id", ["", "  ", "a\nb", "x" * 201])
def test_what_can_be_no_id_is_not_asked_for(
    caller: Shotcaller, server: PaperServer, uncertain: str, remote_id: str
) -> None:
    asked = len(server.asked)

    with pytest.raises(BadInput) as caught:
        caller.adopt(uncertain, remote_id)

    assert caught.value.message == f"remote_id: {remote_id!r} can be no id of a job."
    assert len(server.asked) == asked


def test_a_job_that_the_gateway_does_not_know_is_not_adopted(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    server.script["GET /jobs/job-7"] = [say(404, {})]

    with pytest.raises(BadInput, match="paper does not confirm the job job-7: The"):
        caller.adopt(uncertain, "job-7")

    assert caller.chain(uncertain)[-1].state is State.UNCERTAIN


@pytest.mark.parametrize("rule", [say(503, {}), drop])
def test_a_job_that_cannot_be_asked_about_is_not_adopted_yet(
    caller: Shotcaller, server: PaperServer, uncertain: str, rule: Any
) -> None:
    server.script["GET /jobs/job-1"] = [rule] * 3

    with pytest.raises(Unanswered) as caught:
        caller.adopt(uncertain, "job-1")

    assert f"take {uncertain} stays uncertain" in caught.value.message
    server.script.clear()
    assert caller.adopt(uncertain, "job-1").state is State.SUBMITTED


def test_a_job_that_failed_is_adopted_with_its_end(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    server.states = ["failed-billed"]
    server.errors["failed-billed"] = "the ink ran out"

    assert caller.adopt(uncertain, "job-1").state is State.SUBMITTED
    with pytest.raises(ShotcallerError, match="the ink ran out"):
        caller.resume(uncertain)


class Forgetful(Paper):
    """Is a gateway that says of a job that it is gone, or does not like its id."""

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Any:
        yield from ()
        return Failed("Paper knows no such job", code="expired")


class Picky(Paper):
    error: Exception = No("Paper's ids are numbers.")

    @hookimpl
    def shotcaller_ticket(self, take: Take, remote_id: str) -> Ticket:
        raise self.error


class Broken(Picky):
    error = ValueError("no number")


@pytest.mark.parametrize(
    ("plugin", "why"),
    [
        (Forgetful(), "Paper knows no such job."),
        (Picky(), "Paper's ids are numbers."),
        (Broken(), "ValueError('no number')."),
    ],
)
def test_a_gateway_may_say_no_to_a_job(
    make_caller: Callable[..., Shotcaller], uncertain: str, plugin: Paper, why: str
) -> None:
    caller = make_caller(plugin)

    with pytest.raises(BadInput) as caught:
        caller.adopt(uncertain, "job-1")

    assert caught.value.message == (
        f"remote_id: paper does not confirm the job job-1: {why}"
    )
    assert caller.chain(uncertain)[-1].state is State.UNCERTAIN


def test_without_a_way_from_an_id_to_a_ticket_nothing_is_adopted(
    make_caller: Callable[..., Shotcaller], uncertain: str
) -> None:
    with pytest.raises(Refused) as caught:
        make_caller(Blind()).adopt(uncertain, "job-1")

    assert caught.value.message == (
        f"Take {uncertain} stays uncertain: paper cannot go on with a job of which"
        " only the id is known."
    )
    assert (caught.value.reason, caught.value.charged) == ("adopt", "unknown")


class NoTicket(Paper):
    @hookimpl
    def shotcaller_ticket(self, take: Take, remote_id: str) -> Any:
        return remote_id


def test_a_plugin_that_makes_no_ticket_is_named(
    make_caller: Callable[..., Shotcaller], uncertain: str
) -> None:
    with pytest.raises(BadInput, match="shotcaller_ticket returned 'job-1', no ticke"):
        make_caller(NoTicket()).adopt(uncertain, "job-1")


def test_only_takes_in_doubt_adopt_a_job(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT, ONE)

    with pytest.raises(BadInput) as caught:
        caller.adopt(clip.receipt.take, "job-9")

    assert caught.value.message == f"take: {clip.receipt.take} is done, not uncertain."


@pytest.fixture
def interrupted(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> tuple[Shotcaller, str]:
    """A take whose submit was accepted, and is being repeated under its key."""
    keyed = evolve(GATEWAY, safety=Safety.IDEMPOTENT, key_lives=86_400.0)
    caller = make_caller(Paper(keyed))
    server.script["POST /jobs"] = [accept_then_drop, *[drop] * 20]
    *_, take = caller.follow(SHOT, Brief(model="paper/one", deadline=1))
    assert take.state is State.SENDING
    return caller, take.id


def test_a_submit_that_was_cut_off_adopts_a_job(
    interrupted: tuple[Shotcaller, str], server: PaperServer
) -> None:
    caller, take = interrupted
    submits = server.submits

    assert caller.adopt(take, "job-1").state is State.SUBMITTED
    assert caller.resume(take).receipt.take == take
    assert server.submits == submits
    states = [event.state for event in caller.events(take)]
    assert states.index(State.UNCERTAIN) < states.index(State.SUBMITTED)


def test_a_submit_that_was_cut_off_is_given_up(
    interrupted: tuple[Shotcaller, str], server: PaperServer
) -> None:
    caller, take = interrupted
    submits = server.submits
    server.script["GET /jobs"] = [say(200, [])]

    assert caller.discard(take).state is State.CANCELLED
    assert server.submits == submits
