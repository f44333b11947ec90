"""Is the kit for families of models: shots that a model takes, and shots it must not.

Both are made of nothing but what a model declares, so that a test can hold it to its
word: whatever it says it takes, its endpoint must take, and the rest is refused before
any request. It needs Hypothesis, which whoever tests has to install.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from attrs import evolve
from hypothesis import strategies as st

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Cut,
    Exchange,
    Form,
    Kind,
    Lengths,
    Media,
    Model,
    Operation,
    Option,
    Request,
    Shot,
    Sound,
    Ticket,
)
from shotcaller_fal.catalogue import Complaint, complaints, endpoints
from shotcaller_fal.gateway import GATEWAY, ID

Values: TypeAlias = Mapping[str, st.SearchStrategy[JSON]]
"""Makes values for options by name, where their form says too little."""

LONGEST_PROMPT = 20_000
"""How long a shot's prompt may be at all."""

HOST = GATEWAY.api_hosts[0]

_KINDS = {Kind.IMAGE: "png", Kind.VIDEO: "mp4", Kind.SOUND: "wav"}
_SOUNDS = {
    Sound.NEVER: (None, False),
    Sound.OPTIONAL: (None, False, True),
    Sound.ALWAYS: (None, True),
}
_FORMS: Mapping[Form, st.SearchStrategy[JSON]] = {
    Form.FLAG: st.booleans(),
    Form.TEXT: st.just("https://a.test/given.wav"),
}
_WRONG: Mapping[Form, JSON] = {
    Form.FLAG: "yes",
    Form.WHOLE: 1.5,
    Form.NUMBER: "1",
    Form.TEXT: 1,
    Form.LIST: "one",
}
_WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def shots(model: Model, values: Values | None = None) -> st.SearchStrategy[Shot]:
    """Makes shots that a model takes, by all that it declares.

    ``values`` are for options that are lists or anything; without, those are left out.
    """
    starts = st.sampled_from(sorted(model.capabilities.operations))
    return starts.flatmap(lambda start: _shots(model.able(start), start, values or {}))


@st.composite
def misfits(draw: st.DrawFn, model: Model) -> tuple[Shot, str]:
    """Makes shots that a model must refuse, each with the code of the reason."""
    start = draw(st.sampled_from(sorted(model.capabilities.operations)))
    can = model.able(start)
    shot = draw(_shots(can, start, {}))
    code, changes = draw(st.sampled_from(list(_changes(model, can, shot))))
    return evolve(shot, **changes), code


def sent(exchange: Exchange[Ticket]) -> tuple[str, Mapping[str, JSON]]:
    """Returns where a submit goes and with which input, as far as its first request."""
    request = next(exchange)
    assert isinstance(request, Request)  # noqa: S101  as a test says it
    assert isinstance(request.json, Mapping)  # noqa: S101
    return request.url.partition(f"{HOST}/")[2], request.json


def wrong(endpoint: str, payload: Mapping[str, JSON]) -> tuple[Complaint, ...]:
    """Returns what the catalogue has against an input."""
    return complaints(endpoints()[endpoint], payload)


@st.composite
def _shots(
    draw: st.DrawFn, can: Capabilities, start: Operation, values: Values
) -> Shot:
    given = draw(_media(can, start))
    return Shot(
        draw(_prompts(can)),
        ratio=draw(_ratios(can, given.get("image"))),
        resolution=draw(st.sampled_from([None, *can.resolutions])),
        sound=draw(st.sampled_from(_SOUNDS[can.sound])),
        negative=draw(st.none() | _prompts(can)) if can.negative else None,
        seed=draw(st.none() | st.integers(0, 2**63 - 1)) if can.seed else None,
        options={ID: draw(_options(can, values))},
        **draw(_lengths(can)),
        **given,
    )


def _prompts(can: Capabilities) -> st.SearchStrategy[str]:
    longest = "a" * min(can.prompt, LONGEST_PROMPT)
    return _WORDS.filter(lambda words: bool(words.strip())) | st.just(longest)


@st.composite
def _media(draw: st.DrawFn, can: Capabilities, start: Operation) -> dict[str, Any]:
    starts = {start}
    if start in {Operation.EXTEND, Operation.REFERENCES}:
        beside = sorted(can.operations & {Operation.IMAGE, Operation.FRAMES})
        starts |= {draw(st.sampled_from([start, *beside]))}
    given: dict[str, Any] = {}
    if Operation.EXTEND in starts:
        given["extend"] = draw(_medium(can, Kind.VIDEO))
    if Operation.REFERENCES in starts:
        given["references"] = draw(_references(can))
    if starts & {Operation.IMAGE, Operation.FRAMES}:
        given["image"] = draw(_medium(can, Kind.IMAGE))
    if Operation.FRAMES in starts:
        given["last_image"] = draw(_medium(can, Kind.IMAGE))
    return given


def _medium(can: Capabilities, kind: Kind) -> st.SearchStrategy[Media]:
    numbers = st.integers(1, 9)
    sizes = st.none() | st.integers(1, can.media_bytes.get(kind, 10**7))
    return st.builds(
        lambda number, size: Media(_address(kind, number), kind, bytes=size),
        numbers,
        sizes,
    )


def _address(kind: Kind, number: int) -> str:
    return f"https://a.test/{number}.{_KINDS[kind]}"


@st.composite
def _references(draw: st.DrawFn, can: Capabilities) -> list[Media]:
    offered = [kind for kind, most in can.references.items() for _ in range(most)]
    first = [k for k in offered if can.sound_alone or k is not Kind.SOUND]
    kind = draw(st.sampled_from(first))
    offered.remove(kind)
    most = len(offered) if can.most_references is None else can.most_references - 1
    rest = draw(st.permutations(offered))[: draw(st.integers(0, most))]
    return [draw(_medium(can, kind)) for kind in [kind, *rest]]


def _ratios(can: Capabilities, image: Media | None) -> st.SearchStrategy[str | None]:
    free = can.ratio_from_image and image is not None
    ratios = ("16:9", "9:16", "1:1") if free else can.ratios
    return st.sampled_from([None, *ratios])


@st.composite
def _lengths(draw: st.DrawFn, can: Capabilities) -> dict[str, Any]:
    seconds = draw(_each(can.seconds))
    shortest = 1.0 if can.cut_seconds is None else can.cut_seconds.low
    count = draw(st.integers(0, min(can.cuts, int(seconds // shortest))))
    if not count:
        return {"seconds": draw(st.sampled_from([None, seconds]))}
    pieces = draw(_shares(seconds, count, shortest))
    told = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    cuts = [
        Cut(draw(_prompts(can)), piece if says else None)
        for piece, says in zip(pieces, told, strict=True)
    ]
    return {"cuts": cuts, "seconds": draw(st.sampled_from([None, seconds]))}


@st.composite
def _shares(
    draw: st.DrawFn, seconds: float, count: int, shortest: float
) -> list[float]:
    """Makes lengths that add up, in steps of a second from the shortest on."""
    left = seconds - count * shortest
    extras = []
    for _ in range(count - 1):
        extras.append(draw(st.integers(0, int(left))))
        left -= extras[-1]
    return [shortest + extra for extra in (*extras, left)]


def _each(lengths: Lengths) -> st.SearchStrategy[float]:
    if lengths.choices:
        return st.sampled_from(lengths.choices)
    if not lengths.step:
        return st.floats(lengths.low, lengths.high)
    steps = int((lengths.high - lengths.low) / lengths.step)
    return st.integers(0, steps).map(lambda n: lengths.low + n * lengths.step)


@st.composite
def _options(draw: st.DrawFn, can: Capabilities, values: Values) -> dict[str, JSON]:
    known = {option.name: _value(option) for option in can.options} | dict(values)
    offered = {option.name for option in can.options}
    usable = {name: v for name, v in known.items() if v is not None and name in offered}
    chosen = draw(st.sets(st.sampled_from(sorted(usable)))) if usable else set()
    return {name: draw(usable[name]) for name in sorted(chosen)}


def _value(option: Option) -> st.SearchStrategy[JSON] | None:
    if option.choices:
        return st.sampled_from(option.choices)
    if option.form is Form.WHOLE:
        low, high = (None if b is None else int(b) for b in (option.low, option.high))
        return st.integers(low, high)
    if option.form is Form.NUMBER:
        return st.floats(option.low, option.high, allow_nan=False, allow_infinity=False)
    return _FORMS.get(option.form)


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
    image = Media(_address(Kind.IMAGE, 1), Kind.IMAGE)
    offered = model.capabilities.operations
    bare = {"image": None, "last_image": None, "references": (), "extend": None}
    given: Mapping[Operation, dict[str, Any]] = {
        Operation.TEXT: {},
        Operation.IMAGE: {"image": image},
        Operation.FRAMES: {"image": image, "last_image": image},
        Operation.REFERENCES: {"references": [image]},
        Operation.EXTEND: {"extend": Media(_address(Kind.VIDEO, 1), Kind.VIDEO)},
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
        several = [Media(_address(kind, 1), kind)] * (can.references.get(kind, 0) + 1)
        yield "references", {"references": several}
    if can.most_references is not None:
        missing = can.most_references + 1 - len(shot.references)
        more = (*shot.references, *shot.references[:1] * missing)
        yield "references", {"references": more}
    if not can.sound_alone:
        alone = Media(_address(Kind.SOUND, 1), Kind.SOUND)
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
    if option.high is not None:
        yield option.high + 1
