"""Describes how the takes of a model went, as a journal knows it."""

from __future__ import annotations

from attrs import frozen


@frozen
class History:
    """Is how the takes of one model went on this journal.

    ``done``, ``failed`` and ``refused`` count takes; ``p5``, ``p50`` and ``p90`` are
    quantiles, in seconds, of the time from acceptance to a clip that is ready, None
    where none was seen.
    """

    model: str
    done: int = 0
    failed: int = 0
    refused: int = 0
    p5: float | None = None
    p50: float | None = None
    p90: float | None = None
