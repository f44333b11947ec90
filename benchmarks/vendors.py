"""Serves vendors whose jobs are real and whose films are not, and counts submits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from attrs import define, field

from shotcaller import Settings
from shotcaller.plugin import Request, Response
from shotcaller.secret import Secret
from shotcaller_emulator.fal import KEY as FAL_KEY
from shotcaller_emulator.faults import Stall
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import KEY as HEYGEN_KEY
from shotcaller_emulator.outcomes import Dropped, Outcome, Stalled
from shotcaller_emulator.serving import Vendor
from tests.core.mp4 import movie

KEYS: Mapping[str, Secret] = {
    "FAL_KEY": Secret(FAL_KEY),
    "HEYGEN_API_KEY": Secret(HEYGEN_KEY),
}


def sketched(film: Film) -> bytes:
    """Returns a file that says of itself what a film is to be like; none plays it."""
    return movie(film.seconds, film.width, film.height, sound=film.sound)


def settings(home: Path, gateway: str, url: str) -> Settings:
    """Returns an installation that knows one gateway's address, and all keys."""
    return Settings(home=home, output=home, urls={gateway: url}, keys=KEYS)


@define
class Counted:
    """Is a vendor, and the requests that came to it, by method and path."""

    vendor: Vendor
    heard: list[tuple[str, str]] = field(factory=list)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Answers as the vendor does."""
        path = "/" + request.url.partition("://")[2].partition("/")[2]
        self.heard.append((request.method, path.partition("?")[0]))
        return self.vendor.answer(request, now)

    def count(self, *methods: str) -> int:
        """Returns how many requests came by one of the methods."""
        return sum(method in methods for method, _ in self.heard)


@define
class Careless:
    """Is a vendor that takes every job and whose every reply is lost.

    A submit under the same idempotency key as an earlier one makes no new job, whether
    or not the real vendor reads such a key.
    """

    loss: Stall | None
    jobs: set[str] = field(factory=set)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Takes the job, and does not say so."""
        if request.method != "POST":
            return Response(404, {}, b"")
        names = {name.lower(): str(value) for name, value in request.headers.items()}
        self.jobs.add(names.get("idempotency-key", now.isoformat()))
        return Dropped() if self.loss is None else Stalled(self.loss.seconds)
