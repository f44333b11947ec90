"""Shoots given pictures: a move over one, a transition between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from shotcaller_animatic import camera, words
from shotcaller_animatic.cels import Bytes, Planes, cel
from shotcaller_animatic.order import FPS
from shotcaller_animatic.scene import Scene, stand_for

CLOSER = 1.12
"""How far a transition zooms into the picture it leaves."""


WHITES = {"I": 65_535.0, "F": 1.0}
"""What is white in pictures of more than 8 bits, by mode, where nothing is more."""


class Unusable(Exception):
    """Says in a sentence why a picture cannot be used."""


def opened(source: str) -> Image.Image:
    """Returns the picture in a file, upright and without transparency."""
    path = Path(source)
    try:
        with Image.open(path) as image:
            upright = _in_bytes(ImageOps.exif_transpose(image))
            ground = Image.new("RGBA", upright.size, (0, 0, 0, 255))
            ground.alpha_composite(upright.convert("RGBA"))
            return ground.convert("RGB")
    except FileNotFoundError:
        raise Unusable(f"The picture {source!r} is not there any more.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unusable(f"The picture {source!r} cannot be read: {error}.") from error


def _in_bytes(image: Image.Image) -> Image.Image:
    """Returns a picture of 8 bits; Pillow's own ``convert`` cuts off at 255."""
    white = WHITES.get(image.mode.partition(";")[0])
    if white is None:
        return image
    light = np.nan_to_num(np.asarray(image, np.float64))
    scaled = light * (255 / max(white, float(light.max())))
    return Image.fromarray(np.clip(scaled.round(), 0, 255).astype(np.uint8))


def _fitted(source: str, size: tuple[int, int]) -> Bytes:
    picture = ImageOps.fit(opened(source), size, Image.Resampling.LANCZOS)
    return np.asarray(picture, np.uint8)


def _framed(source: str, size: tuple[int, int], path: Sequence[camera.Pose]) -> Scene:
    stand = stand_for(size, path, 0.5)
    whole = (stand.stage_width, stand.stage_height)
    layer = cel(_fitted(source, whole), None, (0, 0, *whole), 1.0)
    return Scene(stand, (layer,), (), tuple(path))


def pictured(source: str, prompt: str, size: tuple[int, int], frames: int) -> Scene:
    """Returns a scene that moves over a picture the way the prompt says."""
    moves, pace = words.moves(prompt), words.pace(prompt)
    return _framed(source, size, camera.path(moves, frames, frames / FPS, pace))


@dataclass(frozen=True, slots=True)
class Transition:
    """Is a scene that goes over from one picture into another."""

    first: Scene
    last: Scene

    def draw(self, target: Planes, index: int) -> None:
        """Draws one frame; the first and the last are the pictures themselves."""
        share = dissolve(index / max(len(self.first.path) - 1, 1))
        if share < 1:
            self.first.draw(target, index)
        if share == 0:
            return
        under = [plane.copy() for plane in target]
        self.last.draw(target, index)
        for plane, before in zip(target, under, strict=True):
            _mix(plane, before, round(share * 256))


def dissolve(share: float) -> float:
    """Returns how much of the last picture is seen at a share of the scene."""
    inner = min(1.0, max(0.0, (share - 0.2) / 0.6))
    return inner * inner * (3 - 2 * inner)


def _mix(plane: Bytes, before: Bytes, weight: int) -> None:
    blend = plane.astype(np.uint16)
    blend *= weight
    blend += before.astype(np.uint16) * (256 - weight)
    blend >>= 8
    plane[:] = blend


def transition(first: str, last: str, size: tuple[int, int], frames: int) -> Transition:
    """Returns a scene that starts on one picture and ends on the other."""
    shares = [camera.eased(index / max(frames - 1, 1)) for index in range(frames)]
    away = [camera.Pose(zoom=1 + (CLOSER - 1) * share) for share in shares]
    to = [camera.Pose(zoom=CLOSER - (CLOSER - 1) * share) for share in shares]
    return Transition(_framed(first, size, away), _framed(last, size, to))


__all__ = ["Transition", "Unusable", "dissolve", "opened", "pictured", "transition"]
