from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.shot import Shot
from tests.core.refusals import refused

NOT_SECONDS = "must be more than 0 and at most 3600 seconds."
NOT_A_SEED = "is not a whole number from 0 to 9223372036854775807."
NOT_A_RATIO = "is not a ratio such as 16:9."
NOT_A_RESOLUTION = "is not a resolution such as 720p or 4k."
NO_BUDGET = "is not an amount in USD from 0 to 1000000."
NO_DEADLINE = "is not a number of seconds of 0 or more."
HALF = r"has half a character at position 1; it is not Unicode text."


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "field", "message"),
    [
        (5, "options.fal", "5 is not a table."),
        ({5: 1}, "options.fal", "5 is not text."),
        ({"a": math.nan}, "options.fal.a", "nan cannot be written as JSON."),
        ({"a": [1, math.inf]}, "options.fal.a[1]", "inf cannot be written as JSON."),
        ({"a": {"b": {1, 2}}}, "options.fal.a.b", "{1, 2} cannot be written as JSON."),
        ({"a": b"x"}, "options.fal.a", "b'x' cannot be written as JSON."),
        ({"a": 2**64}, "options.fal.a", f"{2**64} cannot be written as JSON."),
        ({"a": Decimal(1)}, "options.fal.a", "Decimal('1') cannot be written as JSON."),
        (
            {"a": Unspeakable()},
            "options.fal.a",
            "a Unspeakable that cannot be shown cannot be written as JSON.",
        ),
        ({"a": "b\ud800"}, "options.fal.a", rf"'b\ud800' {HALF}"),
        ({"a": {"b\ud800": 1}}, "options.fal.a", rf"'b\ud800' {HALF}"),
        (
            {"a": deep(18)},
            "options.fal.a" + "[0]" * 17,
            "[1] is nested more than 16 deep.",
        ),
    ],
)
def test_an_option_that_json_cannot_hold_is_named_to_the_leaf(
    value: object, field: str, message: str
) -> None:
    error = refused(Shot, prompt="A pier", options={"fal": value})

    assert error.message == f"{field}: {message}"
    assert error.field == field


def test_a_gateways_id_that_is_no_unicode_is_refused() -> None:
    error = refused(Shot, prompt="a", options={"a\ud800": {}})

    assert error.message == rf"options: 'a\ud800' {HALF}"


def test_an_option_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)

    error = refused(Shot, prompt="A pier", options={"fal": {"a": loop}})

    assert error.message.endswith("is nested more than 16 deep.")


def test_options_are_a_copy_in_the_form_of_json() -> None:
    inner: list[object] = [1, (2, 3)]
    given_options: dict[str, dict[str, Any]] = {
        "fal": {"a": inner, "b": None, "c": True, "d": {"e": "f"}}
    }

    shot = Shot("A pier", options=given_options)
    inner.append(4)

    expected = {"fal": {"a": [1, [2, 3]], "b": None, "c": True, "d": {"e": "f"}}}
    assert expected == shot.options
