"""What holds of every choice, whatever is asked and whoever is installed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotcaller import Brief, NothingFits, Registry, Shot
from shotcaller.catalog import Model, Veto, Vote
from shotcaller.plugin import hookimpl
from shotcaller.programs.choosing import chosen, rank
from shotcaller.ranking import INTENTS, PROFILES
from tests.choosing.counter import PLUGINS, counter

BOTH = counter("fal", "heygen")

briefs = st.builds(
    Brief,
    intent=st.none() | st.sampled_from(sorted(INTENTS)),
    weights=st.none() | st.sampled_from(sorted(PROFILES)),
    budget=st.none() | st.integers(0, 2_000).map(lambda cents: Decimal(cents) / 100),
    avoid=st.lists(st.sampled_from(["bytedance", "heygen", "fal/h3"]), max_size=2),
    deadline=st.none() | st.integers(0, 200),
    unknown_price=st.booleans(),
)
shots = st.builds(
    Shot,
    st.just("A paper boat"),
    seconds=st.none() | st.integers(1, 40),
    ratio=st.none() | st.sampled_from(["16:9", "9:16", "1:1"]),
    resolution=st.none() | st.sampled_from(["480p", "720p", "1080p", "4k"]),
    sound=st.none() | st.booleans(),
    seed=st.none() | st.integers(0, 9),
    negative=st.none() | st.just("rain"),
)
some = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@some
@given(shots, briefs)
def test_every_model_is_either_ranked_or_refused_with_a_reason(
    shot: Shot, brief: Brief
) -> None:
    found = rank(BOTH, shot, brief)

    ranked = [one.model for one in found.candidates]
    refused = [one.model for one in found.refused]
    assert sorted([*ranked, *refused]) == [model.id for model in BOTH.registry.models]
    assert all(one.reasons for one in found.refused)
    assert all(
        (one.stand_in, -one.score, one.model)
        <= (other.stand_in, -other.score, other.model)
        for one, other in zip(found.candidates, found.candidates[1:], strict=False)
    )


class Opinion:
    """Is a plugin that has an opinion of one model."""

    def __init__(self, model: str, said: Vote | Veto) -> None:
        self.model, self.said = model, said

    @hookimpl
    def shotcaller_score(
        self, model: Model, shot: Shot, brief: Brief
    ) -> Vote | Veto | None:
        return self.said if model.id == self.model else None


@some
@given(shots, briefs, st.randoms(use_true_random=False))
def test_the_order_of_plugins_changes_nothing(
    shot: Shot, brief: Brief, chance: random.Random
) -> None:
    said = [
        Vote("house", 0.1, "b", 0.3),
        Vote("house", 0.7, "a"),
        Vote("agency", 1, "c"),
    ]
    opinions = {f"p{n}": Opinion("fal/h3", vote) for n, vote in enumerate(said)}
    plugins = {**PLUGINS, **opinions}
    names = sorted(plugins)
    chance.shuffle(names)
    one, other = (
        evolve(BOTH, registry=Registry({name: plugins[name] for name in order}))
        for order in (sorted(plugins), names)
    )

    assert rank(one, shot, brief) == rank(other, shot, brief)


SAME = """
from shotcaller import Brief, Shot
from shotcaller.programs.choosing import rank
from shotcaller.programs.changing import changes
from tests.choosing.counter import counter

both = counter("fal", "heygen")
for shot in (Shot("a"), Shot("a", seconds=8, ratio="9:16"), Shot("a", seconds=99)):
    for brief in (Brief(), Brief(intent="trailer", budget=2), Brief(intent="cheap")):
        found = rank(both, shot, brief)
        print(found, changes(both, shot, brief, found))
"""


def test_another_process_ranks_the_same_whatever_its_sets_are_ordered_by() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SAME],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(said) == 1


@some
@given(shots, briefs, st.integers(0, 2_000), st.integers(0, 2_000))
def test_more_budget_never_takes_a_candidate_away(
    shot: Shot, brief: Brief, one: int, other: int
) -> None:
    less, more = sorted([Decimal(one) / 100, Decimal(other) / 100])

    tight = rank(BOTH, shot, evolve(brief, budget=less))
    wide = rank(BOTH, shot, evolve(brief, budget=more))

    before = {c.model for c in tight.candidates}
    assert before <= {c.model for c in wide.candidates}


@some
@given(shots, briefs, st.data())
def test_a_higher_vote_never_lowers_a_place(
    shot: Shot, brief: Brief, data: st.DataObject
) -> None:
    found = rank(BOTH, shot, brief)
    if not found.candidates:
        return
    model = data.draw(st.sampled_from([one.model for one in found.candidates]))
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, 10)] * 2)))

    def place(tenths: int) -> int:
        vote = Vote("house", tenths / 10, "ours", 0.3)
        asked = counter("fal", "heygen", more={"house": Opinion(model, vote)})
        order = [one.model for one in rank(asked, shot, brief).candidates]
        return order.index(model)

    assert place(high) <= place(low)


@some
@given(shots, briefs, st.data())
def test_who_is_vetoed_never_runs(
    shot: Shot, brief: Brief, data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from([one.id for one in BOTH.registry.models]))
    veto = Opinion(model, Veto("house", "not in our style"))
    asked = counter("fal", "heygen", more={"house": veto})

    try:
        running = {one.model for one in chosen(asked, shot, brief)}
    except NothingFits:
        running = set()

    refused = {one.model for one in rank(asked, shot, brief).refused}
    assert model not in running
    assert not running & refused


def test_a_veto_is_a_reason_like_any_other_even_for_a_model_that_is_named() -> None:
    veto = Opinion("fal/h3", Veto("house", "not in our style"))
    asked = counter("fal", more={"house": veto})

    with pytest.raises(NothingFits) as caught:
        chosen(asked, Shot("A boat"), Brief(model="fal/h3"))

    assert str(caught.value) == (
        "No model can take the shot.\n  fal/h3: house: not in our style\n"
        "fal/h3-max can take it as it is."
    )
    assert [r.code for one in caught.value.refused for r in one.reasons] == ["veto"]


def test_who_cannot_take_a_shot_is_not_voted_on() -> None:
    asked: list[str] = []

    class Curious:
        @hookimpl
        def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> None:
            asked.append(model.id)

    found = rank(
        counter("fal", more={"curious": Curious()}),
        Shot("A boat", seconds=30),
        Brief(intent="trailer"),
    )

    assert asked == sorted(one.model for one in found.candidates)
