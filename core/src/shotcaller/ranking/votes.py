"""Votes: what the core thinks of an offer, one vote for each dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeAlias

from shotcaller import expecting, pricing
from shotcaller.catalog import (
    Capabilities,
    Evidence,
    Model,
    Operation,
    Sound,
    Vote,
    dollars,
    operation,
)
from shotcaller.fitting import Offer, late
from shotcaller.ranking.intents import Intent
from shotcaller.shot import Brief, Shot

_COSTS = ((0, 1.0), (0.05, 0.9), (0.20, 0.7), (1, 0.5), (3, 0.3), (10, 0.1))
_SPEEDS = ((1, 1.0), (10, 0.8), (30, 0.6), (60, 0.4), (180, 0.2), (900, 0.05))

YOUNG, MONTH, AGED = 90, 30, 0.01
"""Evidence is as good as new for 90 days, and a hundredth less sure for each month."""

UNKNOWN_QUALITY = 0.4
UNKNOWN_SPEED = 0.3

_NOT_SAID, _SAID, _SERVED = 0.2, 0.5, 0.3
"""How much fit there is without a word, and what a trait and all that serves add."""

_HEARD = frozenset({"lip-sync", "sound"})


Opinion: TypeAlias = tuple[float, str]
"""A value from 0 to 1, and the reason for it."""


def own_votes(
    offer: Offer,
    shot: Shot,
    brief: Brief,
    intent: Intent | None,
    profile: Mapping[str, float],
) -> tuple[Vote, ...]:
    """Returns the core's own votes on an offer, one for each dimension, weighed."""
    model = offer.model
    opinions = {
        "fit": _fit(model, shot, intent),
        "quality": _quality(model, shot, offer.today),
        "control": _control(model),
        "reliability": _reliability(offer),
        "cost": _cost(offer, shot),
        "speed": _speed(offer, shot, brief),
        "continuity": _continuity(model, shot),
    }
    return tuple(
        Vote(by, value, reason, profile.get(by, 0.0))
        for by, (value, reason) in opinions.items()
    )


def _fit(model: Model, shot: Shot, intent: Intent | None) -> Opinion:
    if intent is None:
        return 0.5, "no intent given"
    said = intent.name in model.traits
    wants = _wanted(intent, shot)
    served = [want for want in wants if _serves(model, want)]
    share = len(served) / len(wants) if wants else float(said)
    value = round(_NOT_SAID + _SAID * said + _SERVED * share, 6)
    made = "" if said else "does not say that it is "
    reasons = [f"{made}made for {intent.name}"]
    if served:
        reasons.append(f"has {', '.join(served)}")
    if lacking := [want for want in wants if want not in served]:
        reasons.append(f"lacks {', '.join(lacking)}")
    return value, "; ".join(reasons)


def _wanted(intent: Intent, shot: Shot) -> Sequence[str]:
    """Returns what serves an intent, without what a silent shot has no use for."""
    if shot.sound is not False:
        return intent.wants
    return [want for want in intent.wants if want not in _HEARD]


_DECLARED: Mapping[str, Callable[[Capabilities], bool]] = {
    "1080p": lambda can: any(_large(size) for size in can.resolutions),
    "9:16": lambda can: "9:16" in can.ratios,
    "first frame": lambda can: Operation.IMAGE in can.operations,
    "last frame": lambda can: Operation.FRAMES in can.operations,
    "references": lambda can: bool(can.references),
    "sound": lambda can: can.sound is not Sound.NEVER,
}
"""What serves an intent without being a trait, since a model declares that it can."""


def _serves(model: Model, want: str) -> bool:
    declared = _DECLARED.get(want)
    if declared is not None and declared(model.capabilities):
        return True
    return want in model.traits


def _large(resolution: str) -> bool:
    return resolution.endswith("k") or int(resolution[:-1]) >= 1080  # noqa: PLR2004  of 1080p


def _quality(model: Model, shot: Shot, today: date) -> Opinion:
    found = _evidence(model, shot)
    if found is None:
        return UNKNOWN_QUALITY, "nobody judged it: a guess"
    margin = round(found.margin + _aged(found, today), 6)
    sure = max(round(found.value - margin, 6), 0.0)
    reason = f"{found.source}, {found.as_of}"
    if found.judged:
        reason = f"judgement: {reason}"
    if margin:
        reason = f"{found.value:g}, at least {sure:g}: {reason}"
    return sure, reason


def _evidence(model: Model, shot: Shot) -> Evidence | None:
    """Returns what is known of clips that start as the shot does."""
    text = model.known("quality")
    if operation(shot) is Operation.TEXT:
        return text
    return model.known("quality-image") or text


def _aged(found: Evidence, today: date) -> float:
    months = ((today - found.as_of).days - YOUNG) // MONTH
    return max(months, 0) * AGED


def _control(model: Model) -> Opinion:
    can = model.capabilities
    offered = {
        "references": bool(can.references),
        "last frame": Operation.FRAMES in can.operations,
        "cuts": can.cuts > 0,
        "sound": can.sound is not Sound.NEVER,
        "seed": can.seed,
        "negative prompt": can.negative,
        "camera": "camera" in model.traits,
    }
    have = [name for name, there in offered.items() if there]
    value = round(len(have) / len(offered), 6)
    return value, ", ".join(have) or "no controls"


def _reliability(offer: Offer) -> Opinion:
    known = offer.history
    value = expecting.reliability(known)
    return value, expecting.counted(known)


def _cost(offer: Offer, shot: Shot) -> Opinion:
    amount = pricing.comparable(offer.quote, shot)
    if amount is None:
        return 0.0, "its price is unknown"
    reason = dollars(amount) if amount else "free"
    if amount != offer.quote.expected:
        reason += f" for {pricing.NOMINAL} s"
    return _between(_COSTS, float(amount)), reason


def _speed(offer: Offer, shot: Shot, brief: Brief) -> Opinion:
    """Values how soon it is there: where the length is left open, a usual one."""
    length = shot.length or float(pricing.NOMINAL)
    expected = offer.takes(length)
    if expected is None:
        return UNKNOWN_SPEED, "nobody timed it: a guess"
    reason = f"{expecting.about(expected)} ({'; '.join(_timed(offer, length))})"
    if late(offer, brief):
        return 0.0, f"{reason}, longer than the wait"
    return _between(_SPEEDS, expected), reason


def _timed(offer: Offer, length: float) -> Iterator[str]:
    """Yields what is known of the time, and what is assumed beside it."""
    told = offer.model.known("speed")
    if told is not None:
        yield f"{'judgement: ' if told.judged else ''}{told.source}"
    if here := expecting.timed(offer.history):
        yield here
    times = expecting.sized(offer.size)
    if length != expecting.USUAL:
        yield f"taken to grow with the length, to {length:g} s"
    if told is not None and times != 1:
        yield f"taken to be {times:g} times as long at {offer.size}"


def _continuity(model: Model, shot: Shot) -> Opinion:
    kept = {"character", "multi-shot"} & model.traits
    if not (shot.cuts or shot.media):
        return 0.5, "nothing to match"
    if kept:
        return 0.9, f"made for {' and '.join(sorted(kept))}"
    return 0.4, "does not say that it keeps what it is given"


def _between(points: Sequence[tuple[float, float]], at: float) -> float:
    """Returns the value at a place between points, so that less is always better."""
    for (low, more), (high, less) in pairwise(points):
        if at <= high:
            share = max(at - low, 0) / (high - low)
            return round(more + share * (less - more), 6)
    return points[-1][1]
