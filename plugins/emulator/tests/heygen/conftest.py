"""Gives the tests a HeyGen instead, asked as its clients ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shotcaller_emulator.films import Render
from shotcaller_emulator.heygen import KEY, HeyGen, Pace


@pytest.fixture
def make(desk: type[Any], render: Render) -> Callable[..., Any]:
    """Makes a desk for a HeyGen that is as a test wants it."""

    class HeyGenDesk(desk):  # type: ignore[misc]  # pytest has no other way to share it
        """Asks HeyGen."""

        header, scheme, key = "X-Api-Key", "", KEY

        def data(self, method: str, url: str, *given: Any, **headers: str) -> Any:
            said = self(method, url, *given, **headers)
            assert said.status in {200, 202}, said.body
            return said.json()["data"]

        def standing(self, url: str, seconds: float = 100) -> Any:
            self.pass_(seconds)
            return self.data("GET", url)

    def made(**settings: Any) -> HeyGenDesk:
        settings = {"pace": Pace(2, 60), "render": render, **settings}
        return HeyGenDesk(HeyGen(settings.pop("render"), **settings))

    return made


@pytest.fixture
def ask(make: Callable[..., Any]) -> Any:
    return make()
