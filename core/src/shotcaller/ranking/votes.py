"""Votes: what the core thinks of an offer, one vote for each dimension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from shotcaller import expecting, pricing
from shotcaller.catalog import (
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
_SPEEDS = ((1, 1.0), (10, 0.8), (30, 0.6), (60, 0.4), (180, 0.2))

YOUNG, MONTH, AGED = 90, 30, 0.01
"""Evidence is as good as new for 90 days, and a hundredth less sure for each month."""

UNKNOWN_QUALITY = 0.4
UNKNOWN_SPEED = 0.3

_NOT_SAID, _SAID, _SERVED = 0.2, 0.5, 0.3
"""How much fit there is without a word, and what a trait and all that serves add."""

_HEARD = frozenset({"lip-sync", "sound"})


def own_votes(
    offer: Offer, shot: Shot, brief: Brief, intent: Intent | None = None
) -> tuple[Vote, ...]:
    """Returns the core's own votes on an offer, one for each dimension."""
    model = offer.model
    return (
        _fit(model, shot, intent),
        _quality(model, shot, offer.today),
        _control(model),
        _reliability(offer),
        _cost(offer, shot),
        _speed(offer, brief),
        _continuity(model, shot),
    )


def _fit(model: Model, shot: Shot, intent: Intent | None) -> Vote:
    if intent is None:
        return Vote("fit", 0.5, "no intent given")
    said = intent.name in model.traits
    wants = _wanted(intent, shot)
    has = _abilities(model)
    served = [want for want in wants if want in has]
    share = len(served) / len(wants) if wants else float(said)
    value = round(_NOT_SAID + _SAID * said + _SERVED * share, 6)
    made = "" if said else "does not say that it is "
    reasons = [f"{made}made for {intent.name}"]
    if served:
        reasons.append(f"has {', '.join(served)}")
    if lacking := [want for want in wants if want not in has]:
        reasons.append(f"lacks {', '.join(lacking)}")
    return Vote("fit", value, "; ".join(reasons))


def _wanted(intent: Intent, shot: Shot) -> Sequence[str]:
    """Returns what serves an intent, without what a silent shot has no use for."""
    if shot.sound is not False:
        return intent.wants
    return [want for want in intent.wants if want not in _HEARD]


def _abilities(model: Model) -> frozenset[str]:
    """Returns a model's traits, and what it declares that it can do."""
    can = model.capabilities
    offered = {
        "1080p": any(_large(size) for size in can.resolutions),
        "9:16": "9:16" in can.ratios,
        "first frame": Operation.IMAGE in can.operations,
        "last frame": Operation.FRAMES in can.operations,
        "references": bool(can.references),
        "sound": can.sound is not Sound.NEVER,
    }
    return model.traits | {name for name, there in offered.items() if there}


def _large(resolution: str) -> bool:
    return resolution.endswith("k") or int(resolution[:-1]) >= 1080  # noqa: PLR2004  of 1080p


def _quality(model: Model, shot: Shot, today: date) -> Vote:
    found = _evidence(model, shot)
    if found is None:
        return Vote("quality", UNKNOWN_QUALITY, "nobody judged it: a guess")
    margin = round(found.margin + _aged(found, today), 6)
    sure = max(round(found.value - margin, 6), 0.0)
    reason = f"{found.source}, {found.as_of}"
    if found.judged:
        reason = f"judgement: {reason}"
    if margin:
        reason = f"{found.value:g}, at least {sure:g}: {reason}"
    return Vote("quality", sure, reason)


def _evidence(model: Model, shot: Shot) -> Evidence | None:
    """Returns what is known of clips that start as the shot does."""
    text = model.known("quality")
    if operation(shot) is Operation.TEXT:
        return text
    return model.known("quality-image") or text


def _aged(found: Evidence, today: date) -> float:
    months = ((today - found.as_of).days - YOUNG) // MONTH
    return max(months, 0) * AGED


def _control(model: Model) -> Vote:
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
    return Vote("control", value, ", ".join(have) or "no controls")


def _reliability(offer: Offer) -> Vote:
    known = offer.history
    value = expecting.reliability(known)
    return Vote("reliability", value, expecting.counted(known))


def _cost(offer: Offer, shot: Shot) -> Vote:
    amount = pricing.comparable(offer.quote, shot)
    if amount is None:
        return Vote("cost", 0.0, "its price is unknown")
    reason = dollars(amount) if amount else "free"
    if amount != offer.quote.expected:
        reason += f" for {pricing.NOMINAL} s"
    return Vote("cost", _between(_COSTS, float(amount)), reason)


def _speed(offer: Offer, brief: Brief) -> Vote:
    expected = expecting.seconds(offer.model, offer.history)
    if expected is None:
        return Vote("speed", UNKNOWN_SPEED, "nobody timed it: a guess")
    told = offer.model.known("speed")
    sources = [
        "" if told is None else f"{'judgement: ' if told.judged else ''}{told.source}",
        expecting.timed(offer.history),
    ]
    reason = "; ".join(source for source in sources if source)
    reason = f"about {expected:g} s ({reason})"
    if late(offer, brief):
        return Vote("speed", 0.0, f"{reason}, longer than the wait")
    return Vote("speed", _between(_SPEEDS, expected), reason)


def _continuity(model: Model, shot: Shot) -> Vote:
    kept = {"character", "multi-shot"} & model.traits
    if not (shot.cuts or shot.media):
        return Vote("continuity", 0.5, "nothing to match")
    if kept:
        return Vote("continuity", 0.9, f"made for {' and '.join(sorted(kept))}")
    return Vote("continuity", 0.4, "does not say that it keeps what it is given")


def _between(points: Sequence[tuple[float, float]], at: float) -> float:
    """Returns the value at a place between points, so that less is always better."""
    for (low, more), (high, less) in pairwise(points):
        if at <= high:
            share = max(at - low, 0) / (high - low)
            return round(more + share * (less - more), 6)
    return points[-1][1]
