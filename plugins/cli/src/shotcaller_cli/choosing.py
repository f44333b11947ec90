"""Holds the commands that choose and send nothing: ``rank``, ``quote``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from shotcaller import Brief, Shot, Shotcaller, documents, files
from shotcaller.catalog import Candidate, Quote, Quoted, Ranking, Vote
from shotcaller.errors import NothingFits, Refusal
from shotcaller_cli import failures, screen, words
from shotcaller_cli.asking import Asked, as_json, asks
from shotcaller_cli.session import Session


@click.command()
@asks
@as_json
@click.pass_obj
def rank(session: Session, asked: Asked) -> int:
    """Show which models can take a shot, best first, and why.

    Those that cannot are listed with all their reasons. Nothing is sent.
    """
    found = _found(session, asked)
    if session.json:
        screen.answer_document(documents.ranking(found))
    else:
        answer_ranking(found)
        answer_refused(found)
    return _code(found)


@click.command()
@asks
@as_json
@click.pass_obj
def quote(session: Session, asked: Asked) -> int:
    """Show what a shot would cost on each model.

    Nothing is sent. Each quote is kept for a day: `generate --quote ID` makes the
    clip with its model, and never for more.
    """
    found = _found(session, asked)
    with session.caller() as caller:
        kept = caller.quote(asked.shot(session.registry), asked.brief())
    if session.json:
        screen.answer_document(documents.quoted(found, kept))
    else:
        answer_quotes(found, kept)
        answer_refused(found)
    return _code(found)


def _found(session: Session, asked: Asked) -> Ranking:
    brief = asked.brief()
    shot = asked.shot(session.registry)
    with session.caller() as caller:
        found = caller.rank(shot, brief)
        if (
            not session.json
            and not found.candidates
            and all(_unasked(one) for one in found.refused)
        ):
            _require(caller, shot, brief)
        return found


def _code(found: Ranking) -> int:
    return 0 if found.candidates else NothingFits.exit_code


def _require(caller: Shotcaller, shot: Shot, brief: Brief) -> None:
    """Raises as ``generate`` would where no model can take the shot."""
    from shotcaller.programs.choosing import chosen

    chosen(caller.setup.context(), shot, caller.setup.brief(brief))


def rehearse(
    session: Session, caller: Shotcaller, shot: Shot, brief: Brief, output: str | None
) -> None:
    """Shows what ``generate`` would choose, and where the clip would go."""
    _require(caller, shot, brief)
    found = caller.rank(shot, brief)
    target = _target(caller, shot, output)
    if session.json:
        screen.answer_document({**documents.ranking(found), "output": target})
        return
    answer_ranking(found)
    answer_quotes(found)
    answer_refused(found)
    screen.answer(f"The clip would go to {target}")
    screen.say("Nothing was sent.")


def _target(caller: Shotcaller, shot: Shot, output: str | None) -> str:
    if output is not None:
        return files.checked_output(Path(), output)
    folder = files.checked_folder(Path(), caller.setup.folder())
    return str(Path(folder, files.clip_name(shot.prompt, "TAKE")))


def answer_ranking(found: Ranking) -> None:
    """Prints the candidates with the votes that count."""
    for place, one in enumerate(found.candidates, 1):
        screen.answer(f"{place}. {one.model}: {one.title}")
        screen.answer_facts(_facts(one))


def _facts(one: Candidate) -> list[tuple[str, str]]:
    facts = [("   score", f"{one.score:.2f}"), ("   cost", words.quote(one.quote))]
    if one.seconds_expected is not None:
        facts.append(("   time", f"about {one.seconds_expected:g} s"))
    facts += [
        (f"   {screen.safe(vote.by)}", _vote(vote)) for vote in one.votes if vote.weight
    ]
    return facts + [("   warning", warning) for warning in one.warnings]


def _vote(vote: Vote) -> str:
    return f"{vote.value:.2f} x {vote.weight:.2f}, {vote.reason}"


def answer_quotes(found: Ranking, kept: Sequence[Quoted] = ()) -> None:
    """Prints what each candidate would cost, with the price's source and date.

    ``kept`` are the quotes that can be named.
    """
    if found.candidates:
        ids = {one.model: one.id for one in kept}
        headings: tuple[str, ...] = ("model", "low", "expected", "high", "as of")
        rows = [_quote(one) for one in found.candidates]
        if ids:
            headings += ("quote",)
            rows = [(*row, ids.get(row[0], "")) for row in rows]
        screen.answer_table(headings, rows)
        screen.answer_facts(_sources(found.candidates))


def _sources(candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Returns where prices are from: each source once, with the models it has."""
    models: dict[str, list[str]] = {}
    for one in candidates:
        if one.quote.source:
            models.setdefault(one.quote.source, []).append(one.model)
    if len(models) == 1:
        return [("source", source) for source in models]
    return [("source", f"{source}: {', '.join(of)}") for source, of in models.items()]


def _quote(one: Candidate) -> tuple[str, ...]:
    known: Quote = one.quote
    amounts = (known.low, known.expected, known.high)
    worded = ["unknown" if amount is None else words.usd(amount) for amount in amounts]
    return (one.model, *worded, str(known.as_of or ""))


def answer_refused(found: Ranking) -> None:
    """Prints why the other models cannot take the shot.

    Where a model is named, that nobody asked for the others goes without saying.
    """
    refused = tuple(one for one in found.refused if not _unasked(one))
    if refused:
        screen.answer("cannot take it:")
        facts = [line.split(": ", 1) for line in failures.reasons(refused)]
        screen.answer_facts((name, reasons) for name, reasons in facts)


def _unasked(one: Refusal) -> bool:
    return any(reason.code == "not-named" for reason in one.reasons)
