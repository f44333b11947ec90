"""Holds the journal against a ledger: what was billed is known, and only once."""

from __future__ import annotations

from collections.abc import Iterable

from shotcaller import State, Take
from shotcaller_emulator.ledgers import Line

LIVING = frozenset({"queued", "running", "done"})
"""The states of a job that is, or will be, billed."""

ENDED = frozenset({State.REFUSED, State.FAILED, State.CANCELLED})


def disagreements(takes: Iterable[Take], ledger: Iterable[Line]) -> list[str]:
    """Returns what the journal and the ledger do not agree on, in sentences."""
    found: list[str] = []
    rows = list(takes)
    by_job: dict[str, list[Take]] = {}
    for take in rows:
        if take.ticket is not None:
            by_job.setdefault(take.ticket.remote_id, []).append(take)
    doubtful = sum(_in_doubt(take) for take in rows)
    unknown = 0
    for entry in ledger:
        known = by_job.get(entry.request_id, [])
        if len(known) > 1:
            found.append(f"{entry.request_id} belongs to {len(known)} takes")
        if not known and (entry.billed or entry.state in LIVING):
            unknown += 1
        for take in known:
            found += _untrue(take, entry)
    if unknown > doubtful:
        found.append(f"{unknown} jobs are known to no take, {doubtful} are in doubt")
    return found


def _in_doubt(take: Take) -> bool:
    """Whether a take may own a job of which it does not know, given up or not."""
    given_up = take.problem is not None and take.problem.charged == "unknown"
    lost = take.state is State.CANCELLED and take.ticket is None and given_up
    return take.state is State.UNCERTAIN or lost


def _untrue(take: Take, entry: Line) -> list[str]:
    if take.state not in ENDED:
        return []
    charged = take.problem.charged if take.problem else "unknown"
    if entry.state in LIVING:
        return [f"{take.id} is {take.state}, its job {entry.state}"]
    if entry.billed and charged == "no":
        return [f"{take.id} is said to be free, {entry.billed} were billed"]
    return []
