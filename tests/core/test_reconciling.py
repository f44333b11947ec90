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
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    Take,
    Uncertain,
)
from shotcaller.effects import adopted
from shotcaller.errors import ShotcallerError
from shotcaller.take import Draft, Ticket
from tests.core.paper import Blind, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def story(caller: Shotcaller, take: str) -> list[str]:
    return [event.note for event in caller.events(take)]


def given_up(caller: Shotcaller, server: PaperServer, take: str) -> Take:
    """Gives a take up whose gateway lists nothing."""
    server.script["GET /jobs"] = [say(200, [])]
    return caller.discard(take)


def test_a_take_that_is_given_up_stays_on_record_and_counts_as_spent(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    before = caller.chain(uncertain)[-1]

    take = given_up(caller, server, uncertain)

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
    assert caught.value.message.endswith(
        "Asked at 08:00 UTC on 2027-01-15, paper listed no such job, which proves"
        " nothing: lists lag."
    )
    assert caught.value.next == (
        "It may have been charged; asking again may pay again. `shotcaller adopt"
        f" {uncertain} ID` goes on with its job after all."
    )


def test_what_the_gateway_has_is_not_given_up(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    take = caller.discard(uncertain)

    assert (take.state, take.ticket and take.ticket.remote_id) == (
        State.SUBMITTED,
        "job-1",
    )
    assert story(caller, uncertain)[-1] == "found at the gateway, and kept"
    assert caller.resume(uncertain).receipt.take == uncertain
    assert server.submits == 1


def test_a_clip_that_turns_up_of_what_was_given_up_is_adopted(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    before = caller.spend()
    given_up(caller, server, uncertain)
    new = caller.generate(SHOT, ONE).receipt.take

    adopted = caller.adopt(uncertain, "job-1")

    assert (adopted.state, adopted.problem) == (State.SUBMITTED, None)
    assert caller.adopt(uncertain, "job-1").ticket == adopted.ticket
    clip = caller.resume(uncertain)
    assert clip.receipt.take == uncertain != new
    assert Path(clip.path).exists()
    assert server.submits == server.billed == 2
    assert sum(one.total for one in caller.spend()) == 2 * before[0].total


def test_of_what_was_given_up_no_job_of_another_take_is_adopted(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    given_up(caller, server, uncertain)
    caller.generate(SHOT, ONE)

    with pytest.raises(BadInput, match="the job job-2 is another take's already"):
        caller.adopt(uncertain, "job-2")

    assert caller.chain(uncertain)[-1].state is State.CANCELLED


def test_what_was_cancelled_without_doubt_goes_on_never_again(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(429)]
    *_, waiting = caller.follow(SHOT, Brief(model="paper/one", deadline=0))
    cancelled, _ = caller.cancel(waiting.id)

    with pytest.raises(BadInput, match="is cancelled, not uncertain"):
        caller.adopt(cancelled.id, "job-1")
    with pytest.raises(ValueError, match="was cancelled, not given up in doubt"):
        adopted(cancelled, Ticket("paper", "paper/one", "job-1"))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([say(200, [])], "paper listed no such job, which proves nothing: lists lag"),
        ([say(500)] * 9, "paper could not be asked: "),
        (
            [
                say(
                    200,
                    [{"id": f"job-{n}", "prompt": SHOT.prompt} for n in (1, 2)],
                )
            ],
            "paper listed 2 jobs like it, but none that is surely its own",
        ),
    ],
)
def test_it_is_told_what_the_gateway_said_of_a_take_in_doubt(
    caller: Shotcaller,
    server: PaperServer,
    uncertain: str,
    answers: list[Any],
    said: str,
) -> None:
    server.script["GET /jobs"] = answers

    with pytest.raises(Uncertain) as caught:
        caller.resume(uncertain)

    assert f" Asked at 08:00 UTC on 2027-01-15, {said}" in caught.value.message
    assert "with `--wait 60` for a minute" in caught.value.next
    assert story(caller, uncertain)[-1].startswith(said)


def test_where_nobody_can_be_asked_that_is_told(
    make_caller: Callable[..., Shotcaller], uncertain: str
) -> None:
    with pytest.raises(Uncertain, match="paper has no list of jobs that could be lo"):
        make_caller(Blind()).resume(uncertain)


def test_a_repeated_request_does_not_join_what_was_given_up(
    caller: Shotcaller, server: PaperServer, uncertain: str
) -> None:
    assert caller.find(SHOT, ONE) is not None
    given_up(caller, server, uncertain)

    assert caller.find(SHOT, ONE) is None
    assert caller.generate(SHOT, ONE).receipt.take != uncertain
    assert server.billed == 2


@pytest.mark.parametrize(
    ("states", "message", "hint"),
    [
        (
            "uncertain",
            "states: 'uncertain' is one word, and no list of states.",
            "Write ['uncertain'].",
        ),
        (
            State.UNCERTAIN,
            "states: 'uncertain' is one word, and no list of states.",
            "Write ['uncertain'].",
        ),
        (
            ["uncertian"],
            f"states: 'uncertian' is no state (there are {', '.join(sorted(State))}).",
            "Did you mean uncertain?",
        ),
    ],
)
def test_a_slip_of_the_pen_does_not_say_that_no_take_is_in_doubt(
    caller: Shotcaller, uncertain: str, states: Any, message: str, hint: str
) -> None:
    with pytest.raises(BadInput) as caught:
        caller.takes(states)

    assert (caught.value.message, caught.value.next) == (message, hint)
    written: Any = ["uncertain"]
    assert [take.id for take in caller.takes(written)] == [uncertain]


def test_only_takes_in_doubt_are_given_up(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT, ONE)

    with pytest.raises(BadInput) as caught:
        caller.discard(take.id)

    assert caught.value.message == f"take: {take.id} is submitted, not uncertain."
    assert caught.value.next == f"`shotcaller show {take.id}` says more."
    assert caller.resume(take.id).receipt.take == take.id


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
            server.script["GET /jobs"] = [say(200, [])]
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
