"""Holds the commands that look back: ``takes``, ``show``."""

from __future__ import annotations

from collections.abc import Sequence

import click
from attrs import evolve

from shotcaller import Shot, State, documents
from shotcaller.errors import BadInput
from shotcaller.programs import outcomes
from shotcaller.take import Take
from shotcaller_cli import screen, words
from shotcaller_cli.asking import as_json
from shotcaller_cli.session import Session


@click.command()
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(state) for state in State]),
    help="Only takes in this state; may be repeated.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="NUMBER",
    help="At most so many.",
)
@click.option(
    "--uncertain",
    is_flag=True,
    help="Only takes of which nobody knows whether they were accepted.",
)
@as_json
@click.pass_obj
def takes(
    session: Session, states: Sequence[str], limit: int, *, uncertain: bool
) -> None:
    """List takes, newest first."""
    if uncertain and states:
        message = "state: --uncertain is a state by itself; leave one of the two out."
        raise BadInput(message, field="state")
    named = {*map(State, states), *([State.UNCERTAIN] if uncertain else [])}
    wanted = tuple(state for state in State if state in named or not named)
    with session.caller() as caller:
        listed = caller.takes(wanted, limit=limit)
    if session.json:
        screen.answer_document(documents.takes(listed))
    elif not listed:
        screen.say(_none(named))
    else:
        headings = ("take", "state", "model", "created", "cost", "prompt")
        screen.answer_lines(headings, [_row(take) for take in listed], yields="model")
    if uncertain and listed:
        for hint in _WAYS:
            screen.say(f"next: {hint}")


def _none(named: set[State]) -> str:
    if not named:
        return "No take is on record."
    return f"No take is {' or '.join(sorted(named))}."


_WAYS = (
    "`shotcaller resume TAKE` looks for it at its gateway, where that can be asked;",
    "`shotcaller adopt TAKE ID` goes on with it as the gateway's job of that id;",
    "`shotcaller retake TAKE` pays anew;",
    "`shotcaller discard TAKE` gives it up.",
)
"""What can be done about a take in doubt."""


def _row(take: Take) -> Sequence[str]:
    return (
        take.id,
        str(take.state),
        take.model,
        words.minute(take.created),
        words.price_of(take),
        take.asked.prompt,
    )


@click.command()
@click.argument("take")
@as_json
@click.pass_obj
def show(session: Session, take: str) -> None:
    """Tell the story of TAKE: attempts, cost, clip, events.

    The beginning of the id is enough.
    """
    with session.caller() as caller:
        chain = caller.chain(take)
        events = [event for one in chain for event in caller.events(one.id)]
        left = caller.stand_ins(take)
    told = (*chain[:-1], evolve(chain[-1], candidates=left))
    if session.json:
        screen.answer_document(documents.story(told, events))
        return
    screen.answer_facts(_facts(told))
    story = [
        (words.moment(at.at), at.take, str(at.state), at.note, at.who) for at in events
    ]
    screen.answer_table(("when", "take", "state", "what", "by"), story, whole=3)


def _facts(chain: Sequence[Take]) -> list[tuple[str, str]]:
    last = chain[-1]
    delivered = last.footage if last.state is State.DONE else None
    clip = (
        []
        if delivered is None
        else [
            ("clip", delivered.path),
            ("it is", words.footage(delivered)),
        ]
    )
    receipt = documents.receipt(last)
    remote = [] if last.ticket is None else [("job", last.ticket.remote_id)]
    return [
        ("take", last.id),
        ("state", f"{last.state}{_because(last)}"),
        ("model", f"{last.model}: {last.title}"),
        ("plugin", last.plugin),
        *remote,
        *([("project", last.brief.project)] if last.brief.project else []),
        ("prompt", last.asked.prompt),
        *_wanted(last.asked),
        ("cost", words.price_of(last)),
        *clip,
        *([("receipt", receipt)] if receipt else []),
        *(("warning", warning) for warning in last.warnings),
        *([("retakes", last.retakes)] if last.retakes else []),
        *(("earlier", sentence) for sentence in words.attempts(chain)),
        *_next(last),
    ]


def _wanted(asked: Shot) -> list[tuple[str, str]]:
    """Returns how long and how large the clip was to be, if that was said."""
    seconds = None if asked.seconds is None else f"{asked.seconds:g} s"
    said = [one for one in (seconds, asked.ratio, asked.resolution) if one]
    return [("asked for", ", ".join(said))] if said else []


def _because(take: Take) -> str:
    note = words.note(take)
    return f": {note}" if note else ""


def _next(take: Take) -> list[tuple[str, str]]:
    if take.state is State.DONE:
        return []
    hint = outcomes.error(take).next
    return [("next", hint)] if hint else []
