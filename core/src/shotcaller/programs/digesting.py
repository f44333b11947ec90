"""Tells whether two requests are for the same clip: by content, not by name."""

from __future__ import annotations

import hashlib

from attrs import evolve

from shotcaller import codec, files
from shotcaller.effects import Do, Program
from shotcaller.shot import Brief, Media, Shot
from shotcaller.wire import JSON, Work


def measured(shot: Shot) -> Program[Shot]:
    """Returns the shot with the digests and sizes of its local media."""
    found: dict[tuple[str, Media], Media] = {}
    for name, item in shot.named_media:
        if item.local and (name, item) not in found:
            found[name, item] = yield from Do(Work(files.measured, name, item))
    return shot.with_media(lambda name, item: found.get((name, item), item))


def digest_of(shot: Shot, brief: Brief) -> str:
    """Returns the digest of all that changes the clip: media by content, not by name.

    Neither budget, deadline nor path is in it.
    """
    asked = shot.with_media(_by_content)
    named = {
        "intent": brief.intent,
        "model": brief.model,
        "only": sorted(brief.only),
        "avoid": sorted(brief.avoid),
        "again": brief.again,
    }
    return _hashed({"shot": codec.dump(asked), "named": named})


def shot_digest(shot: Shot) -> str:
    """Returns the digest of a shot alone: media by content, not by name."""
    return _hashed(codec.dump(shot.with_media(_by_content)))


def _hashed(value: JSON) -> str:
    return hashlib.sha256(codec.text(value).encode()).hexdigest()


def _by_content(_: str, item: Media) -> Media:
    return item if item.sha256 is None else evolve(item, source="")
