"""Judges how a scenario ended, by the vendors' ledgers and by what was asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from shotcaller import State, Take
from shotcaller.take import DEAD, MOVES
from shotcaller_emulator.ledgers import Line
from tests.accounting import LIVING, disagreements
from tests.simulation.processes import DRAFT, Outcome
from tests.simulation.vendors import rendered

RESTING = frozenset({State.UNCERTAIN, State.READY, State.DONE}) | DEAD
"""The states in which a take may be once nothing moves any more."""

PADDING = b"\0"
"""What a media host may send too much of, which nothing tells from a clip."""


def violations(outcome: Outcome) -> list[str]:
    """Returns what must never be, in sentences."""
    return [
        *outcome.complaints,
        *_accounts(outcome),
        *_sent_twice(outcome),
        *_thrown_away(outcome),
        *_heirs(outcome),
        *_digests(outcome),
        *_retakes(outcome),
        *_stories(outcome),
        *_clips(outcome),
        *_purse(outcome),
        *(f"{t.id} is {t.state} for ever" for t in outcome.takes if _stuck(t)),
    ]


def _accounts(outcome: Outcome) -> Iterator[str]:
    for name, vendor in outcome.internet.vendors.items():
        takes = [take for take in outcome.takes if take.gateway == name]
        yield from disagreements(takes, vendor.ledger_at(outcome.now))


def _lines(outcome: Outcome) -> dict[tuple[str, str], Line]:
    return {
        (name, line.request_id): line
        for name, vendor in outcome.internet.vendors.items()
        for line in vendor.ledger_at(outcome.now)
    }


def _costs(line: Line) -> bool:
    return line.state in LIVING or bool(line.billed)


def _sent_twice(outcome: Outcome) -> Iterator[str]:
    """Names takes for which a vendor was made to take more than one job."""
    lines = _lines(outcome)
    paid = Counter(b.take for b in outcome.births if _costs(lines[b.gateway, b.job]))
    yield from (f"{take} bought {n} jobs" for take, n in paid.items() if n > 1)


def _thrown_away(outcome: Outcome) -> Iterator[str]:
    """Names jobs whose ids came back to a process that could have recorded them."""
    owned = {
        (take.gateway, take.ticket.remote_id)
        for take in outcome.takes
        if take.ticket is not None
    }
    for birth in outcome.births:
        if (
            birth.heard
            and not birth.excused
            and (birth.gateway, birth.job) not in owned
        ):
            yield f"the id of {birth.job} came back for {birth.take}, and is in no take"


def _heirs(outcome: Outcome) -> Iterator[str]:
    """Names takes that another was bought for although they were not surely free."""
    lines = _lines(outcome)
    alive = {b.take for b in outcome.births if _costs(lines[b.gateway, b.job])}
    parents = Counter(take.parent for take in outcome.takes if take.parent)
    yield from (f"{take} has {n} heirs" for take, n in parents.items() if n > 1)
    for take in outcome.takes:
        if take.id not in parents and take.heir is None:
            continue
        free = take.problem is not None and take.problem.charged == "no"
        if take.id in alive or take.state not in DEAD or not free:
            yield f"{take.id} has an heir, but is {take.state} and may be billed"


def _digests(outcome: Outcome) -> Iterator[str]:
    """Names what is bought twice, but for what a user wanted anew beside another."""
    found = defaultdict(list)
    anew = {take.retakes for take in outcome.takes}
    for take in outcome.takes:
        if take.state not in DEAD and take.id not in anew | _taken_up(outcome):
            found[take.digest].append(take.id)
    for takes in found.values():
        if len(takes) > 1:
            yield f"the same shot is in {' and '.join(takes)}"


def _taken_up(outcome: Outcome) -> set[str | None]:
    """Returns the takes that a user gave up, and whose job he named later on."""
    return {
        take
        for take, states in outcome.stories.items()
        if (State.CANCELLED, State.SUBMITTED) in pairwise(states)
    }


def _retakes(outcome: Outcome) -> Iterator[str]:
    """Names takes beside which more than one lives that was wanted anew."""
    again = _taken_up(outcome)
    living = [t for t in outcome.takes if t.state not in DEAD and t.id not in again]
    for take, n in Counter(take.retakes for take in living if take.retakes).items():
        if n > 1:
            yield f"{take} was made anew {n} times at once"


def _stories(outcome: Outcome) -> Iterator[str]:
    for take, states in outcome.stories.items():
        for before, after in pairwise(states):
            if after is not before and after not in MOVES[before]:
                yield f"{take} went from {before} to {after}"


def _clips(outcome: Outcome) -> Iterator[str]:
    for take in outcome.takes:
        if take.state is not State.DONE:
            continue
        clip = Path(take.footage.path) if take.footage else None
        if clip is None or not clip.exists():
            yield f"{take.id} is done without a clip"
        elif clip.read_bytes().rstrip(PADDING) != _film(outcome, take).rstrip(PADDING):
            yield f"{take.id} has another film than its job delivers"


def _film(outcome: Outcome, take: Take) -> bytes:
    if take.gateway == "pencil" or take.ticket is None:
        return DRAFT
    film = outcome.internet.film(take.gateway, take.ticket.remote_id)
    return b"" if film is None else rendered(film)


def _purse(outcome: Outcome) -> Iterator[str]:
    """Tells where more was bought than the project may spend."""
    lines = _lines(outcome)
    bought = {b.take for b in outcome.births if _costs(lines[b.gateway, b.job])}
    quotes = [take.quote.high for take in outcome.takes if take.id in bought]
    spent = sum((usd for usd in quotes if usd is not None), Decimal(0))
    if outcome.purse is not None and spent > outcome.purse:
        yield f"{spent} USD were spent of {outcome.purse}"


def _stuck(take: Take) -> bool:
    return take.state not in RESTING
