"""``AsyncShotcaller`` does what ``Shotcaller`` does, under asyncio and trio."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import evolve

import shotcaller
from shotcaller import (
    AsyncShotcaller,
    BadInput,
    Brief,
    Cancellation,
    NothingFits,
    Registry,
    Settings,
    Shot,
    Shotcaller,
    State,
    StillRunning,
)
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, say
from tests.core.worlds import StepClock

SHOT = Shot("A paper boat", seconds=8)
pytestmark = pytest.mark.anyio


@pytest.fixture
def make_async(settings: Settings, clock: StepClock) -> Callable[..., AsyncShotcaller]:
    def make(clock: StepClock | None = clock) -> AsyncShotcaller:
        registry = Registry({"paper": Paper()})
        return AsyncShotcaller(settings=settings, registry=registry, clock=clock)

    return make


Make = Callable[..., AsyncShotcaller]


async def test_a_shot_becomes_a_clip(make_async: Make, server: PaperServer) -> None:
    seen = []
    async with make_async() as caller:
        clip = await caller.generate(SHOT, watch=lambda take: seen.append(take.state))
        again = await caller.generate(SHOT)
        assert [t.id for t in await caller.takes()] == [clip.receipt.take]
        assert [t.id for t in await caller.takes([State.FAILED])] == []
        assert (await caller.chain(clip.receipt.take[:6]))[0].state is State.DONE
        story = await caller.events(clip.receipt.take)

    assert await anyio.Path(clip.path).read_bytes() == server.clip
    assert again.path == clip.path
    assert list(dict.fromkeys(seen))[-1] is State.DONE
    assert story[-1].note == "clip on disk"
    assert server.billed == 1


async def test_output_may_be_a_path(make_async: Make, tmp_path: Path) -> None:
    async with make_async() as caller:
        made = await caller.generate(SHOT, output=tmp_path / "boat.mp4")
        again = await caller.resume(made.receipt.take, output=tmp_path / "copy.mp4")

    assert made.path == str(tmp_path / "boat.mp4")
    assert again.path == str(tmp_path / "copy.mp4")


async def test_many_takes_run_at_once(make_async: Make, server: PaperServer) -> None:
    clips = []
    async with make_async() as caller, anyio.create_task_group() as group:

        async def one(number: int) -> None:
            clips.append(await caller.generate(SHOT, Brief(again=str(number))))

        for number in range(5):
            group.start_soon(one, number)

    assert len({clip.path for clip in clips}) == 5
    assert server.billed == 5


async def test_follow_yields_the_take_as_it_changes(make_async: Make) -> None:
    async with make_async() as caller:
        states = [take.state async for take in caller.follow(SHOT)]

    assert list(dict.fromkeys(states))[-1] is State.DONE


async def test_follow_raises_what_is_wrong(make_async: Make) -> None:
    async with make_async() as caller:
        takes = caller.follow(SHOT, Brief(weights="no"))
        with pytest.raises(BadInput, match="weights: 'no' is not a profile"):
            await anext(takes)


async def test_an_error_leaves_the_block_as_it_is(make_async: Make) -> None:
    async def generate() -> None:
        async with make_async() as caller:
            await caller.generate(Shot("A boat", seconds=900))

    with pytest.raises(shotcaller.NothingFits):
        await generate()


async def test_generate_raises_what_is_wrong(make_async: Make) -> None:
    async with make_async() as caller:
        with pytest.raises(BadInput, match="weights: 'no' is not a profile"):
            await caller.generate(SHOT, Brief(weights="no"))


async def test_submit_and_resume_and_cancel(
    make_async: Make, server: PaperServer
) -> None:
    async with make_async() as caller:
        assert await caller.find(SHOT) is None
        take = await caller.submit(SHOT)
        found = await caller.find(SHOT)
        assert found is not None
        assert found.id == take.id
        assert take.state is State.SUBMITTED
        other = await caller.submit(SHOT, Brief(again="2"))
        ended, wish = await caller.cancel(other.id)
        assert (ended.state, wish) == (State.CANCELLED, Cancellation.CANCELLED)
        with pytest.raises(StillRunning):
            await caller.resume(take.id, patience=0)
        clip = await caller.resume(take.id)

    assert clip.receipt.take == take.id


async def test_what_needs_no_journal_is_asked_without_waiting(
    make_async: Make,
) -> None:
    caller = make_async()
    assert [gateway.id for gateway in caller.gateways()] == ["paper"]
    assert [model.id for model in caller.models()] == ["paper/one", "paper/two"]
    assert [row.name for row in caller.plugins()] == ["paper"]
    assert [account.ready for account in caller.accounts()] == [True]
    assert caller.rank(SHOT).candidates[0].model == "paper/one"
    assert (await caller.doctor())[0].about == "journal"


async def test_it_must_be_entered(make_async: Make) -> None:
    with pytest.raises(RuntimeError, match="use AsyncShotcaller in an `async with`"):
        await make_async().takes()


async def test_a_caller_that_leaves_during_a_spend_loses_nothing(
    make_async: Make, server: PaperServer
) -> None:
    def slow(server: PaperServer, asked: Any) -> Any:
        time.sleep(0.3)
        return server.answer(asked)

    server.script["POST /jobs"] = [slow]
    async with make_async() as caller:
        with anyio.move_on_after(0.15):
            await caller.generate(SHOT)
        assert server.billed in {0, 1}

    async with make_async() as caller:
        clip = await caller.generate(SHOT)
    assert server.billed == 1
    assert clip.receipt.attempts[-1].state is State.DONE


async def test_a_run_that_nobody_listens_to_ends_at_its_next_wait(
    make_async: Make, server: PaperServer, clock: StepClock
) -> None:
    server.states = ["drawing"] * 1000

    def slow(server: PaperServer, asked: Any) -> Any:
        time.sleep(0.2)
        return server.answer(asked)

    server.script["GET /jobs/job-1"] = [slow]
    async with make_async() as caller:
        with anyio.move_on_after(0.15):
            await caller.generate(SHOT)
        await anyio.sleep(0.5)
        polls = len(server.routes("GET"))
        await anyio.sleep(0.3)
        assert len(server.routes("GET")) == polls
        (take,) = await caller.takes()
        assert take.owner is None
        assert take.state is State.SUBMITTED


async def test_leaving_the_block_ends_all_runs(
    make_async: Make, server: PaperServer, settings: Settings
) -> None:
    server.states = ["drawing"] * 1000
    async with make_async() as caller, anyio.create_task_group() as group:
        group.start_soon(caller.generate, SHOT)
        await anyio.sleep(0.3)
        group.cancel_scope.cancel()

    registry = Registry({"paper": Paper()})
    with Shotcaller(settings=settings, registry=registry) as after:
        assert after.takes()[0].owner is None


def test_both_clients_offer_the_same() -> None:
    def public(cls: type) -> dict[str, Any]:
        return {n: m for n, m in vars(cls).items() if not n.startswith("_")}

    sync, asynchronous = public(Shotcaller), public(AsyncShotcaller)
    del sync["close"]  # the block's end is the only way out of the async one
    assert sync.keys() == asynchronous.keys()
    for name, method in sync.items():
        twin = asynchronous[name]
        assert inspect.getdoc(method) == inspect.getdoc(twin), name
        assert (
            inspect.signature(method).parameters == inspect.signature(twin).parameters
        ), name


def test_the_package_knows_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nope'"):
        _ = shotcaller.Nope


def test_the_settings_budget_holds_where_the_brief_names_none(
    settings: Settings, clock: StepClock
) -> None:
    thrifty = evolve(settings, budget=Decimal("0.5"))
    registry = Registry({"paper": Paper()})
    with Shotcaller(settings=thrifty, registry=registry, clock=clock) as caller:
        assert caller.rank(SHOT).refused[0].model == "paper/one"
        assert caller.rank(SHOT, Brief(budget=5)).refused == ()


async def test_a_refusal_is_raised_as_it_is(
    make_async: Make, server: PaperServer
) -> None:
    server.script["POST /jobs"] = [say(422)] * 2
    async with make_async() as caller:
        with pytest.raises(shotcaller.Refused, match=r"Paper said 422\."):
            await caller.generate(SHOT)


async def test_what_would_change_the_order_is_told(make_async: Make) -> None:
    caller = make_async()
    caller.require(SHOT)
    with pytest.raises(NothingFits):
        caller.require(evolve(SHOT, resolution="4k"))
    named = {change.model for change in caller.explain(SHOT)}
    assert named <= {"paper/one", "paper/two"}
    assert caller.explain(SHOT) == make_async().explain(SHOT) != ()


@pytest.mark.parametrize(
    "anyio_backend", ["asyncio"]
)  # httpx leaves to trio what it cut
async def test_a_reply_that_is_too_large_is_asked_for_again(
    make_async: Make, server: PaperServer
) -> None:
    huge = say(200, {"state": "x" * (9 * 2**20)})
    server.script["GET /jobs/job-1"] = [huge, huge, huge]
    async with make_async() as caller:
        clip = await caller.generate(SHOT, Brief(model="paper/one"))
        story = await caller.events(clip.receipt.take)

    assert "paper gave no answer (DecodingError)." in [event.note for event in story]
    assert server.billed == 1
