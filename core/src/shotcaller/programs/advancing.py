"""Drives takes: step by step until they rest, on to the next candidate, or to a stop.

``STEPS`` is the whole engine: crash recovery and ordinary progress are one path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

from shotcaller import files, pacing
from shotcaller.effects import (
    Chain,
    Claim,
    Claimed,
    Do,
    InFlight,
    Overtaken,
    Program,
    Sleep,
    ended,
    waiting,
)
from shotcaller.errors import BadInput, Charged, ShotcallerError
from shotcaller.programs.agreeing import require_cost
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.programs.finding import step_uncertain
from shotcaller.programs.following import step_ready, step_submitted
from shotcaller.programs.sending import step_queued, step_sending
from shotcaller.programs.succeeding import succeeded
from shotcaller.shot import Brief
from shotcaller.take import Cancellation, Problem, State, Take
from shotcaller.wire import Work

Step: TypeAlias = Callable[[Context, Take], Program[Take]]

STEPS: Mapping[State, Step] = {
    State.QUEUED: step_queued,
    State.SENDING: step_sending,
    State.SUBMITTED: step_submitted,
    State.READY: step_ready,
    State.UNCERTAIN: step_uncertain,
}
"""What is done with a take, by its state; settled ones have no step."""

STUCK = frozenset({"disk", "expired"})
"""The problems of a finished clip that waiting does not solve."""

CANCEL_PATIENCE = 30.0
"""For how many seconds a cancellation waits for whoever works on the take."""


def rests(take: Take) -> bool:
    """Whether waiting longer would change nothing."""
    stuck = take.problem is not None and take.problem.code in STUCK
    return take.state.settled or take.state is State.UNCERTAIN or stuck


def overdue(take: Take) -> bool:
    """Whether a take rests, or takes so long that nobody should sit and wait for it."""
    late = take.problem is not None and take.problem.code == "overdue"
    return rests(take) or late


def accepted(context: Context, take: Take) -> bool:
    """Whether the take goes on without us: for those who will come back later.

    A gateway on this machine works only once it was asked.
    """
    if rests(take):
        return True
    if take.state in {State.QUEUED, State.SENDING}:
        return False
    account = context.accounts.get(take.gateway)
    local = account is not None and account.gateway.local
    return not local or take.status is not None


def advance(
    context: Context,
    take_id: str,
    patience: float | None,
    enough: Callable[[Take], bool] = rests,
    *,
    agreed: bool = False,
    within: Brief | None = None,
) -> Program[Take]:
    """Drives a take until it is ``enough``, or ``patience`` seconds are over.

    Returns the take, or its heir, as it then stands: running out of patience is a
    state, not an end, and then nobody steps in any more. ``agreed`` is that somebody
    is asked to step in for this take, whatever its brief says; ``within`` is the brief
    of who joined it, beyond which nothing is sent and nobody steps in.
    """
    claimed = yield from Claim(take_id, at_once=True)
    now = claimed.now
    until = None if patience is None else now + patience
    while True:
        if within is not None and claimed.mine and claimed.take.state is State.QUEUED:
            require_cost(claimed.take, within)
        take = yield from _stepped(context, claimed)
        late = until is not None and max(now, take.updated) > until
        heir = take.heir
        if heir is None and not late:
            asked = agreed and take.id == take_id
            heir = yield from succeeded(context, take, agreed=asked, within=within)
        if heir is not None:
            claimed = yield from Claim(heir)
            continue
        over = until is not None and now >= until
        if enough(take) or (over and not _at_hand(take)):
            return take
        if take.state is State.QUEUED:
            yield from _made_room(context, take)
        now = yield from Sleep(_wait(claimed, take, until))
        claimed = yield from Claim(take.id)


def _at_hand(take: Take) -> bool:
    """Whether a clip only needs to be fetched, which no wait for a gateway is."""
    return take.state is State.READY and take.problem is None


def _stepped(context: Context, claimed: Claimed) -> Program[Take]:
    step = STEPS.get(claimed.take.state)
    if not claimed.mine or step is None:
        return claimed.take
    try:
        return (yield from step(context, claimed.take))
    except Overtaken:
        return claimed.take


def _made_room(context: Context, take: Take) -> Program[None]:
    """Looks after takes that hold places and that nobody follows; it buys nothing new.

    One whose process died as it was sent would hold its place for hours.
    """
    for other in (yield from InFlight(take.account)):
        claimed = yield from Claim(other)
        with suppress(ShotcallerError):  # theirs to tell whoever resumes them
            yield from _stepped(context, claimed)


def _wait(claimed: Claimed, take: Take, until: float | None) -> float:
    if claimed.mine:
        now, wait = take.updated, take.due - take.updated
    else:
        foreign = 0.0 if take.owner is None else pacing.FOREIGN
        # no longer than was meant: the clock may have been set back since
        meant = min(take.due - claimed.now, take.due - take.updated)
        now, wait = claimed.now, max(foreign, meant)
    if until is not None:
        wait = min(wait, until - now)
    return max(wait, 0.0)


def cancel(context: Context, take_id: str) -> Program[tuple[Take, Cancellation]]:
    """Asks to stop a take, or its heir, and says what became of the wish.

    One that was never sent is dropped; one that may have been sent cannot be.
    """
    claimed = yield from owned(take_id)
    while claimed.take.heir is not None:  # it is over, and another runs in its stead
        claimed = yield from owned(claimed.take.heir)
    take = claimed.take
    wish, note = yield from _wished(context, take)
    try:
        if wish is Cancellation.CANCELLED:
            charged: Charged = "no" if take.state is State.QUEUED else "unknown"
            return (yield from _dropped(take, charged)), wish
        if claimed.mine:
            take = yield from waiting(take, note, 0.0)
    except Overtaken:
        return (yield from _overtaken(context, take, wish))
    return take, wish


def _wished(context: Context, take: Take) -> Program[tuple[Cancellation, str]]:
    """Asks the gateway, where only it can tell; returns what to note as well."""
    if take.state.settled or take.state is State.READY:
        return Cancellation.TOO_LATE, "not cancelled: it is finished"
    if take.state is State.QUEUED:
        return Cancellation.CANCELLED, ""
    if take.state is not State.SUBMITTED or take.ticket is None:
        return Cancellation.UNSUPPORTED, "cannot be cancelled now"
    exchange = context.registry.cancel(take.ticket)
    if exchange is None:
        return Cancellation.UNSUPPORTED, "the gateway cannot cancel"
    answer = yield from question(context.gateway(take).id, exchange, take.id)
    return answer, f"cancellation: {answer}"


def _overtaken(
    context: Context, before: Take, wish: Cancellation
) -> Program[tuple[Take, Cancellation]]:
    """Returns how a take stands that somebody else has moved on meanwhile."""
    chain = yield from Chain(before.id)
    take = next(one for one in chain if one.id == before.id)
    if take.heir is not None:
        return (yield from cancel(context, take.heir))
    if take.state is State.CANCELLED:
        return take, Cancellation.CANCELLED
    if take.state.settled or take.state is State.READY:
        return take, Cancellation.TOO_LATE
    if wish is not Cancellation.CANCELLED:
        return take, wish
    asked = before.state is State.SUBMITTED
    return take, Cancellation.REQUESTED if asked else Cancellation.UNSUPPORTED


def _dropped(take: Take, charged: Charged) -> Program[Take]:
    problem = Problem("cancelled", "cancelled on request", charged)
    take = yield from ended(take, State.CANCELLED, problem)
    yield from Do(Work(files.cleared), take.id)
    return take


def owned(take_id: str) -> Program[Claimed]:
    """Returns a take as ours, once whoever works on it is done, or as it ended."""
    claimed = yield from Claim(take_id, at_once=True)
    until = claimed.now + CANCEL_PATIENCE
    while not claimed.mine and not claimed.take.state.settled:
        if claimed.now >= until:
            message = f"Take {take_id} is being worked on by another process."
            raise BadInput(message, "Try again in a moment.", take_id, field="take")
        yield from Sleep(pacing.FOREIGN)
        claimed = yield from Claim(take_id, at_once=True)
    return claimed
