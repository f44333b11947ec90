"""Paints the sky: its gradient, sun or moon, stars and clouds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shotcaller_animatic.cels import Bytes, Cel, Floats, cel
from shotcaller_animatic.paint import (
    Sketch,
    Stage,
    bytes_of,
    clouds,
    disc,
    flat,
    glow,
    ramp,
    rows,
)
from shotcaller_animatic.palette import mixed

COARSE = 4
"""The sky is soft: it is painted at a quarter of the size."""


def covered(stage: Stage) -> bool:
    """Tells whether clouds hide the sun or the moon."""
    return stage.reading.light == "overcast" or stage.reading.weather == "rain"


def disc_place(stage: Stage) -> tuple[float, float]:
    """Returns where on the stage the middle of the sun or moon stands."""
    side = 0.5 + 0.22 * stage.chance("disc").choice([-1.0, 1.0])
    if "sea" in stage.reading.ground:
        side = 0.5 + 0.6 * (side - 0.5)
    margin = (stage.width - stage.frame_width) / 2
    top = (stage.height - stage.frame_height) / 2
    room = stage.horizon - top
    return (
        margin + side * stage.frame_width,
        stage.horizon - stage.palette.rise * room * 0.92,
    )


def _gradient(stage: Stage, width: int, height: int) -> Floats:
    zenith, high, low, horizon = stage.palette.sky
    line = stage.horizon / stage.height
    stops = [(0.0, zenith), (0.4 * line, high), (0.78 * line, low), (line, horizon)]
    return rows(ramp(stops, height), width)


def _shine(stage: Stage, width: int, height: int) -> Floats:
    x, y = disc_place(stage)
    across = (np.arange(width, dtype=np.float32) * COARSE - x)[None, :]
    down = (np.arange(height, dtype=np.float32) * COARSE - y)[:, None]
    away = np.sqrt(across**2 + (1.25 * down) ** 2) / (stage.unit * 38)
    return np.exp(-2.1 * away) * stage.palette.glow


def _grain(chance: np.random.Generator, picture: Bytes) -> None:
    tile = chance.integers(-1, 2, (256, 256), np.int8)
    repeats = (picture.shape[0] // 256 + 1, picture.shape[1] // 256 + 1)
    noise = np.tile(tile, repeats)[: picture.shape[0], : picture.shape[1]]
    np.clip(picture, 2, 253, out=picture)
    picture += noise.view(np.uint8)


def _sprinkle(stage: Stage, picture: Bytes, lowest: float) -> None:
    chance, count = stage.chance("stars"), stage.palette.stars
    height, width = picture.shape
    y = (chance.random(count) ** 1.3 * lowest * height).astype(np.intp)
    x = (chance.random(count) * (width - 4)).astype(np.intp)
    shine = chance.random(count) ** 3
    reach = 2 if stage.unit < 11 else 3  # noqa: PLR2004  larger frames, larger stars
    for dy in range(reach):
        for dx in range(reach):
            under = picture[y + dy, x + dx].astype(np.float64)
            bright = under + (238 - under) * (0.18 + 0.82 * shine)
            picture[y + dy, x + dx] = bright.astype(np.uint8)


def backdrop(stage: Stage) -> Cel:
    """Returns the sky itself, with the glow of the disc and the stars."""
    width, height = stage.width // COARSE + 1, stage.height // COARSE + 1
    colour = _gradient(stage, width, height)
    shine = _shine(stage, width, height)[:, :, None]
    warm = np.asarray(mixed(stage.palette.disc, stage.palette.sky[3], 0.35), np.float32)
    colour += (warm - colour) * np.minimum(shine, 0.92)
    box = (0, 0, stage.width, stage.height)

    def finish(samples: Bytes) -> None:
        _grain(stage.chance("grain"), samples)
        if not covered(stage):
            _sprinkle(stage, samples, 0.9 * stage.horizon / stage.height)

    return cel(bytes_of(colour), None, box, 0.0, finish=finish)


def _moon(stage: Stage, size: int) -> Bytes:
    face = clouds(stage.chance("moon"), size, size, (size / 3, size / 3))
    shade = 0.80 + 0.28 * np.clip((face - 0.35) * 2.2, 0, 1)
    colour = np.asarray(stage.palette.disc, np.float32)
    return bytes_of(shade[:, :, None] * colour)


def heavenly_disc(stage: Stage) -> list[Cel]:
    """Returns the sun or the moon with the light around it; none under clouds."""
    if covered(stage):
        return []
    x, y = disc_place(stage)
    moon = stage.reading.light in {"night", "dusk"}
    radius = stage.unit * (3.4 if moon else 3.9)
    size = max(6, 2 * round(radius))
    away = disc(size)
    cover = bytes_of(np.clip((1 - away) * size / 2, 0, 1) * 255)
    face = _moon(stage, size) if moon else flat(stage.palette.disc, size, size)
    ball = cel(face, cover, (x - size / 2, y - size / 2, size, size), 0.0)
    strength = 0.35 if moon else 0.62
    colour = stage.palette.disc
    return [glow((x, y), radius * 3.2, colour, 0.0, strength=strength), ball]


def _cloud_colours(stage: Stage, cover: Floats) -> Bytes:
    palette = stage.palette
    dark = mixed(palette.sky[1], palette.haze, 0.30)
    bright = mixed(palette.sky[3], palette.disc, 0.55)
    if stage.reading.light in {"night", "dusk"}:
        bright = mixed(palette.sky[2], palette.haze, 0.7)
    light = np.clip(1.15 - 0.75 * cover, 0, 1)[:, :, None]
    low, high = np.asarray(dark, np.float32), np.asarray(bright, np.float32)
    return bytes_of(low + (high - low) * light)


def cloud_cover(stage: Stage) -> Cel:
    """Returns slowly drifting clouds."""
    chance = stage.chance("clouds")
    height = max(8, int(stage.horizon * 0.95))
    width, low = stage.width // COARSE, height // COARSE
    cells = (stage.unit * 24 / COARSE, stage.unit * 5.5 / COARSE)
    noise = clouds(chance, width, low, cells)
    heavy = covered(stage)
    edge = 0.38 if heavy else 0.54
    cover = np.clip((noise - edge) * (3.2 if heavy else 4.2), 0, 1)
    fade = np.interp(np.linspace(0, 1, low), (0, 0.25, 0.8, 1), (0.5, 1, 0.75, 0))
    faded = (cover * fade[:, None] * 0.86).astype(np.float32)
    box = (-stage.px(3), 0, stage.width + stage.px(6), height)
    painted = _cloud_colours(stage, cover)
    layer = cel(painted, bytes_of(faded * 255), box, 0.06)
    return replace(layer, drift=stage.unit * 0.35 * chance.choice([-1.0, 1.0]))


def birds(stage: Stage) -> Cel:
    """Returns a few birds far away."""
    chance = stage.chance("birds")
    width, height = stage.px(26), stage.px(12)
    left = (stage.width - width) * chance.uniform(0.35, 0.65)
    sketch = Sketch(left, stage.horizon * 0.45, (width, height), (0, 0, 0))
    colour = stage.air((40, 42, 50), 0.35)
    for _ in range(7):
        x, y = chance.uniform(2, width - 4), chance.uniform(2, height - 4)
        wing = stage.unit * chance.uniform(0.5, 1.1)
        points = [(x - wing, y - wing * 0.4), (x, y), (x + wing, y - wing * 0.5)]
        sketch.line(points, colour, stage.unit * 0.13)
    return sketch.cel(0.15, drift=stage.unit * 0.8, bob=stage.unit * 0.2)


def sky(stage: Stage) -> list[Cel]:
    """Returns the layers of the sky, farthest first."""
    layers = [backdrop(stage), *heavenly_disc(stage), cloud_cover(stage)]
    if "birds" in stage.reading.props:
        layers.append(birds(stage))
    return layers


__all__ = ["covered", "disc_place", "sky"]
