"""Turns paintings into cels, which the animation stand draws from.

A cel is painted once and kept at twice the size in the encoder's own planes (YUV
4:2:0, NV12), its colours multiplied by their cover.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint16]
Samples: TypeAlias = NDArray[np.unsignedinteger[Any]]
Floats: TypeAlias = NDArray[np.floating[Any]]
Box: TypeAlias = tuple[float, float, int, int]
"""Left, top, width and height on the stage in pixels."""

Places: TypeAlias = NDArray[np.floating[Any]]
ALL = 128
"""All that is behind shines through."""

FULL = 252
"""The cover, of 255, from which on nothing does."""

FINE = 2
"""How many samples a cel has per pixel, each way."""


class Planes(NamedTuple):
    """Are the planes of a picture: brightness, and colour at half the size.

    A line of colour holds both colours (U, V) of each of its pixels in turn.
    """

    y: Bytes
    uv: Bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """Is what a cel has for one plane: a sample for each of the plane's pixels.

    From row ``solid`` on nothing shines through. A sample holds the plane's own bytes
    if nothing does anywhere; else 16 bits for each: how much of what is behind shines
    through (128: all), and the byte multiplied by its cover.
    """

    samples: Samples
    solid: int


@dataclass(frozen=True, slots=True)
class Cel:
    """Is one painted layer.

    ``top`` and ``left`` are in pixels of the stage; ``near`` is the depth, 0 at
    infinity and 1 nearest. ``drift`` is in pixels a second, ``bob`` in pixels up and
    down.
    """

    light: Sheet
    colour: Sheet
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
        found.append(lines[: plane.height, : frame.width])
    return found


def planes_of(frame: VideoFrame) -> Planes:
    """Returns the memory of an NV12 frame as planes to draw on."""
    y, uv = views(frame)
    return Planes(y, uv)


def colours(rgb: Bytes, width: int, height: int) -> Planes:
    """Returns a painted picture as planes of the given size in pixels."""
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    scaled = frame.reformat(
        width, height, "nv12", dst_colorspace="ITU709", interpolation="BILINEAR"
    )
    return planes_of(scaled)


def _cover(alpha: Bytes, width: int, height: int) -> Bytes:
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(alpha), format="gray")
    scaled = frame.reformat(width, height, "gray", interpolation="BILINEAR")
    return views(scaled)[0]


def _bare(cover: Bytes) -> Words:
    # Scaling may take a little from full cover.
    bare = ALL - (cover >> 1)
    bare *= cover < FULL
    return bare.astype(np.uint16)


def _solid(bare: Words) -> int:
    rows = np.flatnonzero(bare.any(axis=1))
    return int(rows[-1]) + 1 if len(rows) else 0


def _sheet(plane: Bytes, alpha: Bytes | None, width: int) -> Sheet:
    """Returns a painted plane of so many pixels a line, under its cover."""
    each = plane.shape[1] // width  # bytes of a pixel
    bare = None if alpha is None else _bare(_cover(alpha, width, len(plane)))
    solid = 0 if bare is None else _solid(bare)
    if bare is None or not solid:
        return Sheet(np.ascontiguousarray(plane).view(f"u{each}"), 0)
    if each > 1:
        bare = bare.repeat(each, axis=1)
    words = plane.astype(np.uint16)
    words *= ALL - bare
    words >>= 7
    words |= bare << 8
    return Sheet(words.view(f"u{2 * each}"), solid)


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
    light = _sheet(planes.y, alpha, FINE * width)
    colour = _sheet(planes.uv, alpha, width)
    return Cel(light, colour, top, left, near, drift, bob)


__all__ = ["FINE", "Cel", "Planes", "Sheet", "cel", "colours", "planes_of", "views"]
