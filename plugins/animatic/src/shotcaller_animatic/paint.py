"""Paints: gradients, noise, silhouettes, glows. Sizes are in pixels of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from PIL import Image, ImageDraw

from shotcaller_animatic.cels import Bytes, Cel, Floats, cel
from shotcaller_animatic.palette import RGB, Palette, distant
from shotcaller_animatic.words import Reading

DEEP = 2
"""How much larger shapes are sketched than kept, for smooth edges."""


class Stage:
    """Is what painters need to know: sizes, light, what the prompt says, chance.

    ``unit`` is a hundredth of the frame's middling side; ``horizon`` is a row.
    """

    def __init__(
        self,
        size: tuple[int, int],
        frame: tuple[int, int],
        horizon: float,
        *,
        reading: Reading,
        palette: Palette,
        seed: int,
    ) -> None:
        self.width, self.height = size
        self.frame_width, self.frame_height = frame
        self.horizon = round(horizon)
        self.reading = reading
        self.palette = palette
        self.seed = seed

    @cached_property
    def unit(self) -> float:
        """A hundredth of the frame's middling side, in pixels."""
        return float((self.frame_width * self.frame_height) ** 0.5 / 100)

    def chance(self, about: str) -> np.random.Generator:
        """Returns a source of chance of its own for one thing in the scene."""
        return np.random.default_rng([self.seed, *about.encode()])

    def air(self, colour: RGB, near: float) -> RGB:
        """Returns a thing's colour at a depth, in this light."""
        return distant(colour, self.palette, near)

    def px(self, units: float) -> int:
        """Returns a length in pixels, at least one."""
        return max(1, round(units * self.unit))


def ramp(stops: Sequence[tuple[float, RGB]], length: int) -> Floats:
    """Returns colours along a gradient; stops are at shares of the length."""
    at = np.linspace(0, 1, length)
    where = [place for place, _ in stops]
    parts = [np.interp(at, where, [c[i] for _, c in stops]) for i in range(3)]
    return np.stack(parts, axis=1).astype(np.float32)


def rows(colours: Floats, width: int) -> Floats:
    """Returns a picture whose rows have the given colours."""
    return np.repeat(colours[:, None, :], width, axis=1)


def flat(colour: RGB, width: int, height: int) -> Bytes:
    """Returns a picture of one colour."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = np.asarray(colour, np.float32).astype(np.uint8)
    return picture


def bytes_of(values: Floats) -> Bytes:
    """Returns values as bytes, cut off at 0 and 255."""
    return np.clip(values, 0, 255).astype(np.uint8)


def waves(chance: np.random.Generator, length: int, period: float) -> Floats:
    """Returns a smooth random line from -1 to 1 with bumps of about ``period``."""
    knots = chance.uniform(-1, 1, int(length / period) + 3)
    at = np.arange(length) / period + chance.random()
    low = at.astype(np.intp)
    share = at - low
    share = share * share * (3 - 2 * share)
    line = knots[low] * (1 - share) + knots[low + 1] * share
    return line.astype(np.float32)


def ridge(
    chance: np.random.Generator,
    length: int,
    period: float,
    *,
    octaves: int,
    rough: float,
) -> Floats:
    """Returns a skyline from -1 to 1: bumps on bumps, each ``rough`` times as high."""
    line = np.zeros(length, np.float32)
    size, total = 1.0, 0.0
    for _ in range(octaves):
        line += size * waves(chance, length, max(period, 2.0))
        total += size
        size, period = size * rough, period / 2.1
    return line / total


def clouds(
    chance: np.random.Generator, width: int, height: int, cells: tuple[float, float]
) -> Floats:
    """Returns cloudy noise from 0 to 1, its bumps ``cells`` (x, y) pixels large."""
    noise = np.zeros((height, width), np.float32)
    total = 0.0
    for octave in range(4):
        scale = 2.0**octave
        shape = (
            int(height * scale / cells[1]) + 3,
            int(width * scale / cells[0]) + 3,
        )
        small = Image.fromarray(chance.random(shape, np.float32))
        large = small.resize((width, height), Image.Resampling.BICUBIC)
        noise += np.asarray(large, np.float32) / scale
        total += 1 / scale
    share: Floats = np.clip(noise / total, 0, 1)
    return share


def below(line: Floats, height: int) -> Bytes:
    """Returns the cover of what lies below a line of rows, with a smooth edge."""
    down = np.arange(1, height + 1, dtype=np.float32)[:, None]
    return bytes_of((down - line[None, :]) * 255)


def disc(size: int) -> Floats:
    """Returns the distance from the middle of a square, 1 at its sides."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) * (2 / size) - 1
    return np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)


def glow(
    middle: tuple[float, float],
    radius: float,
    colour: RGB,
    near: float,
    *,
    strength: float = 1.0,
) -> Cel:
    """Returns a soft light around a point of the stage."""
    small = 48
    away = np.clip(1 - disc(small), 0, 1)
    size = max(4, 2 * round(radius))
    box = (middle[0] - size / 2, middle[1] - size / 2, size, size)
    cover = bytes_of(255 * strength * away**2)
    return cel(flat(colour, small, small), cover, box, near)


class Sketch:
    """Is a strip of the stage to draw shapes on, all of one colour by default."""

    def __init__(
        self, left: float, top: float, size: tuple[int, int], colour: RGB
    ) -> None:
        self.left, self.top = left, top
        self.width, self.height = max(2, size[0]), max(2, size[1])
        large = (self.width * DEEP, self.height * DEEP)
        self._ink = Image.new("RGB", large, _ink(colour))
        self._mask = Image.new("L", large, 0)
        self._draw = ImageDraw.Draw(self._ink)
        self._cover = ImageDraw.Draw(self._mask)

    def polygon(
        self, points: Sequence[tuple[float, float]], colour: RGB, cover: int = 255
    ) -> None:
        """Draws a filled shape; points are x and y within the strip."""
        large = [(x * DEEP, y * DEEP) for x, y in points]
        self._draw.polygon(large, fill=_ink(colour))
        self._cover.polygon(large, fill=cover)

    def oval(self, box: tuple[float, float, float, float], colour: RGB) -> None:
        """Draws a filled oval; the box is left, top, right, bottom."""
        large = tuple(side * DEEP for side in box)
        self._draw.ellipse(large, fill=_ink(colour))
        self._cover.ellipse(large, fill=255)

    def box(self, sides: tuple[float, float, float, float], colour: RGB) -> None:
        """Draws a filled rectangle; its sides are left, top, right, bottom."""
        left, top, right, bottom = sides
        ring = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.polygon(ring, colour)

    def line(
        self, points: Sequence[tuple[float, float]], colour: RGB, width: float
    ) -> None:
        """Draws a line through points, ``width`` pixels thick."""
        large = [(x * DEEP, y * DEEP) for x, y in points]
        thick = max(1, round(width * DEEP))
        self._draw.line(large, fill=_ink(colour), width=thick, joint="curve")
        self._cover.line(large, fill=255, width=thick, joint="curve")

    def pictures(self) -> tuple[Bytes, Bytes]:
        """Returns what was drawn as colours and cover."""
        rgb = np.asarray(self._ink.reduce(DEEP), np.uint8)
        return rgb, np.asarray(self._mask.reduce(DEEP), np.uint8)

    def cel(self, near: float, *, drift: float = 0.0, bob: float = 0.0) -> Cel:
        """Returns what was drawn as a cel."""
        rgb, cover = self.pictures()
        box = (self.left, self.top, self.width, self.height)
        return cel(rgb, cover, box, near, drift=drift, bob=bob)


def _ink(colour: RGB) -> tuple[int, int, int]:
    r, g, b = (max(0, min(255, round(value))) for value in colour)
    return r, g, b


__all__ = [
    "Sketch",
    "Stage",
    "below",
    "bytes_of",
    "clouds",
    "disc",
    "flat",
    "glow",
    "ramp",
    "ridge",
    "rows",
    "waves",
]
