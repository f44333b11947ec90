from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shotcaller.accounts import Account
from shotcaller.catalog import (
    Capabilities,
    Form,
    Lengths,
    Model,
    Operation,
    Option,
    Quote,
    Sound,
)
from shotcaller.fitting import Offer, reasons
from shotcaller.shot import Brief, Kind, Shot
from shotcaller_fal import GATEWAY, Family, offering, route
from shotcaller_fal.testing import misfits, sent, shots, wrong

T = TypeVar("T")

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LOOK = settings(UNHURRIED, phases=[Phase.generate], derandomize=True, database=None)

ALL = Capabilities(
    operations=frozenset(Operation),
    seconds=Lengths(4, 12, 0.5),
    ratios=("16:9", "9:16"),
    resolutions=("720p", "1080p"),
    sound=Sound.OPTIONAL,
    references={Kind.IMAGE: 3, Kind.VIDEO: 2, Kind.SOUND: 2},
    most_references=4,
    sound_alone=False,
    media_bytes={Kind.IMAGE: 1_000, Kind.VIDEO: 2_000, Kind.SOUND: 500},
    prompt=200,
    cuts=3,
    cut_seconds=Lengths(1, 12),
    negative=True,
    seed=True,
    ratio_from_image=True,
    options=(
        Option("tier", "Which", ("pro", "std"), form=Form.TEXT),
        Option("flag", "Whether", form=Form.FLAG),
        Option("count", "How many", form=Form.WHOLE, low=1, high=9),
        Option("whole", "How many", form=Form.WHOLE),
        Option("scale", "How much", form=Form.NUMBER, low=0, high=1),
        Option("voice", "Whose", form=Form.TEXT),
        Option("elements", "What", form=Form.LIST),
        Option("odd", "What", form=Form.LIST, each=Option("one", "Anything")),
        Option(
            "parts",
            "What",
            form=Form.LIST,
            high=2,
            each=Option("part", "One", form=Form.TEXT),
        ),
        Option(
            "tables",
            "What",
            form=Form.LIST,
            each=Option(
                "table",
                "One",
                form=Form.TABLE,
                fields=(
                    Option("kept", "Whether", form=Form.FLAG),
                    Option("else", "Anything"),
                ),
            ),
        ),
        Option("any", "Anything"),
    ),
)
FEW = Capabilities(
    operations=frozenset({Operation.IMAGE, Operation.REFERENCES}),
    seconds=Lengths(2.5, 9),
    references={Kind.SOUND: 2},
    prompt=30_000,
    cuts=2,
)
LOUD = evolve(FEW, sound=Sound.ALWAYS, seconds=Lengths.of(5, 10))
MADE = {"all": ALL, "few": FEW, "loud": LOUD}

each = pytest.mark.parametrize("can", MADE.values(), ids=MADE)


def model(can: Capabilities) -> Model:
    return Model(id="fal/one", title="One", maker="tester", capabilities=can)


def why_not(can: Capabilities, shot: Shot) -> dict[str, str]:
    brief = Brief(unknown_price=True)
    offer = Offer(
        model(can), Account(GATEWAY), Quote(None, None, None), date(2026, 11, 1)
    )
    return {one.code: one.message for one in reasons(offer, shot, brief)}


@each
@UNHURRIED
@given(data=st.data())
def test_the_shots_of_a_model_fit_it(can: Capabilities, data: st.DataObject) -> None:
    assert why_not(can, data.draw(shots(model(can)))) == {}


@each
@UNHURRIED
@given(data=st.data())
def test_the_misfits_of_a_model_are_refused_for_that_reason(
    can: Capabilities, data: st.DataObject
) -> None:
    shot, code = data.draw(misfits(model(can)))

    assert code in why_not(can, shot)


CODES = {
    "all": {
        "cuts",
        "media",
        "option",
        "prompt",
        "ratio",
        "references",
        "resolution",
        "seconds",
    },
    "few": {
        "cuts",
        "negative",
        "operation",
        "option",
        "ratio",
        "references",
        "resolution",
        "seconds",
        "seed",
        "sound",
    },
}


def drawn(made: st.SearchStrategy[T], count: int) -> list[T]:
    found: list[T] = []

    @settings(LOOK, max_examples=count)
    @given(made)
    def look(one: T) -> None:
        found.append(one)

    look()
    return found


@pytest.mark.parametrize("name", CODES)
def test_there_is_a_misfit_for_every_limit_and_for_nothing_else(name: str) -> None:
    pairs = drawn(misfits(model(MADE[name])), 400)

    assert {code for _, code in pairs} == CODES[name]


REACHED: dict[str, Any] = {
    "all references": lambda s: len(s.references) == 4,
    "references beside frames": lambda s: s.references and s.last_image,
    "a video to go on from, and a frame": lambda s: s.extend and s.image,
    "a file whose size is known": lambda s: any(m.bytes for m in s.media),
    "the longest prompt": lambda s: len(s.prompt) == 200,
    "the shortest length": lambda s: s.seconds == 4,
    "the longest length": lambda s: s.seconds == 12,
    "cuts of which one says no length": lambda s: (
        len({cut.seconds is None for cut in s.cuts}) == 2
    ),
    "as many cuts as there may be": lambda s: len(s.cuts) == 3,
    "cuts that alone say the length": lambda s: s.seconds is None and s.length,
    "no sound": lambda s: s.sound is False,
    "an option that is a number": lambda s: "scale" in s.options["fal"],
    "an option that lists as many as it may": lambda s: (
        len(s.options["fal"].get("parts", ())) == 2
    ),
    "an option that lists tables": lambda s: any(
        "kept" in table for table in s.options["fal"].get("tables", ())
    ),
    "an option that is a choice": lambda s: s.options["fal"].get("tier") == "std",
}


def test_the_shots_of_a_model_go_to_its_limits() -> None:
    made = drawn(shots(model(ALL)), 500)

    assert [what for what, is_so in REACHED.items() if not any(map(is_so, made))] == []


def test_options_of_which_the_form_says_too_little_need_values() -> None:
    values: dict[str, st.SearchStrategy[Any]] = {
        "elements": st.just(["a"]),
        "unknown": st.just(1),
    }
    given_ = [one.options["fal"] for one in drawn(shots(model(ALL), values), 100)]
    silent = [one.options["fal"] for one in drawn(shots(model(ALL)), 100)]

    assert ["a"] in [options.get("elements") for options in given_]
    assert not any("unknown" in options for options in given_)
    assert not any({"any", "elements", "odd"} & set(options) for options in silent)


def test_what_is_sent_is_held_against_the_catalogue() -> None:
    to = route("fal-ai/veo3.1", always={"no_such_field": 1})
    family = Family(
        offering("fal/one", {Operation.TEXT: to}, title="One", maker="tester")
    )
    endpoint, payload = sent(family.submit(family.models[0], Shot("a storm")))

    assert (endpoint, payload["duration"]) == ("fal-ai/veo3.1", "8s")
    assert [one.field for one in wrong(endpoint, payload)] == ["no_such_field"]
