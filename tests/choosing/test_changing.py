"""What would make another model lead is found by trying, and holds when it is tried."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotcaller import Brief, OverBudget, Shot
from shotcaller.catalog import Change
from shotcaller.programs.changing import changes
from shotcaller.programs.choosing import chosen, rank
from shotcaller.programs.context import Context
from shotcaller.programs.naming import named
from shotcaller.ranking import weights
from shotcaller.shot import Cut
from tests.choosing.counter import counter
from tests.choosing.test_properties import briefs, shots

FAL = counter("fal")
NOBODY = counter()


def found(context: Context, shot: Shot, brief: Brief) -> dict[str, Change]:
    """Returns what would change the order, by what would have to be asked for."""
    order = rank(context, shot, brief)
    return {
        f"{one.about} {one.value}": one
        for one in changes(context, shot, brief, order)
        if one.about != "weight"
    }


@pytest.mark.parametrize(
    ("brief", "shot", "change", "model", "message"),
    [
        (
            {"intent": "cinematic"},
            {"seconds": 12},
            "seconds 20",
            "fal/seedance-2.5",
            "at 20 s, fal/seedance-2.5 would lead",
        ),
        (
            {"intent": "cinematic"},
            {"seconds": 3},
            "seconds 4",
            "fal/seedance-2.0",
            "at 4 s, fal/seedance-2.0 would lead",
        ),
        (
            {"intent": "landscape"},
            {"seconds": 8},
            "resolution 4k",
            "fal/veo-3.1",
            "at 4k, fal/veo-3.1 would lead",
        ),
        (
            {},
            {"seconds": 5},
            "sound off",
            "fal/seedance-2.0",
            "with sound off, fal/seedance-2.0 would lead",
        ),
        (
            {"intent": "cinematic"},
            {"seed": 7},
            "seed none",
            "fal/seedance-2.0",
            "without the seed, fal/seedance-2.0 would lead",
        ),
        (
            {"intent": "cinematic"},
            {"negative": "rain"},
            "negative none",
            "fal/seedance-2.0",
            "without the negative prompt, fal/seedance-2.0 would lead",
        ),
        (
            {"intent": "character"},
            {"references": ["https://example.com/a.png"] * 20},
            "references none",
            "fal/h3",
            "without the references, fal/h3 would lead",
        ),
        (
            {"intent": "cinematic", "budget": "1.00"},
            {"seconds": 5},
            "budget 1.5585",
            "fal/seedance-2.0",
            "with a budget of $1.5585, fal/seedance-2.0 would lead",
        ),
        (
            {},
            {},
            "intent cinematic",
            "fal/seedance-2.0",
            "for cinematic, fal/seedance-2.0 would lead",
        ),
        (
            {"intent": "cheap"},
            {"seconds": 5},
            "key HEYGEN_API_KEY",
            "heygen/video-1",
            "with HEYGEN_API_KEY set, heygen/video-1 would lead",
        ),
    ],
)
def test_what_else_could_be_asked_for(
    brief: dict[str, Any], shot: dict[str, Any], change: str, model: str, message: str
) -> None:
    told = found(FAL, Shot("A boat", **shot), Brief(**brief))

    assert (told[change].model, told[change].message) == (model, message)


def test_without_a_key_the_one_that_would_lead_is_named() -> None:
    told = found(NOBODY, Shot("A boat"), Brief(intent="cinematic"))

    assert told["key FAL_KEY"].message == (
        "with FAL_KEY set, fal/seedance-2.0 would lead"
    )


def test_where_nothing_fits_what_would_is_named() -> None:
    brief = Brief(only=["google"])

    told = found(FAL, Shot("A boat", seconds=12), brief)

    assert told["seconds 8"].model == "fal/veo-3.1-lite"
    assert "seconds 6" not in told
    assert "seconds 15" not in told


def test_a_budget_that_pays_for_nothing_is_raised_to_the_least_that_does() -> None:
    brief = Brief(budget="0.01")

    told = found(FAL, Shot("A boat", seconds=5), brief)

    assert told["budget 0.2000"].message == (
        "with a budget of $0.20, fal/h3-max-turbo would lead"
    )


def test_of_two_that_cost_as_much_the_better_is_named() -> None:
    brief = Brief(weights="best", budget=0)

    told = found(FAL, Shot("A paper boat", seconds=13, sound=False), brief)

    assert told["budget 1.0920"].model == "fal/kling-v3-standard"


def test_what_is_named_is_not_changed() -> None:
    shot, brief = Shot("A boat"), Brief(model="fal/h3")

    assert changes(FAL, shot, brief, rank(FAL, shot, brief)) == ()


def test_cuts_have_their_own_lengths() -> None:
    shot = Shot("A boat", cuts=[Cut("a", 5), Cut("b", 5)])

    told = found(FAL, shot, Brief(intent="cinematic"))

    assert not any(change.startswith("seconds") for change in told)


def test_a_weight_comes_after_what_can_be_asked_for() -> None:
    shot, brief = Shot("A boat"), Brief(intent="cinematic")

    told = changes(FAL, shot, brief, rank(FAL, shot, brief))

    abouts = [one.about for one in told]
    assert "weight" in abouts
    assert "weight" not in abouts[: abouts.index("weight")]
    assert set(abouts[abouts.index("weight") :]) == {"weight"}


KEYED = {"FAL_KEY": "fal", "HEYGEN_API_KEY": "heygen"}


def leader(context: Context, shot: Shot, brief: Brief) -> str | None:
    order = rank(context, shot, brief).candidates
    return order[0].model if order else None


def tried(gateways: set[str], shot: Shot, brief: Brief, change: Change) -> str | None:
    """Returns who leads where a change is made that was told."""
    context, value = counter(*gateways), change.value
    match change.about:
        case "seconds":
            shot = evolve(shot, seconds=float(value))
        case "sound":
            shot = evolve(shot, sound=value == "on")
        case "resolution":
            shot = evolve(shot, resolution=value)
        case "seed":
            shot = evolve(shot, seed=None)
        case "negative":
            shot = evolve(shot, negative=None)
        case "references":
            shot = evolve(shot, references=())
        case "budget":
            brief = evolve(brief, budget=value)
        case "intent":
            brief = evolve(brief, intent=value)
        case "key":
            more = {KEYED[name] for name in value.split("+") if name in KEYED}
            context = counter(*gateways, *more)
        case _:
            by, _, at = value.partition(" ")
            known = weights(brief, named(context, shot, brief), {})
            step = 1e-3 if "more than" in change.message else -1e-3
            own = {"tried": {**known, by: max(float(at) + step, 0.0)}}
            context, brief = (
                counter(*gateways, profiles=own),
                evolve(brief, weights="tried"),
            )
    return leader(context, shot, brief)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sets(st.sampled_from(["fal", "heygen"])),
    shots | st.just(Shot("A boat", references=["https://example.com/a.png"] * 20)),
    briefs,
)
def test_every_change_that_is_told_holds_when_it_is_made(
    gateways: set[str], shot: Shot, brief: Brief
) -> None:
    context = counter(*gateways)
    order = rank(context, shot, brief)
    before = leader(context, shot, brief)

    for change in changes(context, shot, brief, order):
        after = tried(gateways, shot, brief, change)
        assert change.model != before
        assert after == change.model, change


def test_a_budget_that_keeps_nothing_better_out_is_not_raised() -> None:
    shot, brief = Shot("A fox", seconds=5), Brief(intent="cheap", budget=50)
    assert not [name for name in found(FAL, shot, brief) if name.startswith("budget")]


def test_a_shot_in_cuts_is_not_made_shorter_for_a_budget() -> None:
    cuts = (Cut("A fox", seconds=5), Cut("It runs", seconds=5))
    brief = Brief(model="fal/kling-v3-pro", budget="0.50")

    with pytest.raises(OverBudget) as caught:
        chosen(FAL, Shot("A fox in the snow", cuts=cuts), brief)

    assert "makes" not in caught.value.next
    assert "Raise the budget to $" in caught.value.next
