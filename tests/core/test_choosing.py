"""Who makes a shot is decided before anything is recorded or sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    NothingFits,
    OverBudget,
    Shot,
    Shotcaller,
)
from shotcaller.catalog import History
from shotcaller.plugin import Evidence, Lengths, Lifecycle
from shotcaller.programs.choosing import rank
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer

SHOT = Shot("A paper boat", seconds=8, ratio="16:9", resolution="720p", sound=True)


def test_nothing_is_recorded_when_no_model_fits(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(NothingFits) as caught:
        caller.generate(Shot("A boat", seconds=90))

    assert str(caught.value) == (
        "No model can take the shot.\n"
        "  2 models: cannot make 90 s; it makes 1 to 60 s (paper/one, paper/two)"
    )
    assert caller.takes() == ()
    assert server.asked == []


def test_options_of_a_gateway_that_is_not_there_are_not_dropped(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(BadInput) as caught:
        caller.generate(Shot("A boat", options={"papper": {"glue": True}}))

    assert str(caught.value) == (
        "options: 'papper' is no installed gateway (there are paper)."
        " Did you mean paper?"
    )
    assert server.asked == []


def test_a_budget_is_a_gate(caller: Shotcaller, server: PaperServer) -> None:
    with pytest.raises(OverBudget) as caught:
        caller.generate(SHOT, Brief(budget="0.10"))

    assert caught.value.exit_code == 7
    assert str(caught.value) == (
        "No model can take the shot for $0.10.\n"
        "  2 models: may cost more than the budget (paper/one, paper/two)\n"
        "paper/two makes 2 s for $0.10 at most."
        " Raise the budget to $0.40 for paper/two, or ask for less."
    )
    assert server.asked == []


def test_a_budget_chooses_what_it_can_pay(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT, Brief(budget="0.50"))

    assert clip.receipt.model == "paper/two"


def test_a_named_model_that_cannot_be_had_says_how_it_ended(
    make_caller: Callable[..., Shotcaller], paper: Paper
) -> None:
    ended = Lifecycle(date(2026, 1, 31), "paper/two")
    paper.models[0] = evolve(paper.models[0], lifecycle=ended)

    with pytest.raises(NothingFits) as caught:
        make_caller(paper).generate(Shot("a", seconds=90), Brief(model="paper/one"))

    assert str(caught.value) == (
        "No model can take the shot.\n"
        "  paper/one: cannot make 90 s; it makes 1 to 60 s\n"
        "paper/one retired on 2026-01-31; then use paper/two."
    )


def test_a_named_model_that_cannot_says_which_one_can(
    make_caller: Callable[..., Shotcaller], paper: Paper
) -> None:
    able = evolve(paper.models[0].capabilities, seconds=Lengths(1, 5))
    paper.models[0] = evolve(paper.models[0], capabilities=able)

    with pytest.raises(NothingFits) as caught:
        make_caller(paper).generate(Shot("a", seconds=8), Brief(model="paper/one"))

    assert caught.value.next == "paper/two can take it as it is."


def test_a_named_model_is_honoured(caller: Shotcaller) -> None:
    clip = caller.generate(SHOT, Brief(model="paper/two"))

    assert clip.receipt.model == "paper/two"


def test_a_model_that_nobody_lists_needs_leave_for_its_unknown_price(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(NothingFits, match="its price is unknown, which is not zero"):
        caller.generate(SHOT, Brief(model="paper:own/thing"))
    assert server.billed == 0

    brief = Brief(model="paper:own/thing", unknown_price=True, budget=2)
    clip = caller.generate(SHOT, brief)

    assert clip.receipt.model == "paper:own/thing"
    assert str(clip.receipt.cost) == "unknown"
    (take,) = caller.chain(clip.receipt.take)
    assert take.reserved == Decimal(2)


def test_a_model_that_nobody_offers_is_refused_aloud(caller: Shotcaller) -> None:
    with pytest.raises(NothingFits) as caught:
        caller.generate(SHOT, Brief(model="fal/seedance-2.0"))

    assert str(caught.value) == (
        "model: 'fal/seedance-2.0' is offered by no installed plugin."
        " `shotcaller models` lists those that are."
    )


def test_a_dearer_model_that_is_named_is_refused_with_what_would_fit(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(OverBudget) as caught:
        caller.generate(SHOT, Brief(model="paper/one", budget="0.55"))

    assert caught.value.message == "paper/one cannot take it for $0.55."
    assert caught.value.next == (
        "The cheapest that fits is paper/two, for $0.40 at most."
        " paper/one makes 5 s for $0.50 at most."
        " Raise the budget to $0.80 for paper/one, or ask for less."
    )
    assert server.asked == []


def test_what_no_length_makes_cheap_enough_is_not_made_shorter(
    caller: Shotcaller,
) -> None:
    brief = Brief(model="paper/one", budget="0.01", only=["paper/one"])

    with pytest.raises(OverBudget) as caught:
        caller.generate(Shot("A boat", seconds=1), brief)

    assert (
        caught.value.next == "Raise the budget to $0.10 for paper/one, or ask for less."
    )


def test_a_misspelt_model_names_the_one_that_was_meant(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, Brief(model="paper/onee"))

    assert str(caught.value) == (
        "model: 'paper/onee' is offered by no installed plugin."
        " Did you mean paper/one or paper/two?"
        " `shotcaller models` lists those that are."
    )
    assert server.asked == []


def test_a_wait_that_is_too_short_is_warned_of_and_not_refused(
    make_caller: Callable[..., Shotcaller], paper: Paper
) -> None:
    slow = Evidence("speed", 110, "a test", date(2026, 11, 1))
    paper.models[0] = evolve(paper.models[0], evidence=[slow])
    caller = make_caller(paper)

    (late,) = [
        one
        for one in caller.rank(SHOT, Brief(deadline=60)).candidates
        if one.model == "paper/one"
    ]

    assert late.warnings == (
        (
            "paper/one takes about 176 s, longer than the wait of 60 s;"
            " it goes on and can be resumed"
        ),
    )
    assert late.seconds_expected == 176  # 8 s of what takes 110 s for 5


def test_what_is_on_record_here_moves_the_ranking(caller: Shotcaller) -> None:
    context = caller.setup.context()
    bad = History(done=1, failed=60)

    usual = rank(context, SHOT, Brief())
    learned = rank(evolve(context, histories={"paper/one": bad}), SHOT, Brief())

    assert usual.candidates[0].model == "paper/one"
    assert learned.candidates[0].model == "paper/two"


def test_a_caller_explains_what_would_change_the_order(caller: Shotcaller) -> None:
    (first, *_) = caller.explain(SHOT, Brief(budget="0.50"))

    assert (first.about, first.value, first.model) == ("budget", "0.8000", "paper/one")
    assert first.message == "with a budget of $0.80, paper/one would lead"
