"""A take is taken up by another process: same account, same plugin, same places."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from shotcaller import (
    BadInput,
    Brief,
    PluginError,
    Registry,
    Settings,
    Shot,
    Shotcaller,
)
from tests.core.paper import Paper
from tests.core.paper_server import (
    PaperServer,
)

SHOT = Shot("A paper boat")


def test_places_at_a_gateway_are_kept_across_processes(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    first, second = make_caller(), make_caller()
    for caller, number in ((first, "1"), (second, "2")):
        caller.submit(SHOT, Brief(again=number))

    take = first.follow(SHOT, Brief(again="3", deadline=5))
    notes = [e.note for t in [*take][-1:] for e in first.events(t.id)]

    assert notes[-1] == "waiting for one of the 2 places at paper"
    assert server.submits == 2
    first.resume(second.takes()[1].id)
    first.generate(SHOT, Brief(again="3"))
    assert server.submits == 3


def test_another_account_is_not_used_for_a_running_take(
    make_caller: Callable[..., Shotcaller],
    settings: Settings,
    server: PaperServer,
    clock: object,
) -> None:
    take = make_caller().submit(SHOT)
    moved = evolve(settings, urls={"paper": "http://localhost:9"})
    registry = Registry({"paper": Paper()})
    with (
        Shotcaller(settings=moved, registry=registry, clock=clock) as other,  # type: ignore[arg-type]
        pytest.raises(BadInput) as caught,
    ):
        other.resume(take.id)

    assert str(caught.value) == (
        f"Take {take.id} belongs to paper:PAPER_KEY@{server.url},"
        " but paper is now set up as paper:PAPER_KEY@http://localhost:9."
        " Set the old key and address again to go on with it."
    )
    assert make_caller().resume(take.id).receipt.take == take.id


def test_a_take_without_its_key_says_which_to_set(
    make_caller: Callable[..., Shotcaller], settings: Settings, clock: object
) -> None:
    take = make_caller().submit(SHOT)
    keyless = evolve(settings, keys={})
    registry = Registry({"paper": Paper()})
    with (
        Shotcaller(settings=keyless, registry=registry, clock=clock) as other,  # type: ignore[arg-type]
        pytest.raises(BadInput) as caught,
    ):
        other.resume(take.id)
    assert str(caught.value) == (
        f"Take {take.id} cannot go on: no key for paper: set PAPER_KEY. Then resume it."
    )


def test_a_take_without_its_plugin_waits_for_it(
    make_caller: Callable[..., Shotcaller], settings: Settings, clock: object
) -> None:
    take = make_caller().submit(SHOT)
    with (
        Shotcaller(settings=settings, registry=Registry(), clock=clock) as other,  # type: ignore[arg-type]
        pytest.raises(PluginError) as caught,
    ):
        other.resume(take.id)

    assert str(caught.value) == (
        f"Take {take.id} needs the plugin of paper (paper), which is not installed."
        " Install it, then resume."
    )
    assert make_caller().resume(take.id).receipt.take == take.id
