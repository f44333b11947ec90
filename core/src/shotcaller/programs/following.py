"""Takes a take from its ticket to a clip on disk, or to a sure end."""

from __future__ import annotations

from attrs import evolve

from shotcaller import files, pacing, verifying
from shotcaller.durations import phase_began
from shotcaller.effects import (
    Do,
    Fetch,
    Missed,
    Program,
    delivered,
    ended,
    out_of_reach,
    polled,
    postponed,
    ready,
    relinked,
    reopened,
)
from shotcaller.errors import PluginError, ShotcallerError, Unanswered
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.programs.receipting import receipted
from shotcaller.redaction import is_masked, unsigned
from shotcaller.take import Done, Failed, Problem, State, Status, Take
from shotcaller.wire import Work

FRESH_LINKS = 5
"""How often a clip that is not where it should be is asked for anew."""


def step_submitted(context: Context, take: Take) -> Program[Take]:
    """Asks once how the take stands; nothing but the gateway's own word ends it."""
    gateway = context.gateway(take)
    if take.ticket is None:
        raise _no_ticket(take)
    steady = take.misses >= pacing.STEADY and not isinstance(take.status, Done)
    verdicts = gateway.verdicts if steady else ()
    try:
        asked = context.registry.poll(take.ticket)
        status = yield from question(gateway.id, asked, take.id, verdicts)
    except Unanswered as error:
        code = "busy" if error.busy else error.code
        problem = Problem(code, error.message, "unknown")
        wait = pacing.backoff(take.misses, asked=error.wait)
        return (yield from postponed(take, problem, wait, error.wait or 0.0))
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        problem = Problem("unclear-status", _worded(error), "unknown")
        wait = pacing.backoff(take.misses)
        return (yield from postponed(take, problem, wait))
    return (yield from _recorded(context, take, status))


def _recorded(context: Context, take: Take, status: Status) -> Program[Take]:
    if isinstance(status, Done) and unsigned(status.url or "") != (status.url or ""):
        # nowhere but here is the link whole: the journal keeps no signature
        take = yield from evolve(ready(take, status), keep=True)
        return (yield from step_ready(context, take))
    if isinstance(status, Done):
        return (yield from ready(take, status))
    if isinstance(status, Failed):
        state = _end(take, status)
        problem = Problem(status.code, status.reason, status.charged)
        take = yield from ended(take, state, problem)
        yield from Do(Work(files.cleared), take.id)
        return take
    elapsed = take.updated - phase_began(take, status)
    asked = status.wait
    local = context.gateway(take).local
    wait = pacing.next_poll(elapsed, local=local, asked=asked)
    late = context.deadlines.overdue(elapsed, queued=status.ahead is not None)
    overdue = Problem("overdue", late, "unknown") if late else None
    return (yield from polled(take, status, wait, overdue))


def _end(take: Take, status: Failed) -> State:
    if take.footage is not None or isinstance(take.status, Done):
        return State.OUTPUT_LOST  # it was finished once, so it was paid for
    return State.CANCELLED if status.code == "cancelled" else State.FAILED


def step_ready(_: Context, take: Take) -> Program[Take]:
    """Brings the clip to disk, and compares it with what was asked for."""
    if not isinstance(take.status, Done):
        raise _no_ticket(take)
    if is_masked(take.status.url or ""):
        return (yield from relinked(take))
    answer = yield from Fetch(take, take.status)
    if isinstance(answer, Missed):
        return (yield from _missed(take, answer))
    warnings = (
        *verifying.differences(take.asked, answer),
        *verifying.undeclared(take.status, answer),
        *verifying.misnamed(answer),
        *verifying.overcharged(take.quote, take.billed),
    )
    warnings = yield from receipted(take, answer, warnings)
    take = yield from delivered(take, answer, warnings)
    yield from Do(Work(files.cleared), take.id)
    return take


def _missed(take: Take, answer: Missed) -> Program[Take]:
    problem = Problem(answer.why, answer.message, "unknown")
    if answer.why != "expired":
        wait = pacing.backoff(take.misses)
        return (yield from postponed(take, problem, wait))
    wait = pacing.backoff(take.links)
    if take.links >= FRESH_LINKS:
        return (yield from out_of_reach(take, problem, wait))
    return (yield from reopened(take, answer.message, wait))


def _worded(error: Exception) -> str:
    return error.message if isinstance(error, ShotcallerError) else repr(error)


def _no_ticket(take: Take) -> PluginError:
    message = f"Take {take.id} is {take.state} but its record is incomplete."
    return PluginError(message, "Run `shotcaller doctor`.", take.id)
