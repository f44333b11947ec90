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
    Form,
    Gateway,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Quote,
    Sound,
)
from shotcaller.fitting import reasons, warnings
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from tests.core import strategies as ours
from tests.core.offers import TODAY, capable, gateway, model, offer

PICTURE = Media("a.png", Kind.IMAGE, bytes=500, width=1280, height=720)
DECIDED = Lengths(4, 8, asked=False)
GONE = Lifecycle(date(2026, 5, 31), "paper/two")
OPTIONS = (
    Option("tier", "Which tier", choices=("pro", "std")),
    Option("loop", "Whether it loops", choices=(True, False)),
    Option("note", "Anything"),
)


def asked(brief: Brief | None = None, **fields: Any) -> tuple[Shot, Brief]:
    return Shot(**{"prompt": "a", **fields}), brief or Brief()


def found(made: Any, shot: Shot, brief: Brief) -> list[tuple[str, str]]:
    return [(reason.code, reason.message) for reason in reasons(made, shot, brief)]


def test_an_offer_that_fits_has_no_reasons() -> None:
    shot, brief = asked(
        seconds=5,
        ratio="9:16",
        resolution="1080p",
        sound=True,
        image=PICTURE,
        references=["https://a.test/r.png"],
        cuts=[Cut("b"), Cut("c")],
        negative="fog",
        seed=1,
    )

    assert found(offer(), shot, brief) == []


CANNOT: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (
        {"operations": {Operation.TEXT, Operation.FRAMES}},
        {"image": PICTURE},
        "operation",
        "cannot start from image (only from frames, text)",
    ),
    (
        {"operations": {Operation.IMAGE}},
        {},
        "operation",
        "cannot start from text (only from image)",
    ),
    (
        {"operations": {Operation.REFERENCES}},
        {"references": ["https://a.test/r.png"], "image": PICTURE},
        "operation",
        "cannot start from image (only from references)",
    ),
    (
        {"operations": {Operation.IMAGE, Operation.REFERENCES}},
        {
            "references": ["https://a.test/r.png"],
            "image": PICTURE,
            "last_image": PICTURE,
        },
        "operation",
        "cannot start from frames (only from image, references)",
    ),
    (
        {},
        {"seconds": 12.5},
        "seconds",
        "cannot make 12.5 s; it makes 1 to 10 s",
    ),
    (
        {"seconds": Lengths.of(4, 8), "default_seconds": 4},
        {"cuts": [Cut("b", 3), Cut("c", 2)]},
        "seconds",
        "cannot make 5 s; it makes 4 or 8 s",
    ),
    (
        {"prompt": 3},
        {"prompt": "abcd"},
        "prompt",
        "the prompt has 4 characters; it takes 3",
    ),
    (
        {"prompt": 3},
        {"cuts": [Cut("b"), Cut("abcd")]},
        "prompt",
        "the prompt of cut 2 has 4 characters; it takes 3",
    ),
    (
        {"prompt": 3},
        {"negative": "abcd"},
        "prompt",
        "the negative prompt has 4 characters; it takes 3",
    ),
    ({"cuts": 0}, {"cuts": [Cut("b")]}, "cuts", "takes no cuts, not 1"),
    (
        {"cuts": 2},
        {"cuts": [Cut("b"), Cut("c"), Cut("d")]},
        "cuts",
        "takes at most 2 cuts, not 3",
    ),
    ({}, {"ratio": "1:1"}, "ratio", "does not offer 1:1 (only 16:9, 9:16)"),
    (
        {"ratios": ()},
        {"ratio": "1:1"},
        "ratio",
        "does not offer 1:1 (only none by choice)",
    ),
    (
        {"ratio_from_image": True},
        {"ratio": "9:16", "image": PICTURE},
        "ratio",
        "takes the ratio of the image, which is not 9:16",
    ),
    (
        {},
        {"resolution": "4k"},
        "resolution",
        "does not offer 4k (only 720p, 1080p)",
    ),
    (
        {"resolutions": ()},
        {"resolution": "4k"},
        "resolution",
        "does not offer 4k (only none by choice)",
    ),
    ({"sound": Sound.NEVER}, {"sound": True}, "sound", "makes no sound"),
    ({"sound": Sound.ALWAYS}, {"sound": False}, "sound", "always makes sound"),
    ({"negative": False}, {"negative": "fog"}, "negative", "takes no negative prompt"),
    ({"seed": False}, {"seed": 0}, "seed", "takes no seed"),
    (
        {},
        {"options": {"paper": {"tier": "pro"}}},
        "option",
        "has no option 'tier' (it has none)",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"teir": "pro"}}},
        "option",
        "has no option 'teir' (it has tier, loop, note)",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"tier": "max"}}},
        "option",
        "option tier: 'max' is not one of 'pro', 'std'",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"loop": 1}}},
        "option",
        "option loop: 1 is not one of True, False",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"tier": ["pro"]}}},
        "option",
        "option tier: ['pro'] is not one of 'pro', 'std'",
    ),
    (
        {"references": {}},
        {"references": ["https://a.test/r.png"]},
        "references",
        "takes no image references, not 1",
    ),
    (
        {"references": {Kind.VIDEO: 1}},
        {"references": ["https://a.test/r.mp4", "https://a.test/s.mp4"]},
        "references",
        "takes at most 1 video references, not 2",
    ),
    (
        {"urls": False},
        {"image": "https://a.test/a.png"},
        "media",
        "reads files, not addresses: https://a.test/a.png",
    ),
    (
        {"references": {Kind.SOUND: 1}},
        {"references": ["v.wav"]},
        "media",
        "takes no sound files: v.wav",
    ),
    (
        {},
        {"image": evolve(PICTURE, bytes=1_001)},
        "media",
        "a.png has 1001 bytes; it takes 1000",
    ),
]


@pytest.mark.parametrize(("abilities", "fields", "code", "message"), CANNOT)
def test_what_a_model_cannot_do_is_said(
    abilities: dict[str, Any], fields: dict[str, Any], code: str, message: str
) -> None:
    made = offer(model(capabilities=capable(**abilities)))

    assert found(made, *asked(**fields)) == [(code, message)]


@pytest.mark.parametrize(
    ("abilities", "fields"),
    [
        ({"options": OPTIONS}, {"options": {"paper": {"tier": "pro", "loop": False}}}),
        ({"options": OPTIONS}, {"options": {"paper": {"note": [1, None]}}}),
        ({}, {"options": {"other": {"tier": "max"}}}),
        ({"ratio_from_image": True}, {"ratio": "16:9", "image": PICTURE}),
        ({"ratio_from_image": True}, {"ratio": "9:16", "image": "a.png"}),
        ({"ratio_from_image": True}, {"ratio": "9:16"}),
        ({"ratio_from_image": True}, {"image": PICTURE}),
        ({"sound": Sound.NEVER}, {"sound": False}),
        ({"sound": Sound.ALWAYS}, {"sound": None}),
        ({}, {"image": "a.png"}),
        ({}, {"image": evolve(PICTURE, bytes=1_000)}),
    ],
)
def test_what_a_model_can_do_is_no_reason(
    abilities: dict[str, Any], fields: dict[str, Any]
) -> None:
    made = offer(model(capabilities=capable(**abilities)))

    assert found(made, *asked(**fields)) == []


def test_an_option_that_is_required_must_be_given() -> None:
    options = (
        Option("face", "whose face it is", required=True),
        Option("hat", "a hat"),
    )
    made = offer(model(capabilities=capable(options=options)))

    assert found(made, *asked(options={"paper": {"hat": True}})) == [
        ("option", "needs the option face: whose face it is")
    ]
    assert found(made, *asked(options={"paper": {"face": "ours"}})) == []


def test_an_option_may_be_a_table() -> None:
    table = Option("more", "whatever it takes", form=Form.TABLE)
    made = offer(model(capabilities=capable(options=(table,))))

    assert found(made, *asked(options={"paper": {"more": {"a": [1]}}})) == []
    assert found(made, *asked(options={"paper": {"more": "a"}})) == [
        ("option", "option more: 'a' is not a table")
    ]


def test_a_model_that_decides_the_length_is_not_asked_for_one() -> None:
    made = offer(model(capabilities=capable(seconds=DECIDED, default_seconds=None)))

    assert found(made, *asked(seconds=5)) == [
        ("seconds", "cannot make 5 s; it makes what it decides, 4 to 8 s")
    ]
    assert found(made, *asked()) == []


def test_a_resolved_model_takes_any_option() -> None:
    made = offer(model(listed=False))

    assert found(made, *asked(options={"paper": {"anything": 1}})) == []


def test_a_gateway_on_this_machine_reads_any_file() -> None:
    here = Account(gateway(api_hosts=(), uploads=()))

    assert found(offer(account=here), *asked(image=PICTURE)) == []


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
        "price-unknown",
    ]
    assert codes == expected


@pytest.mark.parametrize(
    ("lifecycle", "artificial", "expected"),
    [
        (Lifecycle(), True, ()),
        (GONE, True, ("paper/one retired on 2026-05-31; then use paper/two",)),
        (Lifecycle(date(2027, 1, 1)), True, ("paper/one retires on 2027-01-01",)),
        (
            Lifecycle(),
            False,
            (
                (
                    "paper/one is no AI model: it stands behind all that are, "
                    "unless a draft is asked for"
                ),
            ),
        ),
    ],
)
def test_what_fits_may_come_with_a_warning(
    lifecycle: Lifecycle, artificial: bool, expected: tuple[str, ...]
) -> None:
    made = offer(model(lifecycle=lifecycle, artificial=artificial))

    assert warnings(made) == expected


@given(ours.models, ours.gateways, ours.shots(), ours.briefs)
def test_fitting_is_total_and_always_says_the_same(
    found_model: Model, owner: Gateway, shot: Shot, brief: Brief
) -> None:
    made = offer(
        found_model, account=Account(owner), quote=pricing.quote(found_model, shot)
    )

    first = reasons(made, shot, brief)

    assert first == reasons(made, shot, brief)
    assert all(reason.code and reason.message for reason in first)


@given(ours.models, ours.shots(), ours.briefs, ours.amounts, ours.amounts)
def test_more_budget_never_takes_a_candidate_away(
    found_model: Model, shot: Shot, brief: Brief, one: Decimal, other: Decimal
) -> None:
    less, more = sorted([one, other])
    made = offer(found_model, quote=pricing.quote(found_model, shot))

    tight = set(reasons(made, shot, evolve(brief, budget=less)))
    wide = set(reasons(made, shot, evolve(brief, budget=more)))

    assert {r.code for r in wide} <= {r.code for r in tight}
