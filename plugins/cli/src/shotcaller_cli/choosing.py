"""Holds the commands that choose and send nothing: ``rank``, ``quote``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shotcaller import Brief, Shot, Shotcaller, documents, files
from shotcaller.catalog import Candidate, Change, Quoted, Ranking
from shotcaller.errors import NothingFits
from shotcaller.pricing import STALE_AFTER
from shotcaller_cli import explaining, screen, words
from shotcaller_cli.asking import Asked, as_json, asks
from shotcaller_cli.session import Session

_WHOLE = click.option(
    "--all", "whole", is_flag=True, help="Show every model, vote and reason."
)


@click.command()
@asks
@click.option(
    "--wait", metavar="SECONDS", help="Say who takes longer than you would wait."
)
@_WHOLE
@as_json
@click.pass_obj
def rank(session: Session, asked: Asked, wait: str | None, whole: bool) -> int:  # noqa: FBT001  as click calls it
    """Show which models can take a shot, best first, and why.

    With it come what would make another one lead, and the reasons of those that
    cannot take the shot. Nothing is sent.
    """
    found, changes = _found(session, asked, wait)
    if session.json:
        screen.answer_document(documents.ranking(found, changes))
        return _code(found)
    if whole:
        explaining.answer_votes(found)
    else:
        explaining.answer_order(found)
    explaining.answer_refused(found, whole=whole)
    explaining.answer_changes(found, changes, whole=whole)
    return _code(found)


@click.command()
@asks
@_WHOLE
@as_json
@click.pass_obj
def quote(session: Session, asked: Asked, whole: bool) -> int:  # noqa: FBT001  as click calls it
    """Show what a shot would cost on each model, side by side.

    Nothing is sent. Each quote is kept for a day: `generate --quote ID` makes the
    clip with its model, and never for more.
    """
    found, changes = _found(session, asked)
    with session.caller() as caller:
        kept = caller.quote(asked.shot(session.registry), asked.brief())
    if session.json:
        screen.answer_document(documents.quoted(found, kept, changes))
    else:
        answer_quotes(found, kept)
        explaining.answer_refused(found, whole=whole)
    return _code(found)


def _found(
    session: Session, asked: Asked, wait: str | None = None
) -> tuple[Ranking, tuple[Change, ...]]:
    brief = asked.brief(wait=wait)
    shot = asked.shot(session.registry)
    with session.caller() as caller:
        found = caller.rank(shot, brief)
        if (
            not session.json
            and not found.candidates
            and all(explaining.unasked(one) for one in found.refused)
        ):
            caller.require(shot, brief)
        return found, caller.explain(shot, brief)


def _code(found: Ranking) -> int:
    return 0 if found.candidates else NothingFits.exit_code


def rehearse(
    session: Session, caller: Shotcaller, shot: Shot, brief: Brief, output: str | None
) -> None:
    """Shows what ``generate`` would choose, and where the clip would go."""
    caller.require(shot, brief)
    found = caller.rank(shot, brief)
    target = _target(caller, shot, output)
    if session.json:
        changes = caller.explain(shot, brief)
        document = documents.ranking(found, changes)
        screen.answer_document({**document, "output": target})
        return
    explaining.answer_order(found)
    screen.answer("")
    answer_quotes(found)
    explaining.answer_refused(found)
    screen.answer("")
    screen.answer(f"The clip would go to {target}")
    screen.say("Nothing was sent.")


def _target(caller: Shotcaller, shot: Shot, output: str | None) -> str:
    if output is not None:
        return files.checked_output(Path(), output)
    folder = files.checked_folder(Path(), caller.setup.folder())
    return str(Path(folder, files.clip_name(shot.prompt, "TAKE")))


def answer_quotes(found: Ranking, kept: Sequence[Quoted] = ()) -> None:
    """Prints what each candidate would cost, with the price's source and date.

    ``kept`` are the quotes that can be named.
    """
    if not found.candidates:
        return
    ids = {one.model: one.id for one in kept}
    rows = [_quote(one, ids.get(one.model, "")) for one in found.candidates]
    idle = set() if ids else {"quote"}
    if all(row["low"] == row["expected"] == row["high"] for row in rows):
        idle |= {"low", "expected"}
    headings = [name for name in rows[0] if name not in idle]
    table = [[row[name] for name in headings] for row in rows]
    screen.answer_columns(headings, table, folds="model")
    screen.answer_facts(_sources(found.candidates))
    old = [one.model for one in found.candidates if one.quote.stale]
    if old:
        days = f"{STALE_AFTER.days} days"
        message = f"looked up more than {days} ago, and may have changed"
        screen.answer_facts([("* old", message)])


def _sources(candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Returns where prices are from: each source once, with the models it has."""
    models: dict[str, list[str]] = {}
    for one in candidates:
        if one.quote.source:
            models.setdefault(one.quote.source, []).append(one.model)
    most = max(models.values(), key=len, default=[])
    return [
        ("source", source if of is most else f"{source}: {', '.join(of)}")
        for source, of in models.items()
    ]


def _quote(one: Candidate, id_: str) -> dict[str, str]:
    """Returns a row of the table of quotes, by its headings."""
    known = one.quote
    amounts = {"low": known.low, "expected": known.expected, "high": known.high}
    worded = {
        name: "unknown" if amount is None else words.cents(amount)
        for name, amount in amounts.items()
    }
    as_of = f"{known.as_of or ''}{'*' if known.stale else ''}"
    return {
        "quote": id_,
        "model": one.model,
        "rate": words.rate(known),
        **worded,
        "as of": as_of,
    }
