"""Moves the camera: where it looks at each moment of a scene."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Pose(NamedTuple):
    """Is where the camera is, relative to its resting place.

    ``pan`` and ``tilt`` turn it and shift everything alike; ``truck`` and ``lift``
    carry it and shift what is near more than what is far. All four are shares of the
    frame. ``zoom`` is the lens; ``dolly`` is how far it went in: what is nearest
    grows by 1 + dolly. ``pivot`` is the depth that an orbit turns around.
    """

    pan: float = 0.0
    tilt: float = 0.0
    truck: float = 0.0
    lift: float = 0.0
    zoom: float = 1.0
    dolly: float = 0.0
    pivot: float = 0.0


REST = Pose()

PATHS: dict[str, tuple[Pose, Pose]] = {
    "static": (REST, REST),
    "drift": (Pose(truck=-0.02), Pose(truck=0.02, dolly=0.10)),
    "pan-left": (Pose(pan=0.11, truck=0.07), Pose(pan=-0.11, truck=-0.07)),
    "pan-right": (Pose(pan=-0.11, truck=-0.07), Pose(pan=0.11, truck=0.07)),
    "tilt-up": (Pose(tilt=0.13), Pose(tilt=-0.13)),
    "tilt-down": (Pose(tilt=-0.13), Pose(tilt=0.13)),
    "zoom-in": (REST, Pose(zoom=1.42)),
    "zoom-out": (Pose(zoom=1.42), REST),
    "push-in": (REST, Pose(dolly=0.55, zoom=1.04)),
    "pull-back": (Pose(dolly=0.55, zoom=1.04), REST),
    "crane-up": (Pose(lift=0.05), Pose(lift=-0.22)),
    "crane-down": (Pose(lift=-0.22), Pose(lift=0.05)),
    "orbit": (Pose(truck=-0.20, pivot=0.45), Pose(truck=0.20, pivot=0.45)),
    "truck-left": (Pose(truck=0.16), Pose(truck=-0.16)),
    "truck-right": (Pose(truck=-0.16), Pose(truck=0.16)),
    "drone": (Pose(truck=-0.05, lift=0.02), Pose(truck=0.05, lift=-0.08, dolly=0.75)),
    "handheld": (REST, Pose(dolly=0.08)),
}
"""Where each move begins and ends."""

_TREMOR = ((0.9, 0.0045, 0.3), (1.7, 0.0025, 1.9), (3.1, 0.0012, 4.1))
"""Hands shake in several rhythms at once: turns a second, share of frame, phase."""


def eased(share: float) -> float:
    """Returns how far a move has come: it starts and ends softly."""
    return 0.55 * share + 0.45 * share * share * (3 - 2 * share)


def _width(seconds: float, pace: float) -> float:
    return pace * min(1.0, 0.45 + seconds / 9)


def _between(start: Pose, end: Pose, share: float, width: float) -> Pose:
    at = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    scaled = Pose(
        *(rest + (value - rest) * width for rest, value in zip(REST, at, strict=True))
    )
    return scaled._replace(pivot=start.pivot)


def _tremor(seconds: float) -> Pose:
    turns = [(math.tau * rate * seconds, size, phase) for rate, size, phase in _TREMOR]
    pan = sum(size * math.sin(turn + phase) for turn, size, phase in turns)
    tilt = sum(size * math.sin(1.13 * turn + 2 * phase) for turn, size, phase in turns)
    return Pose(pan=pan, tilt=tilt)


def _together(poses: Iterable[Pose]) -> Pose:
    whole = REST
    for pose in poses:
        whole = Pose(
            pan=whole.pan + pose.pan,
            tilt=whole.tilt + pose.tilt,
            truck=whole.truck + pose.truck,
            lift=whole.lift + pose.lift,
            zoom=whole.zoom * pose.zoom,
            dolly=whole.dolly + pose.dolly,
            pivot=max(whole.pivot, pose.pivot),
        )
    return whole


def pose(moves: Iterable[str], share: float, seconds: float, pace: float) -> Pose:
    """Returns the pose at ``share`` (0 to 1) of a scene of so many ``seconds``."""
    names = tuple(moves)
    width = _width(seconds, pace)
    along = [_between(*PATHS[name], eased(share), width) for name in names]
    if "handheld" in names:
        along.append(_tremor(share * seconds))
    return _together(along)


def path(
    moves: Iterable[str], frames: int, seconds: float, pace: float
) -> tuple[Pose, ...]:
    """Returns the pose of each of a scene's frames."""
    names = tuple(moves)
    last = max(frames - 1, 1)
    return tuple(pose(names, index / last, seconds, pace) for index in range(frames))


def margins(poses: Iterable[Pose]) -> tuple[float, float]:
    """Returns how much wider and higher than the frame the scene must be painted.

    Both are shares of the frame for each side.
    """
    seen = [(abs(p.pan) + abs(p.truck), abs(p.tilt) + abs(p.lift)) for p in poses]
    return max(x for x, _ in seen) + 0.01, max(y for _, y in seen) + 0.01


__all__ = ["PATHS", "Pose", "eased", "margins", "path", "pose"]
