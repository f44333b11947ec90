"""Is the animation stand: cels in several depths, seen by a camera that moves.

Each frame samples each cel anew, at its own speed and size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shotcaller_animatic.camera import Pose
from shotcaller_animatic.cels import FINE, Bytes, Cel, Planes, Samples, Sheet, Words

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


class Sight(NamedTuple):
    """Is where on the stage the frame's lines lie, one way: from ``start``, evenly."""

    start: float
    step: float


class Aim(NamedTuple):
    """Is what the camera sees of a cel: in rows and columns, and in those halved."""

    rows: Span
    columns: Span
    half_rows: Span
    half_columns: Span


def sight(stand: Stand, layer: Cel, pose: Pose, seconds: float) -> tuple[Sight, Sight]:
    """Returns where on the stage the frame's columns and rows lie, at a cel's depth."""
    depth = layer.near - pose.pivot
    growth = 1 + pose.dolly * layer.near**1.5
    step = 1 / (pose.zoom * growth)
    x = stand.stage_width / 2 - layer.drift * seconds - stand.width / 2 * step
    x += stand.width * (pose.pan + pose.truck * depth) / growth
    y = stand.stage_height / 2 - stand.height / 2 / pose.zoom
    y += stand.height * (pose.tilt + pose.lift * depth)
    y = stand.horizon + (y - stand.horizon) / growth
    y -= layer.bob * math.sin(seconds * 1.7 + 9 * layer.near)
    return Sight(x, step), Sight(y, step)


def corners(
    stand: Stand, layer: Cel, pose: Pose, seconds: float
) -> tuple[float, float, float, float]:
    """Returns what the camera sees of the stage: left, top, right and bottom."""
    x, y = sight(stand, layer, pose, seconds)
    right, bottom = x.start + x.step * stand.width, y.start + y.step * stand.height
    return x.start, y.start, right, bottom


def _span(seen: Sight, start: float, samples: int, length: int, lines: int) -> Span:
    """Returns where so many lines meet a cel's own, each in its middle."""
    step = seen.step * samples
    first = (seen.start - start) * samples + step / 2
    low = max(0, math.ceil(-first / step))
    high = min(lines, math.ceil((length - first) / step))
    if low >= high:
        return slice(0, 0), np.empty(0, np.intp)
    part = (first + step * np.arange(low, high)).astype(np.intp)
    if part[-1] >= length:  # by a hair, for it was rounded
        part[-1] = length - 1
    return slice(low, high), part


def aim(stand: Stand, layer: Cel, pose: Pose, seconds: float) -> Aim:
    """Returns which part of a cel the camera sees, and where, after so many seconds."""
    x, y = sight(stand, layer, pose, seconds)
    height, width = layer.light.samples.shape
    wide, high = stand.width, stand.height
    return Aim(
        _span(y, layer.top, FINE, height, high),
        _span(x, layer.left, FINE, width, wide),
        _span(_halved(y), layer.top, FINE // 2, height // FINE, high // 2),
        _span(_halved(x), layer.left, FINE // 2, width // FINE, wide // 2),
    )


def _halved(seen: Sight) -> Sight:
    return Sight(seen.start, 2 * seen.step)


def hidden_from(stand: Stand, layer: Cel, seen: Aim) -> int:
    """Returns the row of the frame from which on a cel hides all that is behind it."""
    (down, y), (across, _) = seen.rows, seen.columns
    whole = (across.start, across.stop, down.stop) == (0, stand.width, stand.height)
    if not whole:
        return stand.height
    return int(down.start + y.searchsorted(layer.light.solid))


def lay(target: Planes, layer: Cel, seen: Aim, limit: int) -> None:
    """Draws a cel onto a frame down to the row ``limit``; what is lower is hidden."""
    _lay(target.y, layer.light, _cut(seen.rows, limit), seen.columns)
    half_rows = _cut(seen.half_rows, (limit + 2) // 2)
    _lay(target.uv, layer.colour, half_rows, seen.half_columns)


def _cut(span: Span, limit: int) -> Span:
    where, part = span
    stop = min(where.stop, limit)
    return slice(where.start, stop), part[: max(0, stop - where.start)]


def _lay(plane: Bytes, sheet: Sheet, rows: Span, columns: Span) -> None:
    (down, y), (across, x) = rows, columns
    if len(y) < FINE or len(x) < FINE:
        return
    taken = _taken(sheet.samples, y, x)
    if not sheet.solid:
        plane[_part(down, across, taken.itemsize)] = taken.view(np.uint8)
        return
    ground = plane[_part(down, across, taken.itemsize // 2)]
    thin, patch = int(y.searchsorted(sheet.solid)), taken.view(np.uint16)
    _blend(ground[:thin], patch[:thin])
    np.copyto(ground[thin:], patch[thin:], casting="unsafe")


def _part(down: slice, across: slice, each: int) -> tuple[slice, slice]:
    """Returns a part of a plane that has so many bytes for each pixel."""
    return down, slice(each * across.start, each * across.stop)


def _taken(samples: Samples, y: Indices, x: Indices) -> Samples:
    across, down = _evenly(x), _evenly(y)
    left = int(x[0])
    lines = samples[y if down is None else down, left : int(x[-1]) + 1]
    if across is None:
        return lines.take(x - left, axis=1)
    return np.ascontiguousarray(lines[:, :: across.step])


def _evenly(part: Indices) -> slice | None:
    """Returns indices as a slice if they are one, which is much faster to take."""
    step = int(part[1] - part[0])
    even = int(part[-1]) - int(part[0]) == step * (len(part) - 1)
    if not even or not 1 <= step <= FINE:
        return None
    return slice(int(part[0]), int(part[-1]) + 1, step)


def _blend(ground: Bytes, patch: Words) -> None:
    bare = patch >> 8
    bare *= ground
    bare >>= 7
    bare += patch  # its low bytes are what is wanted
    np.copyto(ground, bare, casting="unsafe")


__all__ = ["Aim", "Sight", "Stand", "aim", "corners", "hidden_from", "lay"]
