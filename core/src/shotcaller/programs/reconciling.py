"""Does what only the user can decide: which job is a take's, to pay anew, to give up.

Where a submit was answered by nobody, the gateway's own pages may show what no
question to it does.
"""

from __future__ import annotations

from contextlib import suppress

from attrs import evolve

from shotcaller import budgets, files
from shotcaller.catalog import Candidate, Gateway
from shotcaller.effects import (
    Chain,
    Do,
    Known,
    NoMoney,
    Open,
    Overtaken,
    Program,
    adopted,
    ended,
    parked,
)
from shotcaller.errors import (
    BadInput,
    PluginError,
    Refused,
    ShotcallerError,
    Unanswered,
)
from shotcaller.programs.advancing import advance, owned
from shotcaller.programs.choosing import chosen
from shotcaller.programs.circumstances import informed
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.programs.finding import looked, when
from shotcaller.programs.following import EXPIRED
from shotcaller.programs.generating import told
from shotcaller.shot import Brief, checks
from shotcaller.take import DEAD, GIVEN_UP, Draft, Failed, Problem, State, Take, Ticket
from shotcaller.wire import Work

SPENT = DEAD | {State.UNCERTAIN, State.DONE}
"""The states of takes beside which the same shot may be paid for anew."""

LONGEST_ID = 200


def adopt(context: Context, take_id: str, remote_id: str) -> Program[Take]:
    """Makes a job at the gateway a take's own that is in doubt, and returns the take.

    The user says which job it is; the gateway is asked once whether it knows it. A take
    that was given up is in doubt as well: a clip that turns up later is not lost.
    """
    named = _id(remote_id)
    take = yield from _in_doubt(take_id, named)
    if take.ticket is not None:
        return take
    gateway = context.gateway(take)
    ticket = _ticket(context, take, named)
    if ticket.remote_id in (yield from Known(gateway.id)):
        raise _taken(take, named)
    yield from _confirmed(context, gateway, take, ticket)
    if take.state is State.SENDING:
        take = yield from parked(take, _why(take))
    try:
        return (yield from adopted(take, ticket, f"adopted {named} on request"))
    except Overtaken as error:
        now = (yield from owned(take_id)).take
        if now.ticket is not None and now.ticket.remote_id == ticket.remote_id:
            return now  # somebody else said the same at the same time
        raise _taken(take, named) from error


def discard(context: Context, take_id: str) -> Program[Take]:
    """Gives an uncertain take up, unless its job is found now; returns the take.

    The gateway is asked once more, where it can be: a take whose job it has goes on.
    Otherwise its fate stays unknown, so what it reserved counts as spent.
    """
    take = yield from _in_doubt(take_id)
    if take.state is State.CANCELLED:
        return take
    before = _why(take)
    if take.state is State.SENDING:
        take = yield from parked(take, before)
    found, said = yield from looked(context, take)
    if found is not None:
        with suppress(Overtaken):  # it is another take's since we looked
            return (yield from adopted(take, found, "found at the gateway, and kept"))
    message = f"given up on request; {before.message}"
    problem = Problem(GIVEN_UP, message, "unknown", when(take, said))
    take = yield from ended(take, State.CANCELLED, problem)
    yield from Do(Work(files.cleared), take.id)
    return take


def retake(
    context: Context,
    take_id: str,
    patience: float | None,
    *,
    folder: str,
    output: str | None = None,
) -> Program[tuple[Take, ...]]:
    """Pays anew for the shot of a take that is over, or uncertain; returns the chain.

    The same model makes it. Asked for twice, the second joins the first: beside one
    take stands at most one that lives.
    """
    checks.wait("patience", patience)
    checks.kind("output", output, str | None)
    before = (yield from Chain(take_id))[-1]
    if before.state not in SPENT:
        message = f"take: {before.id} is {before.state}, so it is not made anew."
        hint = f"`shotcaller resume {before.id}` goes on with it without paying again."
        raise BadInput(message, hint, before.id, field="take")
    brief = evolve(before.brief, quote=None)  # that was for the take before
    draft = _anew(context, before, brief, (yield from _chosen(context, before, brief)))
    if output is None:
        draft = evolve(
            draft, folder=(yield from Do(Work(files.checked_folder, folder)))
        )
    else:
        draft = evolve(
            draft, output=(yield from Do(Work(files.checked_output, output)))
        )
    take = yield from _opened(context, before, draft)
    elsewhere = None if take.output == draft.output else output
    take = yield from advance(context, take.id, patience)
    return (yield from told(take, elsewhere))


def _chosen(context: Context, before: Take, brief: Brief) -> Program[Candidate]:
    wanted = evolve(brief, model=before.model)
    now = yield from informed(context, wanted)
    return chosen(now, before.asked, wanted)[0]


def _opened(context: Context, before: Take, draft: Draft) -> Program[Take]:
    while True:
        try:
            return (yield from Open(draft))
        except NoMoney:  # somebody else took it since we looked, which is said here
            yield from _chosen(context, before, draft.brief)


def _anew(context: Context, before: Take, brief: Brief, one: Candidate) -> Draft:
    model = context.registry.model(one.model)
    return Draft(
        digest=before.digest,
        brief=brief,
        asked=before.asked,
        model=one.model,
        title=one.title,
        gateway=before.gateway,
        account=context.accounts[before.gateway].fingerprint,
        mark=context.accounts[before.gateway].mark,
        plugin="" if model is None else context.registry.source(model),
        quote=one.quote,
        reserved=budgets.reserve(one.quote, brief.budget),
        folder="",
        retakes=before.id,
    )


def _id(remote_id: str) -> str:
    checks.kind("remote_id", remote_id, str)
    named = remote_id.strip()
    if not named or len(named) > LONGEST_ID or not named.isprintable():
        message = f"remote_id: {remote_id!r} can be no id of a job."
        raise BadInput(message, field="remote_id")
    return named


def _in_doubt(take_id: str, adopting: str | None = None) -> Program[Take]:
    """Returns a take as ours whose fate only its owner knows, or that is told already.

    What was said before may be said again: the same job, or that it is given up. What
    was given up may be a job all the same.
    """
    take = (yield from owned(take_id)).take
    lost = take.state is State.SENDING and take.reply is None
    if take.state is State.UNCERTAIN or lost:
        return take
    if take.given_up:
        return take
    if take.ticket is not None and take.ticket.remote_id == adopting:
        return take
    message = f"take: {take.id} is {take.state}, not uncertain."
    raise BadInput(
        message, f"`shotcaller show {take.id}` says more.", take.id, field="take"
    )


def _why(take: Take) -> Problem:
    message = "the submit was cut off before its reply"
    return take.problem or Problem("interrupted", message, "unknown")


def _ticket(context: Context, take: Take, remote_id: str) -> Ticket:
    try:
        ticket = context.registry.ticket(take, remote_id)
    except (PluginError, Refused) as error:
        raise _unconfirmed(take, remote_id, error.message) from error
    except Exception as error:
        raise _unconfirmed(take, remote_id, repr(error)) from error
    if ticket is not None:
        return ticket
    message = f"Take {take.id} stays uncertain: {take.gateway} cannot go on with a job"
    message += " of which only the id is known."
    raise Refused(message, _other_ways(take), take.id, "unknown", "adopt")


def _confirmed(
    context: Context, gateway: Gateway, take: Take, ticket: Ticket
) -> Program[None]:
    """Asks once for the job; raises where the gateway does not say that there is one.

    One that failed is a job as well, and its end is the take's.
    """
    try:
        asked = context.registry.poll(ticket)
        status = yield from question(gateway.id, asked, take.id)
    except Unanswered as error:
        message = f"{error.message.rstrip('.')}, so nobody knows whether there is a job"
        message += f" {ticket.remote_id}; take {take.id} stays uncertain."
        raise Unanswered(message, "Try again later.", take.id, "unknown") from error
    except Exception as error:
        why = error.message if isinstance(error, ShotcallerError) else repr(error)
        raise _unconfirmed(take, ticket.remote_id, why) from error
    if isinstance(status, Failed) and status.code == EXPIRED:
        raise _unconfirmed(take, ticket.remote_id, status.reason)


def _unconfirmed(take: Take, remote_id: str, why: str) -> BadInput:
    message = f"remote_id: {take.gateway} does not confirm the job {remote_id}:"
    message += f" {why.rstrip('.')}."
    return BadInput(message, _other_ways(take), take.id, "unknown", "remote_id")


def _taken(take: Take, remote_id: str) -> BadInput:
    message = f"remote_id: the job {remote_id} is another take's already."
    hint = "`shotcaller takes --json` shows whose."
    return BadInput(message, hint, take.id, "unknown", "remote_id")


def _other_ways(take: Take) -> str:
    hint = f"`shotcaller retake {take.id}` pays anew,"
    return f"{hint} `shotcaller discard {take.id}` gives it up."
