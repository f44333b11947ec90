"""Looks uncertain takes up at their gateways, and tells which listed job is whose.

That a job is not listed proves nothing, so it never leads to a second submit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shotcaller import pacing
from shotcaller.catalog import Gateway
from shotcaller.effects import Alike, Known, Program, adopted, postponed
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.take import Problem, State, Take, Ticket


def step_uncertain(context: Context, take: Take) -> Program[Take]:
    """Looks the take up once; adopts a job that can be nobody else's."""
    gateway = context.gateway(take)
    try:
        found = yield from _found(context, gateway, take)
    except Exception:  # noqa: BLE001  whatever it was, nothing was found
        found = None
    if found is not None:
        return (yield from adopted(take, found))
    problem = take.problem or Problem("uncertain", "its fate is unknown", "unknown")
    sought = is_sought(context, take)
    wait = pacing.backoff(take.misses) if sought else pacing.REST
    return (yield from postponed(take, problem, wait))


def is_sought(context: Context, take: Take) -> bool:
    """Whether an uncertain take may still turn up at its gateway."""
    if take.state is not State.UNCERTAIN or take.sent_at is None:
        return False
    young = take.updated - take.sent_at < pacing.SOUGHT
    return young and context.registry.find(take) is not None


def _found(context: Context, gateway: Gateway, take: Take) -> Program[Ticket | None]:
    """Returns the job that is the take's, if it is certain enough.

    Takes that sent the same may own it as well. Whoever's reply is on its way has its
    id on record before ids are asked for, or is still sending when takes are.
    """
    seen = yield from _seen(context, gateway, take)
    if not seen:
        return None
    rivals = yield from Alike(take)
    listed = {take.id: seen}
    for one in rivals:
        if one.id != take.id:
            listed[one.id] = yield from _seen(context, gateway, one)
    known = yield from Known(gateway.id)
    claims = {
        one.id: [id_ for id_ in listed[one.id] if id_ not in known] for one in rivals
    }
    sending = {one.id for one in rivals if one.state is State.SENDING}
    own = share(take.id, claims, sending)
    return None if own is None else seen[own]


def _seen(context: Context, gateway: Gateway, take: Take) -> Program[dict[str, Ticket]]:
    exchange = context.registry.find(take)
    if exchange is None:
        return {}
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
