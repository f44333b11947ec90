"""Writes the slate line: which take this is, what of, and where in it we are."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from shotcaller_animatic.cels import Bytes, Planes, Words

NOTICE = "ANIMATIC DRAFT · NO AI MODEL"
SHADE = 104
"""How much of the picture shines through the slate's ground, of 256."""

SHARE = 0.027
"""The size of letters as a share of the frame's shorter side.

The notice and the timecode of an hour take five sixths of that side.
"""

SMALLEST = 6
"""The smallest size of letters, in pixels."""

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def font(size: int) -> _Font:
    """Returns the letters that come with Pillow, in a size in pixels."""
    return ImageFont.load_default(size)


@cache
def _drawn(letter: str) -> bytes:
    image = Image.new("L", (24, 24), 0)
    ImageDraw.Draw(image).text((0, 0), letter, fill=255, font=font(16))
    return image.tobytes()


def legible(text: str) -> str:
    """Returns a text on one line, with ``?`` for what the letters cannot show."""
    line = " ".join(text.split())
    missing = _drawn("\U0010ffff")
    shown = ("?" if _drawn(each) == missing else each for each in line)
    return "".join(shown).encode("utf-8", "replace").decode()


def fitted(text: str, letters: _Font, width: float) -> str:
    """Returns as much of a text as is no wider than ``width`` pixels."""
    if letters.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if letters.getlength(text[:middle].rstrip() + "…") <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""


def timecode(index: int, frames: int, fps: int) -> str:
    """Returns minutes, seconds and frames, then the number of the frame of how many."""
    seconds, rest = divmod(index, fps)
    digits = len(str(frames))
    clock = f"{seconds // 60:02}:{seconds % 60:02}:{rest:02}"
    return f"{clock}  {index + 1:0{digits}}/{frames}"


class Slate:
    """Is the slate of one scene, ready to be laid over its frames."""

    def __init__(
        self, take: str, prompt: str, size: tuple[int, int], frames: int, fps: int
    ) -> None:
        width, height = size
        self.frames, self.fps = frames, fps
        self.end = timecode(frames - 1, frames, fps)
        letters = max(SMALLEST, round(min(width, height) * SHARE))
        self.font = font(letters)
        self.pad = letters
        self.height = min(height // 2 * 2, round(letters * 3.7 / 2) * 2)
        self.width = width
        self.cell = max(self.font.getlength(digit) for digit in "0123456789")
        title = legible(f"TAKE {take} · {prompt[:400]}")
        self.title = fitted(title, self.font, width - 2 * self.pad)
        self._ink = self._written()
        self._digits: dict[str, Bytes] = {}

    def _written(self) -> Bytes:
        image = Image.new("L", (self.width, self.height), 0)
        draw = ImageDraw.Draw(image)
        line = self.pad * 1.3
        draw.text((self.pad, self.pad * 0.5), self.title, fill=226, font=self.font)
        draw.text((self.pad, self.pad * 0.5 + line), NOTICE, fill=170, font=self.font)
        return np.array(image, np.uint8)

    def _digit(self, letter: str) -> Bytes:
        if letter not in self._digits:
            wide = self.cell if letter.isdigit() else self.font.getlength(letter)
            image = Image.new("L", (int(wide) + 1, round(self.pad * 1.5)), 0)
            ImageDraw.Draw(image).text((0, 0), letter, fill=235, font=self.font)
            self._digits[letter] = np.array(image, np.uint8)
        return self._digits[letter]

    def _clock(self, index: int) -> Bytes:
        text = timecode(index, self.frames, self.fps)
        return np.concatenate([self._digit(letter) for letter in text], axis=1)

    def draw(self, target: Planes, index: int) -> None:
        """Lays the slate over the frame of the given number."""
        ink = self._ink.copy()
        clock = self._clock(index)
        top = round(self.pad * 1.8)
        left = self.width - self.pad - clock.shape[1]
        low = min(self.height, top + clock.shape[0])
        ink[top:low, max(left, 0) : left + clock.shape[1]] = clock[: low - top]
        bare = SHADE * (256 - ink.astype(np.uint16))
        bare >>= 8
        _shaded(target.y[-self.height :], bare, ink)
        _greyed(target.uv[-(self.height // 2) :])


def _shaded(ground: Bytes, bare: Words, ink: Bytes) -> None:
    through = bare * ground
    through >>= 8
    np.add(through, ink, out=ground, casting="unsafe")
    np.clip(ground, 16, 235, out=ground)


def _greyed(ground: Bytes) -> None:
    through = ground.astype(np.uint16) * SHADE
    through += 128 * (256 - SHADE)
    through >>= 8
    ground[:] = through


__all__ = ["NOTICE", "Slate", "fitted", "legible", "timecode"]
