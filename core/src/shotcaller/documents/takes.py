"""Writes takes: with their clip, cost and attempts, as rows, or as an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from shotcaller import receipts, redaction
from shotcaller.documents.basics import Document, moment, money
from shotcaller.documents.choices import refusal
from shotcaller.errors import NothingFits, ShotcallerError
from shotcaller.programs import outcomes
from shotcaller.shot import Shot
from shotcaller.take import Attempt, Cost, Footage, State, Take


class Told(Protocol):
    """Is one line of a take's story, as a journal tells it."""

    @property
    def take(self) -> str:
        """The take's id."""

    @property
    def at(self) -> float:
        """When it was, in seconds since 1970."""

    @property
    def state(self) -> State:
        """The state that the take came to."""

    @property
    def note(self) -> str:
        """What happened."""

    @property
    def who(self) -> str:
        """Which process did it, as ``pid@host``."""


def chain(takes: Sequence[Take], footage: Footage | None = None) -> Document:
    """Returns the document of a take with its attempts, oldest first.

    Keys: ``take``, ``state``, ``gateway``, ``model``, ``title``, ``shot`` as asked,
    ``clip`` or null, ``cost``, ``attempts``, ``warnings``, ``facts`` that the gateway
    told, ``retakes``: the take beside which it was paid for anew, or null.
    ``footage`` is the clip where it is not where the take put it: a copy.
    """
    last = takes[-1]
    delivered = footage or last.footage if last.state is State.DONE else None
    return {
        "take": last.id,
        "state": str(last.state),
        "gateway": last.gateway,
        "model": last.model,
        "title": last.title,
        "shot": shot(last.asked),
        "clip": None if delivered is None else clip(delivered),
        "cost": cost(outcomes.cost(last)),
        "attempts": [attempt(one) for one in outcomes.attempts(tuple(takes))],
        "warnings": list(last.warnings),
        "facts": dict(outcomes.receipt(tuple(takes)).facts),
        "retakes": last.retakes,
    }


def story(takes: Sequence[Take], events: Iterable[Told]) -> Document:
    """Returns the document of a take with all that is on record of it.

    Keys more: ``plugin``, ``remote_id``, ``project``, ``created``, ``receipt`` (its
    path) or null, ``next`` (what to do, if anything), ``events``, oldest first. Keys of
    an event: ``take``, ``at``, ``state``, ``note``, ``who``.
    """
    last = takes[-1]
    told = [
        {
            "take": event.take,
            "at": moment(event.at),
            "state": str(event.state),
            "note": event.note,
            "who": event.who,
        }
        for event in events
    ]
    done = last.state is State.DONE and last.footage is not None
    return {
        **chain(takes),
        "plugin": last.plugin,
        "remote_id": None if last.ticket is None else last.ticket.remote_id,
        "project": last.brief.project,
        "created": moment(last.created),
        "receipt": receipt(last),
        "next": "" if done else outcomes.error(last).next,
        "events": told,
    }


def receipt(take: Take) -> str | None:
    """Returns where the receipt of a take's clip is, if it is still there."""
    if take.state is not State.DONE or take.footage is None:
        return None
    path = receipts.beside(take.footage.path)
    return str(path) if path.exists() else None


def shot(asked: Shot) -> Document:
    """Returns a shot, all its fields as they were asked for."""
    from shotcaller import codec  # it loads cattrs, which lists of models do without

    written = redaction.plain(codec.dump(asked))
    return dict(written) if isinstance(written, Mapping) else {}


def clip(footage: Footage) -> Document:
    """Returns what was delivered, as measured; null is what the file does not tell.

    Keys: ``path``, ``seconds``, ``width``, ``height``, ``fps``, ``sound``, ``bytes``,
    ``sha256``, ``type``.
    """
    return {
        "path": footage.path,
        "seconds": footage.seconds,
        "width": footage.width,
        "height": footage.height,
        "fps": footage.fps,
        "sound": footage.sound,
        "bytes": footage.bytes,
        "sha256": footage.sha256,
        "type": footage.type,
    }


def cost(known: Cost) -> Document:
    """Returns a cost: ``quoted``, ``billed``, ``currency``."""
    return {
        "quoted": money(known.quoted),
        "billed": money(known.billed),
        "currency": known.currency,
    }


def attempt(one: Attempt) -> Document:
    """Returns an attempt: ``take``, ``model``, ``state``, ``reason``, ``charged``."""
    return {
        "take": one.take,
        "model": one.model,
        "state": str(one.state),
        "reason": one.reason,
        "charged": one.charged,
    }


def error(raised: ShotcallerError) -> Document:
    """Returns the document of a failure, under the key ``error``.

    Keys of it: ``code``, ``message``, ``charged``, ``repeat_safe``, ``next``,
    ``take``. Where nothing fits, ``refused`` stands beside it, as in a ranking.
    """
    document: Document = {
        "error": {
            "code": raised.code,
            "message": raised.message,
            "charged": raised.charged,
            "repeat_safe": raised.repeat_safe,
            "next": raised.next,
            "take": raised.take,
        }
    }
    if isinstance(raised, NothingFits):
        document["refused"] = [refusal(one) for one in raised.refused]
    return document


def takes(listed: Iterable[Take]) -> list[Document]:
    """Returns takes as rows, in the order given.

    Keys: ``take``, ``state``, ``model``, ``remote_id``, ``created``, ``cost``,
    ``path``, ``prompt``, ``gateway``, ``project``, ``charged``.
    """
    return [
        {
            "take": take.id,
            "state": str(take.state),
            "model": take.model,
            "remote_id": None if take.ticket is None else take.ticket.remote_id,
            "created": moment(take.created),
            "cost": cost(outcomes.cost(take)),
            "path": None if take.footage is None else take.footage.path,
            "prompt": take.asked.prompt,
            "gateway": take.gateway,
            "project": take.brief.project,
            "charged": outcomes.attempts((take,))[0].charged,
        }
        for take in listed
    ]
