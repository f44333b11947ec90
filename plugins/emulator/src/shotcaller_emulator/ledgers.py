"""Says what a line of any vendor's ledger tells."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from shotcaller.plugin import JSON


class Line(Protocol):
    """Is a job that was accepted: how it stands, and what was billed for it."""

    @property
    def request_id(self) -> str:
        """The vendor's own id for it."""

    @property
    def input(self) -> Mapping[str, JSON]:
        """What was asked for."""

    @property
    def state(self) -> str:
        """How it stands: queued, running, done, failed or cancelled."""

    @property
    def billed(self) -> Decimal:
        """What was billed for it, in dollars."""


__all__ = ["Line"]
