"""Checks an input as fal's models do, and complains in their form.

Fields that a model does not know are not mentioned: fal ignores them without a word.
A number in quotes is refused where a number is wanted; some models may be milder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shotcaller.plugin import JSON
from shotcaller_emulator.fal.errors import detail
from shotcaller_fal.catalogue import Endpoint

NULLABLE = {"alibaba/wan-3.0": "duration"}
"""The one known field in which null means something: a length of the model's choice."""

LIMITS: Mapping[str, tuple[str, str, str]] = {
    "minimum": (
        "greater_than_equal",
        "ge",
        "Input should be greater than or equal to {}",
    ),
    "maximum": ("less_than_equal", "le", "Input should be less than or equal to {}"),
    "minLength": (
        "string_too_short",
        "min_length",
        "String should have at least {} characters",
    ),
    "maxLength": (
        "string_too_long",
        "max_length",
        "String should have at most {} characters",
    ),
    "maxItems": (
        "sequence_too_long",
        "max_length",
        "List should have at most {} items",
    ),
}
"""Type, name of the limit, and words, by the rule of JSON Schema that was broken."""

TYPES = {
    "array": ("list_type", "list"),
    "boolean": ("bool_type", "boolean"),
    "integer": ("int_type", "integer"),
    "number": ("float_type", "number"),
    "object": ("dict_type", "dictionary"),
    "string": ("string_type", "string"),
}


def check(
    endpoint: Endpoint, given: Mapping[str, JSON]
) -> Sequence[Mapping[str, JSON]]:
    """Returns the complaints about an input: none if a model would take it."""
    from jsonschema import Draft202012Validator  # its import takes 0.1 s

    nullable = next(
        (name for start, name in NULLABLE.items() if endpoint.id.startswith(start)), ""
    )
    looked_at = {
        name: value
        for name, value in given.items()
        if not (name == nullable and value is None)
    }
    found: dict[tuple[str | int, ...], Mapping[str, JSON]] = {}
    for error in Draft202012Validator(endpoint.input).iter_errors(looked_at):
        for where, complaint in _complaints(error):
            # A wrong type breaks the rule of the choices, too: one complaint is enough.
            if where not in found or complaint["type"] == "literal_error":
                found[where] = complaint
    return [*found.values()]


def _complaints(
    error: Any,
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, JSON]]]:
    where = ("body", *error.absolute_path)
    value = error.instance
    rule, limit = error.validator, error.validator_value
    if rule == "required":
        for name in limit:
            if name not in value:
                there = (*where, name)
                yield there, detail("missing", "Field required", *there, value=value)
    elif rule == "enum":
        yield where, _choice(limit, where, value)
    elif rule == "anyOf":
        choices = [choice for each in limit for choice in each.get("enum", ())]
        yield where, _choice(choices, where, value)
    elif rule == "type":
        kind, word = TYPES[limit]
        message = f"Input should be a valid {word}"
        yield where, detail(kind, message, *where, value=value)
    else:
        kind, name, words = LIMITS[rule]
        told = detail(kind, words.format(limit), *where, value=value, ctx={name: limit})
        yield where, told


def _choice(
    choices: Sequence[JSON], where: Sequence[str | int], value: JSON
) -> Mapping[str, JSON]:
    quoted = [repr(choice) for choice in choices]
    listed = " or ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)
    message = f"Input should be {listed}"
    ctx: Mapping[str, JSON] = {"expected": listed}
    return detail("literal_error", message, *where, value=value, ctx=ctx)


__all__ = ["check"]
