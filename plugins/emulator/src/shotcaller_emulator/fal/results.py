"""Words what a job delivers, in the shape that its family has."""

from __future__ import annotations

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
    if job.clip is not None and job.ending.good:
        headers["x-fal-billable-units"] = str(float(job.clip.bill.units))
    said = errors.say(job.ending.status, output(account, asked, job, now))
    named = {**said.headers, **headers, **job.ending.headers}
    return Response(said.status, named, said.body)


def output(account: Account, asked: Asked, job: Job, now: datetime) -> JSON:
    """Returns the body of the result of a job."""
    if job.clip is None or not job.ending.good:
        return job.ending.body
    film, path = job.clip.film, job.clip.path
    found = contents(account, path, now)
    video: dict[str, JSON] = {
        "url": asked.url("media", path),
        "content_type": "video/mp4",
        "file_name": path.rpartition("_")[2],
        "file_size": len(found[1]) if found else None,
    }
    if job.endpoint.startswith(DETAILED):
        video["width"], video["height"] = film.width, film.height
        video["fps"], video["num_frames"] = FPS, film.frames
        video["duration"] = film.frames / FPS
    body: dict[str, JSON] = {"video": video}
    known = endpoints()[job.endpoint].input["properties"]
    if "seed" in known or "seedance" in job.endpoint:
        body["seed"] = film.seed
    if "wan" in job.endpoint:
        body["actual_prompt"] = None
    return body


def name(endpoint: str, chance: bytes) -> str:
    """Returns the name that a family gives its clips."""
    if "seedance" in endpoint:
        return "video.mp4"
    return f"{chance.hex()}.mp4" if "veo" in endpoint else "output.mp4"


__all__ = ["name", "output", "result"]
