from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shotcaller.catalog import Model
from shotcaller.errors import BadInput
from shotcaller.hookspecs import hookimpl, hookspec
from shotcaller.registry import Plugin, Registry
from shotcaller.shot import Brief
from shotcaller.take import Running, Take, Ticket
from tests.core import offers
from tests.core.plugins import SHOT, Paper, broken, run, take, without


def test_what_is_declared_is_listed_by_id() -> None:
    registry = Registry({"b": Paper("stone"), "a": Paper("paper")})

    assert [gateway.id for gateway in registry.gateways] == ["paper", "stone"]
    assert [model.id for model in registry.models] == ["paper/one", "stone/one"]
    assert registry.plugins == (
        Plugin("a", "", "", ("paper",), ("paper/one",)),
        Plugin("b", "", "", ("stone",), ("stone/one",)),
    )


def test_without_plugins_nothing_is_offered() -> None:
    registry = Registry()

    assert registry.gateways == ()
    assert registry.models == ()
    assert registry.plugins == ()
    assert registry.model("paper/one") is None
    assert registry.score(offers.model(), SHOT, Brief()) == ()


@pytest.mark.parametrize("hook", ["poll", "submit", "authorize", "upload"])
def test_a_plugin_that_lacks_what_it_needs_is_out(hook: str) -> None:
    plugin = without(Paper(), f"shotcaller_{hook}")

    registry = Registry({"paper": plugin, "stone": Paper("stone")})

    assert broken(registry) == {"paper": f"ValueError: shotcaller_{hook} is missing"}
    assert [gateway.id for gateway in registry.gateways] == ["stone"]
    assert [model.id for model in registry.models] == ["stone/one"]


def test_only_what_is_declared_needs_its_hook() -> None:
    plugin = Paper(credentials=(), uploads=())
    needless = without(plugin, "shotcaller_authorize", "shotcaller_upload")

    assert broken(Registry({"paper": needless})) == {}


def raising(error: BaseException) -> Callable[[], Any]:
    @hookimpl
    def hook() -> Any:
        raise error

    return hook


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("hook", ["shotcaller_gateways", "shotcaller_models"])
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (RuntimeError("no luck"), "RuntimeError: no luck"),
        (SystemExit(3), "SystemExit: 3"),
        (Unspeakable(), "Unspeakable"),
        (BadInput("ratio: 'wide' is none."), "BadInput: ratio: 'wide' is none."),
    ],
)  # fmt: skip
def test_a_plugin_that_raises_when_asked_what_it_offers_is_out(
    hook: str, error: BaseException, why: str
) -> None:
    plugin = Paper()
    setattr(plugin, hook, raising(error))

    registry = Registry({"paper": plugin, "stone": Paper("stone")})

    assert broken(registry) == {"paper": why}
    assert [gateway.id for gateway in registry.gateways] == ["stone"]


def test_the_hooks_of_a_broken_plugin_are_never_called() -> None:
    class Nosy:
        seen = 0

        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            return [offers.model()]

        @hookimpl
        def shotcaller_observe(self, take: Take) -> None:
            self.seen += 1

    nosy = Nosy()
    registry = Registry({"nosy": nosy})

    registry.tell("shotcaller_observe", take=take())

    assert broken(registry) == {"nosy": "ValueError: shotcaller_submit is missing"}
    assert nosy.seen == 0


@pytest.mark.parametrize(
    ("hook", "answer", "why"),
    [
        (
            "shotcaller_gateways",
            None,
            "TypeError: shotcaller_gateways returned None, not a sequence of Gateway",
        ),
        (
            "shotcaller_gateways",
            [{"id": "paper"}],
            (
                "TypeError: shotcaller_gateways returned {'id': 'paper'}, "
                "not a sequence of Gateway"
            ),
        ),
        (
            "shotcaller_models",
            ["paper/one"],
            (
                "TypeError: shotcaller_models returned 'paper/one', "
                "not a sequence of Model"
            ),
        ),
    ],
)
def test_a_plugin_that_declares_something_else_is_out(
    hook: str, answer: object, why: str
) -> None:
    plugin = Paper()

    @hookimpl
    def declare() -> object:
        return answer

    setattr(plugin, hook, declare)

    assert broken(Registry({"paper": plugin})) == {"paper": why}


def test_a_hook_that_asks_for_what_there_is_not_is_out() -> None:
    class Wrong:
        @hookimpl
        def shotcaller_poll(self, ticket: Ticket, mood: str) -> None: ...

    registry = Registry({"wrong": Wrong()})

    (why,) = broken(registry).values()
    assert why.startswith("PluginValidationError: ")
    assert "Argument(s) {'mood'} are declared in the hookimpl" in why


def test_an_id_that_is_taken_is_refused_by_the_name_of_its_owner() -> None:
    registry = Registry({"first": Paper(), "second": Paper()})

    assert broken(registry) == {
        "second": "ValueError: paper is already offered by first"
    }


def test_an_id_that_is_offered_twice_by_one_is_refused() -> None:
    plugin = Paper()

    @hookimpl
    def twice() -> Sequence[Model]:
        return [plugin.model, plugin.model]

    plugin.shotcaller_models = twice  # type: ignore[method-assign]

    registry = Registry({"paper": plugin})

    assert broken(registry) == {"paper": "ValueError: paper/one is offered twice"}


def test_one_plugin_under_two_names_is_in_use_once() -> None:
    plugin = Paper()

    registry = Registry({"first": plugin, "second": plugin})

    assert list(broken(registry)) == ["second"]
    assert [model.id for model in registry.models] == ["paper/one"]
    assert run(registry.poll(Ticket("paper", "m", "r")))[1] == Running("paper")


class Commands:
    @hookspec
    def shotcaller_commands(self, cli: list[str]) -> None:
        """Adds sub-commands."""

    @hookspec
    def shotcaller_other(self, cli: list[str]) -> None:
        """Is implemented by nobody."""

    def helper(self) -> None:
        """Is no hook."""


class Commanding(Paper):
    @hookimpl
    def shotcaller_commands(self, cli: list[str]) -> None:
        cli.append(self.name)


class Misunderstanding(Paper):
    @hookimpl
    def shotcaller_commands(self, cli: list[str], mood: str) -> None:
        raise AssertionError


def test_another_distribution_may_add_hooks() -> None:
    registry = Registry({"paper": Commanding(), "stone": Commanding("stone")})
    told: list[str] = []

    registry.add_specs(Commands)
    registry.tell("shotcaller_commands", cli=told)
    registry.tell("shotcaller_other", cli=told)

    assert sorted(told) == ["paper", "stone"]


def test_who_misunderstands_an_added_hook_is_out_and_harms_nobody() -> None:
    registry = Registry({"paper": Misunderstanding(), "stone": Commanding("stone")})
    told: list[str] = []
    assert broken(registry) == {}

    registry.add_specs(Commands)
    registry.tell("shotcaller_commands", cli=told)

    assert told == ["stone"]
    assert broken(registry) == {"paper": "shotcaller_commands has no argument mood"}
    assert [gateway.id for gateway in registry.gateways] == ["stone"]
    assert [model.id for model in registry.models] == ["stone/one"]
