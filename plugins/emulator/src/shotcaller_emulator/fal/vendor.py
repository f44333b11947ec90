"""Is fal: answers requests as its servers do, by script where there is one."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from shotcaller.plugin import Request, Response
from shotcaller_emulator.fal import errors, media, queue
from shotcaller_emulator.fal.account import HOUR, KEY, Account, Leak
from shotcaller_emulator.fal.asking import Asked, asked
from shotcaller_emulator.fal.jobs import Entry, Fate, Job, Pace, entry
from shotcaller_emulator.fal.paths import app_length
from shotcaller_emulator.faults import Fault, Faults
from shotcaller_emulator.films import Render
from shotcaller_emulator.outcomes import Outcome

Rule: TypeAlias = Callable[[Account, Asked, datetime], Outcome]

MISDIRECTED = errors.refuse(421, "This host is not served here.")

ABOUT_JOBS: Mapping[tuple[str, str], tuple[str, Callable[..., Outcome]]] = {
    ("GET", ""): ("result", queue.fetch),
    ("GET", "status"): ("status", queue.status),
    ("GET", "status/stream"): ("stream", queue.stream),
    ("PUT", "cancel"): ("cancel", queue.cancel),
}
"""Route and rule of a question about a job, by method and by what follows its id."""

ROUTES = (
    "submit",
    "status",
    "stream",
    "result",
    "cancel",
    "run",
    "download",
)
"""What can be scripted."""


class Fal:
    """Is fal for one account: no socket, no clock, no chance.

    ``render`` makes the films. ``keys`` are valid, ``balance`` is in dollars and None
    never runs out; results are kept for ``retention``, and a job is listed ``lag``
    after its end. The same requests at the same times get the same answers, ids
    included, which come from ``seed``. ``faults`` come on top of those of a script.
    """

    def __init__(
        self,
        render: Render,
        *,
        keys: Collection[str] = (KEY,),
        pace: Pace | None = None,
        balance: Decimal | None = None,
        retention: timedelta = HOUR,
        lag: timedelta = timedelta(0),
        seed: int = 0,
        faults: Faults | None = None,
    ) -> None:
        self.account = Account(
            render, frozenset(keys), pace or Pace(), balance, retention, lag, seed
        )
        self._faults = faults or Faults(0, 0, {})
        self._script: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._latest = datetime.min.replace(tzinfo=UTC)

    def script(self, route: str, *faults: Fault) -> None:
        """Lets each of the faults answer one of the next requests to a route."""
        if route not in ROUTES:
            known = ", ".join(ROUTES)
            raise ValueError(f"there is no route {route!r} to script: {known}")
        self._script[route] += faults

    def fates(self, *fates: Fate) -> None:
        """Lets the next jobs have these fates, one each."""
        self.account.fates += fates

    def answer(self, request: Request, now: datetime) -> Outcome:
        """Returns what becomes of a request that arrives at a time."""
        self._latest = max(self._latest, now)
        seen = asked(request)
        if seen is None:
            return MISDIRECTED
        route, rule = self._routed(seen)
        answered = partial(rule, self.account, seen, now)
        if fault := self._fault(route):
            return fault(answered)
        return answered()

    def _fault(self, route: str) -> Fault | None:
        scripted = self._script[route]
        return scripted.popleft() if scripted else self._faults.next(route)

    def _routed(self, seen: Asked) -> tuple[str, Rule]:
        match seen.server:
            case "media":
                return "download", media.download
            case "run" if seen.method == "POST":
                return "run", queue.run
            case _:
                return _queued(seen)

    def ledger_at(self, now: datetime) -> Sequence[Entry]:
        """Returns every job that was accepted, as it stands at a time."""
        return tuple(entry(job, now) for job in self.account.jobs.values())

    @property
    def ledger(self) -> Sequence[Entry]:
        """Every job that was accepted, as it stood when a request came last."""
        return self.ledger_at(self._latest)

    @property
    def settled(self) -> Sequence[Entry]:
        """Every job that was accepted, as it will be once all of them are over."""
        return self.ledger_at(datetime.max.replace(tzinfo=UTC))

    @property
    def billed(self) -> Decimal:
        """What all jobs cost once they are over, in dollars."""
        return sum((line.billed for line in self.settled), Decimal(0))

    @property
    def leaks(self) -> Sequence[Leak]:
        """Every key that was sent to where none belongs."""
        return tuple(self.account.leaks)


def _queued(seen: Asked) -> tuple[str, Rule]:
    """Returns the rule for a path of the queue."""
    parts = seen.parts
    if "requests" not in parts:
        known = seen.method == "POST" and len(parts) >= app_length(parts)
        return ("submit", queue.submit) if known else ("", _not_allowed)
    where = parts.index("requests")
    rest = "/".join(parts[where + 2 :])
    route, rule = ABOUT_JOBS.get((seen.method, rest), ("", None))
    if rule is None or where != app_length(parts):
        return "", _not_allowed  # as fal says on the full path of an endpoint
    return route, partial(_about, rule)


def _about(
    rule: Callable[..., Outcome], account: Account, seen: Asked, now: datetime
) -> Outcome:
    """Answers a question about a job that must exist, and be of the path's app."""
    if (no := account.refusal(seen)) is not None:
        return no
    job = _job(account, seen)
    return errors.NOT_FOUND if job is None else rule(account, seen, job, now)


def _job(account: Account, seen: Asked) -> Job | None:
    length = app_length(seen.parts)
    job = account.jobs.get((*seen.parts, "")[length + 1])
    if job is None or job.endpoint.split("/")[:length] != seen.parts[:length]:
        return None
    return job


def _not_allowed(_account: Account, _seen: Asked, _now: datetime) -> Response:
    return errors.NOT_ALLOWED


__all__ = ["ROUTES", "Fal"]
