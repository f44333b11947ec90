"""Cancelling says truly what became of the wish."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shotcaller import (
    BadInput,
    Brief,
    Cancellation,
    Cancelled,
    Settings,
    Shot,
    Shotcaller,
    State,
    Uncertain,
)
from shotcaller.drivers.world import done, recorded
from shotcaller.effects import Do, Move, Overtaken, Send
from shotcaller.programs.advancing import cancel
from shotcaller.take import Take
from shotcaller.wire import Effect, Response
from tests.core.paper import Blind, Paper
from tests.core.paper_server import PaperServer, accept_then_drop, drop, say

SHOT = Shot("A paper boat")


def test_a_running_take_is_cancelled_at_the_gateway(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT)

    ended, wish = caller.cancel(take.id)

    assert wish is Cancellation.CANCELLED
    assert ended.state is State.CANCELLED
    assert server.routes("PUT") == ["/jobs/job-1/cancel"]
    with pytest.raises(Cancelled) as caught:
        caller.resume(take.id)
    assert str(caught.value) == (
        f"Take {take.id} on paper/one was cancelled."
        " It may have been charged; asking again may pay again."
    )
    assert caught.value.charged == "unknown"


@pytest.mark.parametrize(
    "wish", [Cancellation.REQUESTED, Cancellation.TOO_LATE, Cancellation.UNSUPPORTED]
)
def test_a_wish_that_is_not_granted_leaves_the_take_running(
    caller: Shotcaller, server: PaperServer, wish: Cancellation
) -> None:
    take = caller.submit(SHOT)
    server.script["PUT /jobs/job-1/cancel"] = [say(200, str(wish))]

    left, answer = caller.cancel(take.id)

    assert answer is wish
    assert left.state is State.SUBMITTED
    assert caller.resume(take.id).receipt.take == take.id


def test_a_gateway_that_cannot_cancel_says_so(
    make_caller: Callable[..., Shotcaller],
) -> None:
    caller = make_caller(Blind())
    take = caller.submit(SHOT)

    left, wish = caller.cancel(take.id)

    assert wish is Cancellation.UNSUPPORTED
    assert left.state is State.SUBMITTED
    assert caller.resume(take.id).receipt.take == take.id


def test_the_id_that_was_announced_cancels_the_heir_that_runs_instead(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(402)]
    running = caller.submit(SHOT)
    announced, heir = caller.chain(running.id)
    assert (announced.state, heir.id) == (State.REFUSED, running.id)

    ended, wish = caller.cancel(announced.id)

    assert (ended.id, ended.state) == (heir.id, State.CANCELLED)
    assert wish is Cancellation.CANCELLED
    assert server.routes("PUT") == ["/jobs/job-1/cancel"]


def test_a_finished_take_cannot_be_cancelled(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT)

    _, wish = caller.cancel(clip.receipt.take)

    assert wish is Cancellation.TOO_LATE


def test_an_uncertain_take_cannot_be_cancelled(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(SHOT)

    take, wish = caller.cancel(str(caught.value.take))

    assert wish is Cancellation.UNSUPPORTED
    assert take.state is State.UNCERTAIN


def test_a_take_in_the_queue_is_dropped_unsent(
    caller: Shotcaller, server: PaperServer
) -> None:
    for number in ("1", "2"):
        caller.submit(SHOT, Brief(again=number))
    *_, queued = caller.follow(SHOT, Brief(again="3", deadline=1))
    assert queued.state is State.QUEUED

    ended, wish = caller.cancel(queued.id)

    assert (ended.state, wish) == (State.CANCELLED, Cancellation.CANCELLED)
    assert ended.problem is not None
    assert ended.problem.charged == "no"
    assert server.billed == 2


def test_no_answer_to_a_cancellation_is_told(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT)
    server.script["PUT /jobs/job-1/cancel"] = [drop] * 3

    with pytest.raises(Exception, match="paper gave no answer"):
        caller.cancel(take.id)

    assert caller.resume(take.id).receipt.take == take.id


def test_a_take_that_somebody_works_on_is_waited_for(
    make_caller: Callable[..., Shotcaller], clock: object
) -> None:
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT)
    journal = first._world.journal
    journal.claim(take.id, at_once=True)

    with pytest.raises(BadInput) as caught:
        second.cancel(take.id)

    assert str(caught.value) == (
        f"Take {take.id} is being worked on by another process. Try again in a moment."
    )
    assert sum(clock.slept) > 20  # type: ignore[attr-defined]


def test_who_waits_for_a_cancelled_take_is_told(
    make_caller: Callable[..., Shotcaller], server: PaperServer, paper: Paper
) -> None:
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT)
    run = first.follow(SHOT)
    next(run)
    second.cancel(take.id)

    assert [t.state for t in run][-1:] in ([], [State.CANCELLED])
    with pytest.raises(Cancelled):
        first.resume(take.id)


def overtaken(
    caller: Shotcaller, settings: Settings, take: str, meanwhile: Callable[[], object]
) -> tuple[Take, Cancellation]:
    """Cancels a take with a process that stands still before it records anything.

    The others think that it is dead, as its lock is swept away.
    """
    world = caller._world

    def answered(effect: Effect[Any]) -> Any:
        if isinstance(effect, Send):
            return Response(200, {}, b'"cancelled"')
        if isinstance(effect, Do):
            return done(world, effect)
        return recorded(world.journal, effect)

    program = cancel(caller._context(), take)
    effect = next(program)
    try:
        while not isinstance(effect, Move):
            effect = program.send(answered(effect))
        for lock in (settings.home / "owners").iterdir():
            lock.unlink()
        meanwhile()
        with pytest.raises(Overtaken) as lost:
            recorded(world.journal, effect)
        effect = program.throw(lost.value)
        while True:
            effect = program.send(answered(effect))
    except StopIteration as stop:
        answer: tuple[Take, Cancellation] = stop.value
        return answer


def test_a_take_that_is_finished_meanwhile_was_cancelled_too_late(
    make_caller: Callable[..., Shotcaller], settings: Settings
) -> None:
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT)

    left, wish = overtaken(first, settings, take.id, partial(second.resume, take.id))

    assert (left.state, wish) == (State.DONE, Cancellation.TOO_LATE)


def test_a_take_that_is_cancelled_twice_at_once_is_cancelled(
    make_caller: Callable[..., Shotcaller], settings: Settings
) -> None:
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT)

    left, wish = overtaken(first, settings, take.id, partial(second.cancel, take.id))

    assert (left.state, wish) == (State.CANCELLED, Cancellation.CANCELLED)


def test_a_take_that_is_asked_about_meanwhile_may_still_finish(
    make_caller: Callable[..., Shotcaller], settings: Settings, server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    take = first.submit(SHOT)
    server.script["PUT /jobs/job-1/cancel"] = [say(200, "requested")]

    left, wish = overtaken(first, settings, take.id, partial(second.cancel, take.id))

    assert (left.state, wish) == (State.SUBMITTED, Cancellation.REQUESTED)
    assert second.resume(take.id).receipt.take == take.id


def test_a_take_that_is_sent_meanwhile_is_not_cancelled(
    make_caller: Callable[..., Shotcaller], settings: Settings, server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    running = [first.submit(SHOT, Brief(again=number)) for number in ("1", "2")]
    *_, queued = first.follow(SHOT, Brief(again="3", deadline=1))

    def sent() -> None:
        for take in running:
            second.resume(take.id)
        second.submit(SHOT, Brief(again="3"))

    left, wish = overtaken(first, settings, queued.id, sent)

    assert left.state is State.SUBMITTED
    assert wish is Cancellation.UNSUPPORTED
    assert server.billed == 3


def test_a_take_that_is_followed_by_another_meanwhile_is_cancelled_as_that(
    make_caller: Callable[..., Shotcaller], settings: Settings, server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    running = [first.submit(SHOT, Brief(again=number)) for number in ("1", "2")]
    *_, queued = first.follow(SHOT, Brief(again="3", deadline=1))

    def followed() -> None:
        for take in running:
            second.resume(take.id)
        server.script["POST /jobs"] = [say(402)]
        second.submit(SHOT, Brief(again="3"))

    left, wish = overtaken(first, settings, queued.id, followed)

    assert left.parent == queued.id
    assert (left.state, wish) == (State.CANCELLED, Cancellation.CANCELLED)


def test_a_take_in_doubt_that_is_found_meanwhile_stands_as_it_was_found(
    make_caller: Callable[..., Shotcaller], settings: Settings, server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        first.generate(SHOT)
    doubted = str(caught.value.take)

    left, wish = overtaken(
        first, settings, doubted, lambda: second.adopt(doubted, "job-1")
    )

    assert left.state is State.SUBMITTED
    assert wish is Cancellation.UNSUPPORTED
