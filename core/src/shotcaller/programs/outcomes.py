"""Words how a chain of takes ended: a clip with its receipt, or the right error."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from shotcaller.errors import (
    Cancelled,
    Charged,
    ShotcallerError,
    StillRunning,
    TakeFailed,
    Uncertain,
    Undelivered,
)
from shotcaller.errors import Refused as RefusedError
from shotcaller.programs.succeeding import CONTENT, free
from shotcaller.take import (
    Attempt,
    Clip,
    Cost,
    Done,
    Receipt,
    State,
    Take,
)

TOLD = frozenset({"overdue", "other-key"})
"""The problems of a take that runs which its owner should know of."""

_AGAIN: Mapping[Charged, str] = {
    "no": "Nothing was charged; it is safe to ask again.",
    "yes": "It was charged; asking again pays again.",
    "unknown": "It may have been charged; asking again may pay again.",
}

_BROKEN = "plugin"
_UNSENT = frozenset({_BROKEN, "busy", "unreachable"})
"""The codes of takes that were refused by no gateway, but never came to it."""

DOUBTFUL = frozenset({State.SENDING, State.UNCERTAIN})
"""The states in which nobody may know whether a take was accepted."""

UNSURE = frozenset({State.SENDING, State.UNCERTAIN, State.SUBMITTED})
"""The states in which a take counts as spent but may turn out not to be."""


def clip(chain: tuple[Take, ...]) -> Clip:
    """Returns the clip of a chain of takes, or raises what its last take says."""
    last = chain[-1]
    if last.state is not State.DONE or last.footage is None:
        raise error(last)
    facts = attrs.asdict(last.footage, filter=lambda a, _: a.name != "receipt")
    return Clip(**facts, receipt=receipt(chain))


def receipt(chain: tuple[Take, ...]) -> Receipt:
    """Returns who made a clip, from what, for how much, after which attempts."""
    last = chain[-1]
    return Receipt(
        take=last.id,
        model=last.model,
        gateway=last.gateway,
        title=last.title,
        shot=last.asked,
        cost=cost(last),
        attempts=attempts(chain),
        warnings=last.warnings,
        created=chain[0].created,
        finished=last.updated,
        facts=last.status.facts if isinstance(last.status, Done) else {},
    )


def cost(take: Take) -> Cost:
    """Returns what a take was quoted at, and billed if the gateway told."""
    return Cost(take.quote.expected, take.billed, take.quote.currency)


def attempts(chain: tuple[Take, ...]) -> tuple[Attempt, ...]:
    """Returns every take of a chain with its end, oldest first."""
    return tuple(
        Attempt(
            take.id,
            take.model,
            take.state,
            "" if take.problem is None else take.problem.message,
            _charged(take),
        )
        for take in chain
    )


def error(take: Take) -> ShotcallerError:  # noqa: PLR0911  one for each state
    """Returns the error that says how a take without a clip stands."""
    why = take.problem.message.rstrip(".") if take.problem else "no reason was given"
    named = f"Take {take.id} on {take.model}"
    resume = f"`shotcaller resume {take.id}`"
    charged = _charged(take)
    match take.state:
        case State.UNCERTAIN:
            message = f"{named} may or may not have been accepted: {why}."
            message += _looked(take)
            hint = f"It is not sent again. {resume} looks for it, where the gateway can"
            hint += " be asked, with `--wait 60` for a minute;"
            hint += f" `shotcaller adopt {take.id} ID` takes your word for"
            hint += f" which job it is, `shotcaller retake {take.id}` pays anew,"
            hint += f" `shotcaller discard {take.id}` gives it up."
            return Uncertain(message, hint, take.id, charged)
        case State.REFUSED:
            hint = _AGAIN["no"] + _of_content(take) + _stand_in(take)
            code = take.problem.code if take.problem else "refused"
            how = "was not sent" if code in _UNSENT else "was refused"
            message = f"{named} {how}: {why}."
            if code == _BROKEN:
                hint += f" {take.model} meets the same again; name another model."
            return RefusedError(message, hint, take.id, charged, code)
        case State.FAILED | State.OUTPUT_LOST:
            message = f"{named} failed: {why}."
            hint = _AGAIN[charged] + _of_content(take) + _stand_in(take)
            return TakeFailed(message, hint, take.id, charged)
        case State.CANCELLED:
            message = f"{named} was cancelled."
            if charged == "unknown" and take.ticket is None:
                message = f"{named} was {why}.{_looked(take)}"
            hint = _AGAIN[charged]
            if take.given_up:
                hint += f" `shotcaller adopt {take.id} ID` goes on with its job after"
                hint += " all."
            return Cancelled(message, hint, take.id, charged)
        case State.QUEUED:
            full = take.problem is not None and take.problem.code == "disk"
            message = f"{named} was not sent{f': {why}' if full else ' yet (queued)'}."
            hint = f"Nothing was charged; {resume} sends it,"
            hint += f" `shotcaller cancel {take.id}` drops it."
            return StillRunning(message, hint, take.id, "no")
        case State.READY if take.problem is not None:
            message = f"{named} is finished but not on disk: {why}."
            hint = f"Mend that, then {resume}: it costs nothing more."
            return Undelivered(message, hint, take.id, charged)
        case _:
            message = f"{named} is still running ({take.state}{_late(take)})."
            hint = f"It goes on; {resume} collects it without paying again."
            return StillRunning(message, hint, take.id, charged)


def _of_content(take: Take) -> str:
    """Says what helps where a shot was turned down for what it shows."""
    if take.problem is None or take.problem.code != CONTENT:
        return ""
    hint = " Its content was turned down: change the prompt, or name another model."
    if not take.brief.content_fallback:
        hint += " `--content-fallback` lets another step in where nothing was charged."
    return hint


def _stand_in(take: Take) -> str:
    """Says who could step in, where that is left to be asked for."""
    if not take.candidates or not free(take):
        return ""
    other = take.candidates[0][0]
    return f" `shotcaller resume {take.id} --fallback` goes on with {other}."


def _looked(take: Take) -> str:
    """Says what the gateway answered when the take was last looked for."""
    told = "" if take.problem is None else take.problem.looked
    return f" {told[0].upper()}{told[1:]}." if told else ""


def _late(take: Take) -> str:
    if take.problem is None or take.problem.code not in TOLD:
        return ""
    return f": {take.problem.message}"


def _charged(take: Take) -> Charged:
    if take.quote.high == 0:
        return "no"
    if take.problem is not None and take.state.settled:
        return take.problem.charged
    if take.state is State.QUEUED:
        return "no"
    return "unknown" if take.state in UNSURE else "yes"
