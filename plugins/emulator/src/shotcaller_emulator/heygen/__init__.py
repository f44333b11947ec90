"""Emulates HeyGen: both dialects, keys that are honoured, uploads, links, a ledger."""

from __future__ import annotations

from shotcaller_emulator.heygen.account import KEY, Leak
from shotcaller_emulator.heygen.jobs import Ending, Entry, Fate, Pace
from shotcaller_emulator.heygen.troubles import TROUBLES, weather
from shotcaller_emulator.heygen.vendor import HeyGen

__all__ = [
    "KEY",
    "TROUBLES",
    "Ending",
    "Entry",
    "Fate",
    "HeyGen",
    "Leak",
    "Pace",
    "weather",
]
