"""Turns opinions into an order that is total, the same every time, and explained; pure.

Profiles say what weighs how much, intents what a clip is for; votes are the core's own
opinions, the order adds up all votes, and explaining says what decided it.
"""

from __future__ import annotations

from shotcaller.ranking.explaining import margins, tipping
from shotcaller.ranking.intents import INTENTS, Intent, intent
from shotcaller.ranking.order import candidate, ranked
from shotcaller.ranking.profiles import PROFILES, weights
from shotcaller.ranking.votes import own_votes

__all__ = [
    "INTENTS",
    "PROFILES",
    "Intent",
    "candidate",
    "intent",
    "margins",
    "own_votes",
    "ranked",
    "tipping",
    "weights",
]
