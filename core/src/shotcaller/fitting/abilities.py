"""Finds what a model cannot do of what a shot asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from shotcaller.catalog import Capabilities, Lengths, Model, Sound
from shotcaller.fitting.demands import Demand
from shotcaller.refusals import Reason
from shotcaller.shot import Shot, checks
from shotcaller.wire import JSON

RATIO_OFF = 0.03
"""By how much the ratio of an image may differ from the ratio asked for."""

MANY = 2
"""How many lengths lie next to one between them, if it is between any."""

ANY_CUT = Lengths(0.001, checks.LONGEST_SHOT)
"""How long a cut may be where the model sets no limits of its own."""


def does(model: Model, can: Capabilities, demand: Demand) -> Iterator[Reason]:
    """Yields what is wrong with the start, the length, the prompts and the cuts."""
    if demand.others or demand.start not in can.operations:
        yield from _starts(model, can, demand)
    if demand.length is not None and demand.length not in can.seconds:
        yield Reason("seconds", _no_length(can.seconds, demand.length))
    if demand.longest > can.prompt:
        yield from _prompts(can, demand)
    if demand.shot.cuts:
        yield from _cuts(can, demand.shot)


def _no_length(offered: Lengths, wanted: float) -> str:
    if not offered.asked:
        return f"takes no length: it decides, {offered.low:g} to {offered.high:g} s"
    message = f"cannot make {wanted:g} s; it makes {offered} s"
    nearest = [f"{length:g}" for length in offered.nearest(wanted)]
    if len(nearest) < MANY or len(offered.choices) == MANY:
        return message  # the one end, or the only two there are
    return f"{message} (nearest: {' and '.join(nearest)})"


def _starts(model: Model, can: Capabilities, demand: Demand) -> Iterator[Reason]:
    offered = model.capabilities.operations
    for wanted in (demand.start, *demand.others):
        if wanted not in offered:
            message = f"cannot start from {wanted} (only from"
            yield Reason("operation", f"{message} {', '.join(sorted(offered))})")
        elif wanted not in can.operations:
            message = f"cannot start from {demand.start} and {wanted} at once"
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


def _prompts(can: Capabilities, demand: Demand) -> Iterator[Reason]:
    for name, prompt in demand.prompts:
        if len(prompt) > can.prompt:
            message = f"{name} has {len(prompt)} characters; it takes {can.prompt}"
            yield Reason("prompt", message)


def frames(can: Capabilities, demand: Demand) -> Iterator[Reason]:
    """Yields what is wrong with the shape and the size of the frame."""
    if not demand.framed:
        return
    shot = demand.shot
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


def extras(model: Model, can: Capabilities, demand: Demand) -> Iterator[Reason]:
    """Yields what is wrong with sound, negative prompt, seed and options."""
    shot = demand.shot
    if shot.sound is True and can.sound is Sound.NEVER:
        yield Reason("sound", "makes no sound")
    if shot.sound is False and can.sound is Sound.ALWAYS:
        yield Reason("sound", "always makes sound")
    if shot.negative is not None and not can.negative:
        yield Reason("negative", "takes no negative prompt")
    if shot.seed is not None and not can.seed:
        yield Reason("seed", "takes no seed")
    if model.listed and (can.options or shot.options):
        yield from _options(can, shot.options.get(model.gateway, {}))


def _options(can: Capabilities, given: Mapping[str, JSON]) -> Iterator[Reason]:
    for one in can.options:
        if one.required and one.name not in given:
            yield Reason("option", f"needs the option {one.name}: {one.about}")
    declared = {one.name: one for one in can.options} if given else {}
    for name, value in given.items():
        option = declared.get(name)
        if option is None:
            known = ", ".join(declared) or "none"
            yield Reason("option", f"has no option {name!r} (it has {known})")
        elif wrong := option.wrong(value):
            yield Reason("option", f"option {name}: {checks.shown(value)} {wrong}")
