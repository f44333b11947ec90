"""Finds which pictures, videos and sounds of a shot a model does not take."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from shotcaller.catalog import Capabilities, Gateway, Model, Pictures, strays
from shotcaller.fitting.demands import Demand
from shotcaller.refusals import Reason
from shotcaller.shot import Kind, Media, Shot, checks


def media(
    gateway: Gateway, model: Model, can: Capabilities, demand: Demand
) -> Iterator[Reason]:
    """Yields what is wrong with the references, and with each file and address."""
    if demand.shot.references:
        yield from _references(can, demand.shot)
    for item in demand.media:
        yield from _taken(gateway, can, item)
    given = {} if gateway.local else demand.shot.options
    for name, value in strays("", given.get(model.gateway, {})) if given else ():
        message = f"option {name}: {checks.shown(value)} is no address, and files on"
        message += " this machine are no options: give it as a picture or a reference"
        yield Reason("option", message)


def _references(can: Capabilities, shot: Shot) -> Iterator[Reason]:
    counts = Counter(item.kind for item in shot.references)
    for kind, count in sorted(counts.items()):
        most = can.references.get(kind, 0)
        if count > most:
            many = f"at most {most}" if most else "no"
            yield Reason("references", f"takes {many} {kind} references, not {count}")
    total, most_of_all = counts.total(), can.most_references
    if most_of_all is not None and total > most_of_all:
        message = f"takes at most {most_of_all} references, not {total}"
        yield Reason("references", message)
    if set(counts) == {Kind.SOUND} and not can.sound_alone:
        message = "takes sounds only beside a picture or a video to be guided by"
        yield Reason("references", message)


def _taken(gateway: Gateway, can: Capabilities, item: Media) -> Iterator[Reason]:
    if not item.local and not can.urls:
        yield Reason("media", f"reads files, not addresses: {item.source}")
    limits = [can.media_bytes[item.kind]] if item.kind in can.media_bytes else []
    if item.local and not gateway.local:
        uploads = [u.max_bytes for u in gateway.uploads if u.kind is item.kind]
        limits += uploads
        if not uploads:
            yield Reason("media", f"takes no {item.kind} files: {item.source}")
    size, most = item.bytes or 0, min(limits, default=math.inf)
    if size > most:
        message = f"{item.source} has {size} bytes; it takes {most}"
        yield Reason("media", message)
    if item.kind is Kind.IMAGE:
        yield from _picture(can.pictures, item)


def _picture(taken: Pictures, item: Media) -> Iterator[Reason]:
    if item.type is not None and taken.types and item.type not in taken.types:
        *rest, last = taken.types
        known = f"{', '.join(rest)} or {last}" if rest else last
        yield Reason("media", f"{item.source} is {item.type}; it takes {known}")
    if item.width is None or item.height is None:
        return
    if min(item.width, item.height) < taken.shortest:
        size = f"{item.width}x{item.height} pixels"
        message = f"{item.source} has {size}; it takes {taken.shortest} and more a side"
        yield Reason("media", message)
    wide, most = item.width / item.height, taken.widest or math.inf
    if not taken.narrowest <= wide <= most:
        limits = f"{taken.narrowest:g} to {most:g}"
        message = f"{item.source} is {wide:.2g} times as wide as high; it takes"
        yield Reason("media", f"{message} {limits}")
