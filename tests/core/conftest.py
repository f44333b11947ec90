"""Fixtures of the core's tests: a clock that does not wait, a gateway, callers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shotcaller import Registry, Settings, Shotcaller
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, serving
from tests.core.worlds import StepClock


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def server() -> Iterator[PaperServer]:
    with serving(PaperServer()) as running:
        yield running


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def settings(tmp_path: Path, server: PaperServer) -> Settings:
    folder = tmp_path / "clips"
    folder.mkdir()
    environ = {"SHOTCALLER_PAPER_URL": server.url, "PAPER_KEY": "s3cret"}
    loaded = Settings.load(tmp_path / "home", environ)
    from attrs import evolve

    return evolve(loaded, output=folder)


@pytest.fixture
def make_caller(
    settings: Settings, paper: Paper, clock: StepClock
) -> Iterator[Callable[..., Shotcaller]]:
    """Makes callers that share a journal, as processes do."""
    made: list[Shotcaller] = []

    def make(plugin: object = paper) -> Shotcaller:
        registry = Registry({"paper": plugin})
        made.append(Shotcaller(settings=settings, registry=registry, clock=clock))
        return made[-1]

    yield make
    for caller in made:
        caller.close()


@pytest.fixture
def caller(make_caller: Callable[..., Shotcaller]) -> Shotcaller:
    return make_caller()
