"""Paints interiors: a room with a window, shelves, lamps, tables."""

from __future__ import annotations

import numpy as np

from shotcaller_animatic.cels import Cel, cel
from shotcaller_animatic.city import LAMP
from shotcaller_animatic.paint import Sketch, Stage, bytes_of, clouds, glow, ramp, rows
from shotcaller_animatic.palette import RGB, mixed
from shotcaller_animatic.props import figure

WALLS: tuple[RGB, ...] = ((150, 108, 82), (96, 112, 110), (134, 98, 96), (112, 104, 88))
WOOD: RGB = (112, 74, 48)


class _Room:
    """Is the room's measures in pixels of the stage, and its colours."""

    def __init__(self, stage: Stage) -> None:
        chance = stage.chance("room")
        self.stage, self.unit = stage, stage.unit
        self.left = (stage.width - stage.frame_width) / 2
        self.top = (stage.height - stage.frame_height) / 2
        self.floor = round(self.top + stage.frame_height * 0.69)
        dark = stage.reading.light in {"night", "dusk"}
        self.light = 0.60 if dark else 0.92
        self.wall = self.lit(WALLS[int(chance.integers(len(WALLS)))])
        self.wood = self.lit(WOOD)
        self.side = 1 if chance.random() < 0.5 else -1  # noqa: PLR2004  even odds

    def lit(self, colour: RGB, share: float = 1.0) -> RGB:
        """Returns a colour in the light of the lamps."""
        r, g, b = colour
        warm = self.light * share
        return r * warm * 1.04, g * warm * 0.95, b * warm * 0.82

    def x(self, share: float) -> float:
        """Returns a column by its share of the frame, mirrored in half the rooms."""
        at = share if self.side > 0 else 1 - share
        return self.left + at * self.stage.frame_width

    def y(self, share: float) -> float:
        """Returns a row by its share of the frame."""
        return self.top + share * self.stage.frame_height


def _outside(room: _Room, box: tuple[int, int, int, int]) -> Cel:
    stage = room.stage
    # The view lags behind the window as the camera moves: it is wider than that.
    more, higher = stage.frame_width // 3, stage.frame_height // 6
    left, top, width, height = box
    left, width = left - more, width + 2 * more
    top, height = top - higher, height + 2 * higher
    sky = stage.palette.sky
    view = rows(ramp([(0, sky[1]), (0.55, sky[2]), (0.8, sky[3])], height), width)
    chance = stage.chance("outside")
    far = mixed(sky[3], stage.air((70, 80, 96), 0.5), 0.6)
    x = 0
    while x < width:
        wide = max(2, stage.px(chance.uniform(1.5, 4)))
        roof = int(height * chance.uniform(0.42, 0.72))
        view[roof:, x : x + wide] = np.asarray(far) * chance.uniform(0.85, 1.1)
        x += wide
    small = bytes_of(view)[:: max(1, stage.px(0.4)), :: max(1, stage.px(0.4))]
    return cel(small, None, (left, top, width, height), 0.05)


def _window(room: _Room) -> tuple[int, int, int, int]:
    width, height = room.stage.frame_width * 0.36, room.stage.frame_height * 0.40
    middle = room.x(0.30)
    return round(middle - width / 2), round(room.y(0.15)), round(width), round(height)


def _wall(room: _Room, window: tuple[int, int, int, int]) -> Cel:
    stage = room.stage
    height = room.floor
    dim = mixed(room.wall, (8, 6, 6), 0.45)
    body = rows(ramp([(0, dim), (0.45, room.wall), (1, dim)], height), stage.width)
    texture = clouds(
        stage.chance("plaster"),
        stage.width // 4,
        height // 4,
        (room.unit * 4, room.unit * 3),
    )
    grown = texture.repeat(4, axis=0).repeat(4, axis=1)
    body[: len(grown), : grown.shape[1]] *= (0.94 + 0.12 * grown)[:, :, None]
    cover = np.full((height, stage.width), 255, np.uint8)
    left, top, width, tall = window
    frame = max(2, stage.px(0.7))
    wood = np.asarray(mixed(room.wood, (0, 0, 0), 0.25), np.float32)
    body[top - frame : top + tall + frame, left - frame : left + width + frame] = wood
    cover[top : top + tall, left : left + width] = 0
    for share in (1 / 3, 2 / 3):
        bar = left + int(width * share)
        cover[top : top + tall, bar - frame // 3 : bar + frame // 3 + 1] = 255
    across = top + int(tall * 0.4)
    cover[across : across + max(1, frame // 2), left : left + width] = 255
    return cel(bytes_of(body), cover, (0, 0, stage.width, height), 0.25)


def _floor(room: _Room) -> Cel:
    stage = room.stage
    height = stage.height - room.floor
    sketch = Sketch(0, room.floor, (stage.width, height), room.wood)
    wide, eye = stage.width, stage.width / 2
    base = mixed(room.wood, (0, 0, 0), 0.15)
    sketch.box((0, 0, wide, height), base)
    chance = stage.chance("boards")
    for number in range(-26, 27):
        shade = mixed(base, (0, 0, 0), chance.uniform(0, 0.28))
        low, high = eye + number * room.unit * 12, eye + (number + 1) * room.unit * 12
        a, b = eye + number * room.unit * 4.4, eye + (number + 1) * room.unit * 4.4
        sketch.polygon([(a, 0), (b, 0), (high, height), (low, height)], shade)
    skirting = mixed(room.wood, (0, 0, 0), 0.55)
    sketch.box((0, 0, wide, room.unit * 0.8), skirting)
    return sketch.cel(0.42)


def _shelves(room: _Room) -> Cel:
    stage, unit = room.stage, room.unit
    chance = stage.chance("shelves")
    width, height = round(stage.frame_width * 0.30), round(stage.frame_height * 0.34)
    left, top = room.x(0.74) - width / 2, room.y(0.16)
    sketch = Sketch(left, top, (width, height), room.wood)
    dark = mixed(room.wood, (0, 0, 0), 0.4)
    tones: tuple[RGB, ...] = (
        (176, 84, 62),
        (214, 186, 132),
        (70, 98, 104),
        (226, 218, 200),
        (92, 68, 84),
    )
    for shelf in range(3):
        y = height * (shelf + 1) / 3 - unit * 0.6
        sketch.box((0, y, width, y + unit * 0.6), dark)
        x = unit
        while x < width - unit * 2.5:
            tone = room.lit(tones[int(chance.integers(len(tones)))], 0.85)
            wide, tall = (
                unit * chance.uniform(0.7, 1.6),
                unit * chance.uniform(2.4, 5.2),
            )
            tall = min(tall, height / 3 - unit)
            sketch.box((x, y - tall, x + wide, y), tone)
            x += wide + unit * (0.15 if chance.random() < 0.7 else 1.4)  # noqa: PLR2004
    return sketch.cel(0.29)


def _counter(room: _Room) -> Cel:
    stage, unit = room.stage, room.unit
    width, height = round(stage.frame_width * 0.52), stage.px(26)
    left = room.x(0.80) - width / 2
    foot = room.floor + stage.px(5)
    sketch = Sketch(left, foot - height, (width, height), room.wood)
    front = mixed(room.wood, (0, 0, 0), 0.28)
    bar = unit * 9
    sketch.box((0, bar, width, height), front)
    for x in np.arange(unit, width, unit * 3.2):
        sketch.line([(x, bar), (x, height)], mixed(front, (0, 0, 0), 0.3), unit * 0.2)
    top = mixed(room.wood, (255, 230, 190), 0.22)
    sketch.box((0, bar - unit, width, bar + unit * 0.5), top)
    _machine(room, sketch, width * 0.40, bar - unit)
    for number in range(6):
        _cup(room, sketch, width * 0.62 + number * unit * 2.2, bar - unit, 0.8)
    return sketch.cel(0.46)


def _machine(room: _Room, sketch: Sketch, x: float, foot: float) -> None:
    unit = room.unit
    steel, dark = room.lit((176, 178, 182)), room.lit((58, 56, 60))
    wide, tall = unit * 5.5, unit * 6
    sketch.box((x - wide, foot - tall, x + wide, foot), steel)
    low, high = foot - tall * 0.60, foot - tall * 0.14
    sketch.box((x - wide * 0.86, low, x + wide * 0.86, high), dark)
    for side in (-0.5, 0.0, 0.5):
        sketch.line(
            [(x + side * wide, low), (x + side * wide, low + unit)], steel, unit
        )


def _cup(room: _Room, sketch: Sketch, x: float, foot: float, size: float) -> None:
    unit = room.unit * size
    china = room.lit((240, 234, 222))
    high, thin = foot - unit * 1.7, unit * 0.65
    bowl = [(x - unit, high), (x + unit, high), (x + thin, foot), (x - thin, foot)]
    sketch.polygon(bowl, china)
    brim = (x - unit, foot - unit * 2, x + unit, foot - unit * 1.45)
    sketch.oval(brim, room.lit((92, 58, 36)))
    ring = [
        (x + unit * 0.8, foot - unit * 1.4),
        (x + unit * 1.5, foot - unit * 1.2),
        (x + unit * 0.8, foot - unit * 0.5),
    ]
    sketch.line(ring, china, unit * 0.25)


def _table(room: _Room, share: float, foot: float, size: float, near: float) -> Cel:
    unit = room.unit * size
    width, height = round(unit * 34), round(unit * 22)
    left, top = room.x(share) - width / 2, room.y(foot) - height
    dark = mixed(room.wood, (0, 0, 0), 0.30 + 0.25 * near)
    edge = mixed(room.wood, (255, 220, 170), 0.12)
    sketch = Sketch(left, top, (width, height), dark)
    middle, level = width / 2, height * 0.26
    _chair(sketch, middle - unit * 13, height, unit, dark)
    _chair(sketch, middle + unit * 13, height, -unit, dark)
    sketch.line([(middle, level), (middle, height * 0.94)], dark, unit * 1.3)
    sketch.line(
        [
            (middle - unit * 4, height - unit * 0.6),
            (middle + unit * 4, height - unit * 0.6),
        ],
        dark,
        unit * 1.0,
    )
    sketch.oval(
        (middle - unit * 9, level - unit * 0.9, middle + unit * 9, level + unit * 1.3),
        dark,
    )
    sketch.oval(
        (middle - unit * 9, level - unit * 1.3, middle + unit * 9, level + unit * 0.9),
        edge,
    )
    _cup(room, sketch, middle - unit * 3, level, size * 0.95)
    return sketch.cel(near)


def _chair(sketch: Sketch, x: float, foot: float, unit: float, colour: RGB) -> None:
    thick, seat = abs(unit) * 0.62, foot - abs(unit) * 9
    back, front = x - unit * 2.2, x + unit * 2.6
    sketch.line(
        [(back, foot), (back - unit * 0.6, seat - abs(unit) * 9)], colour, thick
    )
    sketch.line([(front, foot), (front, seat)], colour, thick)
    sketch.line([(back, seat), (front, seat)], colour, thick * 1.5)
    rear = back + unit * 1.9
    top = seat - abs(unit) * 9
    sketch.line([(rear, foot - abs(unit)), (rear - unit * 0.4, top)], colour, thick)
    for step in (3.5, 6.0, 8.7):
        y = seat - abs(unit) * step
        sketch.line([(back - unit * 0.5, y), (rear - unit * 0.3, y)], colour, thick)


def _lamp(room: _Room, share: float) -> list[Cel]:
    stage, unit = room.stage, room.unit
    width, height = stage.px(9), round(room.y(0.36))
    left = room.x(share) - width / 2
    sketch = Sketch(left, 0, (width, height), (0, 0, 0))
    metal = room.lit((44, 42, 46))
    x, low = width / 2, height - unit * 5.0
    sketch.line([(x, 0), (x, low)], metal, unit * 0.28)
    sketch.oval(
        (x - unit * 1.3, low + unit * 2.0, x + unit * 1.3, low + unit * 4.4), LAMP
    )
    shade = [
        (x - unit * 0.8, low),
        (x + unit * 0.8, low),
        (x + unit * 3.6, low + unit * 3),
        (x - unit * 3.6, low + unit * 3),
    ]
    sketch.polygon(shade, metal)
    strength = 0.62 if room.light < 0.8 else 0.44  # noqa: PLR2004  by night more
    light = glow((left + x, low + unit * 3.4), unit * 17, LAMP, 0.55, strength=strength)
    return [light, sketch.cel(0.55)]


def room(stage: Stage) -> list[Cel]:
    """Returns the layers of a room, farthest first."""
    place = _Room(stage)
    window = _window(place)
    layers = [_outside(place, window), _wall(place, window), _shelves(place)]
    layers += [_floor(place), _counter(place), *_lamp(place, 0.16)]
    layers += [*_lamp(place, 0.50), *_lamp(place, 0.84)]
    layers.append(_table(place, 0.30, 0.93, 0.80, 0.70))
    if "figure" in stage.reading.props:
        layers.append(figure(stage))
    layers.append(_table(place, 0.84, 1.22, 1.45, 1.0))
    return layers


__all__ = ["room"]
