"""Performs effects, in as many ways as there are worlds; decides nothing."""

from __future__ import annotations

from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.sync import SyncDriver
from shotcaller.drivers.world import Clock, SystemClock, World

__all__ = ["AsyncDriver", "Clock", "SyncDriver", "SystemClock", "World"]
