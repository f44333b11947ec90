"""Paints what lies in front of the horizon: water, snow, sand, grass, streets."""

from __future__ import annotations

import numpy as np

from shotcaller_animatic import city
from shotcaller_animatic.cels import Cel, Floats, cel
from shotcaller_animatic.paint import (
    Stage,
    bytes_of,
    clouds,
    ramp,
    ridge,
    rows,
)
from shotcaller_animatic.palette import RGB, mixed
from shotcaller_animatic.relief import WHITE, dune
from shotcaller_animatic.sky import covered, disc_place

BROAD = 2
"""Flat land is streaky: it is painted at half its width."""


def _receding(
    stage: Stage, name: str, height: int, cells: tuple[float, float]
) -> Floats:
    """Returns noise from 0 to 1 whose grain gets finer towards the horizon."""
    across, down = (cell * stage.unit for cell in cells)
    width = stage.width // BROAD
    flatland = clouds(stage.chance(name), width, height, (across / BROAD, down))
    at = np.linspace(0, 1, height) ** 0.42 * (height - 1)
    return flatland[at.astype(np.intp)]


def _plain(stage: Stage, colour: RGB, name: str, strength: float, near: float) -> Cel:
    height = stage.height - stage.horizon
    far = mixed(stage.air(colour, 0.4), stage.palette.haze, 0.12)
    near_colour = stage.air(mixed(colour, (0, 0, 0), 0.16), 1.0)
    stops = [(0.0, far), (0.25, stage.air(colour, 0.7)), (1.0, near_colour)]
    body = rows(ramp(stops, height), stage.width // BROAD)
    grain = _receding(stage, name, height, (12, 2.2))
    body *= (1 + strength * (grain - 0.5))[:, :, None]
    box = (0, stage.horizon, stage.width, height)
    return cel(bytes_of(body), None, box, near)


def _sheen(stage: Stage, height: int) -> Floats:
    x, _ = disc_place(stage)
    across = (np.arange(stage.width // BROAD, dtype=np.float32) * BROAD - x)[None, :]
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wide = stage.unit * (4.5 + 17 * share)
    sheen: Floats = np.exp(-((across / wide) ** 2)) * (1 - 0.55 * share)
    return sheen


def _water_colours(stage: Stage) -> tuple[RGB, RGB]:
    _, high, low, horizon = stage.palette.sky
    far = mixed(mixed(horizon, low, 0.5), stage.air((40, 92, 122), 0.6), 0.35)
    deep = mixed(
        mixed(high, stage.palette.sky[0], 0.4), stage.air((18, 62, 92), 1), 0.6
    )
    return far, deep


def water(stage: Stage) -> Cel:
    """Returns the surface of the sea with the path of light that the disc lays."""
    height = stage.height - stage.horizon
    far, deep = _water_colours(stage)
    middle = mixed(far, deep, 0.55)
    body = rows(
        ramp([(0, far), (0.22, middle), (1, deep)], height), stage.width // BROAD
    )
    swell = _receding(stage, "swell", height, (11, 1.1))
    body *= (1 + 0.34 * (swell - 0.5))[:, :, None]
    if not covered(stage):
        fine = _receding(stage, "glitter", height, (4, 0.55))
        bright = np.clip((fine - 0.40) * 4.5, 0, 1) * _sheen(stage, height)
        light = np.asarray(stage.palette.disc, np.float32)
        strength = 0.30 + 0.62 * stage.palette.glow
        body += (light - body) * (bright * strength)[:, :, None]
    box = (0, stage.horizon, stage.width, height)
    return cel(bytes_of(body), None, box, 0.22)


def wave(stage: Stage, share: float, near: float, name: str) -> Cel:
    """Returns one swell that comes and goes, at a share of the way to the eye."""
    chance = stage.chance(name)
    width = int(stage.width * 1.1)
    reach = stage.height - stage.horizon
    height = max(6, int(reach * (0.10 + 0.22 * share)))
    rise = stage.unit * (0.5 + 2.3 * share)
    line = rise * (1.1 + ridge(chance, width, rise * 7, octaves=4, rough=0.42))
    down = np.arange(height, dtype=np.float32)[:, None] - line[None, :]
    far, deep = _water_colours(stage)
    body = mixed(mixed(far, deep, 0.35 + 0.6 * share), (0, 0, 0), 0.10)
    crest = np.exp(-np.clip(down, 0, None) / (rise * 0.28 + 0.5))
    foam = clouds(chance, width, height, (stage.unit * 2, stage.unit * 0.6))
    white = np.asarray(
        mixed(stage.palette.sky[3], stage.air(WHITE, 1), 0.5), np.float32
    )
    colours = rows(ramp([(0, body), (1, body)], height), width)
    light = (0.16 + 0.5 * (foam > 0.56)) * crest  # noqa: PLR2004  where it breaks
    colours += (white - colours) * light[:, :, None].astype(np.float32)
    cover = np.clip(down + 1, 0, 1) * np.clip(1 - down / (height - rise), 0, 1) ** 1.4
    top = stage.horizon + int(reach * share)
    box = (-int(stage.width * 0.05), top, width, height)
    drift = stage.unit * 0.5 * chance.choice([-1.0, 1.0])
    bob = stage.unit * 0.55 * near
    painted, alpha = bytes_of(colours), bytes_of(cover * 225)
    return cel(painted, alpha, box, near, drift=drift, bob=bob)


def sea(stage: Stage, mirrored: list[Cel]) -> list[Cel]:
    """Returns water that mirrors the given cels, and three swells on it."""
    swells = [
        wave(stage, 0.16, 0.36, "swell-far"),
        wave(stage, 0.40, 0.56, "swell-mid"),
        wave(stage, 0.70, 0.86, "swell-near"),
    ]
    return [water(stage), *mirrored, *swells]


def snowfield(stage: Stage) -> list[Cel]:
    """Returns snow with soft drifts."""
    plain = _plain(stage, WHITE, "drifts", 0.14, 0.5)
    return [plain, _bank(stage, WHITE, 0.80, 16, "bank")]


def _bank(stage: Stage, colour: RGB, near: float, tall: float, name: str) -> Cel:
    chance = stage.chance(name)
    top = stage.height - stage.px(tall) - (stage.height - stage.frame_height) // 2
    height = stage.height - top
    noise = ridge(chance, stage.width, stage.unit * 60, octaves=3, rough=0.3)
    line = stage.unit * tall * (0.42 - 0.36 * noise)
    down = np.arange(height, dtype=np.float32)[:, None] - line[None, :]
    edge, foot = stage.air(colour, near), stage.air(mixed(colour, (20, 40, 70), 0.3), 1)
    share = np.clip(down / (stage.unit * tall), 0, 1)[:, :, None]
    light, dark = np.asarray(edge, np.float32), np.asarray(foot, np.float32)
    texture = clouds(chance, stage.width, height, (stage.unit * 7, stage.unit * 1.6))
    body = (light + (dark - light) * share) * (0.93 + 0.14 * texture)[:, :, None]
    cover = np.clip(down / (stage.unit * 0.2) + 1, 0, 1) * 255
    return cel(bytes_of(body), bytes_of(cover), (0, top, stage.width, height), near)


def sands(stage: Stage) -> list[Cel]:
    """Returns sand that rises into dunes towards the eye."""
    span = stage.height - stage.horizon
    return [
        dune(stage, 0.48, stage.horizon + int(span * 0.02), 11, "dune-near"),
        dune(stage, 0.82, stage.horizon + int(span * 0.34), 15, "dune-front"),
    ]


def meadow(stage: Stage) -> list[Cel]:
    """Returns grass land."""
    colour: RGB = (104, 132, 66) if stage.reading.light == "day" else (92, 112, 66)
    if "mountain" in stage.reading.reliefs or "forest" in stage.reading.reliefs:
        colour = mixed(colour, (70, 86, 70), 0.5)
    plain = _plain(stage, colour, "grass", 0.5, 0.5)
    return [plain, _bank(stage, mixed(colour, (30, 40, 20), 0.3), 0.85, 13, "knoll")]


def street(stage: Stage) -> list[Cel]:
    """Returns a street that runs away from the eye."""
    return [city.pavement(stage).cel(0.5)]


def ground(stage: Stage, mirrored: list[Cel]) -> list[Cel]:
    """Returns the layers of the ground that the prompt asks for, farthest first."""
    if stage.reading.ground == "sea":
        return sea(stage, mirrored)
    painters = {"snow": snowfield, "sand": sands, "street": street}
    return painters.get(stage.reading.ground, meadow)(stage)


__all__ = ["ground"]
