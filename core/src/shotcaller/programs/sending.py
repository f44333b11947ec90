"""Takes a take from the queue to the gateway: uploads, the one spend, its reply."""

from __future__ import annotations

from attrs import evolve

from shotcaller import files, pacing
from shotcaller.catalog import Gateway
from shotcaller.effects import (
    Do,
    Lost,
    NoSlot,
    Overtaken,
    Program,
    Send,
    Unsent,
    ended,
    heard,
    in_doubt,
    postponed,
    prepared,
    sending,
    submitted,
    unsent,
    waiting,
)
from shotcaller.errors import (
    JournalError,
    PluginError,
    Refused,
    ShotcallerError,
    Unanswered,
    Uncertain,
)
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import Returned, onward, question
from shotcaller.programs.keying import key_lives
from shotcaller.programs.placing import lacking
from shotcaller.programs.repricing import dearer
from shotcaller.shot import Media, Shot
from shotcaller.take import Problem, State, Take, Ticket
from shotcaller.wire import Exchange, Request, Response, Work


def step_queued(context: Context, take: Take) -> Program[Take]:
    """Uploads what must be, records the exact request, and spends once."""
    gateway = context.gateway(take)
    model = context.model(take)
    unwritable = yield from lacking(take)
    if unwritable:
        full = Problem("disk", unwritable, "no")
        return (yield from postponed(take, full, pacing.SLOT))
    try:
        problem = dearer(model, take)
        if problem is not None:
            return (yield from ended(take, State.REFUSED, problem))
        shot = take.sent or (yield from _uploaded(context, gateway, take))
        if take.sent is None:
            take = yield from prepared(take, shot)
        exchange = context.registry.submit(model, shot, take.key)
        first = yield from onward(exchange, None, take.id)
    except (JournalError, Overtaken):
        raise  # nothing is wrong with the take
    except Unanswered as error:
        return (yield from _put_off(take, error))
    except ShotcallerError as error:
        return (yield from ended(take, State.REFUSED, _problem(error)))
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        return (yield from ended(take, State.REFUSED, _crashed(take, error)))
    return (yield from _begun(context, take, first, exchange))


def _unchanged(take: Take, item: Media) -> Program[None]:
    found: Media = yield from Do(Work(files.measured, "media", item), take.id)
    if found.sha256 != item.sha256:
        message = f"{item.source} is not the file any more that was asked for."
        raise Refused(message, "Ask again with it as it is.", reason="media")


def _begun(
    context: Context,
    take: Take,
    first: Request | Returned[Ticket],
    exchange: Exchange[Ticket],
) -> Program[Take]:
    gateway = context.gateway(take)
    try:
        if isinstance(first, Returned):
            limit = gateway.concurrency
            return (yield from submitted(take, first.value, 0.0, limit))
        take = evolve(take, mark=context.mark(take))
        take = yield from sending(take, first, gateway.concurrency)
    except NoSlot:
        note = f"waiting for one of the {gateway.concurrency} places at {gateway.id}"
        return (yield from waiting(take, note, pacing.SLOT))
    except (TypeError, ValueError) as error:  # a request that cannot be recorded
        return (yield from ended(take, State.REFUSED, _crashed(take, error)))
    return (yield from _spend(context, take, first, exchange))


def step_sending(context: Context, take: Take) -> Program[Take]:
    """Goes on after a crash, or a lost reply, between recording and understanding."""
    gateway = context.gateway(take)
    if take.reply is not None:
        return (yield from _replayed(context, take, take.reply))
    recorded = take.request
    if not context.same_key(take):
        return (yield from ended(take, State.UNCERTAIN, _other_key(gateway)))
    if recorded is None or not key_lives(gateway, take):
        why = take.problem or Problem(
            "interrupted", "the submit was cut off before its reply", "unknown"
        )
        return (yield from ended(take, State.UNCERTAIN, why))
    exchange = _resubmitted(context, take)
    first = yield from onward(exchange, None, take.id)
    if not isinstance(first, Request):
        raise _contract(take, "did not yield its request again")
    take = yield from sending(take, recorded, None)
    return (yield from _spend(context, take, recorded, exchange))


def _other_key(gateway: Gateway) -> Problem:
    """Says why nothing is repeated: another account knows no idempotency key of it."""
    message = f"{gateway.id} is set up with another key now than the submit, which was"
    message += " cut off before its reply, was sent with"
    return Problem("other-key", message, "unknown")


def _put_off(take: Take, error: Unanswered) -> Program[Take]:
    """Tries a free preparation again, but not for ever: another model may do."""
    if take.misses >= pacing.MOST_MISSES:
        return (yield from ended(take, State.REFUSED, _problem(error)))
    wait = pacing.backoff(take.misses, asked=error.wait)
    return (yield from postponed(take, _problem(error), wait))


def _uploaded(context: Context, gateway: Gateway, take: Take) -> Program[Shot]:
    shot = take.asked
    if gateway.local or not any(item.local for item in shot.media):
        return shot
    moved: dict[Media, Media] = {}
    for item in shot.media:
        if item.local and item not in moved:
            yield from _unchanged(take, item)
            asked = context.registry.upload(gateway, item)
            url = yield from question(gateway.id, asked, take.id)
            moved[item] = evolve(item, source=url)
    return shot.with_media(lambda _, item: moved.get(item, item))


def _spend(
    context: Context,
    take: Take,
    request: Request,
    exchange: Exchange[Ticket],
) -> Program[Take]:
    gateway = context.gateway(take)
    answer = yield from Send(gateway.id, request, spend=True)
    if isinstance(answer, Unsent):
        exchange.close()
        return (yield from _not_sent(gateway, take, answer))
    if isinstance(answer, Lost):
        exchange.close()
        return (yield from _lost(gateway, take, answer))
    try:
        take = yield from heard(take, answer)
    except JournalError as error:
        named = yield from _named(take, answer, exchange)
        raise _unrecorded(take, answer, named, error) from error
    return (yield from _understood(context, take, answer, exchange))


def _named(take: Take, answer: Response, exchange: Exchange[Ticket]) -> Program[str]:
    """Returns what the gateway calls the job, in words; nothing if it cannot be told.

    For a person to note, where nothing else can.
    """
    try:
        step = yield from onward(exchange, answer, take.id)
    except Exception:  # noqa: BLE001  what the answer means is asked again later
        return ""
    return f" (job {step.value.remote_id})" if isinstance(step, Returned) else ""


def _unrecorded(
    take: Take, answer: Response, named: str, error: JournalError
) -> Uncertain:
    message = f"Take {take.id} was answered {answer.status} by {take.gateway}{named},"
    message += f" which could not be recorded. {error.message}"
    hint = f"Mend that, then `shotcaller resume {take.id}`; it is not sent again."
    return Uncertain(message, hint, take.id, "unknown")


def _not_sent(gateway: Gateway, take: Take, answer: Unsent) -> Program[Take]:
    message = f"{take.gateway} could not be reached ({answer.reason})"
    wait = pacing.backoff(take.attempt)
    if take.doubted:
        problem = Problem("unreachable", message, "unknown")
        return (yield from _doubted(gateway, take, problem, wait))
    problem = Problem("unreachable", message, "no")
    if take.attempt >= pacing.MOST_ATTEMPTS:
        return (yield from ended(take, State.REFUSED, problem))
    return (yield from unsent(take, problem, wait))


def _lost(gateway: Gateway, take: Take, answer: Lost) -> Program[Take]:
    message = f"the reply of {gateway.id} to the submit was lost ({answer.reason})"
    problem = Problem("lost-reply", message, "unknown")
    wait = pacing.backoff(take.attempt)
    return (yield from _doubted(gateway, take, problem, wait))


def _doubted(
    gateway: Gateway, take: Take, problem: Problem, wait: float
) -> Program[Take]:
    """Asks again under the same key while it is honoured; else nothing is known.

    Once one submit may have been accepted, no later answer proves that none was.
    """
    if key_lives(gateway, take):
        return (yield from in_doubt(take, problem, wait))
    return (yield from ended(take, State.UNCERTAIN, problem))


def _replayed(context: Context, take: Take, reply: Response) -> Program[Take]:
    exchange = _resubmitted(context, take)
    first = yield from onward(exchange, None, take.id)
    if not isinstance(first, Request):
        raise _contract(take, "did not yield its request again")
    return (yield from _understood(context, take, reply, exchange))


def _resubmitted(context: Context, take: Take) -> Exchange[Ticket]:
    model = context.model(take)
    return context.registry.submit(model, take.sent or take.asked, take.key)


def _understood(
    context: Context, take: Take, reply: Response, exchange: Exchange[Ticket]
) -> Program[Take]:
    """Lets the plugin word the reply; the gateway's declared sets decide on money."""
    gateway = context.gateway(take)
    if reply.status in gateway.busy:
        exchange.close()
        message = f"{gateway.id} is busy ({reply.status})"
        asked = pacing.retry_after(reply.headers)
        wait = pacing.backoff(take.attempt, asked=asked)
        if take.doubted:
            problem = Problem("busy", message, "unknown")
            return (yield from _doubted(gateway, take, problem, wait))
        problem = Problem("busy", message, "no")
        return (yield from unsent(take, problem, wait, asked or 0.0))
    if reply.status in gateway.doubts and key_lives(gateway, take):
        exchange.close()
        message = f"{gateway.id} answered the submit with {reply.status}"
        wait = pacing.backoff(take.attempt, asked=pacing.retry_after(reply.headers))
        problem = Problem("unclear-reply", message, "unknown")
        return (yield from in_doubt(take, problem, wait))
    try:
        step = yield from onward(exchange, reply, take.id)
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        return (yield from _unusable(gateway, take, reply, error))
    if isinstance(step, Request):
        exchange.close()
        broken = _contract(take, "yielded a second request")
        return (yield from _unusable(gateway, take, reply, broken))
    wait = pacing.first_poll(context.histories.get(take.model))
    return (yield from submitted(take, step.value, wait, None))


def _unusable(
    gateway: Gateway, take: Take, reply: Response, error: Exception
) -> Program[Take]:
    worded = error.message if isinstance(error, ShotcallerError) else repr(error)
    if reply.status in gateway.refusals and not take.doubted:
        code = error.reason if isinstance(error, Refused) else "refused"
        problem = Problem(code, worded, "no")
        return (yield from ended(take, State.REFUSED, problem))
    message = f"{gateway.id} answered the submit with {reply.status}: {worded}"
    problem = Problem("unclear-reply", message, "unknown")
    if not take.doubted:  # once: what stands between us may have answered
        wait = pacing.backoff(take.attempt)
        return (yield from _doubted(gateway, take, problem, wait))
    return (yield from ended(take, State.UNCERTAIN, problem))


def _problem(error: ShotcallerError) -> Problem:
    code = error.reason if isinstance(error, Refused) else error.code
    return Problem(code, error.message, "no")


def _crashed(take: Take, error: Exception) -> Problem:
    return Problem("plugin", f"the plugin of {take.model} failed: {error!r}", "no")


def _contract(take: Take, what: str) -> PluginError:
    return PluginError(f"The plugin of {take.model} {what}.", take=take.id)
