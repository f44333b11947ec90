"""Holds the command that says where the money went: ``spend``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from shotcaller import documents
from shotcaller.budgets import GROUPS, Spending, grouped
from shotcaller.errors import BadInput
from shotcaller_cli import screen, words
from shotcaller_cli.asking import as_json
from shotcaller_cli.session import Session


@click.command()
@click.option("--since", metavar="DATE", help="Only from this day on, as 2026-01-31.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(GROUPS),
    help="Add up by this; may be repeated. By all of them if not given.",
)
@click.option("--project", metavar="NAME", help="Only what this project spent.")
@as_json
@click.pass_obj
def spend(
    session: Session, since: str | None, by: Sequence[str], project: str | None
) -> None:
    """Show what was spent: by day, project, gateway and model.

    A day is one of UTC. What is surely not charged is not counted.
    """
    start = 0.0 if since is None else _day(since)
    with session.caller() as caller:
        found = caller.spend(start)
        left = caller.budgets(project)
    if project is not None:
        found = tuple(one for one in found if one.project == project)
    rows = grouped(found, by or GROUPS)
    if session.json:
        screen.answer_document(documents.spend(rows, left))
        return
    if rows:
        columns = [name for name in GROUPS if name in (by or _told(rows))]
        headings = (*columns, "takes", "quoted", "reserved", "billed", "unbilled")
        table = [_row(one, columns) for one in rows]
        screen.answer_columns(headings, table, folds="model")
        screen.answer(_total(rows))
    else:
        screen.say("Nothing was spent.")
    for one in left:
        screen.answer(str(one))


def _told(rows: Sequence[Spending]) -> set[str]:
    """Returns the columns that say something: a model's id has its gateway in it."""
    named = any(one.project for one in rows)
    return set(GROUPS) - {"gateway"} - (set() if named else {"project"})


def _row(one: Spending, columns: Sequence[str]) -> Sequence[str]:
    told = documents.spending(one)
    named = [str(told[name] or "none") for name in columns]
    amounts = (one.quoted, one.reserved, one.billed, one.unbilled)
    return (*named, str(one.takes), *(words.usd(amount) for amount in amounts))


def _total(rows: Sequence[Spending]) -> str:
    (all_,) = grouped(rows, ())
    told = f"In all {words.usd(all_.total)}, of which {words.usd(all_.reserved)} is"
    told += " reserved for takes that are not over."
    if all_.unknown:
        told += f" What {all_.unknown} of the takes cost is unknown."
    return told


def _day(text: str) -> float:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        message = f"since: {text!r} is not a day such as 2026-01-31."
        raise BadInput(message, field="since") from None
