"""Gives the tests a vendor without a socket, a clock that they turn, a way to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shotcaller.plugin import Request, Response
from shotcaller_emulator.fal import KEY, Fal, Pace
from shotcaller_emulator.films import Film, Render
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.serving import Vendor

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
QUEUE = "https://queue.fal.run"
CHEAP = "fal-ai/veo3.1/fast"


def painted(film: Film) -> bytes:
    """Is a studio that needs no time: its films only say what they are of."""
    return f"{film.width}x{film.height} {film.seconds:g} s {film.prompt}".encode()


class Desk:
    """Asks a vendor at the time that ``pass_`` has made it; it sends its key itself."""

    header, scheme, key = "Authorization", "Key ", KEY

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.now = START

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def outcome(
        self,
        method: str,
        url: str,
        body: Any = None,
        key: str | None = None,
        **headers: str,
    ) -> Outcome:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if sent := self.key if key is None else key:
            named[self.header] = f"{self.scheme}{sent}"
        if isinstance(body, bytes):
            request = Request(method, url, headers=named, content=body)
        else:
            request = Request(method, url, headers=named, json=body)
        return self.vendor.answer(request, self.now)

    def __call__(self, method: str, url: str, *given: Any, **headers: str) -> Response:
        found = self.outcome(method, url, *given, **headers)
        assert isinstance(found, Response)
        return found


class FalDesk(Desk):
    """Asks fal."""

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
def desk() -> type[Desk]:
    return Desk


@pytest.fixture
def render() -> Render:
    return painted


@pytest.fixture
def make() -> Callable[..., FalDesk]:
    """Makes a desk for a fal that is as a test wants it."""

    def made(**settings: Any) -> FalDesk:
        settings = {"pace": Pace(2, 60), **settings}
        return FalDesk(Fal(settings.pop("render", painted), **settings))

    return made


@pytest.fixture
def ask(make: Callable[..., FalDesk]) -> FalDesk:
    return make()
