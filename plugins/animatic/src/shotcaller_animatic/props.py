"""Paints what stands near: people, boats, palms, cacti, grass, headlands."""

from __future__ import annotations

import math

import numpy as np

from shotcaller_animatic.cels import Cel
from shotcaller_animatic.paint import Sketch, Stage, glow, ridge
from shotcaller_animatic.palette import RGB, mixed
from shotcaller_animatic.relief import conifers
from shotcaller_animatic.sky import disc_place

LANTERN: RGB = (255, 226, 150)


def _at(stage: Stage, share: float) -> float:
    margin = (stage.width - stage.frame_width) / 2
    return margin + share * stage.frame_width


def _row(stage: Stage, share: float) -> float:
    margin = (stage.height - stage.frame_height) / 2
    return margin + share * stage.frame_height


def boat(stage: Stage) -> Cel:
    """Returns a sailing boat on the water."""
    unit = stage.unit
    width, height = stage.px(9), stage.px(11)
    left = _at(stage, stage.chance("boat").uniform(0.22, 0.72))
    foot = stage.horizon + stage.px(5)
    sketch = Sketch(left, foot - height, (width, height), (0, 0, 0))
    hull, sail = stage.air((70, 52, 48), 0.5), stage.air((246, 240, 226), 0.6)
    low, middle = height - unit * 0.6, width * 0.48
    deck = low - unit * 1.3
    sketch.polygon(
        [
            (unit * 0.5, deck),
            (width - unit * 0.5, deck),
            (width - unit * 2, low),
            (unit * 1.6, low),
        ],
        hull,
    )
    sketch.line([(middle, deck), (middle, 1)], hull, unit * 0.22)
    boom = deck - unit * 0.5
    sketch.polygon([(middle, 2), (middle, boom), (width - unit, boom)], sail)
    shade = mixed(sail, hull, 0.25)
    aft = middle - unit * 0.4
    sketch.polygon([(aft, unit), (aft, boom), (unit, boom)], shade)
    return sketch.cel(0.34, drift=unit * 0.5, bob=unit * 0.16)


def figure(stage: Stage) -> Cel:
    """Returns a person seen from behind, looking into the picture."""
    unit, tall = stage.unit, stage.unit * 17
    width, height = stage.px(9), stage.px(18)
    left = _at(stage, stage.chance("figure").choice([0.34, 0.62])) - width / 2
    top = _row(stage, 0.90) - height
    sketch = Sketch(left, top, (width, height), (0, 0, 0))
    coat = stage.air((48, 50, 62), 0.92)
    legs = mixed(coat, (0, 0, 0), 0.35)
    x, foot = width / 2, height - 1.0
    head = tall * 0.065
    hip, neck = foot - tall * 0.45, foot - tall * 0.84
    for side in (-1, 1):
        ankle = x + side * tall * 0.055
        sketch.line([(x + side * tall * 0.03, hip), (ankle, foot)], legs, tall * 0.062)
        hand = (x + side * tall * 0.13, foot - tall * 0.46)
        shoulder = (x + side * tall * 0.085, neck + tall * 0.05)
        sketch.line([shoulder, hand], coat, tall * 0.045)
    sketch.polygon(
        [
            (x - tall * 0.06, neck),
            (x + tall * 0.06, neck),
            (x + tall * 0.11, neck + tall * 0.07),
            (x + tall * 0.10, hip + tall * 0.12),
            (x - tall * 0.10, hip + tall * 0.12),
            (x - tall * 0.11, neck + tall * 0.07),
        ],
        coat,
    )
    crown = neck - head * 2.2
    sketch.oval((x - head, crown, x + head, neck + head * 0.2), mixed(coat, legs, 0.5))
    return sketch.cel(0.86, bob=unit * 0.05)


def _frond(
    sketch: Sketch, crown: tuple[float, float], angle: float, reach: float, colour: RGB
) -> None:
    x, y = crown
    spine = []
    for step in range(9):
        share = step / 8
        dx = math.cos(angle) * reach * share
        dy = -math.sin(angle) * reach * share + reach * 0.62 * share * share
        spine.append((x + dx, y + dy))
    thick = reach * 0.02
    sketch.line(spine, colour, thick)
    for number, (px, py) in enumerate(spine[1:], 1):
        long = reach * 0.30 * math.sin(math.pi * (0.12 + 0.80 * number / 8))
        for lean in (-0.75, -0.1, 0.55):
            root = [(px - thick * 2, py), (px + thick * 2, py)]
            sketch.polygon([*root, (px + lean * long, py + long * 0.9)], colour)


def palm(stage: Stage, share: float, tall: float, near: float) -> Cel:
    """Returns a palm that leans into the picture from one side."""
    unit = stage.unit
    width, height = stage.px(tall * 0.95), stage.px(tall * 1.15)
    left = _at(stage, share) - width / 2
    sketch = Sketch(left, _row(stage, 1.04) - height, (width, height), (0, 0, 0))
    dark = mixed(stage.air((40, 48, 36), near), (0, 0, 0), 0.35)
    lean = -1 if share > 0.5 else 1  # noqa: PLR2004  towards the middle
    foot = width / 2 - lean * tall * unit * 0.14
    crown = (width / 2 + lean * tall * unit * 0.06, tall * unit * 0.34)
    for step in range(24):
        a, b = step / 24, (step + 1) / 24
        ends = [
            (foot + (crown[0] - foot) * t**1.6, height + (crown[1] - height) * t)
            for t in (a, b)
        ]
        sketch.line(ends, dark, unit * tall * (0.040 - 0.018 * a))
    chance = stage.chance(f"palm{share}")
    for number in range(9):
        angle = math.pi * (0.02 + 0.96 * number / 8) + chance.uniform(-0.1, 0.1)
        _frond(sketch, crown, angle, unit * tall * chance.uniform(0.36, 0.46), dark)
    return sketch.cel(near, bob=unit * 0.12)


def cactus(stage: Stage) -> Cel:
    """Returns a tall cactus."""
    unit = stage.unit
    width, height = stage.px(14), stage.px(30)
    left = _at(stage, stage.chance("cactus").choice([0.10, 0.80]))
    sketch = Sketch(left, _row(stage, 0.93) - height, (width, height), (0, 0, 0))
    colour = mixed(stage.air((58, 84, 58), 0.95), (0, 0, 0), 0.25)
    x, thick = width / 2, unit * 2.5
    _limb(sketch, [(x, height), (x, thick)], thick, colour)
    arm = height * 0.58
    for side, high, low in ((-1, 0.26, 0.0), (1, 0.16, 0.13)):
        out = x + side * unit * 4.6
        level = arm - height * low
        bend = [(x, level), (out, level), (out, height * high)]
        _limb(sketch, bend, thick * 0.72, colour)
    return sketch.cel(0.9)


def _limb(
    sketch: Sketch, points: list[tuple[float, float]], thick: float, colour: RGB
) -> None:
    sketch.line(points, colour, thick)
    for x, y in points[1:]:
        half = thick / 2
        sketch.oval((x - half, y - half, x + half, y + half), colour)


def grass(stage: Stage, colour: RGB) -> Cel:
    """Returns blades of grass right before the lens."""
    chance = stage.chance("blades")
    height = stage.px(15)
    margin = (stage.height - stage.frame_height) // 2
    top = stage.height - margin - stage.px(9)
    dark = mixed(stage.air(colour, 1), (0, 0, 0), 0.45)
    sketch = Sketch(0, top, (stage.width, height + margin), dark)
    for x in np.arange(0, stage.width, stage.unit * 0.55):
        side = abs(x / stage.width - 0.5) * 2
        tall = stage.unit * (2.0 + 6.5 * side**2) * chance.uniform(0.4, 1.1)
        foot, lean = height + margin, stage.unit * chance.uniform(-1.8, 1.8)
        low = stage.unit * 9
        tip = (x + lean, max(1.0, low - tall))
        half = stage.unit * 0.28
        sketch.polygon([(x - half, foot), tip, (x + half, foot)], dark)
    return sketch.cel(1.0)


def headland(stage: Stage) -> list[Cel]:
    """Returns a spit of land with a lighthouse, on the side away from the sun."""
    unit, chance = stage.unit, stage.chance("headland")
    width, height = round(stage.width * 0.46), stage.px(24)
    base = height - 1.0
    sun, _ = disc_place(stage)
    left = 0 if sun > stage.width / 2 else stage.width - width
    dark = mixed(stage.air((62, 70, 58), 0.58), (0, 0, 0), 0.25)
    top = stage.horizon + stage.px(4.5) - height
    sketch = Sketch(left, top, (width, height), dark)

    def x(share: float) -> float:
        return width * (share if left == 0 else 1 - share)

    shares = np.linspace(0, 1, 60)
    bumps = ridge(chance, 60, 9, octaves=3, rough=0.6)
    rise = unit * (7.5 * (1 - shares) ** 0.8 + 0.9 * bumps * (1.15 - shares) + 0.5)
    line = [(x(at), base - max(up, 0.0)) for at, up in zip(shares, rise, strict=True)]
    sketch.polygon([(x(0), base), *line, (x(1), base)], dark)
    foot = base - float(rise[43]) + unit * 0.4
    tower = x(float(shares[43]))
    return [sketch.cel(0.40), *_lighthouse(stage, (left + tower, top + foot))]


def _lighthouse(stage: Stage, foot: tuple[float, float]) -> list[Cel]:
    unit = stage.unit
    width, height = stage.px(4), stage.px(9.5)
    sketch = Sketch(foot[0] - width / 2, foot[1] - height, (width, height), (0, 0, 0))
    wall, red = stage.air((238, 232, 224), 0.6), stage.air((168, 60, 52), 0.6)
    x, low, high = width / 2, height, unit * 2.2
    for band in range(5):
        a, b = (low + (high - low) * part / 5 for part in (band, band + 1))
        wide, thin = (unit * (0.95 - 0.09 * part) for part in (band, band + 1))
        ring = [(x - wide, a), (x + wide, a), (x + thin, b), (x - thin, b)]
        sketch.polygon(ring, red if band % 2 else wall)
    sketch.oval((x - unit * 0.5, high - unit, x + unit * 0.5, high), LANTERN)
    roof = [
        (x - unit * 0.7, high - unit),
        (x, high - unit * 2),
        (x + unit * 0.7, high - unit),
    ]
    sketch.polygon(roof, red)
    lamp = (foot[0], foot[1] - height + high - unit * 0.5)
    lit = stage.palette.lamps > 0.1  # noqa: PLR2004  it is not plain day
    light = [glow(lamp, unit * 6, LANTERN, 0.40, strength=0.55)] if lit else []
    return [sketch.cel(0.40), *light]


def _coast(stage: Stage) -> list[Cel]:
    layers = headland(stage)
    if "boat" in stage.reading.props:
        layers.append(boat(stage))
    if "palm" in stage.reading.props:
        layers += [palm(stage, 0.93, 46, 0.9), palm(stage, 0.04, 62, 1.0)]
    return layers


def _vegetation(stage: Stage) -> list[Cel]:
    if "forest" in stage.reading.reliefs and stage.reading.ground != "sea":
        foot, front = stage.horizon + stage.px(6), _row(stage, 1.10)
        return [
            conifers(stage, 0.44, foot, 30, gap=9.5, name="conifers-near"),
            conifers(stage, 0.90, front, 62, gap=46, name="conifers-front"),
        ]
    if stage.reading.ground == "meadow" and "drone" not in stage.reading.moves:
        return [grass(stage, (84, 108, 54))]
    return []


def props(stage: Stage) -> list[Cel]:
    """Returns what stands near the camera, farthest first."""
    layers: list[Cel] = []
    if stage.reading.ground == "sea":
        layers += _coast(stage)
    if stage.reading.ground == "sand" and "cactus" in stage.reading.props:
        layers.append(cactus(stage))
    if "figure" in stage.reading.props and stage.reading.ground != "sea":
        layers.append(figure(stage))
    return layers + _vegetation(stage)


__all__ = ["figure", "props"]
