"""Decides by hard facts whether a model can take a shot, with every reason; pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from attrs import frozen

from shotcaller.accounts import Account
from shotcaller.catalog import (
    Capabilities,
    Gateway,
    Lengths,
    Model,
    Quote,
    Sound,
    dollars,
    operation,
    starts,
    strays,
)
from shotcaller.errors import Reason
from shotcaller.shot import Brief, Kind, Media, Shot, checks

RATIO_OFF = 0.03
"""By how much the ratio of an image may differ from the ratio asked for."""

ANY_CUT = Lengths(0.001, checks.LONGEST_SHOT)
"""How long a cut may be where the model sets no limits of its own."""


@frozen
class Offer:
    """Is a model as it can be had here today: its account and the quote for a shot."""

    model: Model
    account: Account
    quote: Quote
    today: date


def reasons(offer: Offer, shot: Shot, brief: Brief) -> tuple[Reason, ...]:
    """Returns all reasons for which the offer is out; none means that it fits."""
    rules = (_chosen, _alive, _ready, _does, _frames, _extras, _media, _affords)
    return tuple(reason for rule in rules for reason in rule(offer, shot, brief))


def warnings(offer: Offer) -> tuple[str, ...]:
    """Returns what to know of an offer that fits."""
    id_, life = offer.model.id, offer.model.lifecycle
    found = []
    if life.retires_on is not None:
        after = f"; then use {life.successor}" if life.successor else ""
        verb = "retires" if life.retires_on > offer.today else "retired"
        found.append(f"{id_} {verb} on {life.retires_on}{after}")
    if life.missing_since is not None:
        since = f"has not been listed by its gateway since {life.missing_since}"
        after = f"; use {life.successor}" if life.successor else ""
        found.append(f"{id_} {since}, and may be gone{after}")
    if not offer.model.artificial:
        rule = "it stands behind all that are, unless a draft is asked for"
        found.append(f"{id_} is no AI model: {rule}")
    return tuple(found)


def _chosen(offer: Offer, _: Shot, brief: Brief) -> Iterator[Reason]:
    model = offer.model
    names = {model.id, model.gateway, model.maker}
    if brief.model is not None and brief.model != model.id:
        yield Reason("not-named", f"you asked for {brief.model}")
    if brief.only and not names & set(brief.only):
        yield Reason("not-only", f"you asked for only {', '.join(brief.only)}")
    for name in brief.avoid:
        if name in names:
            yield Reason("avoided", f"you asked to avoid {name}")


def _alive(offer: Offer, _: Shot, brief: Brief) -> Iterator[Reason]:
    life = offer.model.lifecycle
    over = life.over(offer.today)
    if not over or brief.model == offer.model.id:
        return  # what is named is tried, with a warning
    if life.retired(offer.today):
        yield Reason("retired", over)
    else:
        yield Reason("missing", f"{over}; name it to try it all the same")


def _ready(offer: Offer, _: Shot, __: Brief) -> Iterator[Reason]:
    if not offer.account.ready:
        yield Reason("no-key", offer.account.missing)


def _does(offer: Offer, shot: Shot, _: Brief) -> Iterator[Reason]:
    can = offer.model.able(operation(shot))
    yield from _starts(offer.model, shot)
    if shot.length is not None and shot.length not in can.seconds:
        yield Reason("seconds", _no_length(can.seconds, shot.length))
    yield from _prompts(can, shot)
    yield from _cuts(can, shot)


def _no_length(offered: Lengths, wanted: float) -> str:
    if not offered.asked:
        return f"takes no length: it decides, {offered.low:g} to {offered.high:g} s"
    return f"cannot make {wanted:g} s; it makes {offered} s"


def _starts(model: Model, shot: Shot) -> Iterator[Reason]:
    first, *others = starts(shot)
    together = model.able(first).operations
    offered = ", ".join(sorted(model.capabilities.operations))
    for wanted in (first, *others):
        if wanted not in model.capabilities.operations:
            message = f"cannot start from {wanted} (only from {offered})"
            yield Reason("operation", message)
        elif wanted not in together:
            message = f"cannot start from {first} and {wanted} at once"
            yield Reason("operation", message)


def _cuts(can: Capabilities, shot: Shot) -> Iterator[Reason]:
    if len(shot.cuts) > can.cuts:
        many = f"at most {can.cuts} cuts" if can.cuts else "no cuts"
        yield Reason("cuts", f"takes {many}, not {len(shot.cuts)}")
        return
    lengths = can.cut_seconds or ANY_CUT
    for number, cut in enumerate(shot.cuts, 1):
        if cut.seconds is not None and cut.seconds not in lengths:
            message = f"cannot make cut {number} of {cut.seconds:g} s"
            yield Reason("cuts", f"{message}; it makes cuts of {lengths} s")
    yield from _adding_up(can, shot, lengths)


def _adding_up(can: Capabilities, shot: Shot, lengths: Lengths) -> Iterator[Reason]:
    """Refuses cuts that leave too little of the shot to the others, or too much."""
    given = [cut.seconds for cut in shot.cuts if cut.seconds is not None]
    free = len(shot.cuts) - len(given)
    if not free:
        return
    total = math.fsum(given)
    whole = can.seconds if shot.seconds is None else Lengths.of(shot.seconds)
    if not whole.between(total + free * lengths.low, total + free * lengths.high):
        message = f"cannot make {len(shot.cuts)} such cuts add up to {whole} s"
        yield Reason("cuts", message)


def _prompts(can: Capabilities, shot: Shot) -> Iterator[Reason]:
    prompts = [("the prompt", shot.prompt)]
    prompts += [
        (f"the prompt of cut {n}", c.prompt) for n, c in enumerate(shot.cuts, 1)
    ]
    if shot.negative is not None:
        prompts.append(("the negative prompt", shot.negative))
    for name, prompt in prompts:
        if len(prompt) > can.prompt:
            message = f"{name} has {len(prompt)} characters; it takes {can.prompt}"
            yield Reason("prompt", message)


def _frames(offer: Offer, shot: Shot, _: Brief) -> Iterator[Reason]:
    can = offer.model.able(operation(shot))
    if can.ratio_from_image and shot.image is not None:
        if _differs(shot):
            message = f"takes the ratio of the image, which is not {shot.ratio}"
            yield Reason("ratio", message)
    elif shot.ratio is not None and shot.ratio not in can.ratios:
        yield Reason("ratio", _not_offered("ratio", shot.ratio, can.ratios))
    if shot.resolution is not None and shot.resolution not in can.resolutions:
        message = _not_offered("resolution", shot.resolution, can.resolutions)
        yield Reason("resolution", message)


def _not_offered(name: str, wanted: str, offered: Sequence[str]) -> str:
    if not offered:
        return f"takes no {name}: it decides, so {wanted} cannot be asked for"
    return f"does not offer {wanted} (only {', '.join(offered)})"


def _differs(shot: Shot) -> bool:
    image = shot.image
    if shot.ratio is None or image is None or not image.width or not image.height:
        return False
    across, down = (int(part) for part in shot.ratio.split(":"))
    return abs(image.width * down / (image.height * across) - 1) > RATIO_OFF


def _extras(offer: Offer, shot: Shot, _: Brief) -> Iterator[Reason]:
    can = offer.model.able(operation(shot))
    if shot.sound is True and can.sound is Sound.NEVER:
        yield Reason("sound", "makes no sound")
    if shot.sound is False and can.sound is Sound.ALWAYS:
        yield Reason("sound", "always makes sound")
    if shot.negative is not None and not can.negative:
        yield Reason("negative", "takes no negative prompt")
    if shot.seed is not None and not can.seed:
        yield Reason("seed", "takes no seed")
    yield from _options(offer.model, shot)


def _options(model: Model, shot: Shot) -> Iterator[Reason]:
    if not model.listed:
        return
    given = shot.options.get(model.gateway, {})
    declared = {one.name: one for one in model.able(operation(shot)).options}
    for one in declared.values():
        if one.required and one.name not in given:
            yield Reason("option", f"needs the option {one.name}: {one.about}")
    for name, value in given.items():
        option = declared.get(name)
        if option is None:
            known = ", ".join(declared) or "none"
            yield Reason("option", f"has no option {name!r} (it has {known})")
        elif wrong := option.wrong(value):
            yield Reason("option", f"option {name}: {checks.shown(value)} {wrong}")


def _media(offer: Offer, shot: Shot, _: Brief) -> Iterator[Reason]:
    can = offer.model.able(operation(shot))
    yield from _references(can, shot)
    for item in shot.media:
        yield from _taken(offer.account.gateway, can, item)
    given = {} if offer.account.gateway.local else shot.options
    for name, value in strays("", given.get(offer.model.gateway, {})):
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


def _affords(offer: Offer, _: Shot, brief: Brief) -> Iterator[Reason]:
    high = offer.quote.high
    if high is None:
        if not brief.unknown_price:
            yield Reason("price-unknown", "its price is unknown, which is not zero")
    elif brief.budget is not None and high > brief.budget:
        limit = dollars(brief.budget)
        message = f"may cost {dollars(high)}, more than the budget of {limit}"
        yield Reason("budget", message)
