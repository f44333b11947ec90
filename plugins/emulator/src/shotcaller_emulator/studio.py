"""Makes the films, with the renderer of the animatic, one at a time in a thread."""

from __future__ import annotations

import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from shotcaller_animatic.order import SceneSpec, Spec
from shotcaller_emulator.films import Film


class Closed(Exception):
    """Says that the studio was closed while a film was made."""


def order(film: Film) -> Spec:
    """Returns the order that the animatic's renderer works by."""
    return Spec(
        take=f"{film.seed:08x}"[:8],
        width=film.width,
        height=film.height,
        scenes=[
            SceneSpec(prompt=film.prompt, frames=film.frames, first=None, last=None)
        ],
        negative="",
        seed=film.seed,
        sound=film.sound,
        slate=True,
    )


class Studio:
    """Makes each film once, and keeps it: call it with a film to get its MP4.

    Use it in a ``with`` block; what is in the making at its end is given up.
    """

    def __init__(self) -> None:
        self._crew = ThreadPoolExecutor(1, "studio")
        self._closed = threading.Event()
        self._films: dict[Film, Future[bytes]] = {}

    def __call__(self, film: Film) -> bytes | None:
        """Returns the MP4 of a film, or None while it is not made yet."""
        if film not in self._films:
            self._films[film] = self._crew.submit(self._made, film)
        making = self._films[film]
        return making.result() if making.done() else None

    def _made(self, film: Film) -> bytes:
        # Here, for they take most of a second to import, and no job may ever come.
        from shotcaller_animatic.cels import Planes
        from shotcaller_animatic.film import record
        from shotcaller_animatic.render import Film as Animatic

        animatic = Animatic(order(film))

        def paint(target: Planes, index: int) -> None:
            if self._closed.is_set():
                raise Closed
            animatic.draw(target, index)

        with tempfile.TemporaryDirectory(prefix="shotcaller-emulator-") as folder:
            path = Path(folder) / "film.mp4"
            sound = animatic.sound if film.sound else None
            record(path, animatic.size, film.frames, paint, sound)
            return path.read_bytes()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._crew.shutdown(cancel_futures=True)


__all__ = ["Closed", "Studio", "order"]
