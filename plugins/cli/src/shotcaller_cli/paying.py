"""Shows the price before it is spent, and asks whoever can be asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from decimal import Decimal

import click
from attrs import evolve

from shotcaller import Brief, Clip, Fallback, Shot, Shotcaller, State
from shotcaller.catalog import Candidate, Quote
from shotcaller.errors import BadInput, GatewayError, OverBudget
from shotcaller.programs.succeeding import asks
from shotcaller.take import Take
from shotcaller_cli import screen, words
from shotcaller_cli.asking import Asked
from shotcaller_cli.failures import Interrupted
from shotcaller_cli.session import Session

WAYS = "--budget sets a limit, --yes agrees without asking."


def agree(caller: Shotcaller, shot: Shot, brief: Brief, *, yes: bool) -> None:
    """Shows what a shot may cost, if anything, and asks where nobody agreed yet.

    ``yes`` is that somebody agreed; a budget or a quote is as good. Raises
    ``OverBudget`` where the answer is no, and where nobody can be asked.
    """
    known = caller.find(shot, brief)
    if known is not None:
        _tell(known)
        if known.state is not State.QUEUED:
            return  # what it costs is spent already
    agree_to(caller, shot, brief, yes=yes)


def agree_to(
    caller: Shotcaller, shot: Shot, brief: Brief, *, yes: bool, ways: str = WAYS
) -> None:
    """Shows what a new take of a shot may cost, and asks where nobody agreed yet.

    ``ways`` says how to agree without being asked.
    """
    candidates = caller.rank(shot, brief).candidates
    for warning in (told for one in candidates[:1] for told in one.warnings):
        screen.say(f"warning: {warning}")
    if not candidates or all(one.quote.high == 0 for one in candidates):
        return  # free, or refused with all reasons by whoever is asked next
    sentence = _sentence(candidates)
    settled = caller.setup.brief(brief).budget is not None or brief.quote is not None
    if yes or settled:
        screen.say(sentence)
    elif not confirmed(sentence):
        message = "The price was not agreed to, so nothing was sent."
        raise OverBudget(message, ways)


def described(
    session: Session, caller: Shotcaller, asked: Asked, brief: Brief, quote: str | None
) -> tuple[Shot, Brief]:
    """Returns the shot and its brief, as written or as the quote has them."""
    if quote is None:
        if asked.prompt is None:
            message = "Missing argument 'PROMPT'."
            raise BadInput(message, "See `shotcaller generate --help`.")
        return asked.shot(session.registry), brief
    kept = caller.quoted(quote)
    bound = evolve(brief, quote=kept.id, model=brief.model or kept.model)
    if asked.prompt is not None:
        return asked.shot(session.registry), bound
    asked.only_named()
    return kept.shot, bound


def persisted(caller: Shotcaller, made: Callable[[str | None], Clip]) -> Clip:
    """Returns the clip, asking on a terminal whether another may step in.

    ``made`` makes it, or goes on for the take that ended uncharged.
    """
    dead: str | None = None
    while True:
        try:
            return made(dead)
        except GatewayError as error:
            dead = error.take
            if dead is None or not _steps_in(caller, dead, error):
                raise


def _steps_in(caller: Shotcaller, id_: str, error: GatewayError) -> bool:
    take = caller.chain(id_)[-1]
    if take.brief.fallback is not Fallback.ASK or not asks(take) or not _present():
        return False
    left = caller.stand_ins(id_)
    if not left:
        return False
    quotes = [quote for _, quote in left]
    sentence = f"Another can step in: it {_may_cost(quotes[0].high)} on {left[0][0]}"
    if _most(quotes) != quotes[0].high:
        sentence += f", and if that cannot be had it {_may_cost(_most(quotes))}"
    screen.say(error.message)
    return _asked(f"{sentence}.")


def _tell(known: Take) -> None:
    has = f"Take {known.id} has this shot already"
    if known.quote.high != 0 and known.state is not State.QUEUED:
        has += ": nothing more is paid"
    screen.say(f"{has}; --new makes another.")


def confirmed(sentence: str) -> bool:
    """Shows a sentence and asks whether to go on; no where nobody is there."""
    if not _present():
        screen.say(sentence)  # and nobody is there to answer
        return False
    return _asked(sentence)


def _present() -> bool:
    """Whether somebody is there to answer."""
    return screen.on_terminal(sys.stdin) and screen.on_terminal(sys.stderr)


def _asked(sentence: str) -> bool:
    try:
        return click.confirm(screen.safe(f"{sentence} Go on?"), err=True)
    except click.Abort:
        screen.say("")  # the cursor stands behind the question
        message = "Interrupted before anything was sent."
        raise Interrupted(message, "It is safe to ask again.") from None


def _sentence(candidates: Sequence[Candidate]) -> str:
    first = candidates[0]
    most = _most([one.quote for one in candidates])
    sentence = f"This {_may_cost(first.quote.high)} on {first.model}"
    if most != first.quote.high:
        sentence += f"; if another model has to step in, it {_may_cost(most)}"
    return f"{sentence}."


def _may_cost(high: Decimal | None) -> str:
    if high is None:
        return "costs an unknown amount"
    return f"may cost up to {words.usd(high)}" if high else "is free"


def _most(quotes: Sequence[Quote]) -> Decimal | None:
    highs = [one.high for one in quotes]
    return None if None in highs else max(high for high in highs if high is not None)
