"""Is the animation stand: cels in several depths, seen by a camera that moves.

Each frame samples each cel anew, at its own speed and size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shotcaller_animatic.camera import Pose
from shotcaller_animatic.cels import FINE, Bytes, Cel, Places, Planes, Words

Indices: TypeAlias = NDArray[np.intp]
Span: TypeAlias = tuple[slice, Indices]
"""Which of the frame's lines a cel reaches, and which of its own go there."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Is the geometry of a scene in pixels: the frame, the stage around it, the eye.

    ``horizon`` is the stage's row that the camera's travels lead to.
    """

    width: int
    height: int
    stage_width: int
    stage_height: int
    horizon: float


class Aim(NamedTuple):
    """Is what the camera sees of a cel: in rows and columns, and in those halved."""

    rows: Span
    columns: Span
    half_rows: Span
    half_columns: Span


def _span(places: Places, start: float, length: int, samples: int) -> Span:
    at = (places - start) * samples
    low, high = at.searchsorted((0, length))
    part = at[low:high].astype(np.intp)
    return slice(low, high), part


def _evenly(part: Indices) -> slice | None:
    """Returns indices as a slice if they are one, which is much faster to take."""
    step = int(part[1] - part[0])
    if int(part[-1]) - int(part[0]) != step * (len(part) - 1) or step > FINE:
        return None
    return slice(int(part[0]), int(part[-1]) + 1, step)


def _taken(plane: Words, y: Indices, x: Indices) -> Words:
    across, down = _evenly(x), _evenly(y)
    lines: Words = plane[down] if down else plane.take(y, axis=0)
    patch: Words = lines[:, across] if across else lines.take(x, axis=1)
    return patch


def _blend(ground: Bytes, patch: Words, bare: Words) -> None:
    thin = len(bare)
    bare *= ground[:thin]
    bare >>= 7
    np.add(bare, patch[:thin] & 255, out=ground[:thin], casting="unsafe")
    np.copyto(ground[thin:], patch[thin:], casting="unsafe")


def _cut(span: Span, limit: int) -> Span:
    where, part = span
    stop = min(where.stop, limit)
    return slice(where.start, stop), part[: max(0, stop - where.start)]


def _lay_light(ground: Bytes, layer: Cel, rows: Span, columns: Span) -> None:
    (down, y), (across, x) = rows, columns
    if len(y) >= FINE and len(x) >= FINE:
        patch = _taken(layer.light, y, x)
        edge = int(y.searchsorted(layer.solid))
        _blend(ground[down, across], patch, patch[:edge] >> 8)


def _lay_colour(
    grounds: Sequence[Bytes], layer: Cel, rows: Span, columns: Span
) -> None:
    (down, y), (across, x) = rows, columns
    if len(y) < FINE or len(x) < FINE:
        return
    patch = _taken(layer.colour, y, x)
    edge = int(y.searchsorted(layer.solid_colour))
    bare = (patch[:edge] >> 16).astype(np.uint16)
    tones = patch.astype(np.uint16)
    _blend(grounds[0][down, across], tones >> 8, bare.copy())
    _blend(grounds[1][down, across], tones, bare)


def _places(
    stand: Stand, layer: Cel, pose: Pose, seconds: float, size: tuple[Places, Places]
) -> tuple[Places, Places]:
    """Returns which columns and rows of the stage are seen at those of the frame."""
    depth = layer.near - pose.pivot
    growth = 1 + pose.dolly * layer.near**1.5
    x = (size[0] - stand.width / 2) / (pose.zoom * growth)
    x += stand.stage_width / 2 - layer.drift * seconds
    x += stand.width * (pose.pan + pose.truck * depth) / growth
    y = (size[1] - stand.height / 2) / pose.zoom
    y += stand.stage_height / 2 + stand.height * (pose.tilt + pose.lift * depth)
    y = stand.horizon + (y - stand.horizon) / growth
    return x, y - layer.bob * np.sin(seconds * 1.7 + 9 * layer.near)


def corners(stand: Stand, layer: Cel, pose: Pose, seconds: float) -> Places:
    """Returns which columns and rows of the stage are seen at the frame's sides."""
    sides = np.array([0.0, stand.width]), np.array([0.0, stand.height])
    return np.concatenate(_places(stand, layer, pose, seconds, sides))


def _halved(places: Places) -> Places:
    return (places[0::2] + places[1::2]) / 2


def aim(stand: Stand, layer: Cel, pose: Pose, seconds: float) -> Aim:
    """Returns which part of a cel the camera sees, and where, after so many seconds."""
    size = np.arange(stand.width) + 0.5, np.arange(stand.height) + 0.5
    x, y = _places(stand, layer, pose, seconds, size)
    height, width = layer.light.shape
    return Aim(
        _span(y, layer.top, height, FINE),
        _span(x, layer.left, width, FINE),
        _span(_halved(y), layer.top, height // FINE, FINE // 2),
        _span(_halved(x), layer.left, width // FINE, FINE // 2),
    )


def hidden_from(stand: Stand, layer: Cel, seen: Aim) -> int:
    """Returns the row of the frame from which on a cel hides all that is behind it."""
    (down, y), (across, _) = seen.rows, seen.columns
    whole = (across.start, across.stop, down.stop) == (0, stand.width, stand.height)
    if not whole:
        return stand.height
    return int(down.start + np.searchsorted(y, layer.solid))


def lay(target: Planes, layer: Cel, seen: Aim, limit: int) -> None:
    """Draws a cel onto a frame down to the row ``limit``; what is lower is hidden."""
    _lay_light(target.y, layer, _cut(seen.rows, limit), seen.columns)
    limit = (limit + 2) // 2
    _lay_colour(target[1:], layer, _cut(seen.half_rows, limit), seen.half_columns)


__all__ = ["Aim", "Stand", "aim", "corners", "hidden_from", "lay"]
