"""A budget holds for all takes together: by day, by project, in every process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

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
from shotcaller.budgets import DAY, Budgets, ProjectBudget
from tests.core.paper import Paper, model
from tests.core.paper_server import PaperServer, accept_then_drop, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=10)  # a dollar on paper/one, half on paper/two
ONE = Brief(model="paper/one")
NOON = 1_800_014_400.0  # 2027-01-15, of UTC
FILM = {"film": ProjectBudget(total=6, day=3), "ads": ProjectBudget()}


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOON)


Make = Callable[..., Shotcaller]


@pytest.fixture
def make(settings: Settings, clock: StepClock) -> Iterator[Make]:
    made: list[Shotcaller] = []

    def make(plugin: object = None, **budgets: Any) -> Shotcaller:
        known = evolve(settings, budgets=Budgets(**budgets))
        registry = Registry({"paper": plugin or Paper()})
        made.append(Shotcaller(settings=known, registry=registry, clock=clock))
        return made[-1]

    yield make
    for caller in made:
        caller.close()


def again(label: str, **changes: Any) -> Brief:
    return Brief(model="paper/one", again=label, **changes)


def test_what_does_not_fit_into_the_day_is_refused_before_any_request(
    make: Make, server: PaperServer, clock: StepClock
) -> None:
    caller = make(day="2.60")
    caller.generate(SHOT, again("1"))
    caller.submit(SHOT, again("2"))
    asked = len(server.asked)

    with pytest.raises(OverBudget) as caught:
        caller.generate(SHOT, again("3"))

    assert caught.value.exit_code == 7
    assert str(caught.value) == (
        "No model can take the shot for what is left of the budget.\n"
        "  paper/one: may cost $1.00, more than the $0.60 that is left of the daily"
        " budget\nOf the daily budget of $2.60, $1.00 is spent and $1.00 reserved:"
        " $0.60 is left until 2027-01-16 00:00 UTC."
        " The least that it could cost is $1.00, on paper/one."
        " Ask for less, or raise the limit in the settings."
    )
    assert len(server.asked) == asked
    assert len(caller.takes()) == 2


def test_a_model_that_still_fits_makes_it_instead(make: Make) -> None:
    caller = make(day="0.60")

    clip = caller.generate(SHOT)

    assert clip.receipt.model == "paper/two"
    (refused,) = caller.rank(SHOT, Brief(again="2", only=["paper/one"])).refused[:1]
    assert [reason.code for reason in refused.reasons] == ["budget-day"]


def test_the_next_day_has_a_budget_of_its_own(make: Make, clock: StepClock) -> None:
    caller = make(day=1)
    caller.generate(SHOT, again("1"))
    with pytest.raises(OverBudget):
        caller.generate(SHOT, again("2"))

    clock.time += DAY

    assert caller.generate(SHOT, again("2")).receipt.model == "paper/one"


def test_a_project_spends_its_own_budget_and_that_of_the_day(make: Make) -> None:
    caller = make(day=3, projects={"film": ProjectBudget(total=1)})
    caller.generate(SHOT, again("1", project="film"))

    with pytest.raises(OverBudget, match="Of the budget of project film of") as caught:
        caller.generate(SHOT, again("2", project="film"))

    assert "$0.00 is left. The least" in str(caught.value)
    caller.generate(SHOT, again("2"))
    found = {str(one.limit.name): one.left for one in caller.budgets("film")}
    assert found == {"the daily budget": 1, "the budget of project film": 0}


def test_a_project_that_no_budget_is_set_for_is_refused(make: Make) -> None:
    caller = make(projects=FILM)

    with pytest.raises(BadInput) as caught:
        caller.generate(SHOT, Brief(project="flim"))

    assert str(caught.value) == (
        "project: 'flim' is not in the settings (there are ads, film)."
        " Add [budgets.projects.flim] to them, with a limit or without."
    )
    assert caught.value.field == "project"
    assert caller.takes() == ()
    assert caller.generate(SHOT, Brief(project="ads")).receipt.model == "paper/one"


def test_a_project_needs_no_budget_where_none_has_one(make: Make) -> None:
    clip = make(day=5).generate(SHOT, Brief(project="anything"))

    assert clip.receipt.cost.quoted == 1


def test_what_was_refused_is_released_and_what_is_in_doubt_is_not(
    make: Make, server: PaperServer
) -> None:
    caller = make(day=2)
    server.script["POST /jobs"] = [say(422), accept_then_drop]
    server.script["GET /jobs"] = [say(503)] * 9
    for label in "12":
        with pytest.raises(Exception, match="Take"):
            caller.generate(SHOT, again(label))

    (left,) = caller.budgets()

    assert [left.spent, left.reserved] == [0, 1]


def test_what_is_free_is_made_when_nothing_is_left(make: Make) -> None:
    paper = Paper()
    paper.models = [model("one", "0")]
    caller = make(paper, day=0)

    assert caller.generate(SHOT, ONE).receipt.cost.quoted == 0


def test_a_take_without_a_known_price_needs_a_limit_of_its_own(make: Make) -> None:
    caller = make(day=5)
    brief = Brief(model="paper:owner/app", unknown_price=True)

    with pytest.raises(OverBudget) as caught:
        caller.generate(SHOT, brief)
    caller.generate(SHOT, evolve(brief, budget=2))

    assert (
        "its price is unknown, which counts as all of the daily budget;"
        " a budget for the shot says how much it may be" in str(caught.value)
    )
    (left,) = caller.budgets()
    assert left.spent == 2


def test_a_take_that_nothing_bounds_counts_as_all_there_is(
    make: Make, settings: Settings
) -> None:
    make().generate(SHOT, Brief(model="paper:owner/app", unknown_price=True))

    (left,) = make(day=5).budgets()

    assert left.unknown == 1
    assert str(left) == (
        "Of the daily budget of $5.00, $0.00 is spent and $0.00 reserved, and 1 take"
        " of unknown price count as all of it: $0.00 is left until"
        " 2027-01-16 00:00 UTC."
    )
    assert "2 takes" in str(evolve(left, unknown=2))


def test_a_heir_reserves_its_own_price_once_its_parents_is_released(
    make: Make, server: PaperServer
) -> None:
    caller = make(day=1)
    server.script["POST /jobs"] = [say(422)]

    clip = caller.generate(SHOT)

    assert [a.model for a in clip.receipt.attempts] == ["paper/one", "paper/two"]
    (left,) = caller.budgets()
    assert [left.spent, left.reserved] == [Decimal("0.5"), 0]


def test_a_heir_that_does_not_fit_any_more_is_not_opened(
    make: Make, server: PaperServer
) -> None:
    paper = Paper()
    paper.models = [model("one", "0.05", quality=0.9), model("two", "0.06")]
    caller, other = make(paper, day="1.10"), make(paper, day="1.10")

    def meanwhile(server: PaperServer, asked: Any) -> Any:
        other.submit(SHOT, Brief(model="paper/two", again="other"))
        return say(422)(server, asked)

    server.script["POST /jobs"] = [meanwhile]

    with pytest.raises(Exception, match="on paper/one was refused"):
        caller.generate(SHOT)

    assert sorted(take.model for take in caller.takes()) == ["paper/one", "paper/two"]
    assert server.submits == 2


def test_whoever_is_too_late_chooses_anew(
    make: Make, server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make(day="1.50"), make(day="1.50")
    journal = first._world.journal
    recall = journal.recall

    def overtaken(project: str | None) -> Any:
        found = recall(project)
        monkeypatch.setattr(journal, "recall", recall)
        second.submit(SHOT, again("other"))
        return found

    monkeypatch.setattr(journal, "recall", overtaken)

    clip = first.generate(SHOT)

    assert clip.receipt.model == "paper/two"
    (left,) = first.budgets()
    assert left.left == 0


def test_a_ranking_knows_the_budgets_before_there_is_a_journal(
    make: Make, settings: Settings
) -> None:
    caller = make(day="0.60")

    assert [one.model for one in caller.rank(SHOT).candidates] == ["paper/two"]
    assert not (settings.home / "journal.db").exists()


def test_a_ranking_needs_no_journal_that_can_be_read(
    make: Make, settings: Settings
) -> None:
    settings.home.mkdir()
    (settings.home / "journal.db").write_bytes(b"no journal at all" * 99)

    assert len(make(day=5).rank(SHOT).candidates) == 2


@pytest.mark.anyio
async def test_the_same_is_known_asynchronously(
    settings: Settings, server: PaperServer, clock: StepClock
) -> None:
    known = evolve(settings, budgets=Budgets(day="1.50"))
    registry = Registry({"paper": Paper()})
    caller = AsyncShotcaller(settings=known, registry=registry, clock=clock)
    async with caller:
        await caller.generate(SHOT, ONE)
        (left,) = await caller.budgets()
        (row,) = await caller.spend()
        inside = caller.rank(SHOT, again("2")).candidates
        assert await caller.outages() == {}
        (take,) = await caller.takes()
        assert await caller.stand_ins(take.id) == ()

    assert [left.left, row.total] == [Decimal("0.5"), 1]
    assert inside == caller.rank(SHOT, again("2")).candidates == ()
