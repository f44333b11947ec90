"""What only the user can decide of a take: whose job it is, to pay anew, to give up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
from shotcaller.errors import ShotcallerError
from shotcaller.take import Draft
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, accept_then_drop
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")
ONE = Brief(model="paper/one")


def story(caller: Shotcaller, take: str) -> list[str]:
    return [event.note for event in caller.events(take)]


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
