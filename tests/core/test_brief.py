from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.shot import Brief
from tests.core.refusals import refused

NO_BUDGET = "is not an amount in USD from 0 to 1000000."
NO_DEADLINE = "is not a number of seconds of 0 or more."
HALF = r"has half a character at position 1; it is not Unicode text."


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("only", "fal", "'fal' is not a list of ids."),
        ("avoid", "fal", "'fal' is not a list of ids."),
        ("only", 5, "5 is not a list of ids."),
        ("only", [5], "5 is not text."),
        ("only", [None], "None is not text."),
        ("only", [""], "'' is empty."),
        ("avoid", [["a"]], "['a'] is not text."),
        ("avoid", ["a\ud800"], rf"'a\ud800' {HALF}"),
        ("intent", "", "'' is empty."),
        ("intent", 5, "5 is not text."),
        ("weights", "", "'' is empty."),
        ("weights", {"fit": 1}, "{'fit': 1} is not text."),
        ("model", "", "'' is empty."),
        ("model", ["a/b"], "['a/b'] is not text."),
        ("again", None, "None is not text."),
        ("again", 5, "5 is not text."),
        ("again", "a\ud800", rf"'a\ud800' {HALF}"),
        (
            "fallback",
            "no",
            "'no' is no fallback (there are none, same-model, any, ask).",
        ),
        ("unknown_price", 1, "1 is neither true nor false."),
        ("deadline", -1, f"-1 {NO_DEADLINE}"),
        ("deadline", math.nan, f"nan {NO_DEADLINE}"),
        ("deadline", math.inf, f"inf {NO_DEADLINE}"),
        ("deadline", "5", f"'5' {NO_DEADLINE}"),
        ("deadline", True, f"True {NO_DEADLINE}"),
        ("budget", "much", "'much' is not an amount in USD."),
        ("budget", True, "True is not an amount in USD."),
        ("budget", b"5", "b'5' is not an amount in USD."),
        ("budget", [5], "[5] is not an amount in USD."),
        ("budget", Decimal("NaN"), f"Decimal('NaN') {NO_BUDGET}"),
        ("budget", Decimal("sNaN"), f"Decimal('sNaN') {NO_BUDGET}"),
        ("budget", math.nan, f"nan {NO_BUDGET}"),
        ("budget", math.inf, f"inf {NO_BUDGET}"),
        ("budget", "-0.01", f"'-0.01' {NO_BUDGET}"),
        ("budget", Decimal("1E+999999"), f"Decimal('1E+999999') {NO_BUDGET}"),
        ("budget", 1_000_001, f"1000001 {NO_BUDGET}"),
        ("budget", "1e-7", "'1e-7' is less than a millionth of a USD."),
    ],
)
def test_a_brief_names_the_field_and_the_value_it_refuses(
    field: str, value: object, message: str
) -> None:
    error = refused(Brief, **{field: value})

    assert error.field == field
    assert error.message == f"{field}: {message}"


@pytest.mark.parametrize(
    ("given_budget", "budget"),
    [
        (None, None),
        (0, Decimal(0)),
        (0.1, Decimal("0.1")),
        ("2.50", Decimal("2.50")),
        (Decimal("0.000001"), Decimal("0.000001")),
        (1_000_000, Decimal(1_000_000)),
    ],
)
def test_a_budget_is_exact(given_budget: Any, budget: Decimal | None) -> None:
    assert Brief(budget=given_budget).budget == budget


def test_ids_may_come_in_any_order_of_things() -> None:
    brief = Brief(only=["a"], avoid=iter(["b", "c"]), deadline=0, intent="heist")

    assert brief.only == ("a",)
    assert brief.avoid == ("b", "c")
    assert brief.deadline == 0
    assert brief.intent == "heist"
