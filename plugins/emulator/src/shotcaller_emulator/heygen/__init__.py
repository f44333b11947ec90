"""Emulates HeyGen: both dialects, keys that are honoured, uploads, links, a ledger."""

from __future__ import annotations

from shotcaller_emulator.accounts import Leak
from shotcaller_emulator.heygen.account import KEY
from shotcaller_emulator.heygen.jobs import Ending, Fate
from shotcaller_emulator.heygen.troubles import TROUBLES, weather
from shotcaller_emulator.heygen.vendor import HeyGen
from shotcaller_emulator.jobs import Entry, Pace

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
