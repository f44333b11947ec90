"""Is the queue, and the synchronous server: takes jobs, says how they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.accepting import accept
from shotcaller_emulator.fal.account import Account
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.jobs import Job
from shotcaller_emulator.fal.paths import app_of, known_apps
from shotcaller_emulator.fal.results import result
from shotcaller_emulator.outcomes import Later, Outcome

LARGE = 10_000
"""Bytes from which a result is kept for a tenth of the time only."""

EVERY = 0.5
"""Seconds between two events of a stream, and two looks at a job that is waited for."""


def submit(account: Account, asked: Asked, now: datetime) -> Response:
    """Takes a job into the queue; whether a model would take its input shows later."""
    taken = _taken(account, asked, now)
    if isinstance(taken, Response):
        return taken
    job = accept(account, asked, taken, now)
    told = {"status": "IN_QUEUE", "request_id": job.id, **_urls(asked, job)}
    return errors.say(200, {**told, "queue_position": job.position(now)})


def run(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Takes a job and answers with its result, when it is there."""
    taken = _taken(account, asked, now)
    if isinstance(taken, Response):
        return taken
    job = accept(account, asked, taken, now)
    if job.clip is None:  # what cannot be done is said at once
        return result(account, asked, job, now)

    def wait(later: datetime) -> Outcome:
        there = account.jobs[job.id]
        if _over(account, there, later):
            return result(account, asked, there, later)
        return Later(EVERY, wait)

    return Later((job.ends - now).total_seconds(), wait)


def _taken(
    account: Account, asked: Asked, now: datetime
) -> Response | Mapping[str, JSON]:
    """Returns the input of a job that may be taken, or fal's no."""
    if (no := account.refusal(asked)) is not None:
        return no
    if app_of(asked.parts) not in known_apps():
        return errors.refuse(404, f"Application '{app_of(asked.parts)}' not found")
    if account.balance is not None and account.spent(now) >= account.balance:
        return errors.EXHAUSTED
    if _too_long(account, asked, now):
        return errors.refuse(429, "The queue is longer than fal_max_queue_length.")
    try:
        given = asked.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        complaint = errors.detail("json_invalid", "JSON decode error", "body", 0)
        return errors.refuse(422, [complaint])
    return given


def _too_long(account: Account, asked: Asked, now: datetime) -> bool:
    """Tells whether more wait than whoever asks is ready to wait behind."""
    most = asked.first("fal_max_queue_length") or ""
    if not most.isdecimal():
        return False
    waiting = sum(job.state(now) == "queued" for job in account.jobs.values())
    return waiting > int(most)


def status(account: Account, asked: Asked, job: Job, now: datetime) -> Response:
    """Says how a job stands."""
    said = _standing(account, asked, job, now)
    return errors.say(200 if said["status"] == "COMPLETED" else 202, said)


def stream(account: Account, asked: Asked, job: Job, now: datetime) -> Outcome:
    """Says again and again how a job stands, until it is over."""
    said = _standing(account, asked, job, now)
    head = {"content-type": "text/event-stream", "cache-control": "no-store"}
    event = Response(200, head, f"data: {json.dumps(said)}\n\n".encode())
    if said["status"] == "COMPLETED":
        return event

    def go_on(later: datetime) -> Outcome:
        return stream(account, asked, account.jobs[job.id], later)

    return Later(EVERY, go_on, event)


def fetch(account: Account, asked: Asked, job: Job, now: datetime) -> Response:
    """Answers with the result of a job that is over."""
    if not _over(account, job, now):
        return errors.IN_PROGRESS
    found = result(account, asked, job, now)
    kept = account.retention / 10 if len(found.body) >= LARGE else account.retention
    return errors.NOT_FOUND if now >= job.ends + kept else found


def cancel(account: Account, _asked: Asked, job: Job, now: datetime) -> Response:
    """Stops a job: at once if it waits, and otherwise as soon as may be."""
    if _over(account, job, now):
        return errors.say(400, {"status": "ALREADY_COMPLETED"})
    account.jobs[job.id] = job.stopped(now)
    if now < job.starts:
        return errors.say(200, {"success": True})
    return errors.say(202, {"status": "CANCELLATION_REQUESTED"})


def _over(account: Account, job: Job, now: datetime) -> bool:
    """Tells whether a job is over, its film made if it is to have one."""
    if now < job.ends:
        return False
    if not job.ending.good or job.clip is None:
        return True
    return account.render(job.clip.film) is not None


def _standing(
    account: Account, asked: Asked, job: Job, now: datetime
) -> Mapping[str, JSON]:
    said: dict[str, JSON] = {"request_id": job.id, **_urls(asked, job)}
    if now < job.starts:
        return {**said, "status": "IN_QUEUE", "queue_position": job.position(now)}
    said["logs"] = _logs(job, now) if _wants_logs(asked) else None
    if not _over(account, job, now):
        return {**said, "status": "IN_PROGRESS"}
    if job.ending.told is not None:
        said["error"], said["error_type"] = job.ending.told
    seconds = (job.ends - job.starts).total_seconds()
    metrics = {"inference_time": seconds} if job.ending.good else {}
    return {**said, "status": "COMPLETED", "metrics": metrics}


def _wants_logs(asked: Asked) -> bool:
    return asked.first("logs") in {"1", "true"}


def _logs(job: Job, now: datetime) -> list[JSON]:
    """Returns all that a job said so far: every question gets the whole list."""
    took = (job.ends - job.starts) / 4
    if not took:  # it never ran
        return []
    lines = [
        (job.starts + took * step, f"{step * 25}% done")
        for step in range(5)
        if job.starts + took * step <= now
    ]
    return [_line(at, message) for at, message in lines]


def _line(at: datetime, message: str) -> Mapping[str, JSON]:
    return {
        "message": message,
        "level": "INFO",
        "source": "USER",
        "timestamp": at.isoformat(timespec="milliseconds"),
    }


def _urls(asked: Asked, job: Job) -> Mapping[str, JSON]:
    app = app_of(job.endpoint.split("/"))
    base = asked.url("queue", f"/{app}/requests/{job.id}")
    return {
        "response_url": base,
        "status_url": f"{base}/status",
        "cancel_url": f"{base}/cancel",
    }


__all__ = ["EVERY", "cancel", "fetch", "run", "status", "stream", "submit"]
