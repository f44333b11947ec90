"""Finds the rule for a request, and the name by which it can be scripted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeAlias

from shotcaller.plugin import Response
from shotcaller_emulator.fal import errors, media, queue, storage
from shotcaller_emulator.fal.account import Account
from shotcaller_emulator.fal.asking import Asked, Server
from shotcaller_emulator.fal.jobs import Job
from shotcaller_emulator.fal.paths import app_length
from shotcaller_emulator.fal.platform import platform
from shotcaller_emulator.outcomes import Outcome

Rule: TypeAlias = Callable[[Account, Asked, datetime], Outcome]
AboutJob: TypeAlias = Callable[[Account, Asked, Job, datetime], Outcome]

ROUTES = (
    "submit",
    "status",
    "stream",
    "result",
    "cancel",
    "run",
    "download",
    "initiate",
    "upload",
    "platform",
    "job",
)
"""What can be scripted; ``job`` is no request: it is what becomes of a job."""

JOBS = frozenset({"submit", "run"})
"""The routes that make jobs."""

ABOUT_JOBS: Mapping[tuple[str, str], tuple[str, AboutJob]] = {
    ("GET", ""): ("result", queue.fetch),
    ("GET", "status"): ("status", queue.status),
    ("GET", "status/stream"): ("stream", queue.stream),
    ("PUT", "cancel"): ("cancel", queue.cancel),
}
"""The questions about a job, by method and by what follows its id."""

STORAGE: Mapping[str, Rule] = {
    "storage/upload/initiate": storage.initiate,
    "storage/upload/initiate-multipart": storage.initiate,
    "storage/auth/token": storage.token,
}
"""What the REST server does, by path."""


def routed(seen: Asked) -> tuple[str, Rule]:
    """Returns the name of a request's route, empty if it has none, and its rule."""
    return SERVED[seen.server](seen)


def _media(seen: Asked) -> tuple[str, Rule]:
    if seen.method in {"GET", "HEAD"}:
        return "download", media.download
    return "upload", storage.store


def _platform(_seen: Asked) -> tuple[str, Rule]:
    return "platform", platform


def _rest(seen: Asked) -> tuple[str, Rule]:
    rule = STORAGE.get("/".join(seen.parts))
    if rule is None or seen.method != "POST":
        return NO_ROUTE
    return "initiate", rule


def _run(seen: Asked) -> tuple[str, Rule]:
    return ("run", queue.run) if seen.method == "POST" else NO_ROUTE


def _queued(seen: Asked) -> tuple[str, Rule]:
    parts = seen.parts
    if "requests" not in parts:
        named = seen.method == "POST" and len(parts) >= app_length(parts)
        return ("submit", queue.submit) if named else NO_ROUTE
    where = parts.index("requests")
    found = ABOUT_JOBS.get((seen.method, "/".join(parts[where + 2 :])))
    if found is None or where != app_length(parts):
        return NO_ROUTE  # as fal says on the full path of an endpoint
    route, rule = found
    return route, partial(_about, rule)


def _about(rule: AboutJob, account: Account, seen: Asked, now: datetime) -> Outcome:
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


NO_ROUTE: tuple[str, Rule] = ("", _not_allowed)

SERVED: Mapping[Server, Callable[[Asked], tuple[str, Rule]]] = {
    "media": _media,
    "platform": _platform,
    "queue": _queued,
    "rest": _rest,
    "run": _run,
}
"""Who finds the rule for a request, by the server that it came to."""

__all__ = ["JOBS", "ROUTES", "routed"]
