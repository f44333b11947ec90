"""Speaks HTTP: the only place that knows httpx and stamina."""

from __future__ import annotations

from shotcaller.transport.asynchronous import AsyncTransport
from shotcaller.transport.sync import SyncTransport
from shotcaller.transport.wording import Unfetched

__all__ = ["AsyncTransport", "SyncTransport", "Unfetched"]
