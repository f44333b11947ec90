"""Is the Video Agent: a finished film of several scenes from a prompt.

How long it becomes cannot be asked for, so what it costs is not known before; it is on
no list and has to be asked for by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    BadReply,
    Cancellation,
    Capabilities,
    Exchange,
    Failed,
    Form,
    Kind,
    Lengths,
    Model,
    Operation,
    Option,
    Refused,
    Request,
    Running,
    Shot,
    Sound,
    Status,
    Ticket,
)
from shotcaller_heygen import facts, inputs, words
from shotcaller_heygen.gateway import API, ID
from shotcaller_heygen.v3 import videos
from shotcaller_heygen.v3.cinematic import PATH as VIDEOS

PATH = "/v3/video-agents"
URL = f"{API}{PATH}"
DIALECT = "agent"
NAME = f"{ID}:video-agent"
ORIENTATIONS: Mapping[str, str] = {"16:9": "landscape", "9:16": "portrait"}
MOST_FILES = 20
ALL = 100
"""What the progress of a session comes to."""

LENGTHS = Lengths(1, 600, asked=False)
"""A guess: HeyGen says nowhere how long a film may become."""

LONGEST_NOTE = 80

OPTIONS = {
    option.name: option
    for option in (
        Option("avatar_id", "who is seen", form=Form.TEXT),
        Option("voice_id", "who is heard", form=Form.TEXT),
        Option("style_id", "one of HeyGen's styles", form=Form.TEXT),
        Option("brand_kit_id", "whose colours it wears", form=Form.TEXT),
        Option("incognito_mode", "neither recall nor remember", form=Form.FLAG),
        Option("callback_url", "where HeyGen is to report the end", form=Form.TEXT),
        Option("callback_id", "your own word in that report", form=Form.TEXT),
    )
}

MODEL = Model(
    id=NAME,
    title="HeyGen Video Agent",
    maker="heygen",
    capabilities=Capabilities(
        operations={Operation.TEXT, Operation.REFERENCES},
        seconds=LENGTHS,
        ratios=tuple(ORIENTATIONS),
        sound=Sound.ALWAYS,
        references=dict.fromkeys(Kind, MOST_FILES),
        most_references=MOST_FILES,
        prompt=10_000,
        options=tuple(OPTIONS.values()),
    ),
    listed=False,
)


@frozen
class Session:
    """Is a session; all but its id and status may be missing."""

    session_id: str
    status: str = ""
    video_id: JSON = None
    progress: JSON = None


@frozen
class Answer:
    """Is what is said of a session."""

    data: Session


def submit(model: Model, shot: Shot) -> Exchange[Ticket]:
    """Asks for a film with the one request that spends; no key is read here."""
    reply = yield from Request("POST", URL, json=payload(shot))
    if not words.good(reply):
        raise words.refusal(reply)
    id_ = reply.into(Answer).data.session_id
    if not id_:
        raise BadReply("HeyGen took the job without an id.", paths=("session_id",))
    return ticket(model.id, id_)


def ticket(model: str, id_: str) -> Ticket:
    """Returns the ticket of a session."""
    return Ticket(ID, model, id_, {"dialect": DIALECT})


def payload(shot: Shot) -> Mapping[str, JSON]:
    """Returns the body for a shot; raises ``Refused`` for options that are none."""
    written: dict[str, JSON] = {"prompt": shot.prompt, "mode": "generate"}
    if shot.ratio is not None:
        written["orientation"] = ORIENTATIONS[shot.ratio]
    if shot.references:
        written["files"] = [inputs.asset(item) for item in shot.references]
    given = shot.options.get(ID, {})
    for name, value in given.items():
        wrong = OPTIONS[name].wrong(value) if name in OPTIONS else "is no option of it"
        if wrong:
            message = f"{NAME}: the option {name} {wrong}."
            raise Refused(message, reason="input")
    return {**written, **given}


def poll(ticket: Ticket) -> Exchange[Status]:
    """Asks how a session stands and, once there is a video, how that stands."""
    reply = yield from Request("GET", _session(ticket))
    if not words.good(reply):
        raise BadReply(f"{words.said(reply).text} (about {ticket.remote_id}).")
    told = reply.into(Answer).data
    if told.status == "failed":
        reason = "HeyGen's agent failed and says no more"
        return Failed(reason, charged="no")  # HeyGen does not charge failures
    video = facts.text(told.video_id)
    if video:
        return (yield from videos.look(VIDEOS, video))
    note = f"the agent is {told.status[:LONGEST_NOTE] or 'at work'}"
    return Running(note, fraction=_fraction(told.progress), wait=videos.PACE)


def cancel(ticket: Ticket) -> Exchange[Cancellation]:
    """Asks the agent to stop; what it has made by then may come all the same."""
    reply = yield from Request("POST", f"{_session(ticket)}/stop", json={})
    if not words.good(reply):
        raise BadReply(f"{words.said(reply).text} (about {ticket.remote_id}).")
    return Cancellation.REQUESTED


def _session(ticket: Ticket) -> str:
    return f"{URL}/{quote(ticket.remote_id, safe='')}"


def _fraction(progress: JSON) -> float | None:
    if not isinstance(progress, int | float) or not 0 <= progress <= ALL:
        return None
    return progress / ALL
