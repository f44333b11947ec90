"""Is the renderer, a process of its own: ``python -m shotcaller_animatic.render``.

Its arguments are the job's folder and, where it was born with it, the open lock.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
import traceback
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import accumulate
from pathlib import Path
from types import FrameType

from shotcaller_animatic import files, words
from shotcaller_animatic.cels import Planes
from shotcaller_animatic.film import Paint, record
from shotcaller_animatic.order import FPS, SceneSpec, Spec
from shotcaller_animatic.picture import Transition, Unusable, pictured, transition
from shotcaller_animatic.scene import Scene, painted
from shotcaller_animatic.slate import Slate
from shotcaller_animatic.sound import RATE, Samples, track

EVERY = 0.1
"""How often progress is told, and a wish to cancel looked for, in seconds."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the operating system says where there is no more room for a file."""


class Stopped(BaseException):
    """Ends the renderer on the spot: it was cancelled, or told to terminate."""


def scene(order: Spec, part: SceneSpec) -> Scene | Transition:
    """Returns a part of the order ready to be shot."""
    size, frames = (order["width"], order["height"]), part["frames"]
    first, last = part["first"], part["last"]
    if first and last:
        return transition(first, last, size, frames)
    picture = first or last
    if picture:
        return pictured(picture, part["prompt"], size, frames)
    return painted(part["prompt"], size, frames, order["seed"], order["negative"])


class Film:
    """Is the film of an order: its scenes are built one at a time, when they begin."""

    def __init__(self, order: Spec) -> None:
        self.order = order
        self.size = order["width"], order["height"]
        self._ends = list(accumulate(part["frames"] for part in order["scenes"]))
        self._number = -1
        self._drawn: list[tuple[Paint, int]] = []

    @property
    def frames(self) -> int:
        """The number of frames of all scenes."""
        return self._ends[-1]

    def draw(self, target: Planes, index: int) -> None:
        """Draws the film's frame of the given number."""
        number = bisect_right(self._ends, index)
        if number != self._number:
            self._drawn.clear()  # the next scene needs its memory
            self._drawn, self._number = self._built(number), number
        for paint, start in self._drawn:
            paint(target, index - start)

    def _built(self, number: int) -> list[tuple[Paint, int]]:
        part = self.order["scenes"][number]
        shown = scene(self.order, part).draw, self._ends[number] - part["frames"]
        if not self.order["slate"]:
            return [shown]
        take = self.order["take"]
        slate = Slate(take, part["prompt"], self.size, self.frames, FPS)
        return [shown, (slate.draw, 0)]

    def sound(self) -> Samples:
        """Returns the scratch track of all scenes."""
        negative = self.order["negative"]
        parts = [
            (words.read(part["prompt"], negative), part["frames"] * RATE // FPS)
            for part in self.order["scenes"]
        ]
        return track(parts, self.order["seed"])


def _tell(folder: Path, frame: int, frames: int) -> None:
    if (folder / files.CANCELLED).exists():
        raise Stopped
    progress = {"frame": frame, "frames": frames, "pid": os.getpid()}
    files.write(folder / files.PROGRESS, progress)


def _shoot(folder: Path) -> None:
    film = Film(files.read(folder / files.SPEC))
    told = -EVERY

    def paint(target: Planes, index: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= EVERY:
            told = now
            _tell(folder, index, film.frames)
        film.draw(target, index)

    part = folder / files.PART
    sound = film.sound if film.order["sound"] else None
    record(part, film.size, film.frames, paint, sound)
    _publish(part, folder / files.CLIP)


def _publish(part: Path, clip: Path) -> None:
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(clip)


def reason(error: Exception) -> tuple[str, str]:
    """Returns what went wrong as a sentence for a person and a word for programs."""
    if isinstance(error, Unusable):
        return str(error), "image"
    if isinstance(error, OSError) and error.errno in FULL:
        return "The disk is full: the draft could not be written.", "disk"
    return f"The renderer failed: {type(error).__name__}: {error}", "renderer"


@contextmanager
def _terminable() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _perform(folder: Path) -> int:
    if (folder / files.CLIP).exists():
        return 0
    part = folder / files.PART
    try:
        with _terminable():
            _shoot(folder)
    except Stopped:
        part.unlink(missing_ok=True)
        return 1
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        traceback.print_exc()
        part.unlink(missing_ok=True)  # makes room, too, for the reason
        sentence, code = reason(error)
        files.write(folder / files.FAILED, {"reason": sentence, "code": code})
        return 1
    return 0


def main(arguments: list[str]) -> int:
    """Renders the job of a folder, unless another renderer does; returns 0 if done."""
    folder = Path(arguments[0])
    born_with_it = len(arguments) > 1
    with nullcontext(0) if born_with_it else files.locked(folder) as lock:
        return 0 if lock is None else _perform(folder)


if __name__ == "__main__":  # pragma: no cover
    sys.exit(main(sys.argv[1:]))
