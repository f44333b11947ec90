"""Emulates fal.ai: queue, results, storage, media host, platform, ledger."""

from __future__ import annotations

from shotcaller_emulator.fal.account import KEY, Leak
from shotcaller_emulator.fal.errors import Ending
from shotcaller_emulator.fal.jobs import Entry, Fate, Pace
from shotcaller_emulator.fal.troubles import TROUBLES, weather
from shotcaller_emulator.fal.vendor import Fal

__all__ = [
    "KEY",
    "TROUBLES",
    "Ending",
    "Entry",
    "Fal",
    "Fate",
    "Leak",
    "Pace",
    "weather",
]
