"""Lets snow and rain fall, fog drift and water glint, drop by drop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from shotcaller_animatic.cels import Bytes, Cel, Places, Planes, cel
from shotcaller_animatic.paint import Stage, bytes_of, clouds, flat
from shotcaller_animatic.sky import covered, disc_place

Stamp: TypeAlias = tuple[tuple[int, int, int], ...]
"""The pixels of a mark: rows, columns and strength (0 to 256)."""

WHITE_LEVEL = 232


@dataclass(frozen=True, slots=True)
class Drops:
    """Are many small marks that move on their own.

    Places and speeds are in pixels and pixels a second; ``stamp`` is one mark, ``sway``
    how far it swings sideways. ``blink`` is how often a second it comes and goes; 0 is
    never.
    """

    x: Places
    y: Places
    fall: Places
    run: Places
    sway: float
    blink: float
    stamp: Stamp
    box: tuple[float, float, float, float]


def _blob(size: int, strength: int) -> Stamp:
    middle = (size - 1) / 2
    pixels = [(row, column) for row in range(size) for column in range(size)]
    away = [math.hypot(row - middle, column - middle) for row, column in pixels]
    shares = [min(1.0, max(0.0, size / 2 + 0.15 - each)) for each in away]
    found = zip(pixels, shares, strict=True)
    return tuple((row, column, round(strength * s)) for (row, column), s in found if s)


def _streak(length: int, slant: float, strength: int) -> Stamp:
    return tuple((row, round(row * slant), strength) for row in range(length))


def _everywhere(stage: Stage) -> tuple[float, float, float, float]:
    return (0.0, 0.0, float(stage.frame_width), float(stage.frame_height))


def snowfall(stage: Stage) -> list[Drops]:
    """Returns snow in three depths."""
    drops = []
    for size, count, speed in ((0.28, 520, 9.0), (0.48, 260, 15.0), (0.85, 70, 26.0)):
        chance = stage.chance(f"flakes{size}")
        fall = stage.unit * speed * chance.uniform(0.8, 1.25, count)
        width, height = stage.frame_width, stage.frame_height
        drops.append(
            Drops(
                x=chance.uniform(0, width, count),
                y=chance.uniform(0, height, count),
                fall=fall,
                run=fall * 0.18,
                sway=stage.unit * size * 2.4,
                blink=0.0,
                stamp=_blob(max(2, stage.px(size)), 215),
                box=_everywhere(stage),
            )
        )
    return drops


def rainfall(stage: Stage) -> list[Drops]:
    """Returns rain in two depths."""
    drops = []
    for length, count, strength in ((2.6, 420, 46), (5.0, 170, 74)):
        chance = stage.chance(f"rain{length}")
        fall = stage.unit * 30 * length * chance.uniform(0.85, 1.15, count)
        drops.append(
            Drops(
                x=chance.uniform(0, stage.frame_width, count),
                y=chance.uniform(0, stage.frame_height, count),
                fall=fall,
                run=-fall * 0.14,
                sway=0.0,
                blink=0.0,
                stamp=_streak(stage.px(length), -0.14, strength),
                box=_everywhere(stage),
            )
        )
    return drops


def glints(stage: Stage) -> list[Drops]:
    """Returns the sparkle of sun or moon on water."""
    if covered(stage):
        return []
    chance = stage.chance("glints")
    x, _ = disc_place(stage)
    middle = x - (stage.width - stage.frame_width) / 2
    line = stage.horizon - (stage.height - stage.frame_height) / 2
    count = 150
    share = chance.random(count) ** 1.4
    reach = stage.frame_height - line
    still = np.zeros(count)
    return [
        Drops(
            x=middle + chance.normal(0, 1, count) * stage.unit * (2.0 + 9 * share),
            y=line + 2 + share * reach * 0.85,
            fall=still,
            run=still,
            sway=stage.unit * 0.3,
            blink=2.6,
            stamp=tuple((0, column, 225) for column in range(stage.px(0.55) + 1)),
            box=_everywhere(stage),
        )
    ]


def mist(stage: Stage) -> list[Cel]:
    """Returns two banks of fog over the ground."""
    layers = []
    for near, rise, name in ((0.3, 9, "fog-far"), (0.7, 2, "fog-near")):
        chance = stage.chance(name)
        width, height = stage.width * 5 // 4, stage.px(30)
        noise = clouds(
            chance, width // 4, height // 4, (stage.unit * 7, stage.unit * 2)
        )
        down = np.linspace(0, 1, len(noise))[:, None]
        cover = noise * np.sin(np.pi * down) ** 0.8 * 235
        colour = flat(stage.palette.haze, noise.shape[1], len(noise))
        box = (-stage.width // 8, stage.horizon - stage.px(rise + 6), width, height)
        drift = stage.unit * 0.9 * near
        layers.append(cel(colour, bytes_of(cover), box, near, drift=drift))
    return layers


def fall(target: Planes, drops: Drops, seconds: float) -> None:
    """Draws the drops onto a frame as they are after so many seconds."""
    left, top, right, bottom = drops.box
    down, across, _ = np.array(drops.stamp).T
    rows, columns = int(down.max()) + 1, int(np.ptp(across)) + 1
    swing = drops.sway * np.sin(seconds * 1.9 + drops.y)
    x = (drops.x + drops.run * seconds + swing - left) % (right - left - columns) + left
    y = (drops.y + drops.fall * seconds - top) % (bottom - top - rows) + top
    shine = np.ones(len(x))
    if drops.blink:
        shine = np.sin(seconds * drops.blink * (1 + drops.x % 0.7) + drops.x * 9) ** 8
    _stamp(target.y, y, x - int(across.min()), shine, drops.stamp)


def _stamp(plane: Bytes, y: Places, x: Places, shine: Places, stamp: Stamp) -> None:
    down, across, strength = np.array(stamp).T
    rows = y.astype(np.intp)[:, None] + down
    columns = x.astype(np.intp)[:, None] + across
    under = plane[rows, columns].astype(np.float32)
    under += (WHITE_LEVEL - under) * (shine[:, None] * strength / 256)
    plane[rows, columns] = under.astype(np.uint8)


__all__ = ["Drops", "fall", "glints", "mist", "rainfall", "snowfall"]
