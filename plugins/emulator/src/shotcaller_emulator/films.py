"""Says what a film is to be like; the studio makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from attrs import frozen

FPS = 24


@frozen
class Film:
    """Is an order for a film: its size in pixels, its length, and whether one hears it.

    ``seed`` tells films apart that are asked for by the same words.
    """

    prompt: str
    width: int
    height: int
    seconds: float
    sound: bool
    seed: int

    @property
    def frames(self) -> int:
        """The number of frames: one at least."""
        return max(1, round(self.seconds * FPS))


Render: TypeAlias = Callable[[Film], bytes | None]
"""Returns the MP4 of a film; while there is none, begins to make it, returns None."""

__all__ = ["FPS", "Film", "Render"]
