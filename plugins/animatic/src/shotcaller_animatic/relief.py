"""Paints what stands at the horizon: mountains, hills, dunes and forests."""

from __future__ import annotations

import numpy as np

from shotcaller_animatic.cels import Bytes, Cel, Floats, cel
from shotcaller_animatic.paint import (
    Sketch,
    Stage,
    below,
    bytes_of,
    clouds,
    ramp,
    ridge,
    rows,
    waves,
)
from shotcaller_animatic.palette import RGB, mixed

WHITE: RGB = (238, 243, 250)


def _strip(line: Floats, colours: Floats, top: int, near: float) -> Cel:
    height, width = colours.shape[:2]
    box = (0, top, width, height)
    return cel(bytes_of(colours), below(line, height), box, near)


def _base(stage: Stage, colour: RGB, near: float, height: int) -> Floats:
    body = stage.air(colour, near)
    misty = mixed(body, stage.palette.haze, 0.55 * (1 - near))
    return rows(ramp([(0, body), (1, misty)], height), stage.width)


def _sunny_side(stage: Stage, line: Floats, reach: float) -> Floats:
    slope = np.gradient(line) * (6 / max(stage.unit, 1))
    spread = max(3, int(reach))
    kernel = np.ones(spread, np.float32) / spread
    smooth = np.convolve(slope, kernel, mode="same")
    side: Floats = np.tanh(smooth * 4).astype(np.float32)
    return side


def _faces(stage: Stage, line: Floats, folds: Floats) -> Floats:
    """Returns how sunny a mountain's faces are, -1 to 1; their edges run aslant."""
    height, width = folds.shape
    down = np.arange(height, dtype=np.float32)[:, None] - line[None, :]
    bend = (folds - 0.5) * stage.unit * 5
    across = np.arange(width, dtype=np.float32)[None, :]
    at = np.clip(
        across - 0.5 * down + bend * np.clip(down / stage.unit, 0, 3), 0, width - 1
    )
    return _sunny_side(stage, line, stage.unit * 3.0)[at.astype(np.intp)]


def _mountain(stage: Stage, near: float, tall: float, name: str) -> Cel:
    chance = stage.chance(name)
    height = stage.px(tall * 1.25)
    top = stage.horizon - stage.px(tall)
    period = stage.unit * 34 * (0.55 + near)
    noise = ridge(chance, stage.width, period, octaves=7, rough=0.46)
    line = height * 0.16 + (0.5 - noise * 0.95) * stage.unit * tall * 0.52
    colours = _base(stage, (104, 108, 122), near, height)
    folds = clouds(chance, stage.width, height, (stage.unit * 2.2, stage.unit * 5))
    side = _faces(stage, line, folds)
    shade = 1 + (0.30 * side + 0.5 * (folds - 0.5)) * (0.4 + near)
    colours *= shade[:, :, None]
    _snow_caps(stage, colours, line, folds=folds, side=side, near=near)
    return _strip(line, colours, top, near)


def _snow_caps(
    stage: Stage,
    colours: Floats,
    line: Floats,
    *,
    folds: Floats,
    side: Floats,
    near: float,
) -> None:
    down = np.arange(colours.shape[0], dtype=np.float32)[:, None]
    low = stage.reading.ground == "snow"
    reach = stage.unit * (26 if low else 10)
    depth = (down - line[None, :]) / reach + (folds - 0.5) * 2.4
    high = (line[None, :] - line.min()) / (np.ptp(line) + 1)
    cap = np.clip((0.75 - depth - (0 if low else 0.9) * high) * 5, 0, 1)
    bright = np.asarray(stage.air(WHITE, 0.25 + 0.75 * near), np.float32)
    shaded = bright * (0.85 + 0.15 * side)[:, :, None]
    colours += (shaded - colours) * (0.9 * cap)[:, :, None]


def mountains(stage: Stage) -> list[Cel]:
    """Returns two ranges, one behind the other."""
    return [
        _mountain(stage, 0.12, 30, "range-far"),
        _mountain(stage, 0.30, 19, "range-near"),
    ]


def _hill(stage: Stage, near: float, tall: float, colour: RGB, name: str) -> Cel:
    chance = stage.chance(name)
    height = stage.px(tall * 1.4) + stage.px(4)
    top = stage.horizon - stage.px(tall)
    noise = ridge(chance, stage.width, stage.unit * 36, octaves=4, rough=0.34)
    line = stage.unit * tall * (0.5 - 0.42 * noise)
    colours = _base(stage, colour, near, height)
    grass = clouds(chance, stage.width, height, (stage.unit * 9, stage.unit * 1.4))
    colours *= (0.86 + 0.28 * grass)[:, :, None]
    down = np.arange(height, dtype=np.float32)[:, None] - line[None, :]
    rim = np.exp(-np.clip(down, 0, None) / (stage.unit * 0.9)) * 0.22
    colours *= 1 + rim[:, :, None]
    return _strip(line, colours, top, near)


def hills(stage: Stage) -> list[Cel]:
    """Returns three rows of hills."""
    green: RGB = WHITE if stage.reading.ground == "snow" else (98, 132, 74)
    dark = mixed(green, (20, 40, 40), 0.30)
    return [
        _hill(stage, 0.10, 19, dark, "hill-far"),
        _hill(stage, 0.24, 12, mixed(green, dark, 0.6), "hill-mid"),
        _hill(stage, 0.40, 6.5, green, "hill-near"),
    ]


def _ripples(stage: Stage, line: Floats, height: int, near: float) -> Floats:
    down = np.arange(height, dtype=np.float32)[:, None]
    across = np.arange(stage.width, dtype=np.float32)[None, :]
    bend = waves(stage.chance(f"bend{near}"), stage.width, stage.unit * 14)
    phase = (down - line[None, :]) / (stage.unit * (0.35 + 0.75 * near))
    turn = phase + 2.6 * bend[None, :] + across / (stage.unit * 11)
    ripples: Floats = np.sin(turn)
    return ripples


def dune(stage: Stage, near: float, top: int, tall: float, name: str) -> Cel:
    """Returns one dune of sand, ``tall`` units high, with a bright and a dark side."""
    chance = stage.chance(name)
    height = stage.height - top
    noise = ridge(chance, stage.width, stage.unit * 52, octaves=3, rough=0.24)
    line = stage.unit * tall * (0.5 - 0.48 * noise)
    colours = _base(stage, (222, 176, 116), near, height)
    down = np.arange(height, dtype=np.float32)[:, None] - line[None, :]
    edge = waves(chance, stage.width, stage.unit * 20) * stage.unit * 5
    slope = _sunny_side(stage, line, stage.unit * 5)[None, :]
    share = np.clip(down / (stage.unit * 24), 0, 1)
    lee = 1 / (1 + np.exp(-(slope * 5 - share * 3 + edge / (stage.unit * 9))))
    shade = 1.20 - 0.62 * lee * (0.35 + 0.65 * near)
    shade += 0.20 * np.exp(-np.clip(down, 0, None) / (stage.unit * 0.5))
    shade += 0.035 * near * _ripples(stage, line, height, near)
    colours *= shade[:, :, None]
    return _strip(line, colours, top, near)


def dunes(stage: Stage) -> list[Cel]:
    """Returns two rows of dunes at the horizon."""
    return [
        dune(stage, 0.14, stage.horizon - stage.px(9), 9, "dune-far"),
        dune(stage, 0.28, stage.horizon - stage.px(4), 8, "dune-mid"),
    ]


def _conifer(
    sketch: Sketch,
    at: tuple[float, float],
    tall: float,
    *,
    colour: RGB,
    snow: RGB | None,
    chance: np.random.Generator,
) -> None:
    x, foot = at
    trunk = tall * 0.025
    sketch.polygon([(x - trunk, foot), (x, foot - tall), (x + trunk, foot)], colour)
    tiers = 8
    for tier in range(tiers):
        base = foot - tall * (0.05 + 0.112 * tier)
        half = tall * 0.22 * (1 - tier / (tiers + 0.5)) * chance.uniform(0.86, 1.14)
        top = (x + half * chance.uniform(-0.1, 0.1), base - tall * 0.24)
        shade = mixed(colour, (0, 0, 0), 0.06 + 0.16 * chance.random())
        left, right = (x - half, base), (x + half, base + half * 0.08)
        notches = [
            (x + half * 0.45, base - half * 0.22),
            (x + half * 0.1, base),
            (x - half * 0.4, base - half * 0.20),
        ]
        sketch.polygon([left, top, right, *notches], shade)
        if snow is not None:
            low = base - tall * 0.035
            cap = [(x - half * 0.72, low), top, (x + half * 0.62, low)]
            sag = [
                (x + half * 0.3, low - half * 0.28),
                (x, low - half * 0.05),
                (x - half * 0.36, low - half * 0.26),
            ]
            sketch.polygon([*cap, *sag], snow)


def conifers(
    stage: Stage, near: float, foot: float, tall: float, *, gap: float, name: str
) -> Cel:
    """Returns a row of trees; ``foot`` is a row, ``tall`` and ``gap`` are in units."""
    chance = stage.chance(name)
    height = stage.px(tall * 1.25)
    colour = stage.air((44, 74, 56), near)
    white = stage.reading.ground == "snow"
    snow = stage.air(mixed(WHITE, (160, 190, 220), 0.2), near) if white else None
    sketch = Sketch(0, foot - height, (stage.width, height), colour)
    x = -stage.unit * gap
    while x < stage.width + stage.unit * gap:
        size = stage.unit * tall * chance.uniform(0.55, 1.12)
        lower = height - stage.unit * tall * 0.06 * chance.random()
        _conifer(sketch, (x, lower), size, colour=colour, snow=snow, chance=chance)
        x += stage.unit * gap * chance.uniform(0.5, 1.5)
    rgb, cover = sketch.pictures()
    box = (0, foot - height, stage.width, height)
    return cel(_misty(stage, rgb, near), cover, box, near)


def _misty(stage: Stage, rgb: Bytes, near: float) -> Bytes:
    share = np.linspace(0, 1, len(rgb), dtype=np.float32)[:, None, None] ** 2
    share *= 0.55 * (1 - near)
    colours = rgb * (1 - share)
    colours += np.asarray(stage.palette.haze, np.float32) * share
    return bytes_of(colours)


def forest(stage: Stage) -> list[Cel]:
    """Returns two rows of conifers, mist between them."""
    line = stage.horizon
    return [
        conifers(stage, 0.12, line + stage.px(1), 12, gap=2.0, name="wood-far"),
        conifers(stage, 0.26, line + stage.px(3), 20, gap=4.2, name="wood-mid"),
    ]


__all__ = ["conifers", "dune", "dunes", "forest", "hills", "mountains"]
