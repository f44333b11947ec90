"""Says how much each vote weighs, by profile."""

from __future__ import annotations

from collections.abc import Mapping

from shotcaller.errors import BadInput, unknown_name
from shotcaller.ranking.intents import Intent
from shotcaller.shot import Brief

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
    "cinematic": {
        "fit": 0.30,
        "quality": 0.35,
        "control": 0.15,
        "reliability": 0.10,
        "cost": 0.05,
        "continuity": 0.05,
    },
    "best": {"fit": 0.20, "quality": 0.60, "control": 0.10, "reliability": 0.10},
    "cheap": {
        "fit": 0.15,
        "quality": 0.10,
        "reliability": 0.05,
        "cost": 0.65,
        "speed": 0.05,
    },
    "fast": {
        "fit": 0.10,
        "quality": 0.10,
        "reliability": 0.10,
        "cost": 0.10,
        "speed": 0.60,
    },
    "draft": {"fit": 0.20, "reliability": 0.05, "cost": 0.45, "speed": 0.30},
}
"""The named weights; a vote without a name in the profile weighs nothing."""


def weights(
    brief: Brief, intent: Intent | None, own: Mapping[str, Mapping[str, float]]
) -> Mapping[str, float]:
    """Returns the weights that the brief names, or those of its intent.

    ``own`` are the user's profiles, which go before ours.
    """
    profiles = {**PROFILES, **own}
    if brief.weights is not None:
        if brief.weights not in profiles:
            raise _no_profile(brief.weights, profiles)
        return profiles[brief.weights]
    if intent is None:
        return profiles["balanced"]
    for name in (brief.intent, intent.name, intent.profile):
        if name is not None and name in own:
            return own[name]
    return profiles[intent.profile]


def _no_profile(name: str, known: Mapping[str, object]) -> BadInput:
    return unknown_name("weights", name, "is not a profile", known)
