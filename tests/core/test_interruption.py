"""Ctrl-C and cancellation never come between a reply and its record."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import anyio
import pytest

from shotcaller import Brief, Shot, Shotcaller, State
from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.sync import Uninterrupted
from shotcaller.programs.generating import generate
from tests.core.paper_server import PaperServer

SHOT = Shot("A paper boat", seconds=8)


def interrupt_soon(after: float = 0.1) -> None:
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(after, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()


def test_ctrl_c_during_a_spend_waits_for_the_record(
    caller: Shotcaller, server: PaperServer
) -> None:
    def slow(server: PaperServer, asked: object) -> Any:
        interrupt_soon(0.02)
        time.sleep(0.3)
        return server.answer(asked)  # type: ignore[arg-type]

    server.script["POST /jobs"] = [slow]
    with pytest.raises(KeyboardInterrupt):
        caller.generate(SHOT)

    (take,) = caller.takes()
    assert take.state is State.SENDING
    assert take.reply is not None
    assert take.owner is None
    assert caller.generate(SHOT).receipt.take == take.id
    assert server.billed == 1


def test_a_second_ctrl_c_is_raised_at_once_and_the_reply_is_still_recorded(
    caller: Shotcaller, server: PaperServer
) -> None:
    released = threading.Event()

    def slow(server: PaperServer, asked: object) -> Any:
        interrupt_soon(0.02)
        interrupt_soon(0.2)
        released.wait(5)
        return server.answer(asked)  # type: ignore[arg-type]

    server.script["POST /jobs"] = [slow]
    with pytest.raises(KeyboardInterrupt):
        caller.generate(SHOT)
    (take,) = caller.takes()
    assert take.reply is None
    released.set()
    for thread in threading.enumerate():
        if thread.name == "shotcaller-spend":
            thread.join()

    (take,) = caller.takes()
    assert take.reply is not None
    assert server.billed == 1


def test_ctrl_c_while_waiting_lets_the_take_go(
    caller: Shotcaller, server: PaperServer
) -> None:
    take = caller.submit(SHOT)

    def asking(server: PaperServer, asked: object) -> Any:
        interrupt_soon(0.0)
        time.sleep(0.2)
        return server.answer(asked)  # type: ignore[arg-type]

    server.script["GET /jobs/job-1"] = [asking]
    with pytest.raises(KeyboardInterrupt):
        caller.resume(take.id)

    (left,) = caller.takes()
    assert left.owner is None
    assert caller.resume(take.id).receipt.take == take.id


def test_what_runs_uninterrupted_gives_back_results_and_errors() -> None:
    assert Uninterrupted(lambda: 5).run() == 5
    with pytest.raises(ZeroDivisionError):
        Uninterrupted(lambda: 1 / 0).run()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelling_during_a_spend_waits_for_the_record(
    backend: str, caller: Shotcaller, server: PaperServer
) -> None:
    def slow(server: PaperServer, asked: object) -> Any:
        time.sleep(0.3)
        return server.answer(asked)  # type: ignore[arg-type]

    server.script["POST /jobs"] = [slow]
    folder = str(caller.setup.settings.output)
    program = generate(caller.setup.context(), SHOT, Brief(), folder=folder)

    async def main() -> None:
        driver = AsyncDriver(caller._world)
        with anyio.move_on_after(0.15):
            await driver.run(program, lambda take: True)
        await driver.close()

    anyio.run(main, backend=backend)

    (take,) = caller.takes()
    assert take.state is State.SENDING
    assert take.reply is not None
    assert take.owner is None
    assert caller.generate(SHOT).receipt.take == take.id
    assert server.billed == 1
