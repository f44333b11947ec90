"""Words what a job delivers, in the shape that its family has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.account import Account
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.jobs import Job
from shotcaller_emulator.fal.media import contents
from shotcaller_emulator.films import FPS
from shotcaller_fal.catalogue import endpoints

DETAILED = ("fal-ai/wan/", "wan/", "alibaba/", "xai/", "fal-ai/sora-2")
"""Families that tell size, length and frames of their clips."""


def result(account: Account, asked: Asked, job: Job, now: datetime) -> Response:
    """Returns what the model itself answered: its status, its headers, its body."""
    headers = {"x-fal-request-id": job.id, "x-fal-served-from": job.id[::-1]}
    if not job.ending.good:
        said = errors.say(job.ending.status, job.ending.body)
        return Response(
            said.status, {**said.headers, **headers, **job.ending.headers}, said.body
        )
    if job.bill is not None:
        headers["x-fal-billable-units"] = str(float(job.bill.units))
    said = errors.say(200, output(account, asked, job, now))
    return Response(200, {**said.headers, **headers}, said.body)


def output(
    account: Account, asked: Asked, job: Job, now: datetime
) -> Mapping[str, JSON]:
    """Returns the body of the result of a job that went well."""
    found = contents(account, job.file, now)
    video: dict[str, JSON] = {
        "url": asked.url("media", job.file),
        "content_type": "video/mp4",
        "file_name": job.file.rpartition("_")[2],
        "file_size": len(found[1]) if found else None,
    }
    body: dict[str, JSON] = {"video": video}
    if job.film is not None and job.endpoint.startswith(DETAILED):
        video["width"], video["height"] = job.film.width, job.film.height
        video["fps"], video["num_frames"] = FPS, job.film.frames
        video["duration"] = job.film.frames / FPS
    known = endpoints()[job.endpoint].input["properties"]
    if job.film is not None and ("seed" in known or "seedance" in job.endpoint):
        body["seed"] = job.film.seed
    if "wan" in job.endpoint:
        body["actual_prompt"] = None
    return body


def name(endpoint: str, chance: bytes) -> str:
    """Returns the name that a family gives its clips."""
    if "seedance" in endpoint:
        return "video.mp4"
    return f"{chance.hex()}.mp4" if "veo" in endpoint else "output.mp4"


__all__ = ["name", "output", "result"]
