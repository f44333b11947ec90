"""Shows the price before it is spent, and asks whoever can be asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from decimal import Decimal

import click
from attrs import evolve

from shotcaller import Brief, Clip, Fallback, Shot, Shotcaller, State
from shotcaller.budgets import held
from shotcaller.catalog import Candidate, Quote
from shotcaller.errors import BadInput, GatewayError, OverBudget
from shotcaller.programs import outcomes
from shotcaller.programs.succeeding import asks, stand_ins
from shotcaller.take import Take
from shotcaller_cli import screen, words
from shotcaller_cli.asking import Asked
from shotcaller_cli.failures import Interrupted
from shotcaller_cli.session import Session

YES = "--yes agrees without asking."
WAYS = f"--budget sets a limit, {YES}"

_STANDS = {
    State.FAILED: "failed",
    State.REFUSED: "was refused",
    State.CANCELLED: "was cancelled",
    State.OUTPUT_LOST: "lost its clip",
}


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
    before = caller.find(shot, evolve(brief, again="")) if brief.again else None
    if before is not None:
        screen.say(beside(before))
    agree_to(caller, shot, brief, yes=yes, anew=before is not None)


def beside(before: Take) -> str:
    """Says what it means to pay for a shot anew beside an earlier take of it."""
    (attempt,) = outcomes.attempts((before,))
    named = f"Take {before.id} {_STANDS.get(before.state, f'is {before.state}')}"
    match attempt.charged:
        case "no":
            return f"{named}; nothing was charged for it."
        case "yes":
            cost = words.price_of(before)
            return f"{named} and paid for ({cost}); this pays for the shot once more."
        case _:
            most = held(before)
            upto = "" if most is None else f", for up to {words.usd(most)}"
            return f"{named}; it may be billed as well{upto}, which nobody knows."


def agree_to(
    caller: Shotcaller,
    shot: Shot,
    brief: Brief,
    *,
    yes: bool,
    anew: bool = False,
    ways: str = WAYS,
) -> None:
    """Shows what a new take of a shot may cost, and asks where nobody agreed yet.

    ``anew`` is that it is paid for beside another, to which no quote agrees; ``ways``
    says how to agree without being asked.
    """
    candidates = caller.rank(shot, brief).candidates
    for warning in (told for one in candidates[:1] for told in one.warnings):
        screen.say(f"warning: {warning}")
    if not candidates or all(one.quote.high == 0 for one in candidates):
        return  # free, or refused with all reasons by whoever is asked next
    others: tuple[tuple[str, Quote], ...] = ()
    if brief.fallback is not Fallback.ASK:  # who steps in then is asked about then
        others = stand_ins(caller.setup.context(), candidates, brief)
    sentence = _sentence(candidates[0], [quote for _, quote in others])
    quoted = brief.quote is not None and not anew
    settled = quoted or caller.setup.brief(brief).budget is not None
    _agree(sentence, ways, agreed=yes or settled)


def agree_to_another(caller: Shotcaller, take: Take, *, yes: bool) -> None:
    """Shows what it may cost to let another step in for a take, and asks as above."""
    left = caller.stand_ins(take.id) or (() if take.state.settled else take.candidates)
    if not left or all(quote.high == 0 for _, quote in left):
        return
    ended = "" if take.state.settled else "if it ends uncharged, "
    sentence = f"{ended}another steps in: {_another(left)}"
    settled = caller.setup.brief(take.brief).budget is not None
    _agree(f"{sentence[0].upper()}{sentence[1:]}", YES, agreed=yes or settled)


def _agree(sentence: str, ways: str, *, agreed: bool) -> None:
    if agreed:
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
    asked = take.brief.fallback is Fallback.ASK and _present()
    left = caller.stand_ins(id_) if asked and asks(take) else ()
    if not left:
        return False
    screen.say(error.message)
    return _asked(f"Another can step in: {_another(left)}")


def _another(left: Sequence[tuple[str, Quote]]) -> str:
    quotes = [quote for _, quote in left]
    sentence = f"it {_may_cost(quotes[0].high)} on {left[0][0]}"
    if _most(quotes) != quotes[0].high:
        sentence += f", and if that cannot be had it {_may_cost(_most(quotes))}"
    return f"{sentence}."


def _tell(known: Take) -> None:
    has = f"Take {known.id} has this shot already"
    if known.state is State.UNCERTAIN:
        screen.say(
            f"{has}, and may be billed for it: nothing more is paid;"
            f" `shotcaller resume {known.id}` looks for it,"
            f" `shotcaller retake {known.id}` pays anew."
        )
        return
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


def _sentence(first: Candidate, others: Sequence[Quote]) -> str:
    most = _most([first.quote, *others])
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
