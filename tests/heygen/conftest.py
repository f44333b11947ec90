"""HeyGen on this machine, and callers that share its clock, which nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

import shotcaller_fal
import shotcaller_fal_veo
import shotcaller_heygen
from shotcaller import Registry, Settings, Shotcaller
from shotcaller.plugin import Request
from shotcaller_emulator.command import environment, heygen_environment
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.fal import Pace as FalPace
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import HeyGen, Pace
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.serving import Vendor, serve
from tests.core.mp4 import movie
from tests.core.worlds import StepClock

PACE = Pace(queued=4, running=30)
PLUGINS: Mapping[str, object] = {
    "fal": shotcaller_fal,
    "fal-veo": shotcaller_fal_veo,
    "heygen": shotcaller_heygen,
}


def sketched(film: Film) -> bytes:
    """Returns a file that says of itself what a film is to be like; none plays it."""
    return movie(film.seconds, film.width, film.height, sound=film.sound)


class Seen:
    """Is a vendor, and all that it was asked."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.asked: list[Request] = []

    def answer(self, request: Request, now: datetime) -> Outcome:
        self.asked.append(request)
        return self.vendor.answer(request, now)

    def posts(self, path: str) -> list[Request]:
        """Returns the POSTs to a path, in order."""
        return [
            asked
            for asked in self.asked
            if asked.method == "POST" and asked.url.endswith(path)
        ]


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def heygen() -> HeyGen:
    return HeyGen(sketched, pace=PACE)


@pytest.fixture
def fal() -> Fal:
    return Fal(sketched, pace=FalPace(queued=4, running=30))


Make = Callable[..., tuple[Shotcaller, Seen]]


@pytest.fixture(scope="session")
def usual() -> Registry:
    """The plugins of both vendors, asked once what they offer."""
    return Registry(PLUGINS)


@pytest.fixture
def make(
    tmp_path: Path, clock: StepClock, heygen: HeyGen, usual: Registry
) -> Iterator[Make]:
    """Makes callers that are led to HeyGen, and to fal where one is given."""
    folder = tmp_path / "clips"
    folder.mkdir()
    with ExitStack() as stack:

        def now() -> datetime:
            return datetime.fromtimestamp(clock.now(), UTC)

        def made(
            vendor: HeyGen = heygen,
            fal: Fal | None = None,
            plugins: Mapping[str, object] | None = None,
            **settings: Any,
        ) -> tuple[Shotcaller, Seen]:
            seen = Seen(vendor)
            server = stack.enter_context(serve(seen, clock=now))
            variables = dict(heygen_environment(server.url))
            if fal is not None:
                beside = stack.enter_context(serve(fal, clock=now))
                variables |= environment(beside.url)
            loaded = Settings.load(tmp_path / "home", variables)
            caller = Shotcaller(
                settings=evolve(loaded, output=folder, **settings),
                registry=usual if plugins is None else Registry(plugins),
                clock=clock,
            )
            stack.callback(caller.close)
            return caller, seen

        yield made
