from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import (
    Capabilities,
    Gateway,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Quote,
)
from shotcaller.fitting import reasons, warnings
from shotcaller.shot import Brief, Cut, Shot
from tests.core import offerings
from tests.core import strategies as ours
from tests.core.offers import TODAY, gateway, model, offer

GONE = Lifecycle(date(2026, 5, 31), "paper/two")
MISSING = Lifecycle(missing_since=date(2026, 5, 1))
UNLISTED = "has not been listed by its gateway since 2026-05-01"


def asked(brief: Brief | None = None, **fields: Any) -> tuple[Shot, Brief]:
    return Shot(**{"prompt": "a", **fields}), brief or Brief()


def found(made: Any, shot: Shot, brief: Brief) -> list[tuple[str, str]]:
    return [(reason.code, reason.message) for reason in reasons(made, shot, brief)]


@pytest.mark.parametrize(
    ("brief", "reason"),
    [
        ({"model": "paper/two"}, ("not-named", "you asked for paper/two")),
        ({"only": ["b", "c"]}, ("not-only", "you asked for only b, c")),
        ({"avoid": ["paper/one"]}, ("avoided", "you asked to avoid paper/one")),
        ({"avoid": ["x", "paper"]}, ("avoided", "you asked to avoid paper")),
        ({"avoid": ["papermaker"]}, ("avoided", "you asked to avoid papermaker")),
        ({"model": "paper/one"}, None),
        ({"only": ["paper/one"]}, None),
        ({"only": ["x", "paper"]}, None),
        ({"only": ["papermaker"]}, None),
        ({"avoid": ["pap", "one"]}, None),
    ],
)
def test_the_brief_chooses_by_model_gateway_or_maker(
    brief: dict[str, Any], reason: tuple[str, str] | None
) -> None:
    expected = [] if reason is None else [reason]

    assert found(offer(), *asked(Brief(**brief))) == expected


@pytest.mark.parametrize(
    ("lifecycle", "brief", "expected"),
    [
        (GONE, {}, [("retired", "retired on 2026-05-31; use paper/two")]),
        (Lifecycle(TODAY), {}, [("retired", "retired on 2026-06-01")]),
        (GONE, {"model": "paper/one"}, []),
        (Lifecycle(date(2026, 6, 2)), {}, []),
        (Lifecycle(), {}, []),
        (MISSING, {}, [("missing", f"{UNLISTED}; name it to try it all the same")]),
        (
            evolve(MISSING, retires_on=date(2026, 6, 2), successor="paper/two"),
            {},
            [
                (
                    "missing",
                    f"{UNLISTED}; use paper/two; name it to try it all the same",
                )
            ],
        ),
        (evolve(MISSING, retires_on=TODAY), {}, [("retired", "retired on 2026-06-01")]),
        (MISSING, {"model": "paper/one"}, []),
    ],
)
def test_the_dead_are_refused_unless_they_are_named(
    lifecycle: Lifecycle, brief: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    made = offer(model(lifecycle=lifecycle))

    assert found(made, *asked(Brief(**brief))) == expected


def test_a_gateway_without_a_key_is_out() -> None:
    made = offer(account=Account(gateway(), missing="no key for paper: set PAPER_KEY"))

    assert found(made, *asked()) == [("no-key", "no key for paper: set PAPER_KEY")]


@pytest.mark.parametrize(
    ("usd", "brief", "expected"),
    [
        ("0.50", {"budget": "0.50"}, []),
        ("0.50", {}, []),
        ("0", {"budget": 0}, []),
        (
            "0.51",
            {"budget": "0.50"},
            [("budget", "may cost $0.51, more than the budget of $0.50")],
        ),
        (
            "0.004",
            {"budget": 0},
            [("budget", "may cost $0.004, more than the budget of $0.00")],
        ),
        (None, {}, [("price-unknown", "its price is unknown, which is not zero")]),
        (
            None,
            {"budget": 100},
            [("price-unknown", "its price is unknown, which is not zero")],
        ),
        (None, {"unknown_price": True}, []),
        (None, {"unknown_price": True, "budget": 0}, []),
    ],
)
def test_what_may_cost_more_than_the_budget_is_out(
    usd: str | None, brief: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(offer(usd=usd), *asked(Brief(**brief))) == expected


def test_the_highest_cost_decides_not_the_expected() -> None:
    spread = Quote(Decimal(1), Decimal(2), Decimal(3))

    codes = [r.code for r in reasons(offer(quote=spread), *asked(Brief(budget=2)))]

    assert codes == ["budget"]


def test_every_reason_is_given_at_once() -> None:
    nothing = Capabilities(operations={Operation.TEXT}, seconds=Lengths(1, 2), prompt=1)
    made = offer(
        model(capabilities=nothing, lifecycle=GONE),
        usd=None,
        account=Account(gateway(uploads=()), missing="no key"),
    )
    shot, brief = asked(
        Brief(only=["x"], avoid=["paper"]),
        prompt="abc",
        seconds=9,
        ratio="16:9",
        resolution="4k",
        sound=True,
        image="a.png",
        references=["r.png"],
        cuts=[Cut("b")],
        negative="c",
        seed=1,
        options={"paper": {"x": 1}},
    )

    codes = [reason.code for reason in reasons(made, shot, brief)]

    expected = [
        "not-only",
        "avoided",
        "retired",
        "no-key",
        "operation",
        "operation",
        "seconds",
        "prompt",
        "cuts",
        "ratio",
        "resolution",
        "sound",
        "negative",
        "seed",
        "option",
        "references",
        "media",
        "media",
    ]
    assert codes == expected


@pytest.mark.parametrize("usd", [None, "50"])
def test_what_cannot_be_made_has_no_price_that_could_be_against_it(
    usd: str | None,
) -> None:
    shot, brief = asked(Brief(budget=1), seconds=60)

    codes = [reason.code for reason in reasons(offer(usd=usd), shot, brief)]

    assert codes == ["seconds"]


@pytest.mark.parametrize(("usd", "code"), [(None, "price-unknown"), ("50", "budget")])
def test_what_is_not_to_be_had_has_a_price_all_the_same(
    usd: str | None, code: str
) -> None:
    made = offer(usd=usd, account=Account(gateway(), missing="no key"))

    codes = [reason.code for reason in reasons(made, *asked(Brief(budget=1)))]

    assert codes == ["no-key", code]


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        (Lifecycle(), ()),
        (GONE, ("paper/one retired on 2026-05-31; then use paper/two",)),
        (Lifecycle(date(2027, 1, 1)), ("paper/one retires on 2027-01-01",)),
        (MISSING, (f"paper/one {UNLISTED}, and may be gone",)),
        (
            evolve(MISSING, retires_on=date(2027, 1, 1)),
            (
                "paper/one retires on 2027-01-01",
                f"paper/one {UNLISTED}, and may be gone",
            ),
        ),
    ],
)
def test_what_fits_may_come_with_a_warning(
    lifecycle: Lifecycle, expected: tuple[str, ...]
) -> None:
    made = offer(model(lifecycle=lifecycle))

    assert warnings(made, Brief()) == expected


@given(offerings.models(), offerings.gateways, ours.shots(), ours.briefs)
def test_fitting_is_total_and_always_says_the_same(
    found_model: Model, owner: Gateway, shot: Shot, brief: Brief
) -> None:
    made = offer(
        found_model, account=Account(owner), quote=pricing.quote(found_model, shot)
    )

    first = reasons(made, shot, brief)

    assert first == reasons(made, shot, brief)
    assert all(reason.code and reason.message for reason in first)


@given(offerings.models(), ours.shots(), ours.briefs, ours.amounts, ours.amounts)
def test_more_budget_never_takes_a_candidate_away(
    found_model: Model, shot: Shot, brief: Brief, one: Decimal, other: Decimal
) -> None:
    less, more = sorted([one, other])
    made = offer(found_model, quote=pricing.quote(found_model, shot))

    tight = set(reasons(made, shot, evolve(brief, budget=less)))
    wide = set(reasons(made, shot, evolve(brief, budget=more)))

    assert {r.code for r in wide} <= {r.code for r in tight}
