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
from shotcaller.plugin import Lifecycle
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer

SHOT = Shot("A paper boat", seconds=8, ratio="16:9", resolution="720p", sound=True)


def test_nothing_is_recorded_when_no_model_fits(
    caller: Shotcaller, server: PaperServer
) -> None:
    with pytest.raises(NothingFits) as caught:
        caller.generate(Shot("A boat", seconds=90))

    assert str(caught.value) == (
        "No model can take the shot."
        " paper/one: cannot make 90 s; it makes 1 to 60 s."
        " paper/two: cannot make 90 s; it makes 1 to 60 s."
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
    )
    assert server.asked == []


def test_a_budget_is_a_gate(caller: Shotcaller, server: PaperServer) -> None:
    with pytest.raises(OverBudget) as caught:
        caller.generate(SHOT, Brief(budget="0.10"))

    assert caught.value.exit_code == 7
    assert str(caught.value) == (
        "No model can take the shot for $0.10."
        " paper/one: may cost $0.80, more than the budget of $0.10."
        " paper/two: may cost $0.40, more than the budget of $0.10."
        " Raise the budget, or ask for less."
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
        "No model can take the shot."
        " paper/one: cannot make 90 s; it makes 1 to 60 s."
        " paper/one retired on 2026-01-31; then use paper/two."
    )


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
