"""Puts the emulated vendors on one network, which has bad weather until it is calm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from attrs import evolve

from shotcaller.effects import Lost, Unsent
from shotcaller.plugin import Request, Response
from shotcaller_emulator import fal, heygen
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Film
from shotcaller_emulator.ledgers import Line
from shotcaller_emulator.outcomes import Later, Outcome, Stalled, Torn
from tests.core.mp4 import box, movie
from tests.simulation.gateways import LanternVendor

READ_TIMEOUT = 180.0
"""After how many seconds a silence is taken for a lost reply."""


@lru_cache(512)
def rendered(film: Film) -> bytes:
    """Returns a file that is like a film, and unlike that of every other."""
    plain = movie(film.seconds, film.width, film.height, sound=film.sound)
    return plain + box(b"free", repr(film).encode())


class Vendor(Protocol):
    """Is a gateway's API as a pure function, with a ledger."""

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what becomes of a request."""

    def ledger_at(self, now: datetime) -> Sequence[Line]:
        """Returns every job that was accepted."""


class Weather(Faults[Any]):
    """Is chance that chooses a vendor's faults, until it is calmed."""

    def __init__(self, faults: Faults[Any]) -> None:
        self._faults = faults
        self.calmed = False

    def next(self, route: str) -> Any:
        """Returns the fault of the next request to a route, if any."""
        return None if self.calmed else self._faults.next(route)


class Internet:
    """Is all vendors at once; ``rate`` is the share of their own faults."""

    def __init__(self, seed: int, rate: float, lag: float, skew: float) -> None:
        late = timedelta(seconds=lag)
        self._weathers = [
            Weather(fal.weather(seed, rate)),
            Weather(heygen.weather(seed, rate)),
        ]
        self.fal = fal.Fal(
            rendered,
            pace=fal.Pace(4, 40),
            lag=late,
            seed=seed,
            faults=self._weathers[0],
        )
        self.heygen = heygen.HeyGen(
            rendered, pace=heygen.Pace(4, 40), seed=seed, faults=self._weathers[1]
        )
        self.lantern = LanternVendor(rendered, seed, late)
        self.ahead = skew
        self.seconds = 0.0

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """The vendors by the id of their gateway."""
        return {"fal": self.fal, "heygen": self.heygen, "lantern": self.lantern}

    def there(self, now: datetime) -> datetime:
        """Returns what the vendors' clocks tell when ours tells ``now``."""
        return now + timedelta(seconds=self.ahead)

    def calm(self) -> None:
        """Lets nothing go wrong from now on."""
        for weather in self._weathers:
            weather.calmed = True

    def jobs(self, gateway: str) -> frozenset[str]:
        """Returns the ids of all jobs that a vendor has taken."""
        owned: Mapping[str, Mapping[str, object]] = {
            "fal": self.fal.account.jobs,
            "heygen": self.heygen.account.jobs,
            "lantern": self.lantern.jobs,
        }
        return frozenset(owned.get(gateway, ()))

    def film(self, gateway: str, job: str) -> Film | None:
        """Returns what a job delivers; None if it cannot go well."""
        match gateway:
            case "fal":
                clip = self.fal.account.jobs[job].clip
                return None if clip is None else clip.film
            case "heygen":
                return self.heygen.account.jobs[job].film
            case _:
                return self.lantern.film(job)

    def __call__(self, request: Request, now: datetime) -> Response | Lost | Unsent:
        """Returns what comes back for a request; ``seconds`` is how long it took."""
        self.seconds = 0.0
        vendor = self._vendor(request)
        if vendor is None:
            return Unsent("no such host")
        there = self.there(now)
        outcome = vendor.answer(request, there)
        while isinstance(outcome, Later):
            self.seconds += outcome.seconds
            later = there + timedelta(seconds=self.seconds)
            outcome = outcome.resume(later)
        if isinstance(outcome, Response) and self.seconds <= READ_TIMEOUT:
            date = {"date": format_datetime(there, usegmt=True)}
            return evolve(outcome, headers={**outcome.headers, **date})
        if isinstance(outcome, Stalled):
            self.seconds += min(outcome.seconds, READ_TIMEOUT)
        return Lost("torn" if isinstance(outcome, Torn) else "no reply")

    def _vendor(self, request: Request) -> Vendor | None:
        host = urlsplit(request.url).hostname or ""
        known: Sequence[tuple[str, Vendor]] = (
            ("fal.run", self.fal),
            ("fal.ai", self.fal),
            ("fal.media", self.fal),
            ("heygen.com", self.heygen),
            ("heygen.ai", self.heygen),
            ("lantern.test", self.lantern),
        )
        return next((v for end, v in known if host.endswith(end)), None)
