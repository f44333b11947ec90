"""Where no thread can be had, nothing is sent, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import anyio
import pytest
from anyio import to_thread

from shotcaller import Brief, Shot, Shotcaller, State, Take
from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.spending import Uninterrupted
from shotcaller.effects import Chain, Claim, Program
from shotcaller.errors import JournalError
from shotcaller.programs.generating import generate
from tests.core.paper_server import PaperServer
from tests.core.worlds import WORLDS, performed

SHOT = Shot("A paper boat", seconds=8)
TOLD = (
    "The journal cannot be written: this process gets no thread"
    " (can't start new thread). Try again with fewer at once."
)


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the next thread for a spend not be started, as a limit does."""
    missing: list[str] = []
    start = threading.Thread.start

    def started(thread: threading.Thread) -> None:
        if thread.name in missing:
            missing.remove(thread.name)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", started)
    return lambda: missing.append("shotcaller-spend")


@pytest.mark.parametrize("kind", WORLDS)
def test_a_spend_that_gets_no_thread_is_not_sent_and_can_be_asked_for_again(
    kind: str,
    caller: Shotcaller,
    server: PaperServer,
    scarce: Callable[[], None],
) -> None:
    scarce()
    folder = str(caller.setup.settings.output)
    program = generate(caller.setup.context(), SHOT, Brief(), folder=folder)

    with pytest.raises(JournalError) as caught:  # and its driver could be closed
        performed(kind, caller._world, program)

    assert str(caught.value) == TOLD
    assert caught.value.charged == "no"
    (take,) = caller.takes()
    assert (take.state, take.owner) == (State.QUEUED, None)
    assert server.submits == 0
    assert caller.generate(SHOT).receipt.take == take.id


def test_what_gets_a_thread_at_the_second_start_does_not_run_again(
    scarce: Callable[[], None],
) -> None:
    """Ctrl-C came after the first start, whose thread runs already."""
    call = Uninterrupted(lambda: 5)
    call.start()
    call.wait()
    scarce()
    call.start()
    assert call.result() == 5


def test_whoever_waits_for_a_call_hears_of_it_whatever_another_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    done: list[str] = []
    call = Uninterrupted(lambda: 5)
    call.afterwards(lambda: done.append("first"))
    call.afterwards(lambda: 1 / 0)
    call.afterwards(lambda: done.append("last"))

    assert call.run() == 5
    assert done == ["first", "last"]


async def threadless(*_: object) -> None:
    await anyio.lowlevel.checkpoint()
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_run_that_gets_no_thread_at_all_is_recorded_all_the_same(
    loop: str, caller: Shotcaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def threadless(*_: object) -> None:
        await anyio.lowlevel.checkpoint()
        raise RuntimeError("can't start new thread")

    take = caller.submit(SHOT)
    driver = AsyncDriver(caller._world)

    def claimed() -> Program[tuple[bool, Take]]:
        claimed = yield Claim(take.id, at_once=True)
        (held,) = yield Chain(take.id)
        return claimed.mine, held

    monkeypatch.setattr(to_thread, "run_sync", threadless)
    ended = anyio.run(driver.run, claimed(), lambda _: True, backend=loop)

    assert ended is not None
    mine, held = ended
    assert mine
    assert held.owner is not None
    assert caller.takes()[0].owner is None
