"""Emulates fal.ai: queue, results, storage, media host, platform, ledger."""

from __future__ import annotations

from shotcaller_emulator.accounts import Leak
from shotcaller_emulator.fal.account import KEY
from shotcaller_emulator.fal.errors import Ending
from shotcaller_emulator.fal.jobs import Fate
from shotcaller_emulator.fal.troubles import TROUBLES, weather
from shotcaller_emulator.fal.vendor import Fal
from shotcaller_emulator.jobs import Entry, Pace

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
