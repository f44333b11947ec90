"""What is listed for agents says what a model costs, and until when it lives."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from shotcaller import documents
from shotcaller.accounts import Account
from shotcaller.catalog import Lifecycle, Price, Rate, Surcharge, Unit
from shotcaller.shot import Kind
from tests.core.offers import TODAY, gateway, model


def test_a_price_tells_what_its_rates_ask_for_and_count() -> None:
    rates = [
        Rate(
            "0.000014",
            Unit.TOKEN,
            when={"video": "given"},
            pixels=640 * 640,
            input_seconds=(2, 15),
        ),
        Rate("0.5", Unit.CLIP, when={"seconds": "5"}),
    ]
    listed = Price(rates, "a list", TODAY, [Surcharge("0.08", Kind.IMAGE, 5)])

    assert documents.price(listed) == {
        "rates": [
            {
                "usd": 0.000014,
                "per": "token",
                "when": {"video": "given"},
                "pixels": 409_600,
                "input_seconds": {"low": 2, "high": 15},
            },
            {
                "usd": 0.5,
                "per": "clip",
                "when": {"seconds": "5"},
                "pixels": None,
                "input_seconds": None,
            },
        ],
        "surcharges": [{"usd": 0.08, "kind": "image", "beyond": 5}],
        "source": "a list",
        "as_of": "2026-06-01",
    }


MISSING = Lifecycle(successor="paper/two", missing_since=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("life", "why_not"),
    [
        (Lifecycle(), "no key"),
        (Lifecycle(TODAY), "retired on 2026-06-01"),
        (
            MISSING,
            "has not been listed by its gateway since 2026-05-01; use paper/two",
        ),
        (evolve(MISSING, retires_on=TODAY), "retired on 2026-06-01; use paper/two"),
    ],
)
def test_a_model_says_why_it_is_not_used(life: Lifecycle, why_not: str) -> None:
    locked = Account(gateway(), missing="no key")
    found = documents.model(model(lifecycle=life), locked, TODAY)

    assert (found["ready"], found["why_not"]) == (False, why_not)


def test_a_model_tells_since_when_it_is_missing() -> None:
    found = documents.model(model(lifecycle=MISSING), Account(gateway()), TODAY)

    assert found["lifecycle"]["missing_since"] == "2026-05-01"
