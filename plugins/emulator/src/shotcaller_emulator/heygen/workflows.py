"""Is the old dialect: one call that starts a job, and one that looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.heygen import checking, clips, errors
from shotcaller_emulator.heygen.accepting import NO_JSON, absent, accept
from shotcaller_emulator.heygen.account import Account
from shotcaller_emulator.heygen.asking import Asked, table
from shotcaller_emulator.heygen.jobs import Job

FRAMES = ("reference_image_url", "tail_image_url")
WAITING = {"queued": "submitted", "running": "running"}


def execute(account: Account, asked: Asked, now: datetime) -> Response:
    """Takes a job; a key is not read, so a repeat is another job."""
    if account.retired is not None:
        return account.retired
    body = table(asked)
    if body is None:
        return NO_JSON
    if (wrong := checking.complaint(checking.WORKFLOW, body)) is not None:
        return wrong
    given = cast("Mapping[str, JSON]", body["input"])  # as the schema says
    if any(name in given and absent(account, str(given[name])) for name in FRAMES):
        return errors.legacy(400, 40012, "A picture cannot be fetched.")
    job = accept(account, "workflows", given, clips.workflow, now)
    if isinstance(job, Response):
        return job
    data = {"execution_id": job.id, "status": "submitted"}
    return errors.say(200, {"data": data})


def execution(account: Account, asked: Asked, now: datetime) -> Response:
    """Says how a job stands."""
    if account.retired is not None:
        return account.retired
    id_ = asked.parts[-1]
    job = account.jobs.get(id_)
    if job is None or job.dialect != "workflows":
        return errors.say(200, {"data": {"execution_id": id_, "status": "not_found"}})
    data = {"execution_id": id_, **_standing(account, asked, job, now)}
    return errors.say(200, {"data": data})


def _standing(
    account: Account, asked: Asked, job: Job, now: datetime
) -> Mapping[str, JSON]:
    state = job.state(now)
    if state in WAITING:
        return {"status": WAITING[state]}
    if not job.ending.good:
        return {"status": job.ending.spelled("workflows"), **job.ending.said}
    if account.render(job.film) is None:
        return {"status": "running"}
    own = job.id[-6:]
    link = account.link(asked, job.file, now)
    video = {"video_url": link, "video_id": f"video-{own}"}
    output: JSON = {"video": video, "asset_id": f"asset-{own}"}
    return {"status": "completed", "output": output}
