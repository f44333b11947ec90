"""Weighs votes into a total, deterministic, explained order; pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from shotcaller.catalog import Candidate, Model, Quote, Ranking, Sound, Vote, dollars
from shotcaller.errors import BadInput, Refusal
from shotcaller.fitting import Offer, warnings
from shotcaller.shot import Brief

STAND_IN = frozenset({"draft", "animatic"})
"""The intents for which a model that is no AI model may lead."""

PROFILES: Mapping[str, Mapping[str, float]] = {
    "balanced": {
        "fit": 0.30,
        "quality": 0.20,
        "control": 0.15,
        "reliability": 0.15,
        "cost": 0.10,
        "speed": 0.05,
        "continuity": 0.05,
    },
    "cinematic": {"fit": 0.35, "quality": 0.40, "control": 0.20, "cost": 0.05},
    "best": {"fit": 0.20, "quality": 0.70, "control": 0.10},
    "cheap": {"fit": 0.15, "quality": 0.10, "cost": 0.70, "speed": 0.05},
    "fast": {"fit": 0.15, "quality": 0.10, "cost": 0.10, "speed": 0.65},
    "draft": {"fit": 0.20, "cost": 0.50, "speed": 0.30},
}
"""The named weights; a vote without a name in the profile weighs nothing."""

_COSTS = ((0, 1.0), (0.05, 0.9), (0.20, 0.7), (1, 0.5), (3, 0.3), (10, 0.1))
_SPEEDS = ((1, 1.0), (10, 0.8), (30, 0.6), (60, 0.4), (180, 0.2))


def weights(
    brief: Brief, own: Mapping[str, Mapping[str, float]]
) -> Mapping[str, float]:
    """Returns the weights that the brief names, or those of its intent.

    ``own`` are the user's profiles, which go before ours.
    """
    profiles = {**PROFILES, **own}
    if brief.weights is None:
        return profiles.get(brief.intent or "balanced", profiles["balanced"])
    if brief.weights not in profiles:
        known = ", ".join(sorted(profiles))
        message = f"weights: {brief.weights!r} is not a profile (there are {known})."
        raise BadInput(message, field="weights")
    return profiles[brief.weights]


def own_votes(offer: Offer, brief: Brief) -> tuple[Vote, ...]:
    """Returns the core's own votes on an offer, one for each dimension."""
    model = offer.model
    return (
        _fit(model, brief),
        _quality(model),
        _control(model),
        Vote("reliability", 0.8, "no history yet: a guess"),
        _cost(offer.quote),
        _speed(model),
        Vote("continuity", 0.5, "no earlier clip to match"),
    )


def candidate(
    offer: Offer, votes: Iterable[Vote], profile: Mapping[str, float]
) -> Candidate:
    """Returns the offer with its votes weighed: the score is their weighted mean."""
    weighed = tuple(
        Vote(
            v.by,
            v.value,
            v.reason,
            profile.get(v.by, 0.0) if v.weight is None else v.weight,
        )
        for v in votes
    )
    total = math.fsum(vote.weight or 0.0 for vote in weighed)
    score = math.fsum((vote.weight or 0.0) * vote.value for vote in weighed)
    speed = offer.model.known("speed")
    return Candidate(
        model=offer.model.id,
        title=offer.model.title,
        score=round(score / total, 6) if total else 0.0,
        quote=offer.quote,
        votes=weighed,
        seconds_expected=speed.value if speed else None,
        warnings=warnings(offer),
    )


def ranked(
    candidates: Iterable[tuple[Model, Candidate]],
    refused: Iterable[Refusal],
    brief: Brief,
) -> Ranking:
    """Returns the candidates by score, ties by id.

    What is no AI model stands behind all that are, unless a draft is asked for.
    """

    def place(item: tuple[Model, Candidate]) -> tuple[bool, float, str]:
        model, found = item
        behind = not model.artificial and brief.intent not in STAND_IN
        return (behind, -found.score, found.model)

    ordered = sorted(candidates, key=place)
    return Ranking(
        tuple(found for _, found in ordered),
        tuple(sorted(refused, key=lambda refusal: refusal.model)),
    )


def _fit(model: Model, brief: Brief) -> Vote:
    if brief.intent is None:
        return Vote("fit", 0.5, "no intent given")
    if brief.intent in model.traits:
        return Vote("fit", 1.0, f"made for {brief.intent}")
    return Vote("fit", 0.2, f"does not say that it is made for {brief.intent}")


def _quality(model: Model) -> Vote:
    found = model.known("quality")
    if found is None:
        return Vote("quality", 0.4, "no evidence: a guess")
    return Vote("quality", found.value, f"{found.source}, {found.as_of}")


def _control(model: Model) -> Vote:
    can = model.capabilities
    offered = {
        "references": bool(can.references),
        "last frame": "frames" in can.operations,
        "cuts": can.cuts > 0,
        "sound": can.sound is not Sound.NEVER,
        "seed": can.seed,
        "negative prompt": can.negative,
    }
    have = [name for name, there in offered.items() if there]
    return Vote("control", len(have) / len(offered), ", ".join(have) or "no controls")


def _between(points: Sequence[tuple[float, float]], at: float) -> float:
    """Returns the value at a place between points, so that less is always better."""
    for (low, more), (high, less) in pairwise(points):
        if at <= high:
            share = max(at - low, 0) / (high - low)
            return round(more + share * (less - more), 6)
    return points[-1][1]


def _cost(quote: Quote) -> Vote:
    if quote.expected is None:
        return Vote("cost", 0.0, "its price is unknown")
    reason = dollars(quote.expected) if quote.expected else "free"
    return Vote("cost", _between(_COSTS, float(quote.expected)), reason)


def _speed(model: Model) -> Vote:
    found = model.known("speed")
    if found is None:
        return Vote("speed", 0.3, "no evidence: a guess")
    value = _between(_SPEEDS, found.value)
    return Vote("speed", value, f"about {found.value:g} s ({found.source})")
