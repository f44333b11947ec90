"""Makes shots that a model takes, to all of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from hypothesis import strategies as st

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Cut,
    Form,
    Kind,
    Lengths,
    Media,
    Model,
    Operation,
    Option,
    Shot,
    Sound,
)
from shotcaller_fal.gateway import ID

Values: TypeAlias = Mapping[str, st.SearchStrategy[JSON]]
"""Makes values for options by name, where their form says too little."""

LONGEST_PROMPT = 20_000
"""How long a shot's prompt may be at all."""

LARGEST = 2**63 - 1
"""The largest seed and whole number that a shot holds."""

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
_LONGEST_LIST = 3
_WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def shots(model: Model, values: Values | None = None) -> st.SearchStrategy[Shot]:
    """Makes shots that a model takes, by all that it declares.

    ``values`` are for options of which the form says too little; where it says
    nothing and no value is given, they are left out.
    """
    starts = st.sampled_from(sorted(model.capabilities.operations))
    return starts.flatmap(
        lambda start: starting(model.able(start), start, values or {})
    )


@st.composite
def starting(
    draw: st.DrawFn, can: Capabilities, start: Operation, values: Values
) -> Shot:
    """Makes shots that start so, and that such capabilities take."""
    given = _media(draw, can, start)
    prompt = draw(_prompts(can.prompt))
    return Shot(
        prompt,
        ratio=draw(_ratios(can, given.get("image"))),
        resolution=draw(st.sampled_from([None, *can.resolutions])),
        sound=draw(st.sampled_from(_SOUNDS[can.sound])),
        negative=draw(st.none() | _prompts(can.prompt)) if can.negative else None,
        seed=draw(st.none() | st.integers(0, LARGEST)) if can.seed else None,
        options={ID: _options(draw, can, values)},
        **_lengths(draw, can, can.prompt - len(f"{prompt} ")),
        **given,
    )


# A strategy costs more to make than to draw from: those that are needed for each shot
# are kept, and what only chooses among others draws by itself.
@lru_cache
def _prompts(most: int) -> st.SearchStrategy[str]:
    longest = st.just(min(most, LONGEST_PROMPT)).map(lambda count: "a" * count)
    written = _WORDS.filter(lambda words: bool(words.strip()))
    return written.map(lambda words: words.strip()[:most]) | longest


def _media(draw: st.DrawFn, can: Capabilities, start: Operation) -> dict[str, Any]:
    starts = {start}
    if start in {Operation.EXTEND, Operation.REFERENCES}:
        beside = sorted(can.operations & {Operation.IMAGE, Operation.FRAMES})
        starts |= {draw(st.sampled_from([start, *beside]))}
    given: dict[str, Any] = {}
    if Operation.EXTEND in starts:
        given["extend"] = draw(_medium(Kind.VIDEO, can.media_bytes.get(Kind.VIDEO)))
    if Operation.REFERENCES in starts:
        given["references"] = _references(draw, can)
    if starts & {Operation.IMAGE, Operation.FRAMES}:
        given["image"] = draw(_medium(Kind.IMAGE, can.media_bytes.get(Kind.IMAGE)))
    if Operation.FRAMES in starts:
        given["last_image"] = draw(_medium(Kind.IMAGE, can.media_bytes.get(Kind.IMAGE)))
    return given


@lru_cache
def _medium(kind: Kind, most: int | None) -> st.SearchStrategy[Media]:
    numbers = st.integers(1, 9)
    sizes = st.none() | st.integers(1, most or 10**7)
    return st.builds(
        lambda number, size: Media(address(kind, number), kind, bytes=size),
        numbers,
        sizes,
    )


def address(kind: Kind, number: int) -> str:
    """Returns where a picture, a video or a sound would be."""
    return f"https://a.test/{number}.{_KINDS[kind]}"


def _references(draw: st.DrawFn, can: Capabilities) -> list[Media]:
    offered = [kind for kind, most in can.references.items() for _ in range(most)]
    first = [k for k in offered if can.sound_alone or k is not Kind.SOUND]
    kind = draw(st.sampled_from(first))
    offered.remove(kind)
    most = len(offered) if can.most_references is None else can.most_references - 1
    rest = draw(st.permutations(offered))[: draw(st.integers(0, most))]
    return [draw(_medium(one, can.media_bytes.get(one))) for one in [kind, *rest]]


def _ratios(can: Capabilities, image: Media | None) -> st.SearchStrategy[str | None]:
    free = can.ratio_from_image and image is not None
    ratios = ("16:9", "9:16", "1:1") if free else can.ratios
    return st.sampled_from([None, *ratios])


def _lengths(draw: st.DrawFn, can: Capabilities, words: int) -> dict[str, Any]:
    seconds = draw(_each(can.seconds))
    shortest = 1.0 if can.cut_seconds is None else can.cut_seconds.low
    most = min(can.cuts, int(seconds // shortest)) if words > 0 else 0
    count = draw(st.integers(0, most))
    if not count:
        return {"seconds": draw(st.sampled_from([None, seconds]))}
    pieces = _shares(draw, seconds, count, shortest)
    told = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    cuts = [
        Cut(draw(_prompts(words)), piece if says else None)
        for piece, says in zip(pieces, told, strict=True)
    ]
    return {"cuts": cuts, "seconds": draw(st.sampled_from([None, seconds]))}


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


@lru_cache
def _each(lengths: Lengths) -> st.SearchStrategy[float]:
    if lengths.choices:
        return st.sampled_from(lengths.choices)
    if not lengths.step:
        return st.floats(lengths.low, lengths.high)
    steps = int((lengths.high - lengths.low) / lengths.step)
    return st.integers(0, steps).map(lambda n: lengths.low + n * lengths.step)


def _options(draw: st.DrawFn, can: Capabilities, values: Values) -> dict[str, JSON]:
    known = {option.name: _value(option) for option in can.options} | dict(values)
    offered = {option.name for option in can.options}
    usable = {name: v for name, v in known.items() if v is not None and name in offered}
    chosen = draw(st.sets(st.sampled_from(sorted(usable)))) if usable else set()
    return {name: draw(usable[name]) for name in sorted(chosen)}


@lru_cache
def _value(option: Option) -> st.SearchStrategy[JSON] | None:
    if option.choices:
        return st.sampled_from(option.choices)
    if option.form is Form.WHOLE:
        low = -LARGEST if option.low is None else int(option.low)
        high = LARGEST if option.high is None else int(option.high)
        return st.integers(low, high)
    if option.form is Form.NUMBER:
        return st.floats(option.low, option.high, allow_nan=False, allow_infinity=False)
    if option.form is Form.LIST:
        most = _LONGEST_LIST if option.high is None else int(option.high)
        item = None if option.each is None else _value(option.each)
        return None if item is None else st.lists(item, max_size=most)
    if option.form is Form.TABLE:
        inner_values = {one.name: _value(one) for one in option.fields}
        known = {name: made for name, made in inner_values.items() if made is not None}
        return st.fixed_dictionaries({}, optional=known)
    return _FORMS.get(option.form)
