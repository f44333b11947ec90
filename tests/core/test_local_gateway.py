"""A gateway on this machine: work instead of requests, free, one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shotcaller import (
    Brief,
    Cancellation,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    StillRunning,
    TakeFailed,
)
from shotcaller.plugin import (
    FREE,
    Capabilities,
    Done,
    Exchange,
    Failed,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Running,
    Status,
    Ticket,
    Work,
    hookimpl,
)
from tests.core.mp4 import movie
from tests.core.paper import DAY
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat")


class Pencil:
    """Is a gateway on this machine that draws in three looks, or breaks its pencil."""

    breaks = False
    charged = "no"

    @hookimpl
    def shotcaller_gateways(self) -> list[Gateway]:
        home = "https://pencil.test"
        return [Gateway(id="pencil", title="Pencil", homepage=home, concurrency=1)]

    @hookimpl
    def shotcaller_models(self) -> list[Model]:
        can = Capabilities(
            operations=frozenset(Operation), seconds=Lengths(1, 60), default_seconds=5
        )
        return [
            Model(
                id="pencil/soft",
                title="Soft pencil, no AI model",
                maker="pencil",
                capabilities=can,
                price=Price(FREE, "it is ours", DAY),
                artificial=False,
            )
        ]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        yield from ()
        return Ticket("pencil", model.id, key, {"prompt": shot.prompt})

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        try:
            looks, path = yield from Work(self._look, str(ticket.data["prompt"]))
        except ArithmeticError as error:
            return Failed(f"the pencil broke: {error}", self.charged)  # type: ignore[arg-type]
        return Running("drawing", fraction=looks / 3) if looks < 3 else Done(path=path)

    def _look(self, folder: Path, prompt: str) -> tuple[int, str]:
        if self.breaks:
            raise ArithmeticError(prompt)
        looks = folder / "looks"
        seen = len(looks.read_text()) if looks.exists() else 0
        looks.write_text("x" * (seen + 1))
        (folder / "made.mp4").write_bytes(movie(5))
        return seen, str(folder / "made.mp4")


@pytest.fixture
def pencil() -> Pencil:
    return Pencil()


@pytest.fixture
def drawing(settings: Settings, clock: StepClock, pencil: Pencil) -> Any:
    registry = Registry({"pencil": pencil})
    with Shotcaller(settings=settings, registry=registry, clock=clock) as caller:
        yield caller


def test_a_gateway_on_this_machine_costs_nothing_and_sends_nothing(
    drawing: Shotcaller, settings: Settings
) -> None:
    clip = drawing.generate(SHOT)

    assert clip.seconds == 5
    assert clip.receipt.title == "Soft pencil, no AI model"
    assert str(clip.receipt.cost) == "free"
    assert clip.receipt.attempts[0].charged == "no"
    (take,) = drawing.chain(clip.receipt.take)
    assert take.account == "pencil:no key@this machine"
    assert take.request is None
    assert list((settings.home / "scratch").iterdir()) == []


def test_a_detached_local_take_has_been_asked_to_begin(drawing: Shotcaller) -> None:
    take = drawing.submit(SHOT)

    assert take.status == Running("drawing", fraction=0.0)
    assert drawing.submit(SHOT).id == take.id
    assert drawing.resume(take.id).receipt.take == take.id
    assert drawing.submit(SHOT).state is State.DONE


def test_a_place_on_this_machine_is_waited_for(drawing: Shotcaller) -> None:
    first = drawing.submit(SHOT)
    with pytest.raises(StillRunning, match="was not sent yet \\(queued\\)"):
        drawing.generate(SHOT, Brief(again="2", deadline=3))

    drawing.resume(first.id)
    assert drawing.generate(SHOT, Brief(again="2")).seconds == 5


def test_work_that_fails_is_the_plugins_to_word(
    drawing: Shotcaller, pencil: Pencil
) -> None:
    pencil.breaks = True
    with pytest.raises(TakeFailed) as caught:
        drawing.generate(SHOT)

    assert "failed: the pencil broke: A paper boat." in str(caught.value)
    assert caught.value.next == "Nothing was charged; it is safe to ask again."


def test_what_is_free_cannot_have_been_charged(
    drawing: Shotcaller, pencil: Pencil
) -> None:
    pencil.breaks = True
    pencil.charged = "unknown"
    with pytest.raises(TakeFailed) as caught:
        drawing.generate(SHOT)

    assert caught.value.next == "Nothing was charged; it is safe to ask again."


def test_a_local_gateway_cannot_cancel_unless_it_says_so(drawing: Shotcaller) -> None:
    take = drawing.submit(SHOT)
    assert drawing.cancel(take.id)[1] is Cancellation.UNSUPPORTED
