"""Shows the price before it is spent, and asks whoever can be asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

import click

from shotcaller import Brief, Shot, Shotcaller, State
from shotcaller.catalog import Candidate
from shotcaller.errors import OverBudget
from shotcaller.take import Take
from shotcaller_cli import screen, words
from shotcaller_cli.failures import Interrupted

WAYS = "--budget sets a limit, --yes agrees without asking."


def agree(caller: Shotcaller, shot: Shot, brief: Brief, *, yes: bool) -> None:
    """Shows what a shot may cost, if anything, and asks where nobody agreed yet.

    ``yes`` is that somebody agreed; a budget is as good. Raises ``OverBudget`` where
    the answer is no, and where nobody can be asked.
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
    if not candidates or all(one.quote.high == 0 for one in candidates):
        return  # free, or refused with all reasons by whoever is asked next
    for warning in candidates[0].warnings:
        screen.say(f"warning: {warning}")
    sentence = _sentence(candidates)
    if yes or caller.setup.brief(brief).budget is not None:
        screen.say(sentence)
    elif not _agreed(sentence):
        message = "The price was not agreed to, so nothing was sent."
        raise OverBudget(message, ways)


def _tell(known: Take) -> None:
    has = f"Take {known.id} has this shot already"
    if known.quote.high != 0 and known.state is not State.QUEUED:
        has += ": nothing more is paid"
    screen.say(f"{has}; --new makes another.")


def _agreed(sentence: str) -> bool:
    if not (screen.on_terminal(sys.stdin) and screen.on_terminal(sys.stderr)):
        screen.say(sentence)  # and nobody is there to answer
        return False
    try:
        return click.confirm(screen.safe(f"{sentence} Go on?"), err=True)
    except click.Abort:
        screen.say("")  # the cursor stands behind the question
        message = "Interrupted before anything was sent."
        raise Interrupted(message, "It is safe to ask again.") from None


def _sentence(candidates: Sequence[Candidate]) -> str:
    first = candidates[0]
    most = _most(candidates)
    sentence = f"This {_may_cost(first.quote.high)} on {first.model}"
    if most != first.quote.high:
        sentence += f"; if another model has to step in, it {_may_cost(most)}"
    return f"{sentence}."


def _may_cost(high: Decimal | None) -> str:
    if high is None:
        return "costs an unknown amount"
    return f"may cost up to {words.usd(high)}" if high else "is free"


def _most(candidates: Sequence[Candidate]) -> Decimal | None:
    highs = [one.quote.high for one in candidates]
    return None if None in highs else max(high for high in highs if high is not None)
