"""Turns paintings into cels, which the animation stand draws from.

A cel is painted once and kept at twice the size in the encoder's own planes (YUV
4:2:0), its colours multiplied by their cover.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.integer[Any]]
Quads: TypeAlias = NDArray[np.integer[Any]]
Floats: TypeAlias = NDArray[np.floating[Any]]
Box: TypeAlias = tuple[float, float, int, int]
"""Left, top, width and height on the stage in pixels."""

Places: TypeAlias = NDArray[np.floating[Any]]
Indices: TypeAlias = NDArray[np.intp]
ALL = 128
"""All that is behind shines through."""

FULL = 252
"""The cover, of 255, from which on nothing does."""

FINE = 2
"""How many samples a cel has per pixel, each way."""


class Planes(NamedTuple):
    """Are the planes of a picture: brightness, and two of colour at half the size."""

    y: Bytes
    u: Bytes
    v: Bytes


@dataclass(frozen=True, slots=True)
class Cel:
    """Is one painted layer.

    ``light`` holds for each sample how much of what is behind shines through (128:
    all) and the brightness, 8 bits each; ``colour``, at half the size, the same and
    both colours. Below row ``solid`` of light, ``solid_colour`` of colour, nothing
    shines through. ``top`` and ``left`` are in pixels of the stage; ``near`` is the
    depth, 0 at infinity and 1 nearest. ``drift`` is in pixels a second, ``bob`` in
    pixels up and down.
    """

    light: Words
    colour: Quads
    solid: int
    solid_colour: int
    top: float
    left: float
    near: float
    drift: float = 0.0
    bob: float = 0.0


def views(frame: VideoFrame) -> list[Bytes]:
    """Returns a frame's own memory by plane, without the padding of its lines."""
    found = []
    for plane in frame.planes:
        flat = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
        lines = flat.reshape(-1, plane.line_size)
        found.append(lines[: plane.height, : plane.width])
    return found


def planes_of(frame: VideoFrame) -> Planes:
    """Returns the memory of a YUV 4:2:0 frame as planes to draw on."""
    y, u, v = views(frame)
    return Planes(y, u, v)


def colours(rgb: Bytes, width: int, height: int) -> Planes:
    """Returns a painted picture as planes of the given size in pixels."""
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    scaled = frame.reformat(
        width, height, "yuv420p", dst_colorspace="ITU709", interpolation="BILINEAR"
    )
    return Planes(*(plane.copy() for plane in planes_of(scaled)))


def _cover(alpha: Bytes, width: int, height: int) -> Bytes:
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(alpha), format="gray")
    scaled = frame.reformat(width, height, "gray", interpolation="BILINEAR")
    return views(scaled)[0]


def _bare(alpha: Bytes | None, width: int, height: int) -> Words:
    if alpha is None:
        return np.zeros((height, width), np.uint16)
    cover = _cover(alpha, width, height).astype(np.uint16)
    # Scaling may take a little from full cover.
    return np.where(cover >= FULL, 0, ALL - cover // 2).astype(np.uint16)


def _multiplied(plane: Bytes, bare: Words) -> Words:
    product = plane.astype(np.uint16)
    product *= ALL - bare
    product //= ALL
    return product


def _solid(bare: Words) -> int:
    rows = np.flatnonzero(bare.any(axis=1))
    return int(rows[-1]) + 1 if len(rows) else 0


def _trimmed(rgb: Bytes, alpha: Bytes, box: Box) -> tuple[Bytes, Bytes, Box]:
    """Cuts off the empty rows above a painting that is kept at its own size."""
    left, top, width, height = box
    rows = np.flatnonzero(alpha.any(axis=1))
    first = int(rows[0]) if len(rows) else 0
    if not first or len(alpha) != height:
        return rgb, alpha, box
    return rgb[first:], alpha[first:], (left, top + first, width, height - first)


def cel(
    rgb: Bytes,
    alpha: Bytes | None,
    box: Box,
    near: float,
    *,
    drift: float = 0.0,
    bob: float = 0.0,
    finish: Callable[[Bytes], None] | None = None,
) -> Cel:
    """Returns a painting as a cel.

    ``box`` is left, top, width and height on the stage in pixels, which may be more
    than the painting has where it is soft; ``alpha`` None hides all behind it.
    ``finish`` may touch up the brightness of the samples.
    """
    if alpha is not None:
        rgb, alpha, box = _trimmed(rgb, alpha, box)
    left, top, width, height = box
    planes = colours(rgb, FINE * width, FINE * height)
    if finish is not None:
        finish(planes.y)
    bare = _bare(alpha, FINE * width, FINE * height)
    light = _multiplied(planes.y, bare) | (bare << 8)
    solid = _solid(bare)
    bare = _bare(alpha, width, height)
    tones = [_multiplied(plane, bare).astype(np.uint32) for plane in planes[1:]]
    colour = bare.astype(np.uint32) << 16 | tones[0] << 8 | tones[1]
    return Cel(light, colour, solid, _solid(bare), top, left, near, drift, bob)


__all__ = ["FINE", "Cel", "Planes", "cel", "colours", "planes_of", "views"]
