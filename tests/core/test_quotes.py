"""A quote has an id; whoever names it never pays more than it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import (
    AsyncShotcaller,
    BadInput,
    Brief,
    OverBudget,
    Registry,
    Settings,
    Shot,
    Shotcaller,
)
from tests.core.paper import Paper, model
from tests.core.paper_server import PaperServer, say
from tests.core.test_generate import PNG
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=10)
Make = Callable[..., Shotcaller]


def test_every_model_that_can_take_the_shot_is_quoted(
    caller: Shotcaller, server: PaperServer, clock: StepClock
) -> None:
    quotes = caller.quote(SHOT, Brief(intent="draft"))

    assert sorted((one.model, one.quote.high) for one in quotes) == [
        ("paper/one", Decimal(1)),
        ("paper/two", Decimal("0.5")),
    ]
    assert len({one.id for one in quotes}) == 2
    assert {one.until for one in quotes} == {clock.time + 86_400}
    assert caller.quoted(quotes[1].id) == quotes[1]
    assert server.asked == []
    assert caller.takes() == ()


def test_a_named_quote_decides_the_model_and_the_most_it_may_cost(
    caller: Shotcaller, server: PaperServer
) -> None:
    (two,) = (one for one in caller.quote(SHOT) if one.model == "paper/two")

    clip = caller.generate(two.shot, Brief(quote=two.id))

    assert clip.receipt.model == "paper/two"
    (take,) = caller.takes()
    assert take.brief.budget == Decimal("0.5")
    assert caller.generate(SHOT, Brief(model="paper/two")).path == clip.path
    assert caller.find(SHOT, Brief(quote=two.id)) is not None
    assert server.submits == 1


def test_nobody_steps_in_for_the_model_of_a_quote(
    caller: Shotcaller, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422)]
    first, _ = caller.quote(SHOT)

    with pytest.raises(Exception, match="was refused"):
        caller.generate(SHOT, Brief(quote=first.id))

    assert len(caller.takes()) == 1


def test_a_quote_whose_price_rose_is_not_kept_to(
    make_caller: Make, server: PaperServer
) -> None:
    first, _ = make_caller().quote(SHOT)
    paper = Paper()
    paper.models = [model("one", "0.12"), model("two")]

    with pytest.raises(OverBudget) as caught:
        make_caller(paper).generate(SHOT, Brief(quote=first.id))

    assert str(caught.value) == (
        f"The price of paper/one was $1.00 in quote {first.id}, and is $1.20 now."
        " `shotcaller quote` gives a new one."
    )
    assert caught.value.exit_code == 7
    paper.models = [evolve(paper.models[0], price=None), paper.models[1]]
    with pytest.raises(OverBudget, match=r"was \$1.00 .* and is unknown now"):
        make_caller(paper).generate(SHOT, Brief(quote=first.id, unknown_price=True))
    assert server.asked == []


def test_a_price_that_fell_is_welcome(make_caller: Make) -> None:
    first, _ = make_caller().quote(SHOT)
    paper = Paper()
    paper.models = [model("one", "0.08")]

    clip = make_caller(paper).generate(SHOT, Brief(quote=first.id))

    assert clip.receipt.cost.quoted == Decimal("0.8")


def test_a_quote_binds_beside_a_budget(caller: Shotcaller) -> None:
    first, _ = caller.quote(SHOT)

    with pytest.raises(OverBudget, match=r"more than the budget of \$0.90"):
        caller.generate(SHOT, Brief(quote=first.id, budget="0.90"))
    caller.generate(SHOT, Brief(quote=first.id, budget=5))

    assert caller.takes()[0].brief.budget == 1


def test_a_quote_of_an_unknown_price_is_no_promise(caller: Shotcaller) -> None:
    brief = Brief(model="paper:owner/app", unknown_price=True, intent="anime")
    (known,) = caller.quote(SHOT, brief)

    clip = caller.generate(SHOT, Brief(quote=known.id, unknown_price=True, budget=3))

    assert clip.receipt.model == "paper:owner/app"
    assert caller.takes()[0].brief.intent == "anime"


def test_a_quote_is_for_one_shot_and_one_model(caller: Shotcaller) -> None:
    first, _ = caller.quote(SHOT)

    with pytest.raises(BadInput) as shot:
        caller.generate(Shot("Another"), Brief(quote=first.id))
    with pytest.raises(BadInput) as other:
        caller.generate(SHOT, Brief(quote=first.id, model="paper/two"))

    assert str(shot.value).startswith(
        f"quote: {first.id} is for another shot: 'A paper boat'."
    )
    assert str(other.value).startswith(
        f"quote: {first.id} is for paper/one, not for paper/two."
    )


def test_what_counts_of_a_picture_is_what_it_shows(
    caller: Shotcaller, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    one.write_bytes(PNG)
    two.write_bytes(PNG)
    first, _ = caller.quote(evolve(SHOT, image=one))

    clip = caller.generate(evolve(SHOT, image=two), Brief(quote=first.id))

    assert clip.receipt.model == first.model


def test_a_quote_is_over_after_a_day(
    caller: Shotcaller, clock: StepClock, settings: Settings
) -> None:
    first, _ = caller.quote(SHOT)
    clock.time += 86_401

    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, Brief(quote=first.id))

    assert str(caught.value) == (
        f"quote: there is no quote {first.id!r}; it may be older than a day."
        " `shotcaller quote` gives a new one."
    )
    caller.quote(SHOT)
    with sqlite3.connect(settings.home / "journal.db") as db:
        assert db.execute("SELECT count(*) FROM quote").fetchone() == (2,)
    db.close()


def test_a_quote_that_cannot_be_read_is_none(
    caller: Shotcaller, settings: Settings
) -> None:
    first, _ = caller.quote(SHOT)
    with sqlite3.connect(settings.home / "journal.db") as db:
        db.execute("UPDATE quote SET body = '{}'")
    db.close()

    with pytest.raises(BadInput, match="there is no quote"):
        caller.quoted(first.id)


def test_the_model_of_a_quote_may_be_gone(make_caller: Make) -> None:
    first, _ = make_caller().quote(SHOT)
    paper = Paper()
    paper.models = [model("other")]

    with pytest.raises(Exception, match="is offered by no installed plugin"):
        make_caller(paper).generate(SHOT, Brief(quote=first.id))


@pytest.mark.anyio
async def test_quotes_are_had_asynchronously_too(
    settings: Settings, server: PaperServer, clock: StepClock
) -> None:
    registry = Registry({"paper": Paper()})
    async with AsyncShotcaller(
        settings=settings, registry=registry, clock=clock
    ) as caller:
        first, _ = await caller.quote(SHOT)
        assert await caller.quoted(first.id) == first
        clip = await caller.generate(SHOT, Brief(quote=first.id))

    assert clip.receipt.model == first.model
