"""Looks at v3's jobs; a clip's address is signed anew each time it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    BadReply,
    Done,
    Exchange,
    Failed,
    Model,
    Request,
    Running,
    Status,
    Ticket,
)
from shotcaller_heygen import facts, words
from shotcaller_heygen.gateway import API, ID, KEY_HEADER

DIALECT = "v3"
PACE = 5.0
"""After how many seconds HeyGen's own client asks again."""

LONGEST_NOTE = 80


@frozen
class Accepted:
    """Is a clip to be."""

    video_id: str


@frozen
class Taken:
    """Is the answer to a submit."""

    data: Accepted


@frozen
class Told:
    """Is how a job stands; all but its status may be missing."""

    status: str
    video_url: JSON = None
    failure_code: JSON = None
    failure_message: JSON = None
    duration: JSON = None
    width: JSON = None
    height: JSON = None
    aspect_ratio: JSON = None
    seed: JSON = None
    timings: JSON = None


@frozen
class Answer:
    """Is the answer to how a job stands."""

    data: Told


def submit(
    model: Model, path: str, body: Mapping[str, JSON], key: str
) -> Exchange[Ticket]:
    """Asks for a clip with the one request that spends, under the take's key."""
    asked = Request("POST", f"{API}{path}", json=body, headers={KEY_HEADER: key})
    reply = yield from asked
    if not words.good(reply):
        raise words.refusal(reply)
    id_ = reply.into(Taken).data.video_id
    if not id_:
        raise BadReply("HeyGen took the job without an id.", paths=("video_id",))
    return ticket(model.id, path, id_)


def ticket(model: str, path: str, id_: str) -> Ticket:
    """Returns the ticket of a job that was asked for at ``path``."""
    return Ticket(ID, model, id_, {"dialect": DIALECT, "path": path})


def poll(ticket: Ticket) -> Exchange[Status]:
    """Asks once how a job stands."""
    return (yield from look(str(ticket.data["path"]), ticket.remote_id))


def look(path: str, id_: str) -> Exchange[Status]:
    """Asks once how the video of an id stands, below the path it was asked for at."""
    reply = yield from Request("GET", f"{API}{path}/{quote(id_, safe='')}")
    if not words.good(reply):
        raise BadReply(f"{words.said(reply).text} (about {id_}).")
    told = reply.into(Answer).data
    match told.status:
        case "completed":
            return _done(told, id_)
        case "failed":
            return _failed(told)
        case "cancelled":
            return Failed("cancelled at HeyGen", charged="unknown", code="cancelled")
        case other:
            return Running(f"HeyGen says {other[:LONGEST_NOTE]}", wait=PACE)


def _done(told: Told, id_: str) -> Done:
    url = facts.text(told.video_url)
    if not url:
        path = "data.video_url"
        raise BadReply("HeyGen finished the job and names no video.", paths=(path,))
    timings = told.timings if isinstance(told.timings, Mapping) else {}
    found = facts.kept(
        video_id=id_,
        duration=told.duration,
        width=told.width,
        height=told.height,
        aspect_ratio=told.aspect_ratio,
        seed=told.seed,
        inference_seconds=timings.get("inference"),
    )
    return Done(url, facts=found)


def _failed(told: Told) -> Failed:
    name = facts.text(told.failure_code)
    message = facts.text(told.failure_message)[: words.LONGEST]
    code = words.failing(name, message) or name or "failed"
    reason = f"HeyGen says: {message or name or 'no reason given'}"
    return Failed(reason, charged="no", code=code)  # HeyGen does not charge failures
