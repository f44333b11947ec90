"""Words the receipt that lies beside a clip; pure.

It is for whoever finds the two in years: it needs neither the journal nor this
library to be understood, and tells nothing that opens a door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePath
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve

from shotcaller import codec, receipts
from shotcaller.effects import Chain, Do, Program
from shotcaller.programs import outcomes
from shotcaller.shot import Media, Shot
from shotcaller.take import Footage, State, Take
from shotcaller.wire import JSON, Work

_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)


def receipted(
    take: Take, footage: Footage, warnings: tuple[str, ...]
) -> Program[tuple[str, ...]]:
    """Writes the receipt of a clip that has landed, and returns all warnings.

    A clip without a receipt is delivered all the same.
    """
    chain = yield from Chain(take.id)
    done = evolve(take, state=State.DONE, footage=footage, warnings=warnings)
    document = worded((*chain[:-1], evolve(done, problem=None)))
    unwritten = yield from Do(Work(receipts.written, footage.path, document))
    return (*warnings, unwritten) if unwritten else warnings


def worded(chain: tuple[Take, ...]) -> Mapping[str, JSON]:
    """Returns the receipt of a chain of takes whose last one has its clip.

    What only the machine knows is added when it is written; see
    :mod:`shotcaller.receipts`.
    """
    last = chain[-1]
    told = outcomes.receipt(chain)
    return {
        "schema": receipts.SCHEMA,
        "clip": None if last.footage is None else _clip(last.footage),
        "take": last.id,
        "digest": last.digest,
        "gateway": last.gateway,
        "model": last.model,
        "title": last.title,
        "job": None if last.ticket is None else _public(last.ticket.remote_id),
        "shot": _shot(last.asked),
        "cost": {
            "quoted": _money(told.cost.quoted),
            "billed": _money(told.cost.billed),
            "currency": told.cost.currency,
        },
        "quote": {
            "low": _money(last.quote.low),
            "expected": _money(last.quote.expected),
            "high": _money(last.quote.high),
            "source": last.quote.source,
            "as_of": None if last.quote.as_of is None else str(last.quote.as_of),
        },
        "attempts": [
            {
                "take": one.take,
                "model": one.model,
                "state": str(one.state),
                "reason": _public(one.reason),
                "charged": one.charged,
            }
            for one in told.attempts
        ],
        "warnings": [_public(warning) for warning in last.warnings],
        "facts": _public(dict(told.facts)),
        "times": {"asked": _time(told.created), "sent": _time(last.sent_at)},
        "versions": {"plugin": last.plugin},
    }


def _clip(footage: Footage) -> JSON:
    return {
        "file": PurePath(footage.path).name,  # it may be moved, together with this
        "type": footage.type,
        "bytes": footage.bytes,
        "sha256": footage.sha256,
        "seconds": footage.seconds,
        "width": footage.width,
        "height": footage.height,
        "fps": footage.fps,
        "sound": footage.sound,
    }


def _shot(shot: Shot) -> JSON:
    """Returns a shot; of a file on this machine its name, not where it was."""
    return _public(codec.dump(shot.with_media(_named)))


def _named(_: str, item: Media) -> Media:
    return evolve(item, source=PurePath(item.source).name) if item.local else item


def _public(value: JSON) -> JSON:
    """Returns JSON with every address cut to what opens nothing by itself.

    Of what is written out in an address itself, such as a picture, its type is left.
    """
    if isinstance(value, str) and value.startswith("data:"):
        return value.partition(",")[0]
    if isinstance(value, str):
        return _URL.sub(lambda found: _plain(found[0]), value)
    if isinstance(value, Mapping):
        return {name: _public(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_public(inner) for inner in value]
    return value


def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address)"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _money(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _time(at: float | None) -> str | None:
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
