"""Holds the journal against a ledger: what was billed is known, and only once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from shotcaller import State, Take
from shotcaller.plugin import JSON
from shotcaller_emulator.ledgers import Line

LIVING = frozenset({"queued", "running", "done"})
"""The states of a job that is, or will be, billed."""

ENDED = frozenset({State.REFUSED, State.FAILED, State.CANCELLED})

DOUBTFUL = frozenset({State.UNCERTAIN, State.SENDING})
"""The states that say that a job may be there of which no id is known."""

LATE = "expired"
"""The problem of a take whose clip was there, but is kept no longer."""


def disagreements(takes: Iterable[Take], ledger: Iterable[Line]) -> list[str]:
    """Returns what the journal and the ledger of one gateway do not agree on.

    A job that is billed, or will be, belongs to exactly one take; or else there is a
    take in doubt that sent the very input of that job, one for each such job.
    """
    found: list[str] = []
    rows = list(takes)
    by_job: dict[str, list[Take]] = {}
    for take in rows:
        if take.ticket is not None:
            by_job.setdefault(take.ticket.remote_id, []).append(take)
    unknown: Counter[str] = Counter()
    lines = list(ledger)
    for line in lines:
        known = by_job.get(line.request_id, [])
        if len(known) > 1:
            found.append(f"{line.request_id} belongs to {len(known)} takes")
        if not known and (line.billed or line.state in LIVING):
            unknown[_written(line.input)] += 1
        for take in known:
            found += _untrue(take, line)
    doubtful = Counter(_sent(take) for take in rows if _in_doubt(take))
    for text, count in (unknown - doubtful).items():
        short = text if len(text) < 80 else f"{text[:77]}..."
        found.append(f"{count} jobs more than takes in doubt were asked for {short}")
    strange = by_job.keys() - {line.request_id for line in lines}
    found += [f"no job is {id_}, which a take names" for id_ in sorted(strange)]
    return found


def _sent(take: Take) -> str:
    """Returns the input that a take was sent with, as the ledger has it."""
    body = take.request.json if take.request is not None else None
    if isinstance(body, dict) and isinstance(body.get("input"), dict):
        body = body["input"]  # as HeyGen's workflows wrap it
    return _written(body)


def _written(value: JSON) -> str:
    return json.dumps(value, sort_keys=True)


def _in_doubt(take: Take) -> bool:
    """Whether a take may own a job of which it does not know, given up or not."""
    given_up = take.problem is not None and take.problem.charged == "unknown"
    lost = take.state is State.CANCELLED and take.ticket is None and given_up
    return take.state in DOUBTFUL or lost


def _untrue(take: Take, line: Line) -> list[str]:
    if take.state not in ENDED:
        return []
    problem = take.problem
    charged = problem.charged if problem else "unknown"
    late = problem is not None and problem.code == LATE
    if line.state in LIVING and not (late and line.state == "done"):
        return [f"{take.id} is {take.state}, its job {line.state}"]
    if line.billed and charged == "no":
        return [f"{take.id} is said to be free, {line.billed} were billed"]
    return []
