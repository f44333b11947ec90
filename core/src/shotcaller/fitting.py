"""Decides by hard facts whether a model can take a shot, with every reason; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from shotcaller.accounts import Account
from shotcaller.catalog import (
    Capabilities,
    Lifecycle,
    Model,
    Quote,
    Sound,
    dollars,
    operation,
    starts,
)
from shotcaller.errors import Reason
from shotcaller.shot import Brief, Kind, Shot, checks

RATIO_OFF = 0.03
"""By how much the ratio of an image may differ from the ratio asked for."""


@frozen
class Offer:
    """Is a model as it can be had here today: its account and the quote for a shot."""

    model: Model
    account: Account
    quote: Quote
    today: date


def reasons(offer: Offer, shot: Shot, brief: Brief) -> tuple[Reason, ...]:
    """Returns all reasons for which the offer is out; none means that it fits."""
    checks = (_chosen, _alive, _ready, _does, _frames, _extras, _media, _affords)
    return tuple(reason for check in checks for reason in check(offer, shot, brief))


def warnings(offer: Offer) -> tuple[str, ...]:
    """Returns what to know of an offer that fits."""
    life = offer.model.lifecycle
    found = []
    if life.retires_on is not None:
        after = f"; then use {life.successor}" if life.successor else ""
        verb = "retires" if life.retires_on > offer.today else "retired"
        found.append(f"{offer.model.id} {verb} on {life.retires_on}{after}")
    elif life.missing_since is not None:
        found.append(f"{offer.model.id} {_missing(life)}")
    if not offer.model.artificial:
        rule = "it stands behind all that are, unless a draft is asked for"
        found.append(f"{offer.model.id} is no AI model: {rule}")
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
    if brief.model == offer.model.id:
        return  # named explicitly: tried, with a warning
    if life.retires_on is not None and life.retires_on <= offer.today:
        yield Reason("retired", f"retired on {life.retires_on}{_after(life)}")
    elif life.missing_since is not None:
        yield Reason("missing", f"{_missing(life)}; name it to try it all the same")


def _after(life: Lifecycle) -> str:
    return f"; use {life.successor}" if life.successor else ""


def _missing(life: Lifecycle) -> str:
    when = f"was not listed any more on {life.missing_since}"
    return f"{when} and may be gone{_after(life)}"


def _ready(offer: Offer, _: Shot, __: Brief) -> Iterator[Reason]:
    if not offer.account.ready:
        yield Reason("no-key", offer.account.missing)


def _does(offer: Offer, shot: Shot, _: Brief) -> Iterator[Reason]:
    can = offer.model.able(operation(shot))
    offered = ", ".join(sorted(can.operations))
    for wanted in starts(shot):
        if wanted not in can.operations:
            message = f"cannot start from {wanted} (only from {offered})"
            yield Reason("operation", message)
    if shot.length is not None and shot.length not in can.seconds:
        message = f"cannot make {shot.length:g} s; it makes {can.seconds} s"
        yield Reason("seconds", message)
    yield from _prompts(can, shot)
    yield from _cuts(can, shot)


def _cuts(can: Capabilities, shot: Shot) -> Iterator[Reason]:
    if len(shot.cuts) > can.cuts:
        many = f"at most {can.cuts} cuts" if can.cuts else "no cuts"
        yield Reason("cuts", f"takes {many}, not {len(shot.cuts)}")
        return
    lengths = can.cut_seconds
    if not shot.cuts or lengths is None:
        return
    for number, cut in enumerate(shot.cuts, 1):
        if cut.seconds is not None and cut.seconds not in lengths:
            message = f"cannot make cut {number} of {cut.seconds:g} s"
            yield Reason("cuts", f"{message}; it makes cuts of {lengths} s")
    given = [cut.seconds for cut in shot.cuts if cut.seconds is not None]
    left = (shot.seconds or can.seconds.high) - sum(given)
    if left < lengths.low * (len(shot.cuts) - len(given)):
        total = shot.seconds or can.seconds.high
        message = f"has no room for {len(shot.cuts)} such cuts in {total:g} s"
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
        offered = ", ".join(can.ratios) or "none by choice"
        yield Reason("ratio", f"does not offer {shot.ratio} (only {offered})")
    if shot.resolution is not None and shot.resolution not in can.resolutions:
        offered = ", ".join(can.resolutions) or "none by choice"
        yield Reason("resolution", f"does not offer {shot.resolution} (only {offered})")


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
    for kind in Kind:
        count = sum(item.kind is kind for item in shot.references)
        most = can.references.get(kind, 0)
        if count > most:
            many = f"at most {most}" if most else "no"
            yield Reason("references", f"takes {many} {kind} references, not {count}")
    yield from _references(can, shot)
    limits = {u.kind: u.max_bytes for u in offer.account.gateway.uploads}
    for item in shot.media:
        own = can.media_bytes.get(item.kind)
        if own is not None and (item.bytes or 0) > own:
            message = f"{item.source} has {item.bytes} bytes; it takes {own}"
            yield Reason("media", message)
        if not item.local and not can.urls:
            yield Reason("media", f"reads files, not addresses: {item.source}")
        if not item.local or offer.account.gateway.local:
            continue
        if item.kind not in limits:
            yield Reason("media", f"takes no {item.kind} files: {item.source}")
        elif (item.bytes or 0) > limits[item.kind]:
            limit = limits[item.kind]
            message = f"{item.source} has {item.bytes} bytes; it takes {limit}"
            yield Reason("media", message)


def _references(can: Capabilities, shot: Shot) -> Iterator[Reason]:
    count, most = len(shot.references), can.most_references
    if most is not None and count > most:
        yield Reason("references", f"takes at most {most} references, not {count}")
    kinds = {item.kind for item in shot.references}
    if kinds == {Kind.SOUND} and not can.sound_alone:
        message = "takes sounds only beside a picture or a video to be guided by"
        yield Reason("references", message)


def _affords(offer: Offer, _: Shot, brief: Brief) -> Iterator[Reason]:
    high = offer.quote.high
    if high is None:
        if not brief.unknown_price:
            yield Reason("price-unknown", "its price is unknown, which is not zero")
    elif brief.budget is not None and high > brief.budget:
        limit = dollars(brief.budget)
        message = f"may cost {dollars(high)}, more than the budget of {limit}"
        yield Reason("budget", message)
