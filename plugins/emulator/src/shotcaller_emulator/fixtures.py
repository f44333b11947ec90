"""Is for tests of programs that use Shotcaller: fal, for nothing, in each test.

``pytest_plugins = ["shotcaller_emulator.fixtures"]`` in a ``conftest.py`` gives the
fixture ``fal_emulator``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from attrs import frozen

from shotcaller_emulator.command import environment
from shotcaller_emulator.fal import Entry, Fal, Pace
from shotcaller_emulator.fal.troubles import Play
from shotcaller_emulator.serving import clock, serve
from shotcaller_emulator.studio import Studio

PACE = Pace(queued=0.05, running=0.1)


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


__all__ = ["Emulator", "fal_emulator"]
