"""Holds the commands for takes in doubt: ``adopt``, ``retake``, ``discard``."""

from __future__ import annotations

import click
from attrs import evolve

from shotcaller import Shotcaller, State, documents
from shotcaller.budgets import held
from shotcaller.errors import OverBudget, StillRunning
from shotcaller.programs import outcomes
from shotcaller.take import Take
from shotcaller_cli import screen, words
from shotcaller_cli.asking import as_json, waiting
from shotcaller_cli.making import delivered, kept
from shotcaller_cli.paying import YES, agree_to, beside, confirmed
from shotcaller_cli.progress import progress
from shotcaller_cli.session import Session


@click.command()
@click.argument("take")
@click.argument("remote_id")
@click.option("--output", metavar="PATH", help="Where the clip goes; never replaced.")
@click.option("--wait", metavar="SECONDS", help="Wait no longer; the take goes on.")
@as_json
@click.pass_obj
def adopt(
    session: Session, take: str, remote_id: str, output: str | None, wait: str | None
) -> None:
    """Go on with the uncertain TAKE as the gateway's job REMOTE_ID.

    For when the gateway's own list of jobs shows what became of it. The gateway is
    asked whether it has that job; then the clip is waited for, as by resume.
    """
    patience = waiting(wait)
    with session.caller() as caller:
        found = caller.adopt(take, remote_id)
        screen.say(f"Take {found.id} is now the job {remote_id} at {found.gateway}.")
        with kept(lambda: found):
            with progress(session.registry) as watch:
                clip = caller.resume(
                    found.id, patience=patience, output=output, watch=watch
                )
            delivered(session, caller, clip)


@click.command()
@click.argument("take")
@click.option("--yes", is_flag=True, help="Agree to the price.")
@click.option("--output", metavar="PATH", help="Where the clip goes; never replaced.")
@click.option("--wait", metavar="SECONDS", help="Wait no longer; the take goes on.")
@as_json
@click.pass_obj
def retake(
    session: Session, take: str, *, yes: bool, output: str | None, wait: str | None
) -> None:
    """Pay anew for the shot of TAKE, which is over or uncertain.

    The earlier take stays as it is, and may be billed as well. The same model makes the
    new one. Asked for twice, the second joins the first.
    """
    patience = waiting(wait)
    with session.caller() as caller:
        before = caller.chain(take)[-1]
        _agree(caller, before, yes=yes)
        with kept(lambda: _anew(caller, before)):
            with progress(session.registry) as watch:
                clip = caller.retake(
                    before.id, patience=patience, output=output, watch=watch
                )
            delivered(session, caller, clip)


@click.command()
@click.argument("take")
@click.option("--yes", is_flag=True, help="Agree to give it up.")
@as_json
@click.pass_obj
def discard(session: Session, take: str, *, yes: bool) -> None:
    """Give the uncertain TAKE up.

    Its gateway is asked once more, where it can be: if it has the job, the take is
    kept. Otherwise it stays on record, and what it may have cost counts as spent. The
    same shot may then be asked for again, and is paid for again.
    """
    with session.caller() as caller:
        before = caller.chain(take)[-1]
        if before.state in outcomes.DOUBTFUL and not (yes or confirmed(_lost(before))):
            message = f"It was not agreed to, so take {before.id} is kept."
            raise OverBudget(message, YES, before.id)
        found = caller.discard(before.id)
        chain = caller.chain(found.id)
    if found.ticket is not None:
        message = f"Take {found.id} is not given up: {found.gateway} has it as the job"
        message += f" {found.ticket.remote_id}."
        hint = f"`shotcaller resume {found.id}` brings the clip,"
        hint += f" `shotcaller cancel {found.id}` asks to stop it."
        raise StillRunning(message, hint, found.id, "unknown")
    if session.json:
        screen.answer_document(documents.chain(chain))
    else:
        screen.answer(f"Take {found.id} is given up: {words.price_of(found)}.")
        adopted = f"`shotcaller adopt {found.id} ID` goes on with its job after all."
        screen.say(f"next: {adopted}")


def _lost(before: Take) -> str:
    """Says what giving a take up may cost."""
    counted = held(before)
    most = "" if counted is None else f", for up to {words.usd(counted)}"
    return (
        f"Take {before.id} on {before.model} may be billed{most}, and counts as spent;"
        " given up, it is looked for no more."
    )


def _agree(caller: Shotcaller, before: Take, *, yes: bool) -> None:
    """Says what is paid for twice, shows the price, and asks for agreement."""
    if not (before.state.settled or before.state is State.UNCERTAIN):
        return  # refused, with what to do, by whoever is asked next
    anew = _anew(caller, before)
    if anew is not None:
        screen.say(
            f"Take {anew.id} was made anew beside {before.id} already: nothing more"
            f" is paid; `shotcaller retake {anew.id}` makes another."
        )
        return
    screen.say(beside(before))
    # the budget of then was for then; that of the settings still holds
    brief = evolve(before.brief, model=before.model, budget=None, quote=None)
    agree_to(caller, before.asked, brief, yes=yes, ways=YES)


def _anew(caller: Shotcaller, before: Take) -> Take | None:
    """Returns the living take that was made anew of another, if there is one."""
    found = caller.find(before.asked, evolve(before.brief, quote=None))
    return found if found is not None and found.retakes == before.id else None
