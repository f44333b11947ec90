"""What only the user can decide of a take: whose job it is, to pay anew, to give up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve

from shotcaller import (
    AsyncShotcaller,
    BadInput,
    Brief,
    Budgets,
    Cancelled,
    OverBudget,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    Take,
    Uncertain,
)
from shotcaller.errors import ShotcallerError, Unanswered
from shotcaller.plugin import Failed, Safety, Ticket, hookimpl
from shotcaller.plugin import Refused as No
from shotcaller.take import Draft
from tests.core.paper import GATEWAY, Blind, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


@pytest.fixture
def uncertain(caller: Shotcaller, server: PaperServer) -> str:
    """A take that was accepted as job-1, of which only the server knows."""
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT, ONE)
    assert caught.value.take is not None
    return caught.value.take


def story(caller: Shotcaller, take: str) -> list[str]:
    return [event.note for event in caller.events(take)]


# -- adopt


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

    assert caller.discard(take).state is State.CANCELLED
    assert server.submits == submits


# -- discard


def test_a_take_that_is_given_up_stays_on_record_and_counts_as_spent(
    caller: Shotcaller, uncertain: str
) -> None:
    before = caller.chain(uncertain)[-1]

    take = caller.discard(uncertain)

    assert take.state is State.CANCELLED
    assert take.reserved == before.reserved != 0
    assert take.problem is not None
    assert (take.problem.code, take.problem.charged) == ("given-up", "unknown")
    assert take.problem.message.startswith("given up on request; the reply of paper")
    assert caller.discard(uncertain) == take
    with pytest.raises(Cancelled) as caught:
        caller.resume(uncertain)
    assert caught.value.charged == "unknown"
    assert caught.value.message.startswith(
        f"Take {uncertain} on paper/one was given up on request; the reply"
    )


def test_a_repeated_request_does_not_join_what_was_given_up(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    assert caller.find(SHOT, ONE) is not None
    caller.discard(uncertain)

    assert caller.find(SHOT, ONE) is None
    assert caller.generate(SHOT, ONE).receipt.take != uncertain
    assert server.billed == 2


def test_only_takes_in_doubt_are_given_up(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT, ONE)

    with pytest.raises(BadInput) as caught:
        caller.discard(take.id)

    assert caught.value.message == f"take: {take.id} is submitted, not uncertain."
    assert caught.value.next == f"`shotcaller show {take.id}` says more."
    assert caller.resume(take.id).receipt.take == take.id


# -- retake


def test_a_take_is_made_anew_beside_an_uncertain_one(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    clip = caller.retake(uncertain)

    new = caller.chain(clip.receipt.take)[-1]
    assert (new.retakes, new.model, new.parent) == (uncertain, "paper/one", None)
    assert server.submits == 2
    before = caller.chain(uncertain)[-1]
    assert (before.state, before.heir) == (State.UNCERTAIN, None)
    assert f"made anew as take {new.id}" in story(caller, uncertain)


def test_a_repeated_retake_joins_the_first(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    first = caller.retake(uncertain)
    second = caller.retake(uncertain)
    third = caller.retake(first.receipt.take)

    assert first.receipt.take == second.receipt.take != third.receipt.take
    assert server.submits == 3


def test_a_repeated_request_joins_the_newest_take(
    caller: Shotcaller, server: PaperServer, uncertain: str, clock: StepClock
) -> None:
    clock.time += 60
    new = caller.retake(uncertain).receipt.take

    assert caller.generate(SHOT, ONE).receipt.take == new
    assert server.submits == 2


def test_an_earlier_take_can_still_be_found(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    new = caller.retake(uncertain).receipt.take

    assert caller.resume(uncertain).receipt.take == uncertain
    jobs = [caller.chain(id_)[-1].ticket for id_ in (uncertain, new)]
    assert [job and job.remote_id for job in jobs] == ["job-1", "job-2"]


@pytest.mark.parametrize("state", ["failed-billed", "done"])
def test_a_take_that_is_over_is_made_anew(
    caller: Shotcaller, server: PaperServer, state: str, tmp_path: Path
) -> None:
    server.states = [state]
    *_, before = caller.follow(SHOT, ONE)
    server.states = ["done"]
    path = tmp_path / "again.mp4"

    clip = caller.retake(before.id, output=path)

    assert before.state in {State.FAILED, State.DONE}
    assert clip.path == str(path)
    assert clip.receipt.take != before.id
    assert server.billed == 2


def test_a_retake_that_died_is_made_anew(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    server.states = ["failed-billed"]
    with pytest.raises(ShotcallerError):
        caller.retake(uncertain)
    server.states = ["done"]

    assert caller.retake(uncertain).receipt.take != uncertain
    assert server.submits == 3


def test_a_take_that_runs_is_not_made_anew(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT, ONE)

    with pytest.raises(BadInput) as caught:
        caller.retake(take.id)

    assert caught.value.message == (
        f"take: {take.id} is submitted, so it is not made anew."
    )
    assert server.submits == 1


def test_a_retake_waits_only_so_long(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    server.states = ["drawing"]

    with pytest.raises(ShotcallerError) as caught:
        caller.retake(uncertain, patience=0)

    assert caught.value.code == "still-running"
    assert caught.value.take != uncertain
    with pytest.raises(BadInput, match="patience"):
        caller.retake(uncertain, patience=-1)


def test_a_model_that_cannot_any_more_is_refused(
    make_caller: Callable[..., Shotcaller], server: PaperServer, uncertain: str
) -> None:
    poorer = Paper()
    poorer.models = poorer.models[1:]

    with pytest.raises(BadInput, match="model: 'paper/one' is offered by no"):
        make_caller(poorer).retake(uncertain)

    assert server.submits == 1


# -- both worlds


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_all_of_it_in_async(
    kind: str,
    settings: Settings,
    server: PaperServer,
    clock: StepClock,
) -> None:
    server.script["POST /jobs"] = [accept_then_drop, accept_then_drop]

    async def main() -> None:
        registry = Registry({"paper": Paper()})
        async with AsyncShotcaller(
            settings=settings, registry=registry, clock=clock
        ) as caller:
            lost = []
            for prompt in ("A boat", "A crane"):
                with pytest.raises(Uncertain) as caught:
                    await caller.generate(Shot(prompt), ONE)
                lost.append(str(caught.value.take))
            adopted = await caller.adopt(lost[0], "job-1")
            assert adopted.state is State.SUBMITTED
            assert (await caller.resume(lost[0])).receipt.take == lost[0]
            seen: list[Take] = []
            clip = await caller.retake(lost[1], watch=seen.append)
            assert clip.receipt.take == seen[-1].id != lost[1]
            assert (await caller.discard(lost[1])).state is State.CANCELLED

    anyio.run(main, backend=kind)
    assert server.billed == 3


def test_money_that_is_gone_meanwhile_pays_for_no_retake(
    settings: Settings,
    server: PaperServer,
    clock: StepClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = evolve(settings, budgets=Budgets(day="2.00"))
    registry = Registry({"paper": Paper()})
    caller = Shotcaller(settings=known, registry=registry, clock=clock)
    other = Shotcaller(settings=known, registry=registry, clock=clock)
    one = Brief(model="paper/one")
    with caller, other:
        take = caller.generate(Shot("A paper boat", seconds=8), one).receipt.take
        journal = caller._world.journal
        opened = journal.open

        def overtaken(draft: Draft) -> Take:
            other.generate(Shot("A paper plane", seconds=8), one)
            return opened(draft)

        monkeypatch.setattr(journal, "open", overtaken)
        with pytest.raises(OverBudget, match="left of the daily budget"):
            caller.retake(take)

    assert server.submits == 2
