"""Paints cities: skylines with lit windows, their reflection, and streets."""

from __future__ import annotations

import numpy as np

from shotcaller_animatic.cels import Bytes, Cel, Floats, cel
from shotcaller_animatic.paint import Sketch, Stage, bytes_of, flat, glow
from shotcaller_animatic.palette import RGB, mixed
from shotcaller_animatic.sky import disc_place

LAMP: RGB = (255, 206, 128)
COOL: RGB = (206, 226, 255)


class _Block:
    """Is a strip of town being built: colours and cover, house by house."""

    def __init__(self, stage: Stage, near: float, height: int, name: str) -> None:
        self.stage, self.near, self.height = stage, near, height
        self.chance = stage.chance(name)
        self.base = stage.air((92, 98, 112), near)
        self.rgb = flat(self.base, stage.width, height).astype(np.float32)
        self.cover = np.zeros((height, stage.width), np.uint8)

    def house(self, left: int, width: int, tall: int) -> None:
        """Builds one house with its windows and what stands on its roof."""
        top = max(0, self.height - tall)
        right = left + width
        low, high = max(left, 0), min(right, self.stage.width)
        if high - low < 2:  # noqa: PLR2004  nothing of it is on the stage
            return
        shade = self.chance.uniform(0.82, 1.14)
        wall = np.asarray(self.base, np.float32) * shade
        self.rgb[top:, low:high] = wall
        self.rgb[top:, low : low + max(1, width // 5)] *= 0.88
        self.cover[top:, low:high] = 255
        self._roof(low, high, top, wall)
        self._windows(low, high, top, wall)

    def _roof(self, low: int, high: int, top: int, wall: Floats) -> None:
        kind = self.chance.random()
        middle, width = (low + high) // 2, high - low
        if kind < 0.35:  # noqa: PLR2004  a third of them step back
            step = min(top, max(2, width // 3))
            part = slice(low + width // 4, high - width // 4)
            self.rgb[top - step : top, part] = wall * 0.95
            self.cover[top - step : top, part] = 255
        elif kind < 0.6:  # noqa: PLR2004  and a quarter have a mast
            thin = max(1, self.stage.px(0.22))
            mast = min(top, self.stage.px(4.5))
            self.rgb[top - mast : top, middle : middle + thin] = wall * 0.8
            self.cover[top - mast : top, middle : middle + thin] = 255

    def _windows(self, low: int, high: int, top: int, wall: Floats) -> None:
        size = max(2, self.stage.px(0.42 + 0.5 * self.near))
        pitch = size * 2
        lines = (self.height - top - size) // pitch
        columns = (high - low - size) // pitch
        if lines < 1 or columns < 1:
            return
        grid = np.tile(wall, (2 * lines, 2 * columns, 1))
        grid[0::2, 0::2] = self._panes(lines, columns, wall)
        grown = grid.repeat(size, axis=0).repeat(size, axis=1)
        y, x = top + size, low + size
        part = self.rgb[y : y + pitch * lines, x : x + pitch * columns]
        part[:] = grown[: part.shape[0], : part.shape[1]]

    def _panes(self, lines: int, columns: int, wall: Floats) -> Floats:
        shape = (lines, columns, 1)
        on = self.chance.random(shape) < self.stage.palette.lamps
        warm = self.chance.random(shape) < 0.78  # noqa: PLR2004  most are
        light = np.where(warm, LAMP, COOL) * self.chance.uniform(0.55, 1.0, shape)
        haze = np.asarray(self.stage.palette.haze, np.float32)
        light = light + (haze - light) * 0.45 * (1 - self.near)
        return np.where(on, light, wall * 0.86 + haze * 0.07).astype(np.float32)


def _open_to_the_sun(stage: Stage, x: float) -> float:
    """Returns how high a house may be so that a low sun is seen between them."""
    if stage.palette.rise > 0.3:  # noqa: PLR2004  it stands above them all
        return 1.0
    sun, _ = disc_place(stage)
    away = (x - sun) / (stage.unit * 15)
    return float(1 - 0.80 * np.exp(-(away**4)))


def _block(
    stage: Stage, near: float, tall: float, wide: tuple[float, float], name: str
) -> _Block:
    height = stage.px(tall * 1.3)
    block = _Block(stage, near, height, name)
    centre = stage.width * block.chance.uniform(0.35, 0.65)
    left = -stage.px(2)
    while left < stage.width:
        width = stage.px(block.chance.uniform(*wide))
        hump = np.exp(-(((left - centre) / (stage.frame_width * 0.34)) ** 2))
        share = (0.30 + 0.70 * hump) * block.chance.uniform(0.45, 1.05)
        share *= _open_to_the_sun(stage, left + width / 2)
        block.house(left, width, stage.px(tall * share))
        left += width + stage.px(0.3) * int(block.chance.integers(0, 3))
    return block


def _hazy(stage: Stage, rgb: Floats, near: float) -> Bytes:
    share = np.linspace(0, 1, len(rgb), dtype=np.float32)[:, None, None] ** 2
    haze = np.asarray(stage.palette.haze, np.float32)
    share *= 0.6 * (1 - near)
    rgb *= 1 - share
    rgb += haze * share
    return bytes_of(rgb)


def _skyline(
    stage: Stage, near: float, tall: float, wide: tuple[float, float], name: str
) -> list[Cel]:
    block = _block(stage, near, tall, wide, name)
    foot = stage.horizon + stage.px(1.2 * near)
    painted = _hazy(stage, block.rgb, near)
    box = (0, foot - block.height, stage.width, block.height)
    layers = [cel(painted, block.cover, box, near)]
    if stage.reading.ground == "sea" and near > 0.2:  # noqa: PLR2004  the nearest row
        layers.append(_reflection(stage, painted, block.cover, foot, near))
    return layers


def _reflection(
    stage: Stage, painted: Bytes, cover: Bytes, foot: int, near: float
) -> Cel:
    height = len(painted) * 2 // 3
    fade = np.linspace(0.55, 0.0, len(painted), dtype=np.float32)[:, None]
    chance = stage.chance("ripple")
    upside = painted[::-1]
    mirrored = cover[::-1] * fade
    shifts = chance.normal(0, stage.unit * 0.5, len(painted)).astype(np.intp)
    shifts = shifts * np.arange(len(painted)) // len(painted)
    columns = (np.arange(stage.width)[None, :] + shifts[:, None]) % stage.width
    lines = np.arange(len(painted))[:, None]
    box = (0, foot, stage.width, height)
    # It lies on the water, which is painted after the town: see `ground`.
    return cel(upside[lines, columns], bytes_of(mirrored[lines, columns]), box, near)


def skyline(stage: Stage) -> tuple[list[Cel], list[Cel]]:
    """Returns rows of houses, and what of them the water mirrors."""
    far = _skyline(stage, 0.10, 20, (2.2, 5.0), "town-far")
    mid = _skyline(stage, 0.18, 27, (3.0, 6.5), "town-mid")
    close = _skyline(stage, 0.26, 17, (3.5, 8.0), "town-near")
    return [*far, *mid, close[0]], close[1:]


def facades(stage: Stage) -> list[Cel]:
    """Returns tall houses at both sides of a street."""
    near, tall = 0.62, 58
    block = _Block(stage, near, stage.px(tall), "facades")
    margin = (stage.width - stage.frame_width) // 2
    gap = stage.frame_width // 2 - stage.px(16)
    middle = stage.width // 2
    for side in (-1, 1):
        at = middle + side * gap
        while abs(at - middle) < stage.frame_width // 2 + margin:
            width = stage.px(block.chance.uniform(8, 13))
            left = at if side > 0 else at - width
            share = block.chance.uniform(0.62, 0.98)
            block.house(left, width, stage.px(tall * share))
            at += side * width
    foot = stage.horizon + stage.px(9)
    box = (0, foot - block.height, stage.width, block.height)
    return [cel(_hazy(stage, block.rgb, near), block.cover, box, near)]


def street_lamps(stage: Stage) -> list[Cel]:
    """Returns lamps along a street, lit when it is dark."""
    height = stage.px(36)
    foot = stage.horizon + stage.px(20)
    sketch = Sketch(0, foot - height, (stage.width, height), (0, 0, 0))
    colour = stage.air((46, 48, 56), 0.9)
    lights: list[Cel] = []
    for side in (-1, 1):
        x = stage.width / 2 + side * (stage.frame_width / 2 - stage.px(9))
        arm = x - side * stage.unit * 7
        top = stage.unit * 3
        points = [(x, height), (x, top + stage.unit * 2), (x - side * stage.unit, top)]
        sketch.line([*points, (arm, top)], colour, stage.unit * 0.55)
        sketch.oval((arm - stage.unit, top, arm + stage.unit, top + stage.unit), LAMP)
        if stage.palette.lamps > 0.1:  # noqa: PLR2004  it is not plain day
            middle = (arm, foot - height + top + stage.unit * 0.5)
            lights.append(glow(middle, stage.unit * 11, LAMP, 0.85, strength=0.6))
    return [sketch.cel(0.85), *lights]


def pavement(stage: Stage) -> Sketch:
    """Returns a street in perspective, as wide as the stage."""
    height = stage.height - stage.horizon
    grey = stage.air((84, 86, 92), 0.6)
    sketch = Sketch(0, stage.horizon, (stage.width, height), grey)
    eye, width = stage.width / 2, stage.width
    sketch.box((0, 0, width, height), grey)
    road = mixed(grey, (0, 0, 0), 0.34)
    half = stage.unit * 60 * height / stage.frame_height
    edge = [(eye - stage.unit, 0), (eye + stage.unit, 0)]
    sketch.polygon([*edge, (eye + half, height), (eye - half, height)], road)
    white = stage.air((236, 232, 214), 0.7)
    thin = stage.unit * 1.6
    for number in range(8):
        start, end = (0.02 * 1.62**number, 0.02 * 1.62 ** (number + 0.5))
        sketch.polygon(
            [
                (eye - thin * start, height * start),
                (eye + thin * start, height * start),
                (eye + thin * end, height * end),
                (eye - thin * end, height * end),
            ],
            white,
        )
    return sketch


__all__ = ["facades", "pavement", "skyline", "street_lamps"]
