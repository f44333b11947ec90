"""Builds scenes: from words, from a picture, or from two pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import sub
from typing import TypeAlias

from shotcaller_animatic import camera, city, props, relief, words
from shotcaller_animatic.cels import Cel, Planes
from shotcaller_animatic.ground import ground
from shotcaller_animatic.order import FPS
from shotcaller_animatic.paint import Stage
from shotcaller_animatic.palette import PALETTES
from shotcaller_animatic.room import room
from shotcaller_animatic.sky import sky
from shotcaller_animatic.space import space
from shotcaller_animatic.stand import Aim, Stand, aim, corners, hidden_from, lay
from shotcaller_animatic.weather import Drops, fall, glints, mist, rainfall, snowfall

LANDSCAPES: Mapping[str, Callable[[Stage], list[Cel]]] = {
    "mountain": relief.mountains,
    "hills": relief.hills,
    "dunes": relief.dunes,
    "forest": relief.forest,
}
BEHIND = ("mountain", "hills", "dunes", "forest")
"""What stands farther back is painted first."""


SLACK = 16
"""How many rows more than are seen are kept of what is far."""

MOVED = 0.5
"""How far in pixels cels may move before they are drawn anew.

It is no more than a cel is sampled to.
"""

Corners: TypeAlias = Sequence[tuple[float, float, float, float]]
"""How the camera sees cels, each by the frame's sides on the stage."""


@dataclass(slots=True)
class Kept:
    """Is the far part of a frame drawn before: its first cels, as they were seen then.

    It goes down to the row ``limit``; what is lower was hidden.
    """

    corners: Corners
    limit: int
    planes: Planes


@dataclass(slots=True)
class Scene:
    """Is a scene ready to be shot: cels, falling drops, the camera's path.

    Its frames are meant to be drawn in order.
    """

    stand: Stand
    cels: tuple[Cel, ...]
    drops: tuple[Drops, ...]
    path: tuple[camera.Pose, ...]
    kept: Kept | None = None

    def draw(self, target: Planes, index: int) -> None:
        """Draws one frame."""
        now = self._corners(index)
        if self.kept and _still(now, self.kept.corners) < len(self.kept.corners):
            self.kept = None
        following = self._corners(min(index + 1, len(self.path) - 1))
        far = len(self.kept.corners) if self.kept else _still(now, following)
        near: list[tuple[Cel, Aim, int]] = []
        limit = self.stand.height
        for layer in reversed(self.cels[far:]):
            seen = self._aim(layer, index)
            near.append((layer, seen, limit))
            limit = min(limit, hidden_from(self.stand, layer, seen))
        if self.kept and limit <= self.kept.limit:
            _paste(target, self.kept.planes)
        elif far:
            limit = min(limit + SLACK, self.stand.height)
            for layer in self.cels[:far]:
                lay(target, layer, self._aim(layer, index), limit)
            self.kept = Kept(now[:far], limit, _copied(target, limit))
        for layer, seen, down_to in reversed(near):
            lay(target, layer, seen, down_to)
        for drops in self.drops:
            fall(target, drops, index / FPS)

    def _aim(self, layer: Cel, index: int) -> Aim:
        return aim(self.stand, layer, self.path[index], index / FPS)

    def _corners(self, index: int) -> Corners:
        pose, seconds = self.path[index], index / FPS
        return [corners(self.stand, layer, pose, seconds) for layer in self.cels]


def _still(now: Corners, other: Corners) -> int:
    """Returns how many cels, the first ones, are seen in one place both times."""
    both = enumerate(zip(now, other, strict=False))
    moved = (n for n, (a, b) in both if max(map(abs, map(sub, a, b))) > MOVED)
    return next(moved, min(len(now), len(other)))


def _paste(target: Planes, planes: Planes) -> None:
    for plane, before in zip(target, planes, strict=True):
        plane[: len(before)] = before


def _copied(target: Planes, limit: int) -> Planes:
    return Planes(target.y[:limit].copy(), target.uv[: (limit + 2) // 2].copy())


def _even(value: float) -> int:
    return round(value / 2) * 2


def stand_for(size: tuple[int, int], path: Sequence[camera.Pose], high: float) -> Stand:
    """Returns a stage just large enough for a camera path.

    ``high`` is where the horizon stands, as a share of the frame's height.
    """
    width, height = size
    across, down = camera.margins(path)
    stage_width = _even(width * (1 + 2 * across))
    stage_height = _even(height * (1 + 2 * down))
    horizon = (stage_height - height) / 2 + height * high
    return Stand(width, height, stage_width, stage_height, round(horizon))


def _horizon(reading: words.Reading) -> float:
    if reading.place != "landscape":
        return 0.5
    if "drone" in reading.moves or "crane-up" in reading.moves:
        return 0.46
    return 0.66 if reading.reliefs else 0.58


def _distance(stage: Stage) -> tuple[list[Cel], list[Cel]]:
    reliefs = stage.reading.reliefs
    layers = [c for name in BEHIND if name in reliefs for c in LANDSCAPES[name](stage)]
    if not reliefs and stage.reading.ground != "sea":
        layers += relief.hills(stage)
    if "city" not in reliefs:
        return layers, []
    town, mirrored = city.skyline(stage)
    return layers + town, mirrored


def _landscape(stage: Stage) -> list[Cel]:
    distance, mirrored = _distance(stage)
    layers = [*sky(stage), *distance, *ground(stage, mirrored)]
    if stage.reading.ground == "street":
        layers += [*city.facades(stage), *city.street_lamps(stage)]
    if stage.reading.weather == "fog":
        layers += mist(stage)
    return layers + props.props(stage)


def _layers(stage: Stage) -> list[Cel]:
    painters = {"space": space, "room": room}
    return painters.get(stage.reading.place, _landscape)(stage)


def _drops(stage: Stage) -> list[Drops]:
    if stage.reading.place != "landscape":
        return []
    falling = {"snow": snowfall, "rain": rainfall}.get(stage.reading.weather or "")
    found = falling(stage) if falling else []
    return [*glints(stage), *found] if stage.reading.ground == "sea" else found


def painted(
    prompt: str, size: tuple[int, int], frames: int, seed: int, negative: str = ""
) -> Scene:
    """Returns the scene that a prompt describes; ``size`` is in pixels."""
    reading = words.read(prompt, negative)
    path = camera.path(reading.moves, frames, frames / FPS, reading.pace)
    stand = stand_for(size, path, _horizon(reading))
    whole = (stand.stage_width, stand.stage_height)
    light = PALETTES[reading.light]
    stage = Stage(whole, size, stand.horizon, reading=reading, palette=light, seed=seed)
    return Scene(stand, tuple(_layers(stage)), tuple(_drops(stage)), path)


__all__ = ["Scene", "painted", "stand_for"]
