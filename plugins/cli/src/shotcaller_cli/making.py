"""Holds the commands that make clips: ``generate``, ``resume``, ``cancel``."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

import click

from shotcaller import Fallback, Shotcaller, documents
from shotcaller.errors import Refused, StillRunning
from shotcaller.programs import outcomes
from shotcaller.take import Cancellation, Clip, State, Take
from shotcaller_cli import screen, words
from shotcaller_cli.asking import Asked, as_json, asks_or_names, waiting
from shotcaller_cli.choosing import rehearse
from shotcaller_cli.failures import Interrupted, Terminated
from shotcaller_cli.paying import agree, agree_to_another, described, persisted
from shotcaller_cli.progress import progress
from shotcaller_cli.session import Session

ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that ask a process to end; the second is a terminal that is closed."""


class Ending(KeyboardInterrupt):
    """Is raised where this process is asked to end, as Ctrl-C is."""


@click.command()
@asks_or_names
@click.option("--quote", metavar="ID", help="Keep to this quote: its model, its price.")
@click.option(
    "--fallback",
    type=click.Choice([str(each) for each in Fallback]),
    default=str(Fallback.ANY),
    show_default=True,
    help="Who may step in where a take ends uncharged.",
)
@click.option(
    "--content-fallback",
    is_flag=True,
    help="Let another step in for refused content, too.",
)
@click.option("--output", metavar="PATH", help="Where the clip goes; never replaced.")
@click.option("--wait", metavar="SECONDS", help="Wait no longer; the take goes on.")
@click.option("--detach", is_flag=True, help="Submit, print the take's id, and leave.")
@click.option("--new", is_flag=True, help="Pay again for a shot made before.")
@click.option("--dry-run", is_flag=True, help="Show the choice and the cost; no more.")
@as_json
@click.pass_obj
def generate(
    session: Session,
    asked: Asked,
    *,
    quote: str | None,
    fallback: str,
    content_fallback: bool,
    output: str | None,
    wait: str | None,
    detach: bool,
    new: bool,
    dry_run: bool,
) -> None:
    """Make a clip of PROMPT and print its path.

    The same shot again joins the take that runs, or returns the clip that is there,
    without paying again.
    """
    policy = {"fallback": fallback, "content_fallback": content_fallback}
    brief = asked.brief(wait=wait, new=new, **policy)
    with session.caller() as caller:
        shot, brief = described(session, caller, asked, brief, quote)
        if dry_run:
            rehearse(session, caller, shot, brief, output)
            return
        agree(caller, shot, brief, yes=asked.yes)
        with kept(lambda: caller.find(shot, brief)):
            if detach:
                _handed_over(session, caller, caller.submit(shot, brief, output=output))
                return

            def made(take: str | None) -> Clip:
                with progress(session.registry) as watch:
                    if take is None:
                        return caller.generate(shot, brief, output=output, watch=watch)
                    return caller.resume(
                        take,
                        patience=brief.deadline,
                        output=output,
                        watch=watch,
                        fallback=True,
                    )

            delivered(session, caller, persisted(caller, made))


@click.command()
@click.argument("take")
@click.option("--output", metavar="PATH", help="Where the clip goes; never replaced.")
@click.option("--wait", metavar="SECONDS", help="Wait no longer; the take goes on.")
@click.option(
    "--fallback", is_flag=True, help="If it ended uncharged, go on with the next model."
)
@click.option("--yes", is_flag=True, help="Agree to the price of who steps in.")
@as_json
@click.pass_obj
def resume(
    session: Session,
    take: str,
    *,
    output: str | None,
    wait: str | None,
    fallback: bool,
    yes: bool,
) -> None:
    """Go on with TAKE and print the path of its clip.

    It goes on from wherever the take is, and never pays twice: a take that was not
    sent yet is sent, and paid, now. The beginning of the id is enough.
    """
    patience = waiting(wait)
    with session.caller() as caller, kept(lambda: caller.chain(take)[-1]):
        if fallback:
            agree_to_another(caller, caller.chain(take)[-1], yes=yes)
        with progress(session.registry) as watch:
            clip = caller.resume(
                take, patience=patience, output=output, watch=watch, fallback=fallback
            )
        delivered(session, caller, clip)


@click.command()
@click.argument("take")
@as_json
@click.pass_obj
def cancel(session: Session, take: str) -> None:
    """Ask the gateway to stop TAKE.

    The beginning of the id is enough.
    """
    with session.caller() as caller:
        found, outcome = caller.cancel(take)
        chain = caller.chain(found.id)
    if outcome is not Cancellation.CANCELLED:
        _refuse_to_cancel(found, outcome)
    if session.json:
        document = documents.chain(chain)
        screen.answer_document({**document, "cancellation": str(outcome)})
    else:
        screen.answer(f"Take {found.id} is cancelled.")


def _refuse_to_cancel(take: Take, outcome: Cancellation) -> NoReturn:
    named = f"Take {take.id} on {take.model}"
    (attempt,) = outcomes.attempts((take,))
    resumed = f"`shotcaller resume {take.id}` follows it."
    match outcome:
        case Cancellation.REQUESTED:
            message = f"{named} was asked to stop, but may still finish, and bill."
            raise StillRunning(message, resumed, take.id, attempt.charged)
        case Cancellation.TOO_LATE if take.state in {State.READY, State.DONE}:
            paid = {"yes": " and billed", "unknown": " and may be billed"}
            message = f"{named} is finished{paid.get(attempt.charged, '')}:"
            message += " there is nothing left to cancel."
            hint = f"`shotcaller resume {take.id}` brings the clip."
        case Cancellation.TOO_LATE if take.state is State.SUBMITTED:
            message = f"{named} cannot be stopped any more: {take.gateway} says that it"
            message += " is over."
            hint = f"`shotcaller resume {take.id}` fetches how it ended."
        case Cancellation.TOO_LATE:
            message = f"{named} is over already: it is {take.state}."
            hint = f"`shotcaller show {take.id}` says more."
        case _ if take.state is State.SUBMITTED:
            message = f"{take.gateway} cannot cancel {named}; it goes on."
            hint = resumed
        case _:
            message = f"{named} cannot be cancelled while it is {take.state}: nobody"
            message += " knows whether there is a job to stop."
            hint = outcomes.error(take).next
    raise Refused(message, hint, take.id, attempt.charged, str(outcome))


@contextmanager
def kept(find: Callable[[], Take | None]) -> Iterator[None]:
    """Words an interruption: what is sent goes on, and can be resumed.

    ``find`` returns the take concerned, if one is on record.
    """
    with _heeded():
        try:
            yield
        except KeyboardInterrupt as error:
            raise _interrupted(error, find()) from error


@contextmanager
def _heeded() -> Iterator[None]:
    """Lets what asks this process to end interrupt it; not what it ignores (nohup)."""
    before = {each: signal.getsignal(each) for each in ENDINGS}
    with suppress(ValueError):  # signals are the main thread's
        for each, handler in before.items():
            if handler not in {signal.SIG_IGN, None}:  # None: not Python's to put back
                signal.signal(each, _end)
    try:
        yield
    finally:
        for each, handler in before.items():
            if signal.getsignal(each) is _end:
                signal.signal(each, handler)


def _end(number: int, _: FrameType | None) -> NoReturn:
    if number != signal.SIGTERM:  # a closed terminal is told of by shell and system
        signal.signal(number, signal.SIG_IGN)
    raise Ending


def _interrupted(error: KeyboardInterrupt, take: Take | None) -> Interrupted:
    kind, word = Interrupted, "Interrupted"
    if isinstance(error, Ending):
        kind, word = Terminated, "Asked to end"
    if take is None:
        return kind(f"{word} before anything was sent.", "It is safe to ask again.")
    named, resume = f"take {take.id} on {take.model}", f"`shotcaller resume {take.id}`"
    if take.state is State.QUEUED:
        message = f"{word}; {named} was not sent; nothing was charged."
        hint = f"{resume} sends it, `shotcaller cancel {take.id}` drops it."
        return kind(message, hint, take.id)
    (attempt,) = outcomes.attempts((take,))
    message = f"{word}; {named} is kept ({take.state})."
    hint = f"{resume} goes on with it and pays nothing again."
    return kind(message, hint, take.id, attempt.charged)


def _handed_over(session: Session, caller: Shotcaller, take: Take) -> None:
    on_its_way = {State.SUBMITTED, State.READY, State.DONE}
    if take.state not in on_its_way:
        raise outcomes.error(take)
    screen.say(f"{take.title}: {take.state}, {words.cost(outcomes.cost(take))}")
    screen.say(f"next: `shotcaller resume {take.id}` brings the clip.")
    if session.json:
        screen.answer_document(documents.chain(caller.chain(take.id)))
    else:
        screen.answer(take.id)


def delivered(session: Session, caller: Shotcaller, clip: Clip) -> None:
    """Prints where a clip is, and what there is to know of it."""
    receipt = clip.receipt
    chain = caller.chain(receipt.take)
    for sentence in words.attempts(chain):
        screen.say(f"earlier attempt: {sentence}")
    screen.say(f"{receipt.title}: {words.footage(clip)}")
    screen.say(f"take {receipt.take}: {words.cost(receipt.cost)}")
    for warning in receipt.warnings:
        screen.say(f"warning: {warning}")
    if session.json:
        screen.answer_document(documents.chain(chain, clip))
    else:
        screen.answer_path(clip.path)
