"""Turns a shot into an endpoint's input: fal's names, fal's types, nothing left out.

What decides the price is always sent as it was quoted, even where fal would choose the
same: its defaults change without a word. Nulls are never sent; many fields refuse them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shotcaller.plugin import JSON, Kind, Refused, Shot, Sound
from shotcaller_fal.gateway import ID
from shotcaller_fal.routes import WITHHELD, Route


def payload(route: Route, shot: Shot) -> dict[str, JSON]:
    """Returns the input for a shot that fits the route.

    Raises ``Refused`` for anything in the shot that the endpoint has no word for.
    """
    written = {
        **route.always,
        **route.tell(shot, route),
        **dict(_media(route, shot)),
        **dict(_frame(route, shot)),
        **dict(_rest(route, shot)),
    }
    own = shot.options.get(ID, {})
    for name in own:
        if name in WITHHELD:
            raise _unsaid(route, f"option {name}", "the clip would be no file")
        if name in written and name not in route.always:
            raise _unsaid(route, f"option {name}", "it is said by the shot itself")
    return {
        **written,
        **{name: value for name, value in own.items() if value is not None},
    }


def _media(route: Route, shot: Shot) -> Iterator[tuple[str, JSON]]:
    frames = {
        "image": (shot.image, route.image),
        "last_image": (shot.last_image, route.last_image),
        "extend": (shot.extend, route.extend),
    }
    for field, (item, name) in frames.items():
        if item is not None:
            yield _named(route, field, name), item.source
    for kind in Kind:
        found: list[JSON] = [m.source for m in shot.references if m.kind is kind]
        if found:
            name = _named(route, f"{kind} references", route.references.get(kind))
            yield name, found[0] if name in route.single else found


def _frame(route: Route, shot: Shot) -> Iterator[tuple[str, JSON]]:
    can = route.can
    length = shot.length or (None if shot.cuts else can.default_seconds)
    lengths = {can.seconds.low, can.seconds.high}
    if length is not None and (route.seconds or lengths != {length}):
        yield _spelled(route, "duration", "seconds", route.seconds, length)
    size = shot.resolution or can.default_resolution
    if size is not None and (route.resolutions or set(can.resolutions) != {size}):
        yield _spelled(route, "resolution", "resolution", route.resolutions, size)
    given = can.ratio_from_image or set(can.ratios) == {shot.ratio}
    if shot.ratio is not None and not (route.ratio is None and given):
        yield _named(route, "ratio", route.ratio), shot.ratio


def _spelled(
    route: Route, name: str, field: str, words: Mapping[Any, JSON], value: Any
) -> tuple[str, JSON]:
    key = round(value, 3) if isinstance(value, float) else value  # sums of cuts
    if key not in words:
        raise _unsaid(route, field, f"it has no word for {_shown(value)}")
    return name, words[key]


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _rest(route: Route, shot: Shot) -> Iterator[tuple[str, JSON]]:
    if route.sound is not None:
        yield route.sound, shot.sound is not False
    elif shot.sound is not None and shot.sound is not (route.can.sound is Sound.ALWAYS):
        raise _unsaid(route, "sound", f"its clips have it {route.can.sound}")
    if shot.negative is not None:
        yield _named(route, "negative", route.negative), shot.negative
    if shot.seed is not None:
        yield _named(route, "seed", route.seed), shot.seed


def _named(route: Route, field: str, name: str | None) -> str:
    if name is None:
        raise _unsaid(route, field, "it has no such field")
    return name


def _unsaid(route: Route, field: str, why: str) -> Refused:
    message = f"{field} cannot be asked of {route.endpoint}: {why}."
    return Refused(message, "Leave it out, or choose another model.", reason="input")
