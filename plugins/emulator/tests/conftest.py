"""Gives the tests a fal without a socket, a clock that they turn, and a way to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shotcaller.plugin import Request, Response
from shotcaller_emulator.fal import KEY, Fal, Pace
from shotcaller_emulator.films import Film
from shotcaller_emulator.outcomes import Outcome

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
QUEUE = "https://queue.fal.run"
CHEAP = "fal-ai/veo3.1/fast"


def painted(film: Film) -> bytes:
    """Is a studio that needs no time: its films only say what they are of."""
    return f"{film.width}x{film.height} {film.seconds:g} s {film.prompt}".encode()


class Desk:
    """Asks fal, at the time that ``pass_`` has made it; the key is sent by itself."""

    def __init__(self, fal: Fal) -> None:
        self.fal = fal
        self.now = START

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def outcome(
        self, method: str, url: str, body: Any = None, key: str = KEY, **headers: str
    ) -> Outcome:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            named["Authorization"] = f"Key {key}"
        if isinstance(body, bytes):
            request = Request(method, url, headers=named, content=body)
        else:
            request = Request(method, url, headers=named, json=body)
        return self.fal.answer(request, self.now)

    def __call__(
        self, method: str, url: str, body: Any = None, key: str = KEY, **headers: str
    ) -> Response:
        found = self.outcome(method, url, body, key, **headers)
        assert isinstance(found, Response)
        return found

    def submit(self, endpoint: str = CHEAP, **given: Any) -> dict[str, Any]:
        """Submits a job, and returns what the queue said."""
        asked = {"prompt": "a fox", **given}
        said = self("POST", f"{QUEUE}/{endpoint}", asked)
        assert said.status == 200, said.body
        return answer(said)

    def result(self, endpoint: str = CHEAP, **given: Any) -> Response:
        """Runs a job to its end, and returns its result."""
        job = self.submit(endpoint, **given)
        self.pass_(100)
        return self("GET", job["response_url"])

    def status(self, job: dict[str, Any], query: str = "") -> Response:
        return self("GET", job["status_url"] + query)


def answer(response: Response) -> dict[str, Any]:
    found: Any = response.json()
    assert isinstance(found, dict)
    return found


@pytest.fixture
def make() -> Callable[..., Desk]:
    """Makes a desk for a fal that is as a test wants it."""

    def made(**settings: Any) -> Desk:
        settings = {"pace": Pace(2, 60), **settings}
        return Desk(Fal(settings.pop("render", painted), **settings))

    return made


@pytest.fixture
def ask(make: Callable[..., Desk]) -> Desk:
    return make()
