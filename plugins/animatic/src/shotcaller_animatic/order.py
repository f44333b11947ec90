"""Is the order that the renderer works by: plain data, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

FPS = 24


class SceneSpec(TypedDict):
    """Is one scene: what is seen, for how many frames, from and to which pictures."""

    prompt: str
    frames: int
    first: str | None
    last: str | None


class Spec(TypedDict):
    """Is a whole film to be rendered; sizes are in pixels."""

    take: str
    width: int
    height: int
    scenes: Sequence[SceneSpec]
    negative: str
    seed: int
    sound: bool
    slate: bool


__all__ = ["FPS", "SceneSpec", "Spec"]
