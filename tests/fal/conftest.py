"""fal on this machine, and callers that share its clock, which nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import Registry, Settings, Shotcaller
from shotcaller_emulator.command import environment
from shotcaller_emulator.fal import Fal, Pace
from shotcaller_emulator.films import Film
from shotcaller_emulator.fixtures import fal_emulator
from shotcaller_emulator.serving import serve
from tests.core.mp4 import movie
from tests.core.worlds import StepClock

__all__ = ["fal_emulator"]

PACE = Pace(queued=4, running=30)


def sketched(film: Film) -> bytes:
    """Returns a file that says of itself what a film is to be like; none plays it."""
    return movie(film.seconds, film.width, film.height, sound=film.sound)


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture(scope="session")
def installed() -> Registry:
    """All plugins, asked once what they offer."""
    return Registry.installed()


@pytest.fixture
def make_fal(
    tmp_path: Path, clock: StepClock, installed: Registry
) -> Iterator[Callable[[Fal], Shotcaller]]:
    """Serves a fal and returns a caller that is led to it."""
    ends: list[Callable[[], object]] = []

    def make(fal: Fal) -> Shotcaller:
        serving = serve(fal, clock=lambda: datetime.fromtimestamp(clock.now(), UTC))
        server = serving.__enter__()
        ends.append(lambda: serving.__exit__(None, None, None))
        folder = tmp_path / "clips"
        folder.mkdir(exist_ok=True)
        settings = Settings.load(tmp_path / "home", environment(server.url))
        caller = Shotcaller(
            settings=evolve(settings, output=folder),
            registry=installed,
            clock=clock,
        )
        ends.append(caller.close)
        return caller

    yield make
    for end in reversed(ends):
        end()


@pytest.fixture
def fal() -> Fal:
    return Fal(sketched, pace=PACE)


@pytest.fixture
def caller(make_fal: Callable[[Fal], Shotcaller], fal: Fal) -> Shotcaller:
    return make_fal(fal)
