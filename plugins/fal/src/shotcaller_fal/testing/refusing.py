"""Makes shots that a model must refuse, by one step past one of its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Cut,
    Form,
    Kind,
    Media,
    Model,
    Operation,
    Option,
    Shot,
    Sound,
)
from shotcaller_fal.gateway import ID
from shotcaller_fal.testing.taking import LONGEST_PROMPT, address, starting

_WRONG: Mapping[Form, JSON] = {
    Form.FLAG: "yes",
    Form.WHOLE: 1.5,
    Form.NUMBER: "1",
    Form.TEXT: 1,
    Form.LIST: "one",
    Form.TABLE: "one",
}


@st.composite
def misfits(draw: st.DrawFn, model: Model) -> tuple[Shot, str]:
    """Makes shots that a model must refuse, each with the code of the reason."""
    start = draw(st.sampled_from(sorted(model.capabilities.operations)))
    can = model.able(start)
    shot = draw(starting(can, start, {}))
    ways: dict[str, list[dict[str, Any]]] = {}
    for reason, changes in _changes(model, can, shot):
        ways.setdefault(reason, []).append(changes)
    code = draw(st.sampled_from(sorted(ways)))
    number = draw(st.integers(0, len(ways[code]) - 1))
    return evolve(shot, **ways[code][number]), code


def _changes(
    model: Model, can: Capabilities, shot: Shot
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields what would take a shot out of what a model can do, and the reason."""
    yield "seconds", {"seconds": can.seconds.high + 1, "cuts": ()}
    yield "seconds", {"seconds": can.seconds.low / 2, "cuts": ()}
    if (between := can.seconds.low + 0.0625) not in can.seconds:
        yield "seconds", {"seconds": between, "cuts": ()}
    yield "resolution", {"resolution": "333p"}
    yield "ratio", _wrong_ratio(can, shot)
    yield "option", {"options": {ID: {"no_such_option": True}}}
    if can.sound is not Sound.OPTIONAL:
        yield "sound", {"sound": can.sound is Sound.NEVER}
    if not can.negative:
        yield "negative", {"negative": "fog"}
    if not can.seed:
        yield "seed", {"seed": 1}
    if can.prompt < LONGEST_PROMPT:
        yield "prompt", {"prompt": "a" * (can.prompt + 1)}
    yield from _wrong_cuts(can)
    yield from _wrong_starts(model, can, shot)
    yield from _wrong_references(can, shot)
    yield from _wrong_media(can, shot)
    for option in can.options:
        for value in _wrong_values(option):
            yield "option", {"options": {ID: {option.name: value}}}


def _wrong_ratio(can: Capabilities, shot: Shot) -> dict[str, Any]:
    if shot.image is None or not can.ratio_from_image:
        return {"ratio": "7:2"}
    return {"ratio": "7:2", "image": evolve(shot.image, width=800, height=800)}


def _wrong_cuts(can: Capabilities) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "cuts", {"cuts": [Cut("b")] * (can.cuts + 1), "seconds": None}
    if can.cuts and can.cut_seconds is not None:
        short = Cut("b", can.cut_seconds.low / 2)
        yield "cuts", {"cuts": [short], "seconds": None}


def _wrong_starts(
    model: Model, can: Capabilities, shot: Shot
) -> Iterator[tuple[str, dict[str, Any]]]:
    image = Media(address(Kind.IMAGE, 1), Kind.IMAGE)
    offered = model.capabilities.operations
    bare = {"image": None, "last_image": None, "references": (), "extend": None}
    given: Mapping[Operation, dict[str, Any]] = {
        Operation.TEXT: {},
        Operation.IMAGE: {"image": image},
        Operation.FRAMES: {"image": image, "last_image": image},
        Operation.REFERENCES: {"references": [image]},
        Operation.EXTEND: {"extend": Media(address(Kind.VIDEO, 1), Kind.VIDEO)},
    }
    for start, fields in given.items():
        if start not in offered:
            yield "operation", {**bare, **fields}
    for start in (Operation.IMAGE, Operation.FRAMES):
        if shot.references and start not in can.operations:
            yield "operation", given[start]


def _wrong_references(
    can: Capabilities, shot: Shot
) -> Iterator[tuple[str, dict[str, Any]]]:
    if not shot.references:
        return
    for kind in Kind:
        several = [Media(address(kind, 1), kind)] * (can.references.get(kind, 0) + 1)
        yield "references", {"references": several}
    if can.most_references is not None:
        missing = can.most_references + 1 - len(shot.references)
        more = (*shot.references, *shot.references[:1] * missing)
        yield "references", {"references": more}
    if not can.sound_alone:
        alone = Media(address(Kind.SOUND, 1), Kind.SOUND)
        yield "references", {"references": [alone]}


def _wrong_media(can: Capabilities, shot: Shot) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, item in shot.named_media:
        if (limit := can.media_bytes.get(item.kind)) is not None:
            large = evolve(item, bytes=limit + 1)
            yield "media", {name: [large] if name == "references" else large}


def _wrong_values(option: Option) -> Iterator[JSON]:
    if option.form in _WRONG:
        yield _WRONG[option.form]
    if option.choices:
        yield "no such choice"
    if option.low is not None:
        yield option.low - 1
    if option.high is not None and option.form is not Form.LIST:
        yield option.high + 1
    if option.high is not None and option.form is Form.LIST:
        yield ["a"] * (int(option.high) + 1)
    if option.each is not None:
        yield from ([value] for value in _wrong_values(option.each))
    if option.fields:
        yield {"no_such_field": "a"}
    for one in option.fields:
        yield from ({one.name: value} for value in _wrong_values(one))
