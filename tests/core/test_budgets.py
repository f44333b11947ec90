"""A budget holds for all takes together: by day, by project, in every process."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller import (
    AsyncShotcaller,
    BadInput,
    Brief,
    OverBudget,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
)
from shotcaller.budgets import DAY, Allowance, Budgets, Limit, ProjectBudget, held
from shotcaller.effects import Move, NoMoney
from shotcaller.journal import SQLiteJournal, schema
from shotcaller.plugin import Charged, Done
from shotcaller.programs.choosing import rank
from shotcaller.take import MOVES, SETTLED, Problem, Take
from tests.core.drafts import draft
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


# -- the settings


def test_budgets_are_read_from_the_settings_and_the_environment(
    tmp_path: Path,
) -> None:
    text = """
        project = "film"
        [budgets]
        day = 5.0
        [budgets.projects.film]
        total = 50
        day = "10.50"
        [budgets.projects.ads]
    """
    (tmp_path / "settings.toml").write_text(text)

    read = Settings.load(tmp_path, {})
    changed = Settings.load(
        tmp_path, {"SHOTCALLER_BUDGET_DAY": "7", "SHOTCALLER_PROJECT": "ads"}
    )

    film = ProjectBudget(total=50, day="10.50")
    projects = {"film": film, "ads": ProjectBudget()}
    assert read.budgets == Budgets(day=5, projects=projects)
    assert read.project == "film"
    assert changed.budgets == Budgets(day=7, projects=projects)
    assert changed.project == "ads"
    assert read.budgets.limits("film") == (
        Limit(Decimal(5)),
        Limit(Decimal("10.50"), "film"),
        Limit(Decimal(50), "film", daily=False),
    )
    assert read.budgets.limits(None) == (Limit(Decimal(5)),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("budgets = 5", "budgets: 5 is not a table"),
        (
            "budgets.week = 5",
            "budgets has an unknown setting 'week' (there are day and projects)",
        ),
        ("budgets.day = true", "budgets.day: True is not an amount in USD"),
        ("budgets.day = []", "budgets.day: [] is not an amount in USD"),
        ("budgets.projects = 1", "budgets.projects: 1 is not a table"),
        ("budgets.projects.a = 1", "budgets.projects.a: 1 is not a table"),
        (
            "budgets.projects.a.total = -1",
            "budgets.projects.a.total: -1 is not an amount in USD from 0 to 1000000",
        ),
        ("project = 5", "project: 5 is not a name"),
        ('project = " "', "project: ' ' is not a name"),
    ],
)
def test_a_budget_that_is_wrong_is_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "settings.toml").write_text(text)

    with pytest.raises(BadInput) as caught:
        Settings.load(tmp_path, {})

    assert caught.value.message == f"{tmp_path / 'settings.toml'} {why}."


def test_a_daily_budget_in_the_environment_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match="SHOTCALLER_BUDGET_DAY: 'lots' is not an"):
        Settings.load("home", {"SHOTCALLER_BUDGET_DAY": "lots"})


# -- the journal


LIMITS = Budgets(day=5, projects=FILM)


@define
class Counted:
    """Is what a test knows of a take, apart from the journal."""

    take: Take
    amount: int
    project: str | None
    day: int
    charged: str = "yes"

    def counts(self, project: str | None, day: int | None) -> int:
        if project is not None and self.project != project:
            return 0
        if self.take.state in SETTLED and self.charged == "no":
            return 0
        queued = self.take.state is State.QUEUED
        return self.amount if day is None or queued or self.day == day else 0


def spent(known: list[Counted], project: str | None, day: int | None) -> int:
    return sum(one.counts(project, day) for one in known)


def over(known: list[Counted], project: str | None, day: int, more: int) -> bool:
    if spent(known, None, day) + more > 500:
        return True
    if project != "film":
        return False
    film = spent(known, "film", day), spent(known, "film", None)
    return film[0] + more > 300 or film[1] + more > 600


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("open"),
            st.integers(0, 1),
            st.integers(0, 250),
            st.sampled_from([None, "film", "ads"]),
        ),
        st.tuples(
            st.just("move"),
            st.integers(0, 30),
            st.sampled_from(list(State)),
            st.sampled_from(["yes", "no", "unknown"]),
        ),
        st.tuples(st.just("wait"), st.integers(1, 20)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_no_journal_ever_promises_more_than_a_budget(steps: list[Any]) -> None:
    clock, known = StepClock(NOON), list[Counted]()
    with tempfile.TemporaryDirectory() as folder:
        both = [
            SQLiteJournal(Path(folder), now=clock.now, budgets=LIMITS) for _ in "ab"
        ]
        for number, step in enumerate(steps):
            day = int(clock.time // DAY)
            match step:
                case "open", which, cents, project:
                    amount = Decimal(cents) / 100
                    wanted = draft(str(number), reserved=amount)
                    wanted = evolve(wanted, brief=Brief(project=project))
                    refused = over(known, project, day, cents)
                    try:
                        take = both[which].open(wanted)
                    except NoMoney:
                        assert refused
                    else:
                        assert not refused
                        known.append(Counted(take, cents, project, day))
                case "move", place, state, charged if known:
                    one = known[place % len(known)]
                    if state in MOVES[one.take.state]:
                        if (one.take.state, state) == (State.QUEUED, State.SENDING):
                            one.day = day
                        moved(both[place % 2], one, state, charged)
                case "wait", hours:
                    clock.time += 3_600 * hours
                case _:
                    assert known == []  # nothing is there to be moved
            day = int(clock.time // DAY)
            assert spent(known, None, day) <= 500
            assert spent(known, "film", day) <= 300
            assert spent(known, "film", None) <= 600
            left = both[0].recall("film").allowances
            assert [int((a.spent + a.reserved) * 100) for a in left] == [
                spent(known, None, day),
                spent(known, "film", day),
                spent(known, "film", None),
            ]
        for journal in both:
            journal.close()


def moved(journal: SQLiteJournal, one: Counted, state: State, charged: Any) -> None:
    to = evolve(one.take, state=state)
    if state in SETTLED - {State.DONE}:
        to = evolve(to, problem=Problem("x", "because", charged))
        one.charged = charged
    elif state is State.READY and one.amount > 0 and to.billed is None:
        one.amount -= one.amount // 2
        to = evolve(to, billed=Decimal(one.amount) / 100)
    one.take = journal.move(Move(one.take, to, "on"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6),
    st.integers(0, 700),
    st.integers(0, 700),
    st.none() | st.integers(0, 700),
    st.integers(0, 700),
)
def test_more_budget_never_removes_a_candidate(
    rates: list[int], day: int, spend: int, own: int | None, more: int
) -> None:
    paper = Paper()
    paper.models = [
        model(f"m{n}", str(Decimal(cents) / 1000)) for n, cents in enumerate(rates)
    ]
    environ = {"PAPER_KEY": "s3cret"}
    caller = Shotcaller(
        settings=Settings.load("nowhere", environ), registry=Registry({"paper": paper})
    )

    def fitting(day: int, own: int | None) -> set[str]:
        limit = Limit(Decimal(day) / 100)
        gone = Decimal(spend) / 100
        left = Allowance(limit, spent=gone, reserved=Decimal(0))
        context = caller.setup.context()
        context = evolve(context, memory=evolve(context.memory, allowances=(left,)))
        budget = None if own is None else Decimal(own) / 100
        found = rank(context, SHOT, Brief(budget=budget))
        return {one.model for one in found.candidates}

    before = fitting(day, own)
    assert before <= fitting(day + more, own)
    assert before <= fitting(day, None if own is None else own + more)
    assert before <= fitting(day, None)


def test_an_older_journal_learns_what_its_takes_count_for(
    tmp_path: Path, clock: StepClock
) -> None:
    journal = SQLiteJournal(tmp_path, now=clock.now)
    takes = [journal.open(draft(name)) for name in "abcd"]
    for state in (State.SENDING, State.SUBMITTED, State.READY):
        to = evolve(takes[0], state=state)
        if state is State.READY:
            to = evolve(to, status=Done(url="https://x"), billed=Decimal("0.25"))
        takes[0] = journal.move(Move(takes[0], to, "on"))
    ends: Sequence[tuple[int, Charged]] = ((1, "no"), (2, "unknown"))
    for place, charged in ends:
        problem = Problem("x", "because", charged)
        to = evolve(takes[place], state=State.REFUSED, problem=problem)
        takes[place] = journal.move(Move(takes[place], to, "off"))
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        before = db.execute("SELECT * FROM spend ORDER BY take").fetchall()
        for table in ("spend", "outage", "quote"):
            db.execute(f"DROP TABLE {table}")
        sql = "UPDATE take SET body = json_set(body, '$.brief.fallback', json(?))"
        db.execute(f"{sql} WHERE id != ?", ("true", takes[3].id))
        db.execute(f"{sql} WHERE id = ?", ("false", takes[3].id))
        db.execute(f"PRAGMA user_version = {schema.STEPS.index(schema.MONEY)}")
    db.close()

    journal = SQLiteJournal(tmp_path, now=clock.now)
    found = {take.id: take for take in journal.takes(tuple(State), 9)}
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        after = db.execute("SELECT * FROM spend ORDER BY take").fetchall()
    db.close()

    assert after == before
    assert [held(take) for take in takes] == [
        Decimal("0.25"),
        0,
        Decimal("0.3"),
        Decimal("0.3"),
    ]
    fallbacks = [str(found[take.id].brief.fallback) for take in takes]
    assert fallbacks == ["any", "any", "any", "none"]
