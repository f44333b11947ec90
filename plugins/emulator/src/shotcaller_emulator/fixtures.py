"""Is for tests of programs that use Shotcaller: the vendors, for nothing, in each test.

``pytest_plugins = ["shotcaller_emulator.fixtures"]`` in a ``conftest.py`` gives the
fixtures ``fal_emulator`` and ``heygen_emulator``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pytest
from attrs import frozen

from shotcaller_emulator.command import environment, heygen_environment
from shotcaller_emulator.emulating import Emulated
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.heygen import HeyGen
from shotcaller_emulator.jobs import Entry, Pace
from shotcaller_emulator.serving import clock, serve
from shotcaller_emulator.studio import Studio

V = TypeVar("V", bound=Emulated[Any, Any])

PACE = Pace(queued=0.05, running=0.1)


@frozen
class Emulator(Generic[V]):
    """Is an emulated ``vendor`` to watch and to script; ``url`` is where it is."""

    url: str
    vendor: V

    @property
    def ledger(self) -> Sequence[Entry]:
        """Every job that was accepted, as it stands now."""
        return self.vendor.ledger_at(clock())

    def script(self, route: str, *plays: Any) -> None:
        """Lets each fault answer one of the next requests to a route."""
        self.vendor.script(route, *plays)


@pytest.fixture
def fal_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator[Fal]]:
    """Serves fal during a test, and leads Shotcaller to it by the environment.

    The journal is the test's own: its takes are not those of whoever runs it.
    """
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path_factory.mktemp("home")))
    with _led(lambda studio: Fal(studio, pace=PACE), environment) as led:
        yield led


@pytest.fixture
def heygen_emulator(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Emulator[HeyGen]]:
    """Serves HeyGen during a test, as ``fal_emulator`` does fal."""
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path_factory.mktemp("home")))
    with _led(lambda studio: HeyGen(studio, pace=PACE), heygen_environment) as led:
        yield led


@contextmanager
def _led(
    hired: Callable[[Studio], V], variables: Callable[[str], Mapping[str, str]]
) -> Iterator[Emulator[V]]:
    """Serves a vendor, and sets the ``variables`` that lead to its address."""
    with Studio() as studio:
        vendor = hired(studio)
        with serve(vendor) as server, pytest.MonkeyPatch.context() as patch:
            for name, value in variables(server.url).items():
                patch.setenv(name, value)
            yield Emulator(server.url, vendor)


__all__ = ["Emulator", "fal_emulator", "heygen_emulator"]
