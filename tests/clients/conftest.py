"""Puts the vendor's own clients in front of the emulator, and tells them no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from fal_client import SyncClient
from trustme import CA

from shotcaller_emulator.fal import KEY, Fal
from shotcaller_emulator.serving import serve
from shotcaller_emulator.studio import Studio
from tests.clients.javascript import Node, found
from tests.clients.reaching import by_address, by_proxy
from tests.clients.stage import PACE, Stage, one_film


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    with Studio() as studio:
        yield studio


@pytest.fixture(scope="session")
def authority() -> CA:
    return CA()


@pytest.fixture
def stage(studio: Studio) -> Stage:
    return Stage(Fal(one_film(studio), pace=PACE))


@pytest.fixture
def stage_url(stage: Stage) -> Iterator[str]:
    """Is where Shotcaller finds the stage."""
    with serve(stage, clock=stage.clock) as server:
        yield server.url


@pytest.fixture
def reached(stage: Stage, authority: CA) -> Iterator[None]:
    """Lets whoever connects to fal's hosts in this process reach the stage."""
    with by_proxy(stage, authority):
        yield


@pytest.fixture
def fal(reached: None) -> Iterator[SyncClient]:
    client = SyncClient(key=KEY)
    yield client
    client._client.close()


@pytest.fixture(scope="session")
def node(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Is Node with fal's JavaScript client, which stays in pytest's cache if it can."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    place = tmp_path_factory.mktemp if cache is None else cache.mkdir
    return found(place("fal-ai-client"))


@pytest.fixture
def hosts(stage: Stage) -> Iterator[Mapping[str, str]]:
    """Says where each of fal's hosts is."""
    with by_address(stage) as addresses:
        yield addresses
