"""Is for tests of programs that use Shotcaller: the vendors, for nothing, in each test.

``pytest_plugins = ["shotcaller_emulator.fixtures"]`` in a ``conftest.py`` gives the
fixtures ``fal_emulator`` and ``heygen_emulator``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from attrs import frozen

from shotcaller_emulator.command import environment, heygen_environment
from shotcaller_emulator.fal import Entry, Fal, Pace
from shotcaller_emulator.fal.troubles import Play
from shotcaller_emulator.heygen import Entry as HeyGenEntry
from shotcaller_emulator.heygen import HeyGen
from shotcaller_emulator.heygen import Pace as HeyGenPace
from shotcaller_emulator.heygen.troubles import Play as HeyGenPlay
from shotcaller_emulator.serving import clock, serve
from shotcaller_emulator.studio import Studio

PACE = Pace(queued=0.05, running=0.1)
HEYGEN_PACE = HeyGenPace(queued=0.05, running=0.1)


@frozen
class Emulator:
    """Is an emulated fal that a test can watch and script; ``url`` is where it is."""

    url: str
    fal: Fal

    @property
    def ledger(self) -> Sequence[Entry]:
        """Every job that was accepted, as it stands now."""
        return self.fal.ledger_at(clock())

    def script(self, route: str, *plays: Play) -> None:
        """Lets each fault answer one of the next requests to a route."""
        self.fal.script(route, *plays)


@pytest.fixture
def fal_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator]:
    """Serves fal during a test, and leads Shotcaller to it by the environment.

    The journal is the test's own: its takes are not those of whoever runs it.
    """
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path_factory.mktemp("home")))
    with Studio() as studio:
        fal = Fal(studio, pace=PACE)
        with serve(fal) as server:
            for name, value in environment(server.url).items():
                monkeypatch.setenv(name, value)
            yield Emulator(server.url, fal)


@frozen
class HeyGenEmulator:
    """Is an emulated HeyGen to watch and to script; ``url`` is where it is."""

    url: str
    heygen: HeyGen

    @property
    def ledger(self) -> Sequence[HeyGenEntry]:
        """Every job that was accepted, as it stands now."""
        return self.heygen.ledger_at(clock())

    def script(self, route: str, *plays: HeyGenPlay) -> None:
        """Lets each fault answer one of the next requests to a route."""
        self.heygen.script(route, *plays)


@pytest.fixture
def heygen_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HeyGenEmulator]:
    """Serves HeyGen during a test, and leads Shotcaller to it by the environment.

    The journal is the test's own: its takes are not those of whoever runs it.
    """
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path_factory.mktemp("home")))
    with Studio() as studio:
        vendor = HeyGen(studio, pace=HEYGEN_PACE)
        with serve(vendor) as server:
            for name, value in heygen_environment(server.url).items():
                monkeypatch.setenv(name, value)
            yield HeyGenEmulator(server.url, vendor)


__all__ = ["Emulator", "HeyGenEmulator", "fal_emulator", "heygen_emulator"]
