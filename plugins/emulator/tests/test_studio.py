"""Films are what was asked for, made once, and given up when nobody waits."""

from __future__ import annotations

import io
import time

import av
import pytest

from shotcaller_emulator.films import Film
from shotcaller_emulator.studio import Closed, Studio


def film(seconds: float = 0.5, *, sound: bool = True) -> Film:
    return Film("hills", 160, 96, seconds, sound=sound, seed=7)


def made(studio: Studio, wanted: Film) -> bytes:
    while (found := studio(wanted)) is None:
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("sound", [True, False])
def test_a_film_is_as_it_was_ordered(sound: bool) -> None:
    with (
        Studio() as studio,
        av.open(io.BytesIO(made(studio, film(sound=sound)))) as movie,
    ):
        (video,) = movie.streams.video
        assert (video.width, video.height) == (160, 96)
        assert video.frames == 12
        assert video.average_rate == 24
        assert len(movie.streams.audio) == sound


def test_a_film_is_made_once() -> None:
    with Studio() as studio:
        assert studio(film()) is None
        first = made(studio, film())
        assert studio(film()) is first


def test_a_closed_studio_gives_up_what_it_makes() -> None:
    with Studio() as studio:
        studio(film(600, sound=False))
        studio(film(601))
        making, waiting = studio._films.values()

    assert isinstance(making.exception(), Closed) or making.cancelled()
    assert waiting.cancelled()
