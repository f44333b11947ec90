"""Says where a shot goes and how its words are spelled there: one route an endpoint.

A route is read off the catalogue: which field is the first frame (five names are in
use), how a length is written (``"5"``, ``"5s"`` or ``5``), which case a resolution has.
What the catalogue cannot say, such as how many references go together, is said by
whoever makes the route.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from shotcaller.plugin import (
    JSON,
    Capabilities,
    Form,
    Kind,
    Lengths,
    Operation,
    Option,
    Shot,
    Sound,
)
from shotcaller_fal.abouts import ABOUTS
from shotcaller_fal.catalogue import endpoints

Told: TypeAlias = Callable[[Shot, "Route"], Mapping[str, JSON]]
"""Writes a shot's prompt and cuts as an endpoint wants them."""

FIRST = ("start_image_url", "image_url", "first_frame_url")
LAST = ("end_image_url", "tail_image_url", "last_frame_url")
GUIDES: Mapping[Kind, tuple[str, ...]] = {
    Kind.IMAGE: ("image_urls", "reference_image_urls", "subject_reference_image_url"),
    Kind.VIDEO: ("video_urls", "reference_video_urls"),
    Kind.SOUND: ("audio_urls", "reference_audio_urls"),
}
SOUND = ("generate_audio", "audio")
WITHHELD = frozenset({"sync_mode"})
"""Options that are not offered: this one puts the clip into the answer as text."""

_RATIO = re.compile(r"[1-9][0-9]*:[1-9][0-9]*")
_TIER = re.compile(r"[1-9][0-9]{2,3}p|[1-9][0-9]?k")
_LENGTH = re.compile(r"([0-9]+)s?")
_FORMS: Mapping[str, Form] = {
    "boolean": Form.FLAG,
    "integer": Form.WHOLE,
    "number": Form.NUMBER,
    "string": Form.TEXT,
    "array": Form.LIST,
    "object": Form.TABLE,
}


@frozen(kw_only=True)
class Route:
    """Is one endpoint, what it can do, and the names of its fields.

    ``seconds`` and ``resolutions`` hold each value in our words and in fal's;
    ``single`` names the fields of references that take one address and no list;
    ``always`` is what is sent whatever the shot says. None or nothing means that the
    endpoint has no such field.
    """

    endpoint: str
    can: Capabilities
    tell: Told
    seconds: Mapping[float, JSON] = field(factory=dict)
    resolutions: Mapping[str, JSON] = field(factory=dict)
    image: str | None = None
    last_image: str | None = None
    extend: str | None = None
    references: Mapping[Kind, str] = field(factory=dict)
    single: frozenset[str] = frozenset()
    ratio: str | None = None
    sound: str | None = None
    negative: str | None = None
    seed: str | None = None
    always: Mapping[str, JSON] = field(factory=dict)


def plainly(shot: Shot, _: Route) -> Mapping[str, JSON]:
    """Tells the prompt as it is; for endpoints that make no cuts."""
    return {"prompt": shot.prompt}


def route(
    endpoint: str,
    *,
    tell: Told = plainly,
    extend: str | None = None,
    always: Mapping[str, JSON] | None = None,
    **limits: Any,
) -> Route:
    """Returns the route to an endpoint by its id, as the catalogue has it.

    ``extend`` is the field of a video to go on from. ``limits`` are fields of
    :class:`~shotcaller.plugin.Capabilities` that the catalogue does not tell; lengths,
    sizes and sound of an endpoint without such fields are among them.
    """
    fields: Mapping[str, Any] = endpoints()[endpoint].input["properties"]
    fixed = always or {}
    guides = {kind: _one_of(names, fields) for kind, names in GUIDES.items()}
    shapes = _shapes(fields.get("aspect_ratio", {}))
    named: dict[str, Any] = {
        "image": _one_of(FIRST, fields),
        "last_image": _one_of(LAST, fields),
        "extend": extend,
        # Where only ``auto`` is offered, the picture decides.
        "ratio": "aspect_ratio" if shapes.get("ratios") else None,
        "sound": _one_of(SOUND, fields),
        "negative": _one_of(("negative_prompt",), fields),
        "seed": _one_of(("seed",), fields),
    }
    references = {kind: name for kind, name in guides.items() if name is not None}
    used = {*named.values(), *references.values(), *WITHHELD}
    used |= {"prompt", "multi_prompt", "duration", "resolution", "aspect_ratio"}
    found = {
        **_lengths(fields.get("duration", {})),
        **_sizes(fields.get("resolution", {})),
        **shapes,
        "sound": Sound.NEVER if named["sound"] is None else Sound.OPTIONAL,
        "negative": named["negative"] is not None,
        "seed": named["seed"] is not None,
        "references": {kind: _most(fields[name]) for kind, name in references.items()},
        "media_bytes": _bytes(fields, named, references),
        "ratio_from_image": named["image"] is not None and named["ratio"] is None,
        "options": tuple(
            _option(name, schema) for name, schema in fields.items() if name not in used
        ),
    }
    return Route(
        endpoint=endpoint,
        can=Capabilities(operations=(Operation.TEXT,), **{**found, **limits}),
        tell=tell,
        seconds=_spelled(fields.get("duration", {})),
        resolutions=_tiers(fields.get("resolution", {})),
        references=references,
        single=frozenset(
            name for name in references.values() if fields[name]["type"] == "string"
        ),
        always=fixed,
        **named,
    )


def _one_of(names: tuple[str, ...], fields: Mapping[str, Any]) -> str | None:
    return next((name for name in names if name in fields), None)


def _most(schema: Mapping[str, Any]) -> int:
    most: int = schema.get("maxItems", 1)
    return most


def _bytes(
    fields: Mapping[str, Any],
    named: Mapping[str, str | None],
    references: Mapping[Kind, str],
) -> dict[Kind, int]:
    sources = [(Kind.IMAGE, named["image"]), (Kind.VIDEO, named["extend"])]
    sources += list(references.items())
    limits = {kind: fields[name].get("x-max-bytes") for kind, name in sources if name}
    return {kind: limit for kind, limit in limits.items() if limit is not None}


def _spelled(schema: Mapping[str, Any]) -> dict[float, JSON]:
    """Returns how each length is written: a digit string, with an s, or a number."""
    matches = ((_LENGTH.fullmatch(str(value)), value) for value in _values(schema))
    found = {float(match[1]): value for match, value in matches if match}
    return {length: value for length, value in found.items() if length}


def _values(schema: Mapping[str, Any]) -> Sequence[JSON]:
    """Returns what a field may be; whole numbers without bounds go up to a minute."""
    if "anyOf" in schema:
        return [value for one in schema["anyOf"] for value in _values(one)]
    if "enum" not in schema and schema.get("type") == "integer":
        return range(schema.get("minimum", 1), schema.get("maximum", 60) + 1)
    values: Sequence[JSON] = schema.get("enum", ())
    return values


def _lengths(schema: Mapping[str, Any]) -> dict[str, Any]:
    spelled = _spelled(schema)
    if not spelled:
        return {}
    written = schema.get("default")  # "auto" is among none of them
    usual = next((length for length, word in spelled.items() if word == written), None)
    return {"seconds": span(sorted(spelled)), "default_seconds": usual}


def span(values: Sequence[float]) -> Lengths:
    """Returns lengths as a range of whole seconds if they are one, else a list."""
    whole = [values[0] + step for step in range(len(values))]
    if list(values) == whole and len(values) > 2:  # noqa: PLR2004  shorter as a range
        return Lengths(values[0], values[-1], 1)
    return Lengths.of(*values)


def _tiers(schema: Mapping[str, Any]) -> dict[str, JSON]:
    tiers = {str(value).lower(): value for value in _values(schema)}
    return {name: value for name, value in tiers.items() if _TIER.fullmatch(name)}


def _sizes(schema: Mapping[str, Any]) -> dict[str, Any]:
    tiers, usual = _tiers(schema), str(schema.get("default", "")).lower()
    return {
        "resolutions": tuple(tiers),
        "default_resolution": usual if usual in tiers else None,
    }


def _shapes(schema: Mapping[str, Any]) -> dict[str, Any]:
    ratios = tuple(v for v in schema.get("enum", ()) if _RATIO.fullmatch(v))
    usual = schema.get("default")
    return {"ratios": ratios, "default_ratio": usual if usual in ratios else None}


def _option(name: str, schema: Mapping[str, Any]) -> Option:
    """Returns what an option may be, and all that it may hold."""
    about = ABOUTS.get(name, "as fal's page of the endpoint says")
    items, fields = schema.get("items"), schema.get("properties", {})
    return Option(
        name,
        about,
        tuple(schema.get("enum", ())),
        form=_FORMS.get(schema.get("type", ""), Form.ANY),
        low=schema.get("minimum"),
        high=schema.get("maximum", schema.get("maxItems")),
        each=None if items is None else _option(name, items),
        fields=tuple(_option(inner, found) for inner, found in fields.items()),
    )
