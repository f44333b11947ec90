"""What was spent is added up as it is: billed, reserved, or only quoted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shotcaller import Brief, Refused, Shot, Shotcaller, documents
from shotcaller.budgets import DAY, GROUPS, Spending, grouped
from shotcaller.plugin import Done, Exchange, Request, Ticket, hookimpl
from tests.core.paper import API, Paper
from tests.core.paper_server import PaperServer, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=10)
NOON = 1_800_014_400.0


class Billing(Paper):
    """Tells what a job costs where that is the dearer model."""

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Any]:
        url = f"{API}/jobs/{ticket.remote_id}"
        job: Any = (yield from Request("GET", url)).json()
        billed = Decimal("0.9") if ticket.model == "paper/one" else None
        return Done(url=job["url"], billed=billed)


def brief(name: str, label: str, project: str | None = None) -> Brief:
    return Brief(model=name, again=label, project=project, unknown_price=":" in name)


@pytest.fixture
def rows(
    make_caller: Callable[..., Shotcaller], server: PaperServer, clock: StepClock
) -> tuple[Spending, ...]:
    clock.time = NOON
    caller = make_caller(Billing())
    caller.generate(SHOT, brief("paper/one", "1", "film"))
    clock.time += DAY
    caller.generate(SHOT, brief("paper/one", "2"))
    caller.generate(SHOT, brief("paper/two", "3"))
    caller.generate(SHOT, brief("paper:owner/app", "4"))
    caller.submit(SHOT, brief("paper/one", "5"))
    server.script["POST /jobs"] = [say(422)]
    with pytest.raises(Refused):
        caller.generate(SHOT, brief("paper/two", "6"))
    assert len(caller.spend(NOON + DAY)) == 3
    return caller.spend()


def test_each_day_project_and_model_has_a_row(rows: tuple[Spending, ...]) -> None:
    told = [(row.day, row.project, row.model, row.takes, row.total) for row in rows]

    today = NOON - NOON % DAY
    assert told == [
        (today + DAY, None, "paper/one", 2, Decimal("1.9")),
        (today + DAY, None, "paper/two", 1, Decimal("0.5")),
        (today + DAY, None, "paper:owner/app", 1, Decimal(0)),
        (today, "film", "paper/one", 1, Decimal("0.9")),
    ]
    assert {row.gateway for row in rows} == {"paper"}


def test_billed_reserved_and_unbilled_are_told_apart(
    rows: tuple[Spending, ...],
) -> None:
    one, two, app, _ = rows

    assert [one.quoted, one.billed, one.reserved, one.unbilled] == [
        2,
        Decimal("0.9"),
        1,
        0,
    ]
    assert [two.billed, two.unbilled] == [0, Decimal("0.5")]
    assert [app.quoted, app.unknown] == [0, 1]


def test_rows_are_added_up_by_what_is_asked_for(rows: tuple[Spending, ...]) -> None:
    by_model = {row.model: row.total for row in grouped(rows, ["model"])}
    by_day = [(row.day, row.takes) for row in grouped(rows, ["day"])]
    (all_,) = grouped(rows, ())

    assert by_model == {
        "paper/one": Decimal("2.8"),
        "paper/two": Decimal("0.5"),
        "paper:owner/app": 0,
    }
    assert [takes for _, takes in by_day] == [4, 1]
    assert (all_.takes, all_.total, all_.unknown) == (5, Decimal("3.3"), 1)
    assert grouped(rows, GROUPS) == rows
    assert grouped((), ()) == ()


def test_the_document_has_every_key(rows: tuple[Spending, ...]) -> None:
    document = documents.spend(grouped(rows, ["day"]), [])

    first, second = document["spend"]
    assert first["day"] == "2027-01-16"
    assert first["project"] is first["gateway"] is first["model"] is None
    assert (second["billed"], second["total"]) == (0.9, 0.9)
    assert document["budgets"] == []
