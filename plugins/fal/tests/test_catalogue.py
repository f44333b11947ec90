"""The data about fal's endpoints is whole, and inputs are held against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shotcaller.plugin import JSON
from shotcaller_fal import ids
from shotcaller_fal.catalogue import Complaint, Endpoint, complaints, endpoints

SCHEMA = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "minLength": 2, "maxLength": 4},
        "duration": {
            "anyOf": [{"enum": ["auto"]}, {"type": "integer", "enum": [6, 8]}]
        },
        "steps": {"type": "integer", "minimum": 1, "maximum": 9},
        "size": {"enum": ["720p", "1080p"]},
        "urls": {"type": "array", "maxItems": 1, "items": {"type": "string"}},
        "voice": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": {"type": "string"}},
        },
        "odd": {"multipleOf": 2},
    },
    "required": ["prompt"],
}
ENDPOINT = Endpoint("owner/app", SCHEMA, (), None, current=True)
OFFERED = "prompt, duration, steps, size, urls, voice, odd"


@pytest.mark.parametrize("endpoint", endpoints().values(), ids=lambda one: one.id)
def test_every_endpoint_is_described_without_a_mistake(endpoint: Endpoint) -> None:
    Draft202012Validator.check_schema(endpoint.input)

    properties: Mapping[str, Any] = endpoint.input["properties"]
    defaults = {
        name: schema["default"]
        for name, schema in properties.items()
        if "default" in schema
    }
    assert ids.is_id(endpoint.id)
    assert set(endpoint.input.get("required", ())) <= set(properties)
    assert [
        one for one in complaints(endpoint, defaults) if one.rule != "required"
    ] == []
    assert all(price.usd > 0 for price in endpoint.prices)
    assert all(price.per and price.as_of for price in endpoint.prices)
    assert endpoint.unit_usd is None or endpoint.unit_usd > 0


def test_there_are_many_endpoints_and_most_are_current() -> None:
    known = endpoints().values()

    assert len(known) > 150
    assert sum(one.current for one in known) > len(known) * 0.8
    assert sum(bool(one.prices) for one in known) > len(known) * 0.4
    assert endpoints() is endpoints()


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"prompt": "fox"}, []),
        ({}, [Complaint("prompt", "required", "it is missing")]),
        (
            {"prompt": "fox", "prompts": "x"},
            [
                Complaint(
                    "prompts", "unknown", f"there is no such field; it has {OFFERED}"
                )
            ],
        ),
        (
            {"prompt": "f"},
            [Complaint("prompt", "minLength", "its length is 1, which is less than 2")],
        ),
        (
            {"prompt": "a fox"},
            [Complaint("prompt", "maxLength", "its length is 5, which is more than 4")],
        ),
        (
            {"prompt": 7},
            [Complaint("prompt", "type", "7 is not of type string")],
        ),
        (
            {"prompt": "fox", "duration": "8"},
            [Complaint("duration", "anyOf", '"8" is not one of "auto", 6, 8')],
        ),
        (
            {"prompt": "fox", "steps": 0},
            [Complaint("steps", "minimum", "0 is less than 1")],
        ),
        (
            {"prompt": "fox", "steps": 10},
            [Complaint("steps", "maximum", "10 is more than 9")],
        ),
        (
            {"prompt": "fox", "size": "x" * 99},
            [
                Complaint(
                    "size",
                    "enum",
                    f'"{"x" * 39}… is not one of "720p", "1080p"',
                )
            ],
        ),
        (
            {"prompt": "fox", "urls": ["a", "b"]},
            [Complaint("urls", "maxItems", "its length is 2, which is more than 1")],
        ),
        (
            {"prompt": "fox", "urls": [7]},
            [Complaint("urls.0", "type", "7 is not of type string")],
        ),
        (
            {"prompt": "fox", "voice": {}},
            [
                Complaint("voice.id", "required", "it is missing"),
                Complaint("voice.name", "required", "it is missing"),
            ],
        ),
        (
            {"prompt": "fox", "odd": 3},
            [Complaint("odd", "multipleOf", "3 does not keep to 2")],
        ),
    ],
)
def test_each_mistake_in_an_input_is_named(
    payload: Mapping[str, JSON], found: list[Complaint]
) -> None:
    assert [*complaints(ENDPOINT, payload)] == found
