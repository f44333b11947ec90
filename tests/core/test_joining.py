"""Who joins a take that waits to be sent pays for it, so only what they agree to."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import (
    BadInput,
    Brief,
    Fallback,
    Shot,
    Shotcaller,
    State,
    Take,
    TakeFailed,
)
from shotcaller.programs.agreeing import narrowed
from shotcaller.take import Draft
from tests.core.paper import Paper, model
from tests.core.paper_server import PaperServer, say

SHOT = Shot("A paper boat", seconds=5)
ONE = Brief(model="paper/one", budget=5)
UNPRICED = Brief(model="paper:owner/app", unknown_price=True)
Make = Callable[..., Shotcaller]

fallbacks = st.sampled_from(Fallback)
briefs = st.builds(
    Brief,
    budget=st.none() | st.sampled_from([1, 2]),
    fallback=fallbacks,
    content_fallback=st.booleans(),
    unknown_price=st.booleans(),
)


def queued(caller: Shotcaller, brief: Brief) -> Take:
    """Returns a take that its asker left before it was sent."""
    run = caller.follow(SHOT, brief)
    take = next(run)
    run.close()
    assert take.state is State.QUEUED
    return take


def refused(caller: Shotcaller, brief: Brief) -> BadInput:
    """Returns the error that keeps a brief from joining, which looking tells too."""
    with pytest.raises(BadInput) as found:
        caller.find(SHOT, brief)
    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, brief)
    assert str(found.value) == str(caught.value)
    return caught.value


def test_a_smaller_budget_does_not_send_a_take_that_costs_more(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = queued(caller, ONE)

    error = refused(caller, evolve(ONE, budget="0.01"))

    assert str(error) == (
        f"budget: take {take.id} of this shot on paper/one waits to be sent and may"
        " cost $0.50; you agreed to $0.01 at most."
        f" `shotcaller resume {take.id}` sends it all the same,"
        f" `shotcaller cancel {take.id}` drops it. A higher budget joins it."
    )
    assert (error.take, error.field) == (take.id, "budget")
    assert server.asked == []
    assert caller.generate(SHOT, evolve(ONE, budget="0.5")).receipt.take == take.id
    assert server.submits == 1


def test_a_quote_does_not_send_a_take_that_was_recorded_as_dearer(
    make_caller: Make, server: PaperServer
) -> None:
    take = queued(make_caller(), ONE)
    cheap = Paper()
    cheap.models = [model("one", "0.02")]
    caller = make_caller(cheap)
    (quote,) = caller.quote(SHOT, Brief(model="paper/one"))

    error = refused(caller, Brief(quote=quote.id))

    assert str(error) == (
        f"quote: take {take.id} of this shot on paper/one waits to be sent and may"
        " cost $0.50; you agreed to $0.10 at most."
        f" `shotcaller resume {take.id}` sends it all the same,"
        f" `shotcaller cancel {take.id}` drops it."
    )
    assert server.asked == []


def test_an_unknown_price_is_agreed_to_by_each_who_joins(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = queued(caller, UNPRICED)

    unsaid = refused(caller, evolve(UNPRICED, unknown_price=False))
    capped = refused(caller, evolve(UNPRICED, budget=3))

    assert unsaid.message == (
        f"unknown_price: take {take.id} of this shot on paper:owner/app waits to be"
        " sent and has no known price."
    )
    assert capped.message.endswith(
        "may cost an unknown amount; you agreed to $3.00 at most."
    )
    assert server.asked == []
    assert caller.generate(SHOT, UNPRICED).receipt.take == take.id


def test_a_narrower_fallback_does_not_send_a_take_for_which_more_may_step_in(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = queued(caller, Brief(content_fallback=True))

    error = refused(caller, Brief(fallback="none"))
    content = refused(caller, Brief())

    assert error.message == (
        f"fallback: take {take.id} of this shot on paper/one waits to be sent and"
        " lets others step in by 'any', which is more than 'none'."
    )
    assert (error.field, content.field) == ("fallback", "content_fallback")
    assert content.message.endswith(
        "lets others step in for content that is turned down,"
        " which you did not ask for."
    )
    assert server.asked == []


def test_who_may_step_in_is_nothing_where_nobody_can(caller: Shotcaller) -> None:
    take = queued(caller, ONE)

    found = caller.find(SHOT, evolve(ONE, fallback="none"))

    assert found is not None
    assert found.id == take.id


def test_nobody_steps_in_unasked_where_everybody_is_asked(caller: Shotcaller) -> None:
    take = queued(caller, Brief(fallback="ask"))

    found = caller.find(SHOT, Brief(fallback="none"))

    assert found is not None
    assert found.id == take.id


def test_a_take_that_was_sent_is_joined_whatever_the_budget(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT, ONE)

    clip = caller.generate(SHOT, evolve(ONE, budget="0.01"))

    assert clip.receipt.take == take.id
    assert server.submits == 1


@pytest.mark.parametrize(
    "narrow",
    [
        Brief(fallback="none"),
        Brief(fallback="ask"),
        Brief(fallback="same-model"),
        Brief(budget="0.01"),
    ],
)
def test_nobody_steps_in_beyond_the_brief_of_who_joined(
    caller: Shotcaller, server: PaperServer, narrow: Brief
) -> None:
    take = caller.submit(SHOT, Brief())
    server.states = ["failed"]

    with pytest.raises(TakeFailed) as caught:
        caller.generate(SHOT, narrow)

    assert caught.value.take == take.id
    assert server.submits == 1


def test_who_steps_in_keeps_to_the_brief_of_who_joined(
    caller: Shotcaller, server: PaperServer
) -> None:
    caller.submit(SHOT, Brief())
    server.states = ["failed"]
    with pytest.raises(TakeFailed):
        caller.generate(SHOT, Brief(budget="0.30"))

    (heir,) = (take for take in caller.takes() if take.parent is not None)

    assert (heir.model, heir.brief.budget) == ("paper/two", Decimal("0.30"))


def test_a_take_that_another_opens_meanwhile_is_joined_on_no_other_terms(
    make_caller: Make, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, caller = make_caller(), make_caller()
    journal = caller._world.journal
    opened = journal.open

    def overtaken(draft: Draft) -> Take:
        queued(other, Brief())
        return opened(draft)

    monkeypatch.setattr(journal, "open", overtaken)
    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, Brief(fallback="none"))

    assert caught.value.field == "fallback"
    assert server.asked == []


def test_a_take_that_comes_back_unsent_is_not_sent_by_who_joined_for_less(
    make_caller: Make, server: PaperServer
) -> None:
    other, caller = make_caller(), make_caller()
    server.script["POST /jobs"] = [say(429)]
    run = other.follow(SHOT, ONE)
    take = next(take for take in run if take.state is State.SENDING)
    run.close()

    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, evolve(ONE, budget="0.01"))

    assert caught.value.field == "budget"
    assert server.submits == 1
    assert other.resume(take.id).receipt.take == take.id


@given(briefs, briefs)
def test_a_narrowed_brief_allows_what_both_allow(one: Brief, two: Brief) -> None:
    both = narrowed(one, two)

    assert narrowed(one, one) == one
    assert both == narrowed(two, one)
    for each in (one, two):
        assert each.budget is None or (
            both.budget is not None and both.budget <= each.budget
        )
        assert each.content_fallback or not both.content_fallback
        assert each.unknown_price or not both.unknown_price
        assert each.fallback is not Fallback.NONE or both.fallback is Fallback.NONE
