"""What is not installed, or not any more, is named where it matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve, fields

from shotcaller import (
    Brief,
    NothingFits,
    PluginError,
    Refused,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
)
from shotcaller.plugin import (
    Exchange,
    Gateway,
    Model,
    Ticket,
    hookimpl,
)
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer
from tests.core.worlds import StepClock, performed

SHOT = Shot("A paper boat")


def test_without_any_gateway_it_says_what_to_install(
    settings: Settings, clock: StepClock
) -> None:
    registry = Registry()
    with (
        Shotcaller(settings=settings, registry=registry, clock=clock) as caller,
        pytest.raises(NothingFits) as caught,
    ):
        caller.generate(SHOT)

    assert str(caught.value) == (
        "No model can take the shot: no gateway is installed."
        " Install one, such as shotcaller-animatic; see also `shotcaller plugins`."
    )


def test_a_broken_plugin_is_mentioned_where_it_may_be_missed(
    settings: Settings, clock: StepClock
) -> None:
    class Broken:
        @hookimpl
        def shotcaller_gateways(self) -> list[Gateway]:
            raise LookupError("torn")

    registry = Registry({"broken": Broken()})
    with (
        Shotcaller(settings=settings, registry=registry, clock=clock) as caller,
        pytest.raises(NothingFits, match=r"Not in use: broken \(LookupError: torn\)"),
    ):
        caller.generate(SHOT)


class Family:
    """Is a plugin with a model of a gateway that another plugin owns."""

    def __init__(self, model: Model) -> None:
        self.model = model

    @hookimpl
    def shotcaller_models(self) -> list[Model]:
        return [self.model]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        raise Refused("Family says no.", reason="family")
        yield  # type: ignore[unreachable]


def test_a_model_without_its_gateway_says_which_is_missing(
    settings: Settings, clock: StepClock
) -> None:
    registry = Registry({"family": Family(Paper().models[0])})
    with (
        Shotcaller(settings=settings, registry=registry, clock=clock) as caller,
        pytest.raises(NothingFits) as caught,
    ):
        caller.generate(SHOT)

    assert str(caught.value) == (
        "No model can take the shot.\n"
        "  paper/one: the plugin of gateway paper is not installed"
    )


def make_family(settings: Settings, clock: StepClock, name: str) -> Shotcaller:
    paper = Paper()
    theirs = evolve(paper.models[0], id=f"paper/{name}")
    registry = Registry({"paper": paper, "family": Family(theirs)})
    return Shotcaller(settings=settings, registry=registry, clock=clock)


def test_the_models_owner_submits_and_the_gateways_owner_polls(
    settings: Settings, clock: StepClock, server: PaperServer
) -> None:
    with make_family(settings, clock, "theirs") as caller:
        clip = caller.generate(SHOT, Brief(avoid=("paper/one",)))

    attempts = [(a.model, a.reason) for a in clip.receipt.attempts]
    assert attempts == [("paper/theirs", "Family says no."), ("paper/two", "")]


def test_a_queued_take_whose_model_is_gone_waits_for_its_plugin(
    settings: Settings, clock: StepClock, make_caller: Callable[..., Shotcaller]
) -> None:
    caller = make_caller()
    for number in "12":
        caller.submit(SHOT, Brief(again=number))
    with make_family(settings, clock, "aaa") as family:
        *_, queued = family.follow(SHOT, Brief(model="paper/aaa", deadline=0))

    assert queued.state is State.REFUSED
    with make_family(settings, clock, "bbb") as family:
        from shotcaller.effects import Open

        draft = evolve(
            _draft_of(queued), digest="new", model="paper/aaa", candidates=()
        )

        def program() -> Any:
            return (yield from Open(draft))

        take = performed("sync", family._world, program())
        with pytest.raises(PluginError) as caught:
            family.resume(take.id)

    assert str(caught.value) == (
        f"Take {take.id} needs the model paper/aaa ({take.plugin}),"
        " which no installed plugin offers. Install it, then resume."
    )


def _draft_of(take: Any) -> Any:
    from shotcaller.take import Draft

    return Draft(**{a.name: getattr(take, a.name) for a in fields(Draft)})


def test_candidates_that_are_gone_are_passed_over(
    settings: Settings, clock: StepClock, server: PaperServer
) -> None:
    """A refused take is resumed where its other candidates are not to be had."""
    with make_family(settings, clock, "theirs") as caller:
        context = caller.setup.context()
        ranking = caller.rank(SHOT)
        assert len(ranking.candidates) == 3
        *_, last = caller.follow(SHOT, Brief(fallback=False, only=("paper/theirs",)))
        assert last.state is State.REFUSED
        quote = ranking.candidates[0].quote
        names = ("gone/one", "paper/one")
        parent = evolve(
            _draft_of(last),
            digest="again",
            candidates=tuple((name, quote) for name in names),
        )
        from shotcaller.effects import Open
        from shotcaller.programs.advancing import advance

        def program(draft: Any) -> Any:
            take = yield from Open(draft)
            return (yield from advance(context, take.id, None))

        ended = performed("sync", caller._world, program(parent))
        assert ended.model == "paper/one"
        assert ended.state is State.DONE
        nobody = evolve(parent, digest="nobody", candidates=(("gone/one", quote),))
        ended = performed("sync", caller._world, program(nobody))
        assert ended.state is State.REFUSED
        assert ended.heir is None
