"""Takes a job on: plans when it runs, and finds out now how it will end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from attrs import evolve

from shotcaller.plugin import JSON
from shotcaller_emulator.addresses import is_here
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.account import Account, Stored
from shotcaller_emulator.fal.asking import SERVERS, Asked
from shotcaller_emulator.fal.billing import bill
from shotcaller_emulator.fal.checking import check
from shotcaller_emulator.fal.clips import film
from shotcaller_emulator.fal.errors import WELL
from shotcaller_emulator.fal.jobs import Clip, Fate, Job, planned
from shotcaller_emulator.fal.media import contents
from shotcaller_emulator.fal.paths import app_length
from shotcaller_emulator.fal.results import name
from shotcaller_fal.catalogue import Endpoint, endpoints

SEEDS = 2**31


def accept(
    account: Account, asked: Asked, given: Mapping[str, JSON], now: datetime
) -> Job:
    """Returns the job that was made of an input, which is the account's from now on."""
    job = Job(account.id(now), "/".join(asked.parts), given, now, now, now, WELL)
    endpoint = endpoints().get(job.endpoint)
    job = _hopeless(job) if endpoint is None else _judged(account, job, endpoint)
    fate = account.fate(Fate())
    too_late = errors.TOO_LATE_TO_START
    job = planned(job, fate, account.pace, _deadline(asked), too_late)
    if job.clip is not None:
        film, path = job.clip.film, job.clip.path
        until = expiry(asked, job.ends, "x-fal-object-lifecycle-preference")
        account.files[path] = Stored("video/mp4", film, job.ends, until)
        account.render(film)  # so that it is made by the time it is asked for
    account.jobs[job.id] = job
    return job


def _hopeless(job: Job) -> Job:
    """Returns a job for an app that exists, on a path that does not."""
    parts = job.endpoint.split("/")
    path = "/".join(parts[app_length(parts) :])
    return evolve(job, ending=errors.no_path(f"/{path}"))


def _judged(account: Account, job: Job, endpoint: Endpoint) -> Job:
    complaints = [*check(endpoint, job.input), *_missing(account, job)]
    if complaints:
        return evolve(job, ending=errors.model(422, complaints))
    seed = job.input.get("seed")
    chance = int.from_bytes(account.chance(4)) % SEEDS
    wanted = film(endpoint, job.input, seed if isinstance(seed, int) else chance)
    path = account.path(name(endpoint.id, account.chance(8)))
    return evolve(job, clip=Clip(wanted, path, bill(endpoint, job.input, wanted)))


def _missing(account: Account, job: Job) -> Iterator[Mapping[str, JSON]]:
    """Complains of links to files of the media host that are not there."""
    for where, value in _texts(job.input):
        link = urlsplit(value)
        if link.scheme not in {"http", "https"} or not _ours(link.hostname or ""):
            continue
        if contents(account, unquote(link.path), job.accepted) is None:
            message = "Failed to download the file. Please check if the URL is valid."
            yield errors.detail("file_download_error", message, *where, value=value)


def _ours(host: str) -> bool:
    return SERVERS.hosts.get(host) == "media" or is_here(host)


def _texts(
    value: JSON, *where: str | int
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    place = where or ("body",)
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, *place, key)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, *place, index)


def _deadline(asked: Asked) -> float | None:
    try:
        return float(asked.headers["x-fal-request-timeout"])
    except (KeyError, ValueError):
        return None


def expiry(asked: Asked, since: datetime, *names: str) -> datetime | None:
    """Returns when a file is to go, by the wish in one of the headers of the request.

    ``names`` are those of the headers that may hold it.
    """
    said = next((asked.headers[name] for name in names if name in asked.headers), "{}")
    try:
        seconds = json.loads(said)["expiration_duration_seconds"]
        return since + timedelta(seconds=seconds)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


__all__ = ["accept", "expiry"]
