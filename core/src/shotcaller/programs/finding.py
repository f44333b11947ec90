"""Looks uncertain takes up at their gateways, and tells which listed job is whose.

That a job is not listed proves nothing, so it never leads to a second submit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from attrs import evolve

from shotcaller import pacing
from shotcaller.effects import Alike, Known, Program, adopted, postponed
from shotcaller.errors import ShotcallerError
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.take import Problem, State, Take, Ticket


def step_uncertain(context: Context, take: Take) -> Program[Take]:
    """Looks the take up once; adopts a job that can be nobody else's."""
    context.gateway(take)  # of one that is not installed that is said, and nothing else
    found, said = yield from looked(context, take)
    if found is not None:
        return (yield from adopted(take, found))
    problem = take.problem or Problem("uncertain", "its fate is unknown", "unknown")
    problem = evolve(problem, looked=when(take, said))
    sought = is_sought(context, take)
    wait = pacing.backoff(take.misses) if sought else pacing.REST
    return (yield from evolve(postponed(take, problem, wait), note=said))


def when(take: Take, said: str) -> str:
    """Returns what a gateway said, with when it was asked for a take that is ours."""
    at = datetime.fromtimestamp(take.updated, UTC)
    return f"asked at {at:%H:%M} UTC on {at:%Y-%m-%d}, {said}"


def is_sought(context: Context, take: Take) -> bool:
    """Whether an uncertain take may still turn up at its gateway."""
    if take.state is not State.UNCERTAIN or take.sent_at is None:
        return False
    young = take.updated - take.sent_at < pacing.SOUGHT
    return young and context.registry.find(take) is not None


def looked(context: Context, take: Take) -> Program[tuple[Ticket | None, str]]:
    """Asks the gateway for the take's job; returns that, or none and what was said."""
    id_ = take.gateway
    try:
        seen = yield from _seen(context, take)
        if seen is None:
            return None, f"{id_} has no list of jobs that could be looked at"
        if not seen:
            return None, f"{id_} listed no such job, which proves nothing: lists lag"
        found = yield from _own(context, take, seen)
    except Exception as error:  # noqa: BLE001  whatever it was, nothing was found
        why = error.message if isinstance(error, ShotcallerError) else repr(error)
        return None, f"{id_} could not be asked: {why.rstrip('.')}"
    jobs = "a job" if len(seen) == 1 else f"{len(seen)} jobs"
    return found, f"{id_} listed {jobs} like it, but none that is surely its own"


def _own(
    context: Context, take: Take, seen: Mapping[str, Ticket]
) -> Program[Ticket | None]:
    """Returns the job that is the take's, if it is certain enough.

    Takes that sent the same may own it as well. Whoever's reply is on its way has its
    id on record before ids are asked for, or is still sending when takes are.
    """
    rivals = yield from Alike(take)
    listed: dict[str, Mapping[str, Ticket]] = {take.id: seen}
    for one in rivals:
        if one.id != take.id:
            listed[one.id] = (yield from _seen(context, one)) or {}
    known = yield from Known(take.gateway)
    claims = {
        one.id: [id_ for id_ in listed[one.id] if id_ not in known] for one in rivals
    }
    sending = {one.id for one in rivals if one.state is State.SENDING}
    own = share(take.id, claims, sending)
    return None if own is None else seen[own]


def _seen(context: Context, take: Take) -> Program[dict[str, Ticket] | None]:
    """Returns the jobs like a take's that its gateway lists; None if it lists none."""
    exchange = context.registry.find(take)
    if exchange is None:
        return None
    gateway = context.gateway(take)
    found = yield from question(gateway.id, exchange, take.id)
    return {ticket.remote_id: ticket for ticket in found}


def share(
    take: str, claims: Mapping[str, Collection[str]], sending: Collection[str]
) -> str | None:
    """Returns which job is a take's, or None while that cannot be told.

    ``claims`` holds, for each take that sent the same and oldest first, the jobs that
    nobody has and that could be its own, oldest first. As many jobs as takes are dealt
    out in order, since one is as good as another; with fewer, or more, or with a take
    whose reply may yet come, none is.
    """
    group, jobs = {take}, dict.fromkeys(claims[take])
    while more := {
        one for one, own in claims.items() if one not in group and jobs.keys() & own
    }:
        group |= more
        jobs |= dict.fromkeys(id_ for one in more for id_ in claims[one])
    if len(group) != len(jobs) or group & set(sending):
        return None
    in_order = dict.fromkeys(
        id_ for one, own in claims.items() if one in group for id_ in own
    )
    takes = [one for one in claims if one in group]
    own = list(in_order)[takes.index(take)]
    return own if own in claims[take] else None
