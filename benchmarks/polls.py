"""Counts what is asked about a job, and how late its end is noticed, beside fal-client.

Both ask the same emulated fal about jobs of the same lengths, on a clock that goes on
only as they sleep and as their requests travel: hours of waiting pass in a minute, and
the figures do not depend on the machine.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import NormalDist, fmean

from attrs import define, field, frozen

from benchmarks.tables import Row, Table, compared
from benchmarks.vendors import settings, sketched
from shotcaller import Brief, Shot, Shotcaller
from shotcaller.plugin import Request
from shotcaller_emulator.fal import KEY, Fal, Fate
from shotcaller_emulator.outcomes import Outcome
from shotcaller_emulator.serving import serve

MEDIAN = 120.0
SPREAD = 0.5
JOBS = 10
"""How many jobs, evenly spread over a log-normal distribution of this median."""

QUEUED = 2.0
ROUND_TRIP = 0.05
"""How long each request travels, in seconds."""

REQUESTS = 1 / 20
LATE = 5.0
"""The promises: the share of fal-client's requests, and the most of a wait in %."""

NOTE = f"""\
{JOBS} jobs spread evenly over a log-normal distribution with a median of {MEDIAN:g} s;
a round trip takes {ROUND_TRIP:g} s. Asking is submit, status and result, without the
download. Too late is the time from a job's end to the request for its result, as a
part of the job's length, on average. The first {JOBS} takes of a model are made without
history, the others with that of the first."""


@define
class Turning:
    """Is a clock that only sleeping and travelling move on."""

    at: float = field(factory=time.time)

    def now(self) -> float:
        """Returns seconds since 1970."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Passes the time at once."""
        self.at += seconds

    async def asleep(self, seconds: float) -> None:
        """Passes the time at once."""
        self.sleep(seconds)

    def __call__(self) -> datetime:
        """Returns when a request arrives that was sent now."""
        self.at += ROUND_TRIP
        return datetime.fromtimestamp(self.at, UTC)


@define
class Watched:
    """Is fal on such a clock; it keeps what is asked of its queue, and when."""

    clock: Turning = field(factory=Turning)
    fal: Fal = field(factory=lambda: Fal(sketched))
    asked: list[tuple[str, float]] = field(factory=list)

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Answers as fal does."""
        # the emulator's links to films lead to other hosts of fal
        if "/requests/" in request.url or request.method == "POST":
            self.asked.append((f"{request.method} {request.url}", now.timestamp()))
        return self.fal.answer(request, now)


@frozen
class Asked:
    """Is how one client fared: requests for each job, lateness as a part of it."""

    requests: float
    late: float


def lengths() -> Sequence[float]:
    """Returns the lengths of the jobs in seconds, in an order that is no order."""
    spread = NormalDist(math.log(MEDIAN), SPREAD)
    found = [math.exp(spread.inv_cdf((n + 0.5) / JOBS)) for n in range(JOBS)]
    return [found[n * 7 % JOBS] for n in range(JOBS)]


def fared(watched: Watched, make: Callable[[int], object]) -> Asked:
    """Returns how a client fares that makes one clip of each length."""
    late: list[float] = []
    watched.asked.clear()
    for number, length in enumerate(lengths()):
        watched.fal.script("job", Fate(queued=QUEUED, running=length - QUEUED))
        make(number)
        *_, job = watched.fal.account.jobs.values()
        ended = job.ends.timestamp()
        results = [
            at
            for url, at in watched.asked
            if url.startswith("GET ") and url.partition("?")[0].endswith(job.id)
        ]
        late.append((min(results) - ended) / length)
    return Asked(len(watched.asked) / JOBS, fmean(late))


def ours() -> tuple[Asked, Asked]:
    """Returns how Shotcaller fares without history, and with it."""
    watched = Watched()
    brief = Brief(model="fal/veo-3.1-fast", budget="5", fallback=False)
    found: list[Asked] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(watched, clock=watched.clock) as server,
    ):
        known = settings(Path(folder), "fal", server.url)
        for title in ("first", "later"):
            with Shotcaller(settings=known, clock=watched.clock) as caller:

                def make(number: int, caller: Shotcaller = caller) -> None:
                    caller.generate(Shot(f"the {title} boat, {number}"), brief)  # noqa: B023  called at once

                found.append(fared(watched, make))
    return found[0], found[1]


def theirs() -> Asked:
    """Returns how fal's own client fares with ``subscribe``, as it is by default."""
    from fal_client import SyncClient
    from trustme import CA

    from tests.clients.reaching import by_proxy
    from tests.clients.stage import INPUT, VEO

    watched = Watched()
    with by_proxy(watched, CA()), slept(watched.clock):
        client = SyncClient(key=KEY)
        return fared(watched, lambda _: client.subscribe(VEO, INPUT))


@contextmanager
def slept(clock: Turning) -> Iterator[None]:
    """Lets whoever sleeps in this process do so on such a clock."""
    before = time.sleep
    time.sleep = clock.sleep  # type: ignore[assignment]  # whole numbers are floats
    try:
        yield
    finally:
        time.sleep = before


def table() -> Table:
    """Returns what was counted."""
    first, later = ours()
    other = theirs()
    name = "fal-client's subscribe"
    rows = [
        Row("requests for a job", name, later.requests, other.requests, ratio=REQUESTS),
        Row(
            "... without history",
            name,
            first.requests,
            other.requests,
            "",
            None,
            REQUESTS,
        ),
        Row("too late", name, 100 * later.late, 100 * other.late, "%", most=LATE),
        Row("... without history", name, 100 * first.late, 100 * other.late, "%", LATE),
    ]
    return compared("What is asked while a job runs", rows, NOTE)
