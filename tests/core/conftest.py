"""Fixtures of the core's tests: a clock that does not wait, a gateway, callers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shotcaller import Brief, Registry, Settings, Shot, Shotcaller, Uncertain
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, accept_then_drop, serving
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


@pytest.fixture
def uncertain(caller: Shotcaller, server: PaperServer) -> str:
    """A take that was accepted as job-1, of which only the server knows."""
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(Shot("A paper boat"), Brief(model="paper/one"))
    assert caught.value.take is not None
    return caught.value.take


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Holds what each look-up of a host finds; one answer a look-up, then none."""
    names: dict[str, list[list[str]]] = {}
    original = socket.getaddrinfo

    def found(host: Any, port: Any, *rest: Any, **named: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in names:
            return list(original(host, port, *rest, **named))
        if not names[name]:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        kind = (socket.SOCK_STREAM, 6, "")
        return [
            (socket.AF_INET6, *kind, (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, *kind, (address, port))
            for address in names[name].pop(0)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return names
