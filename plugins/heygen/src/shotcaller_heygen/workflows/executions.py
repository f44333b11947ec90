"""Speaks the old call's protocol: one POST that starts a job, one GET to look at it.

No key is read, no job can be listed or stopped, and no list of the statuses exists.
"""

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
    Refused,
    Request,
    Response,
    Running,
    Shot,
    Status,
    Ticket,
)
from shotcaller_heygen import facts, inputs, words
from shotcaller_heygen.gateway import API, ID
from shotcaller_heygen.workflows.offer import PROVIDERS

URL = f"{API}/v1/workflows/executions"
DIALECT = "workflows"
PACE = 10.0
"""After how many seconds HeyGen wants to be asked again."""

LONGEST_NOTE = 80
_OVER = frozenset({404, 405, 410})
_VALUES = {one.model.id: one.value for one in PROVIDERS}


@frozen
class Accepted:
    """Is a job that was taken."""

    execution_id: str


@frozen
class Taken:
    """Is the answer to a submit."""

    data: Accepted


@frozen
class Told:
    """Is how a job stands; errors come as a table, as a text, or beside it."""

    status: str
    output: JSON = None
    error: JSON = None
    error_message: JSON = None


@frozen
class Answer:
    """Is the answer to how a job stands."""

    data: Told


def submit(model: Model, shot: Shot) -> Exchange[Ticket]:
    """Asks for a clip with the one request that spends."""
    body: Mapping[str, JSON] = {
        "workflow_type": "GenerateVideoNode",
        "input": given(model, shot),
    }
    reply = yield from Request("POST", URL, json=body)
    if not words.good(reply):
        raise _refusal(reply)
    id_ = reply.into(Taken).data.execution_id
    if not id_:
        raise BadReply("HeyGen took the job without an id.", paths=("execution_id",))
    return ticket(model.id, id_)


def ticket(model: str, id_: str) -> Ticket:
    """Returns the ticket of an execution."""
    return Ticket(ID, model, id_, {"dialect": DIALECT})


def given(model: Model, shot: Shot) -> Mapping[str, JSON]:
    """Returns the call's ``input``; what the shot does not say is left out."""
    config = shot.options.get(ID, {}).get("config")
    written: dict[str, JSON] = {
        "prompt": shot.prompt,
        "provider": _VALUES[model.id],
        "aspect_ratio": shot.ratio or model.capabilities.default_ratio,
    }
    if shot.image is not None:
        written["reference_image_url"] = inputs.address(shot.image)
    if shot.last_image is not None:
        written["tail_image_url"] = inputs.address(shot.last_image)
    return written if config is None else {**written, "config": config}


def _refusal(reply: Response) -> Refused:
    deprecated = "deprecated" in words.said(reply).text.lower()
    if reply.status in _OVER or deprecated:
        return words.retired(reply)
    return words.refusal(reply)


def poll(ticket: Ticket) -> Exchange[Status]:
    """Asks once how a job stands."""
    reply = yield from Request("GET", f"{URL}/{quote(ticket.remote_id, safe='')}")
    if not words.good(reply):
        raise BadReply(f"{words.said(reply).text} (about {ticket.remote_id}).")
    told = reply.into(Answer).data
    match told.status:
        case "completed":
            return _done(told, ticket)
        case "failed" | "error":
            return _failed(told)
        case "not_found":
            reason = "HeyGen does not know the job, or knows it no more"
            return Failed(reason, charged="unknown", code="expired")
        case other:
            return Running(f"HeyGen says {other[:LONGEST_NOTE]}", wait=PACE)


def _done(told: Told, ticket: Ticket) -> Done:
    output = _table(told.output)
    video = _table(output.get("video"))
    # the flat form is that of the other workflows
    url = facts.text(video.get("video_url")) or facts.text(output.get("video_url"))
    if not url:
        path = "data.output.video.video_url"
        raise BadReply("HeyGen finished the job and names no video.", paths=(path,))
    found = facts.kept(
        execution_id=ticket.remote_id,
        video_id=video.get("video_id"),
        asset_id=output.get("asset_id"),
    )
    return Done(url, facts=found)


def _failed(told: Told) -> Failed:
    error = _table(told.error)
    name = facts.text(error.get("code"))
    said = (error.get("message"), told.error, told.error_message)
    message = next((text for each in said if (text := facts.text(each))), "")
    code = words.failing(name, message) or "failed"
    # what this call costs is published nowhere, nor whether a failure does
    reason = f"HeyGen says: {message[: words.LONGEST] or 'no reason given'}"
    return Failed(reason, charged="unknown", code=code)


def _table(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}
