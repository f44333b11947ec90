"""Ctrl-C and cancellation never come between a reply and its record."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from typing import Any

import anyio
import pytest
from anyio import to_thread

from shotcaller import AsyncShotcaller, Brief, Shot, Shotcaller, State, Take
from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.spending import Uninterrupted
from shotcaller.effects import Program
from shotcaller.programs.generating import generate
from tests.core.paper_server import Asked, PaperServer, Reply

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


def test_what_is_started_twice_runs_once() -> None:
    """Ctrl-C may come while a thread is being started, before it is known to run."""
    calls: list[int] = []
    call = Uninterrupted(lambda: calls.append(1))
    call.start()
    call.start()
    call.wait()
    for thread in threading.enumerate():
        if thread.name == "shotcaller-spend":
            thread.join()
    assert calls == [1]


class Slow:
    """Answers a submit only once it may, and tells when it has come."""

    def __init__(self) -> None:
        self.come = threading.Event()
        self.may = threading.Event()

    def __call__(self, server: PaperServer, asked: Asked) -> Reply:
        self.come.set()
        assert self.may.wait(20)
        return server.answer(asked)


@pytest.fixture
def slow(server: PaperServer) -> Slow:
    rule = Slow()
    server.script["POST /jobs"] = [rule]
    return rule


def running(caller: Shotcaller) -> Program[tuple[Take, ...]]:
    folder = str(caller.setup.settings.output)
    return generate(caller.setup.context(), SHOT, Brief(), folder=folder)


def is_whole(caller: Shotcaller, server: PaperServer) -> None:
    """Checks that the reply was recorded, and that anybody can go on from it."""
    for thread in threading.enumerate():
        if thread.name == "shotcaller-spend":
            thread.join()
    (take,) = caller.takes()
    assert take.state is State.SENDING
    assert take.reply is not None
    assert take.owner is None
    assert caller.generate(SHOT).receipt.take == take.id
    assert server.billed == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_cancelling_during_a_spend_waits_for_the_record(
    backend: str, caller: Shotcaller, server: PaperServer, slow: Slow
) -> None:
    async def main() -> None:
        driver = AsyncDriver(caller._world)
        async with anyio.create_task_group() as group:
            group.start_soon(driver.run, running(caller), lambda take: True)
            await to_thread.run_sync(slow.come.wait)
            group.cancel_scope.cancel()
            slow.may.set()
        await driver.close()

    anyio.run(main, backend=backend)
    is_whole(caller, server)


def test_a_loop_that_ends_during_a_spend_leaves_it_to_its_thread(
    caller: Shotcaller, server: PaperServer, slow: Slow
) -> None:
    """A second Ctrl-C: asyncio cancels each task twice, and closes the loop."""
    loop = asyncio.new_event_loop()
    driver = AsyncDriver(caller._world)
    task = loop.create_task(driver.run(running(caller), lambda take: True))
    loop.run_until_complete(asyncio.to_thread(slow.come.wait))
    for _ in range(3):
        task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(task)
    loop.close()
    slow.may.set()

    is_whole(caller, server)
    anyio.run(driver.close)


def test_a_time_out_during_a_spend_loses_nothing(
    caller: Shotcaller, server: PaperServer, slow: Slow
) -> None:
    """``asyncio.wait_for`` cancels the task itself, which no scope keeps off."""

    async def main() -> None:
        driver = AsyncDriver(caller._world)
        run = asyncio.create_task(driver.run(running(caller), lambda take: True))
        await asyncio.to_thread(slow.come.wait)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(run, 0)
        slow.may.set()
        await driver.close()

    asyncio.run(main())
    is_whole(caller, server)


def test_a_client_that_is_closed_during_a_spend_waits_for_the_record(
    caller: Shotcaller, server: PaperServer, slow: Slow
) -> None:
    """What cancels the caller's task again and again does not reach the journal."""

    async def main() -> None:
        settings, registry = caller.setup.settings, caller.setup.registry
        async with AsyncShotcaller(settings=settings, registry=registry) as other:
            run = asyncio.create_task(other.submit(SHOT))
            await asyncio.to_thread(slow.come.wait)
            run.cancel()
            threading.Timer(0.05, slow.may.set).start()

    asyncio.run(main())
    is_whole(caller, server)
