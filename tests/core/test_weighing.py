"""A weight of what nobody votes on is told, not left out without a word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from attrs import evolve

from shotcaller import BadInput, Brief, Registry, Settings, Shot, Shotcaller
from shotcaller.plugin import Model, Vote, hookimpl
from tests.core.paper import Paper

BOAT = Shot("A boat")
OWN = Brief(weights="own")


class Silent(Paper):
    """Is a gateway without an opinion."""

    shotcaller_score = None  # type: ignore[assignment]


class Taste:
    """Votes on boats only."""

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote | None:
        return Vote("taste", 1.0, "a boat") if "boat" in shot.prompt else None


def ranked(
    settings: Settings, weights: Mapping[str, float], shot: Shot, *more: object
) -> list[str]:
    plugins = {"paper": Silent(), **{f"more{n}": one for n, one in enumerate(more)}}
    known = evolve(settings, weights={"own": weights})
    with Shotcaller(settings=known, registry=Registry(plugins)) as caller:
        found = caller.rank(shot, OWN)
        return [one.model for one in found.candidates]


@pytest.mark.parametrize(
    ("weights", "name", "hint"),
    [
        ({"qualty": 3.0}, "qualty", "Did you mean quality?"),
        ({"fit": 1.0, "qualty": 3.0}, "qualty", "Did you mean quality?"),
        ({"fit": 1.0, "taste": 1.0}, "taste", ""),
    ],
)
def test_a_weight_that_nobody_votes_on_is_refused(
    settings: Settings, weights: Mapping[str, float], name: str, hint: str
) -> None:
    with pytest.raises(BadInput) as caught:
        ranked(settings, weights, BOAT)

    assert caught.value.message == (
        f"weights: {name!r} is no vote that is cast (there are continuity, control,"
        " cost, fit, quality, reliability, speed)."
    )
    assert (caught.value.next, caught.value.field) == (hint, "weights")


@pytest.mark.parametrize("prompt", ["A boat", "A fox"])
def test_a_plugin_may_vote_on_some_shots_only(settings: Settings, prompt: str) -> None:
    weights = {"taste": 1.0, "fit": 1.0}

    assert ranked(settings, weights, Shot(prompt), Taste()) != []


@pytest.mark.parametrize(
    ("weights", "prompt"),
    [({"tase": 1.0, "fit": 1.0}, "A boat"), ({"tase": 1.0, "fit": 0.0}, "A fox")],
)
def test_beside_a_plugin_that_votes_a_slip_of_the_pen_is_told(
    settings: Settings, weights: Mapping[str, float], prompt: str
) -> None:
    with pytest.raises(BadInput, match="weights: 'tase' is no vote that is cast"):
        ranked(settings, weights, Shot(prompt), Taste())


def test_where_no_model_fits_the_weights_are_not_the_matter(settings: Settings) -> None:
    assert ranked(settings, {"qualty": 3.0}, Shot("A boat", seconds=90)) == []
