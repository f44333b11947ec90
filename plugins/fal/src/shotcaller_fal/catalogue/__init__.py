"""Holds what is known of fal's video endpoints: inputs, prices, units; data by family.

The files beside this one say for each endpoint what its input may hold, as JSON
Schema, and what was seen of its price. They are dated: fal changes fields and prices
without a version, so what they do not know may still exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from attrs import frozen

from shotcaller.plugin import JSON

LONGEST_SHOWN = 40

_RULES: Mapping[str, str] = {
    "enum": "is not one of",
    "maximum": "is more than",
    "minimum": "is less than",
    "type": "is not of type",
}
_LENGTHS: Mapping[str, str] = {
    "maxItems": "more than",
    "maxLength": "more than",
    "minItems": "less than",
    "minLength": "less than",
}


@frozen
class Listed:
    """Is one price as it was seen: ``usd`` for each ``per``, where ``when`` holds.

    ``as_of`` and ``confidence`` are in the words of the source.
    """

    usd: Decimal
    per: str
    when: Mapping[str, JSON]
    as_of: str
    confidence: str


@frozen
class Endpoint:
    """Is one of fal's endpoints.

    ``input`` is a JSON Schema; it does not forbid unknown fields, which fal ignores
    without a word. ``unit_usd`` is the price of one billable unit where that was seen
    on the wire. ``current`` is whether fal's newest list of types, of August 2026,
    has it.
    """

    id: str
    input: Mapping[str, Any]
    prices: tuple[Listed, ...]
    unit_usd: Decimal | None
    current: bool


@frozen
class Complaint:
    """Says what is wrong with a field of an input: where, by which rule, in words."""

    field: str
    rule: str
    message: str


@cache
def endpoints() -> Mapping[str, Endpoint]:
    """Returns all endpoints that are known, by id."""
    found: dict[str, Endpoint] = {}
    for file in resources.files(__name__).iterdir():
        if file.name.endswith(".json"):
            family = json.loads(file.read_text("utf-8"))
            found |= {id_: _endpoint(id_, row) for id_, row in _rows(family)}
    return found


def _rows(family: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from family["endpoints"].items()


def _endpoint(id_: str, row: Mapping[str, Any]) -> Endpoint:
    unit = row.get("unit_usd")
    return Endpoint(
        id_,
        row["input"],
        tuple(_listed(price) for price in row["prices"]),
        None if unit is None else Decimal(str(unit)),
        row["listed"],
    )


def _listed(price: Mapping[str, Any]) -> Listed:
    return Listed(
        Decimal(str(price["usd"])),
        price["per"],
        price.get("when", {}),
        price["as_of"],
        price["confidence"],
    )


def complaints(
    endpoint: Endpoint, payload: Mapping[str, JSON]
) -> tuple[Complaint, ...]:
    """Returns all that is wrong with an input, fields that nobody knows included.

    fal itself ignores those, so that a mistyped name buys the wrong clip.
    """
    known = endpoint.input["properties"]
    offered = ", ".join(known)
    unknown = [
        Complaint(name, "unknown", f"there is no such field; it has {offered}")
        for name in payload
        if name not in known
    ]
    return (*unknown, *_violations(endpoint.input, payload))


def _violations(
    schema: Mapping[str, Any], payload: Mapping[str, JSON]
) -> Iterator[Complaint]:
    from jsonschema import Draft202012Validator  # its import takes 0.1 s

    for error in Draft202012Validator(schema).iter_errors(payload):
        path = [str(part) for part in error.absolute_path]
        rule, value, limit = str(error.validator), error.instance, error.validator_value
        if rule == "required":  # there is one error for each name, which begins it
            name = next(one for one in limit if error.message.startswith(repr(one)))
            yield Complaint(".".join([*path, name]), rule, "it is missing")
        else:
            yield Complaint(".".join(path), rule, _worded(rule, value, limit))


def _worded(rule: str, value: Any, limit: Any) -> str:
    """Words a broken rule; a value is shown, but no prompt or picture in full."""
    if rule in _LENGTHS:
        return f"its length is {len(value)}, which is {_LENGTHS[rule]} {limit}"
    if rule == "anyOf":
        rule, limit = "enum", [one for each in limit for one in each.get("enum", ())]
    if rule == "enum":
        limit = _listed_values(limit)
    return f"{_shown(value)} {_RULES.get(rule, 'does not keep to')} {limit}"


def _listed_values(values: Sequence[JSON]) -> str:
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
