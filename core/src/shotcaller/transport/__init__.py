"""Speaks HTTP: the only place that knows httpx, httpcore and stamina."""

from __future__ import annotations

from shotcaller.transport.asynchronous import AsyncTransport
from shotcaller.transport.downloading import Begin
from shotcaller.transport.sync import SyncTransport
from shotcaller.transport.wording import Unfetched

__all__ = ["AsyncTransport", "Begin", "SyncTransport", "Unfetched"]
