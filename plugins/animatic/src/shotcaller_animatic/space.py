"""Paints space: stars in depth, nebulae, planets, drifting rocks."""

from __future__ import annotations

import numpy as np

from shotcaller_animatic.cels import Bytes, Cel, Floats, cel
from shotcaller_animatic.paint import Sketch, Stage, bytes_of, clouds, disc, flat
from shotcaller_animatic.palette import RGB, mixed

SUITS: tuple[tuple[RGB, RGB, RGB], ...] = (
    ((72, 34, 112), (196, 82, 120), (70, 120, 190)),
    ((16, 66, 104), (40, 150, 160), (120, 80, 170)),
    ((110, 44, 30), (226, 142, 70), (60, 60, 130)),
)
"""Colours of nebula and planet that go together."""


def _suit(stage: Stage) -> tuple[RGB, RGB, RGB]:
    return SUITS[int(stage.chance("suit").integers(len(SUITS)))]


def _stars(chance: np.random.Generator, plane: Bytes, count: int, size: int) -> None:
    height, width = plane.shape
    y = chance.integers(0, height - size, count)
    x = chance.integers(0, width - size, count)
    shine = (70 + 175 * chance.random(count) ** 2.5).astype(np.uint8)
    for dy in range(size):
        for dx in range(size):
            at = (y + dy, x + dx)
            plane[at] = np.maximum(plane[at], shine)


def deep_sky(stage: Stage) -> Cel:
    """Returns the farthest stars and a nebula."""
    width, height = stage.width // 4 + 1, stage.height // 4 + 1
    cloud, edge, other = _suit(stage)
    unit = stage.unit / 4
    thick = clouds(stage.chance("nebula"), width, height, (unit * 46, unit * 34))
    folds = clouds(stage.chance("folds"), width, height, (unit * 16, unit * 14))
    colour = flat((5, 6, 16), width, height).astype(np.float32)
    veil = np.clip((thick - 0.42) * 3.2, 0, 1) * (0.45 + 0.8 * folds)
    for tone, part in (
        (cloud, veil),
        (edge, veil**3 * 0.9),
        (other, (1 - veil) * 0.09),
    ):
        colour += np.asarray(tone, np.float32) * (part * 0.62)[:, :, None]
    box = (0, 0, stage.width, stage.height)
    count = int(1100 * stage.width / stage.frame_width)

    def finish(samples: Bytes) -> None:
        _stars(stage.chance("far-stars"), samples, count, 2)

    return cel(bytes_of(colour), None, box, 0.0, finish=finish)


def _sphere(size: int) -> tuple[Floats, Floats, Floats]:
    axis = (np.arange(size, dtype=np.float32) + 0.5) * (2 / size) - 1
    x, y = np.meshgrid(axis, axis)
    return x, y, np.sqrt(np.clip(1 - x * x - y * y, 0, 1))


def planet(stage: Stage, at: tuple[float, float], radius: float, near: float) -> Cel:
    """Returns a planet in half light; ``at`` is its middle in shares of the frame."""
    size = 2 * stage.px(radius)
    x, y, z = _sphere(size)
    base, bright, _ = _suit(stage)
    chance = stage.chance(f"planet{near}")
    bands = clouds(chance, size, size, (size * 0.9, size * 0.07))
    spots = clouds(chance, size, size, (size * 0.22, size * 0.12))
    share = np.clip(0.7 * bands + 0.5 * spots - 0.1, 0, 1)[:, :, None]
    low = np.asarray(mixed(base, (120, 110, 120), 0.35), np.float32)
    high = np.asarray(mixed(bright, (255, 240, 220), 0.3), np.float32)
    light = np.clip(-0.62 * x - 0.46 * y + 0.64 * z, 0, 1) ** 0.85
    rim = np.clip(1 - z, 0, 1) ** 3 * np.clip(-0.6 * x - 0.5 * y + 0.25, 0, 1)
    colour = (low + (high - low) * share) * (0.035 + 1.05 * light)[:, :, None]
    colour += np.asarray((120, 170, 255), np.float32) * (rim * 0.8)[:, :, None]
    cover = bytes_of(np.clip((1 - disc(size)) * size / 2, 0, 1) * 255)
    left = (stage.width - stage.frame_width) / 2 + at[0] * stage.frame_width - size / 2
    top = (stage.height - stage.frame_height) / 2 + at[1] * stage.frame_height
    return cel(bytes_of(colour), cover, (left, top - size / 2, size, size), near)


def near_stars(stage: Stage) -> Cel:
    """Returns brighter stars that are closer."""
    chance = stage.chance("near-stars")
    sketch = Sketch(0, 0, (stage.width, stage.height), (225, 232, 255))
    for _ in range(60):
        x, y = chance.uniform(0, stage.width), chance.uniform(0, stage.height)
        size = stage.unit * chance.uniform(0.06, 0.17)
        sketch.oval((x - size, y - size, x + size, y + size), (225, 232, 255))
    return sketch.cel(0.16)


def _rock(
    sketch: Sketch,
    chance: np.random.Generator,
    middle: tuple[float, float],
    size: float,
) -> None:
    turns = np.sort(chance.uniform(0, 2 * np.pi, 11))
    reach = size * chance.uniform(0.7, 1.15, 11)
    ring = [
        (middle[0] + r * np.cos(a), middle[1] + 0.8 * r * np.sin(a))
        for a, r in zip(turns, reach, strict=True)
    ]
    sketch.polygon(ring, (26, 24, 30))
    shift = size * 0.22
    face = [
        (
            middle[0] - shift + (x - middle[0]) * 0.62,
            middle[1] - shift + (y - middle[1]) * 0.6,
        )
        for x, y in ring
    ]
    sketch.polygon(face, (74, 68, 72))


def rocks(stage: Stage) -> Cel:
    """Returns rocks that drift by."""
    chance = stage.chance("rocks")
    height = stage.px(34)
    top = stage.height * 0.80 - height / 2
    sketch = Sketch(0, top, (stage.width, height), (26, 24, 30))
    for _ in range(14):
        x = chance.uniform(0, stage.width)
        size = stage.unit * (0.6 + 3.2 * chance.random() ** 2)
        y = height / 2 + chance.normal(0, height * 0.14)
        _rock(sketch, chance, (x, y), size)
    return sketch.cel(0.9, drift=-stage.unit * 0.5)


def space(stage: Stage) -> list[Cel]:
    """Returns the layers of a view of space, farthest first."""
    side = 0.66 if stage.chance("side").random() < 0.5 else 0.34  # noqa: PLR2004
    return [
        deep_sky(stage),
        near_stars(stage),
        planet(stage, (side, 0.50), 27, 0.24),
        planet(stage, (1.02 - side, 0.25), 5.5, 0.42),
        rocks(stage),
    ]


__all__ = ["space"]
