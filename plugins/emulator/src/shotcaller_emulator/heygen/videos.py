"""Is v3: Video 1, the cinematic avatar, the Video Agent, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from attrs import frozen
from jsonschema import Draft202012Validator

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.heygen import checking, clips, errors
from shotcaller_emulator.heygen.accepting import (
    NO_JSON,
    Wanted,
    accept,
    keyed,
    missing,
)
from shotcaller_emulator.heygen.account import Account
from shotcaller_emulator.heygen.asking import Asked, table
from shotcaller_emulator.heygen.jobs import Dialect, Job
from shotcaller_emulator.outcomes import Outcome

Words: TypeAlias = Mapping[str, str]

WAITING: Words = {"queued": "pending", "running": "processing"}


@frozen
class Kind:
    """Is what a dialect makes: which films, by which schema, and what it answers."""

    dialect: Dialect
    wanted: Wanted
    schema: Draft202012Validator | None
    status: int
    told: Mapping[str, JSON]


MODEL = Kind("models", clips.video, None, 202, {"status": "pending"})
AVATAR = Kind(
    "videos",
    clips.cinematic,
    checking.CINEMATIC,
    200,
    {"status": "waiting", "output_format": "mp4"},
)
AGENT = Kind(
    "agents",
    clips.agent,
    checking.AGENT,
    200,
    {"status": "generating", "video_id": None},
)


def submit(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Takes a job for Video 1."""
    return keyed(account, asked, now, lambda: _taken(account, asked, now, MODEL))


def avatar(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Takes a job for a cinematic avatar."""
    return keyed(account, asked, now, lambda: _taken(account, asked, now, AVATAR))


def agent(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Takes a job for the Video Agent, which reads no key."""
    return _taken(account, asked, now, AGENT)


def _taken(account: Account, asked: Asked, now: datetime, kind: Kind) -> Response:
    body = table(asked)
    if body is None:
        return NO_JSON
    wrong = (
        checking.video(body)
        if kind.schema is None
        else checking.complaint(kind.schema, body)
    )
    if wrong is not None:
        return wrong
    if (lacking := missing(account, body)) is not None:
        return lacking
    job = accept(account, kind.dialect, body, kind.wanted, now)
    if isinstance(job, Response):
        return job
    name = "session_id" if kind is AGENT else "video_id"
    data = {name: job.id, **kind.told, "created_at": int(now.timestamp())}
    return errors.say(kind.status, {"data": data})


def look(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Says how a video stands."""
    job = account.jobs.get(asked.parts[-1])
    model = asked.parts[1] == "models"
    if job is None or job.dialect == "workflows" or model != (job.dialect == "models"):
        return errors.NO_VIDEO
    data: dict[str, JSON] = {
        "video_id": job.id,
        "created_at": int(job.accepted.timestamp()),
        **_standing(account, asked, job, now),
    }
    return errors.say(200, {"data": data})


def _standing(
    account: Account, asked: Asked, job: Job, now: datetime
) -> Mapping[str, JSON]:
    state = job.state(now)
    if state in WAITING:
        return {"status": WAITING[state]}
    ending = job.ending
    if not ending.good:
        return {
            "status": ending.spelled(job.dialect),
            "failure_code": ending.code or None,
            "failure_message": ending.message or None,
        }
    if account.render(job.film) is None:
        return {"status": "processing"}
    film = job.film
    return {
        "status": "completed",
        "video_url": account.link(asked, job.file, now),
        "duration": int(film.seconds),
        "width": film.width,
        "height": film.height,
        "aspect_ratio": job.input.get("aspect_ratio"),
        "seed": film.seed,
        "timings": {"inference": 31.5},
    }


def session(account: Account, asked: Asked, now: datetime) -> Outcome:
    """Says how an agent's session stands; its video has the same id."""
    job = account.jobs.get(asked.parts[-1])
    if job is None or job.dialect != "agents":
        return errors.NOT_FOUND
    done = now >= job.starts and job.ending.good
    states = {"queued": "thinking", "running": "generating", "done": "completed"}
    data: Mapping[str, JSON] = {
        "session_id": job.id,
        "status": states.get(job.state(now), "failed"),
        "progress": _progress(job, now),
        "video_id": job.id if done else None,
    }
    return errors.say(200, {"data": data})


def _progress(job: Job, now: datetime) -> int:
    whole = (job.ends - job.accepted).total_seconds() or 1.0
    return min(100, int(100 * (now - job.accepted).total_seconds() / whole))


def stop(account: Account, asked: Asked, now: datetime) -> Outcome:  # noqa: ARG001
    """Hears the wish that an agent stop; it finishes all the same."""
    job = account.jobs.get(asked.parts[-2])
    if job is None or job.dialect != "agents":
        return errors.NOT_FOUND
    return errors.say(200, {"data": {"session_id": job.id, "status": "thinking"}})


def me(account: Account, asked: Asked, now: datetime) -> Outcome:  # noqa: ARG001
    """Says how the account stands."""
    if account.balance is None:
        return errors.say(200, {"data": {"billing_type": "usage_based"}})
    left = account.balance - account.spent
    wallet: JSON = {
        "remaining_balance": float(left),
        "currency": "usd",
        "auto_reload": {"enabled": False},
    }
    return errors.say(200, {"data": {"billing_type": "wallet", "wallet": wallet}})
