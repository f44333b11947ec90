"""Only the same model steps in at another gateway, where that is what was asked for.

No model of ours is to be had at two gateways today: HeyGen's routes to Veo have ended.
So a plugin as a third party would write it brings HeyGen's model to fal's queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from attrs import evolve

from shotcaller import Brief, Refused, Registry, Shot, State
from shotcaller.plugin import Exchange, Model, Ticket, Vote, hookimpl
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.heygen import HeyGen
from shotcaller_emulator.heygen.troubles import TROUBLES
from shotcaller_fal_veo.offer import VEO
from tests.accounting import disagreements
from tests.core.worlds import StepClock
from tests.heygen.conftest import PLUGINS, Make

SHOT = Shot("A paper boat", seconds=8)
ORDER = {"heygen/video-1": 1.0, "fal/veo-3.1-fast": 0.8, "fal/video-1": 0.6}
BRIEF = Brief(only=tuple(ORDER), weights="house", budget=10, fallback="same-model")
(FAST,) = (model for model in VEO.models if model.id == "fal/veo-3.1-fast")


class Elsewhere:
    """Offers at fal what HeyGen makes, and ranks as the tests want it."""

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        return [evolve(FAST, id="fal/video-1", title="Video 1 (fal)", maker="heygen")]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        return VEO.submit(FAST, shot)

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote:
        return Vote("house", ORDER.get(model.id, 0.0), "as we like it")


HOUSE = {**PLUGINS, "elsewhere": Elsewhere()}


def test_the_same_model_steps_in_though_another_is_ranked_before_it(
    make: Make, fal: Fal, heygen: HeyGen, clock: StepClock
) -> None:
    caller, _ = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    ranked = [one.model for one in caller.rank(SHOT, BRIEF).candidates]
    assert ranked == list(ORDER)
    heygen.script("submit", TROUBLES["submit-402"].play)

    clip = caller.generate(SHOT, BRIEF)

    attempts = [(a.model, a.state, a.charged) for a in clip.receipt.attempts]
    assert attempts == [
        ("heygen/video-1", State.REFUSED, "no"),
        ("fal/video-1", State.DONE, "yes"),
    ]
    later = datetime.fromtimestamp(clock.now() + 3_600, UTC)
    theirs = [take for take in caller.takes() if take.gateway == "fal"]
    assert disagreements(theirs, fal.ledger_at(later)) == []
    assert len(fal.ledger_at(later)) == 1


def test_nobody_steps_in_for_a_model_that_no_other_gateway_has(
    make: Make, fal: Fal, heygen: HeyGen
) -> None:
    caller, seen = make(heygen, fal, HOUSE, weights={"house": {"house": 1.0}})
    heygen.script("submit", TROUBLES["submit-402"].play)

    with pytest.raises(Refused) as caught:
        caller.generate(SHOT, evolve(BRIEF, avoid=("fal/video-1",)))

    assert caught.value.next == "Nothing was charged; it is safe to ask again."
    (take,) = caller.takes()
    assert take.candidates == ()
    assert [one.url for one in seen.asked if "fal" in one.url] == []


def test_what_one_maker_calls_by_one_name_is_one_model() -> None:
    gateways: dict[tuple[str, str], list[str]] = {}
    for model in Registry(PLUGINS).models:
        gateways.setdefault((model.maker, model.name), []).append(model.gateway)

    shared = {name for name, at in gateways.items() if at == ["fal", "heygen"]}

    assert shared == {
        ("google", name)
        for name in ("veo-2", "veo-3", "veo-3-fast", "veo-3.1", "veo-3.1-fast")
    }
