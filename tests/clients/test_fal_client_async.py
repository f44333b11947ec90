"""fal's asynchronous Python client, whose code is a copy, does the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeAlias

import httpx
import pytest
from fal_client import AsyncClient, Completed, InProgress, Queued, Status
from fal_client.client import (
    AsyncMultipartUpload,
    FalClientHTTPError,
    FalClientTimeoutError,
)

from shotcaller_emulator.faults import Say
from tests.clients.stage import AT_ONCE, INPUT, KEY, RUNS, VEO, WAITS, Stage

Play: TypeAlias = Callable[[AsyncClient], Awaitable[Any]]

CONTENT = bytes(range(251)) * 400

pytestmark = pytest.mark.usefixtures("reached")


def played(play: Play, key: str = KEY) -> Any:
    """Returns what comes of a program that is given a client."""

    async def program() -> Any:
        client = AsyncClient(key=key)
        try:
            return await play(client)
        finally:
            await (await client._client).aclose()

    return asyncio.run(program())


def failure(play: Play, key: str = KEY) -> FalClientHTTPError:
    """Returns the error in which a program ends."""
    with pytest.raises(FalClientHTTPError) as caught:
        played(play, key)
    return caught.value


def test_a_job_is_submitted_followed_and_delivered(stage: Stage) -> None:
    async def play(fal: AsyncClient) -> tuple[list[Status], Any]:
        handle = await fal.submit(VEO, INPUT)
        events = [event async for event in handle.iter_events(with_logs=True)]
        return events, await handle.get()

    events, result = played(play)

    kinds = list(dict.fromkeys(type(event) for event in events))
    assert [Queued, InProgress, Completed] == kinds
    assert [line.input for line in stage.ledger] == [INPUT]
    film = httpx.get(result["video"]["url"])
    assert len(film.content) == result["video"]["file_size"]


def test_a_subscriber_gets_the_result(stage: Stage) -> None:
    events: list[Status] = []

    async def play(fal: AsyncClient) -> Any:
        return await fal.subscribe(VEO, INPUT, on_queue_update=events.append)

    assert played(play)["video"]["content_type"] == "video/mp4"
    assert isinstance(events[-1], Completed)


def test_the_synchronous_host_answers_with_the_result(stage: Stage) -> None:
    stage.fal.script("job", AT_ONCE)

    async def play(fal: AsyncClient) -> Any:
        return await fal.run(VEO, INPUT)

    assert played(play)["video"]["content_type"] == "video/mp4"
    assert [each.server for each in stage.heard] == ["run"]


def test_a_waiting_job_is_cancelled_and_costs_nothing(stage: Stage) -> None:
    stage.fal.script("job", WAITS)

    async def play(fal: AsyncClient) -> Any:
        handle = await fal.submit(VEO, INPUT)
        await fal.cancel(VEO, handle.request_id)
        return await fal.result(VEO, handle.request_id)

    error = failure(play)

    assert (error.status_code, error.error_type) == (499, "client_cancelled")
    assert Decimal(0) == stage.fal.billed


def test_who_waits_no_longer_cancels(stage: Stage) -> None:
    stage.fal.script("job", RUNS)

    async def play(fal: AsyncClient) -> Any:
        return await fal.subscribe(VEO, INPUT, client_timeout=1.05)

    with pytest.raises(FalClientTimeoutError):
        played(play)

    assert [line.state for line in stage.ledger] == ["cancelled"]


def test_a_wrong_key_is_refused(stage: Stage) -> None:
    error = failure(lambda fal: fal.submit(VEO, INPUT), key="not:mine")

    assert error.status_code == 401


def test_the_queue_says_only_in_the_result_what_is_wrong_with_an_input() -> None:
    error = failure(lambda fal: fal.subscribe(VEO, {"duration": "4s"}))

    assert error.status_code == 422
    (complaint,) = error.response.json()["detail"]
    assert (complaint["type"], complaint["loc"]) == ("missing", ["body", "prompt"])


@pytest.mark.parametrize("trouble", ["submit-429", "submit-502"])
def test_a_submit_that_was_not_taken_is_sent_again(stage: Stage, trouble: str) -> None:
    stage.let(trouble)

    played(lambda fal: fal.submit(VEO, INPUT))

    assert len(stage.heard) == 2
    assert len(stage.ledger) == 1


def test_bytes_are_stored_with_a_token(stage: Stage) -> None:
    url = played(lambda fal: fal.upload(CONTENT, "image/png", "still.png"))

    assert stage.stored(url).content == CONTENT
    assert [each.path for each in stage.sent("POST", "rest")] == ["/storage/auth/token"]


def test_what_the_media_host_does_not_take_goes_by_a_signed_link(stage: Stage) -> None:
    stage.fal.script("upload", Say(500, {"detail": "The disk is full."}))

    url = played(lambda fal: fal.upload(CONTENT, "image/png", "still.png"))

    assert stage.stored(url).content == CONTENT
    assert stage.sent("POST", "rest")[-1].query == (("storage_type", "gcs"),)


def test_much_goes_in_pieces(stage: Stage) -> None:
    async def play(fal: AsyncClient) -> Any:
        async with fal._cdn_client() as client:
            return await AsyncMultipartUpload.save(
                client=client,
                token_manager=await fal._token_manager,
                file_name="long.mp4",
                data=CONTENT,
                content_type="video/mp4",
                chunk_size=9_000,
            )

    url = played(play)

    assert len(stage.sent("PUT", "media")) == 12
    assert stage.stored(url).content == CONTENT
