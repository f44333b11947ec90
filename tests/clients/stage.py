"""Is fal, emulated, with an eye on what reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from attrs import define, evolve, field, frozen

from shotcaller.plugin import Request
from shotcaller_emulator.fal import KEY, TROUBLES, Entry, Fal, Fate, Pace
from shotcaller_emulator.fal.account import Stored
from shotcaller_emulator.fal.asking import SERVERS, Asked, Server
from shotcaller_emulator.films import Film, Render
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.serving import Vendor

HOSTS = (
    "queue.fal.run",
    "queue.falrun.com",
    "fal.run",
    "falrun.com",
    "rest.fal.ai",
    "v3.fal.media",
    "v3b.fal.media",
    "api.fal.ai",
)
"""Every host of fal's that a client may want."""

TICK = timedelta(seconds=1)
"""How much later it is at each request: no test depends on how fast a machine is."""

PACE = Pace(queued=1.5, running=1)
DAY = 86_400.0
WAITS = Fate(queued=DAY, ahead=4)
RUNS = Fate(queued=0, running=DAY)
AT_ONCE = Fate(queued=0, running=0)
DAWDLES = Fate(queued=1.5, running=3.5)
"""Fates of jobs: in the queue for good, running for good, over, in sight."""

VEO = "fal-ai/veo3.1/fast"
INPUT = {
    "prompt": "a lighthouse at dusk",
    "duration": "4s",
    "resolution": "720p",
    "aspect_ratio": "16:9",
    "generate_audio": False,
}
"""What a job of most tests is asked for with."""


@define
class Clock:
    """Is a clock that goes on only when it is looked at."""

    now: datetime = field(factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """Returns the time, which is later than ever before."""
        self.now += TICK
        return self.now


@define
class Stage:
    """Is an emulated fal that keeps every request, in the order of their arrival."""

    fal: Fal
    clock: Clock = field(factory=Clock)
    heard: list[Asked] = field(factory=list)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Answers as fal does."""
        seen = SERVERS.read(request)
        if seen is not None:
            self.heard.append(seen)
        return self.fal.answer(request, now)

    def let(self, *troubles: str) -> None:
        """Lets each of these things go wrong once."""
        for name in troubles:
            self.fal.script(TROUBLES[name].route, TROUBLES[name].play)

    @property
    def ledger(self) -> Sequence[Entry]:
        """Every job that was accepted, as it stands now."""
        return self.fal.ledger_at(self.clock.now)

    def sent(self, method: str, server: Server) -> Sequence[Asked]:
        """Returns the requests of a method that came to one of fal's servers."""
        return [
            each
            for each in self.heard
            if (each.method, each.server) == (method, server)
        ]

    def stored(self, url: str) -> Stored:
        """Returns what the media host has at a URL."""
        return self.fal.account.files[urlsplit(url).path]


@frozen
class At:
    """Is a vendor of whom only one host is served, whatever host was asked for."""

    host: str
    vendor: Vendor

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Answers as that host does."""
        path = "/" + request.url.split("/", 3)[3]
        return self.vendor.answer(
            evolve(request, url=f"https://{self.host}{path}"), now
        )


def one_film(render: Render) -> Render:
    """Returns a renderer that makes one film for all who ask for the same."""

    def rendered(film: Film) -> bytes | None:
        return render(evolve(film, seed=0))

    return rendered


__all__ = [
    "AT_ONCE",
    "DAWDLES",
    "HOSTS",
    "INPUT",
    "KEY",
    "PACE",
    "RUNS",
    "VEO",
    "WAITS",
    "At",
    "Stage",
    "one_film",
]
