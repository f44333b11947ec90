"""HeyGen's old dialect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shotcaller.plugin import Response
from shotcaller_emulator.heygen import TROUBLES, Ending, Fate
from shotcaller_emulator.heygen.troubles import flat
from shotcaller_emulator.outcomes import Dropped

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
OLD = f"{API}/v1/workflows/executions"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}


def code(said: Response) -> Any:
    told: Any = said.json()
    return told["error"]["code"]


def execution(**given: Any) -> Any:
    return {
        "workflow_type": "GenerateVideoNode",
        "input": {"prompt": "a fox", **given},
    }


def test_the_old_call_goes_from_submitted_to_a_link(ask: Any) -> None:
    taken = ask.data("POST", OLD, execution(provider="sora_v2", aspect_ratio="9:16"))
    url = f"{OLD}/{taken['execution_id']}"

    assert taken["status"] == "submitted"
    assert taken["execution_id"].startswith("node-gw-")
    assert ask.standing(url, 1)["status"] == "submitted"
    assert ask.standing(url, 3)["status"] == "running"
    done = ask.standing(url)
    assert set(done["output"]) == {"video", "asset_id"}
    link = done["output"]["video"]["video_url"]
    assert ask("GET", link, key="").body == b"720x1280 8 s a fox"


def test_the_old_call_reads_no_key(ask: Any) -> None:
    for _ in range(2):
        ask.data("POST", OLD, execution(), Idempotency_Key="take-1")

    assert len(ask.vendor.settled) == 2


@pytest.mark.parametrize(
    "body",
    [
        execution(provider="veo_9"),
        execution(duration=5),
        execution(config=[1]),
        {"workflow_type": "FaceswapNode", "input": {"prompt": "a"}},
        {"workflow_type": "GenerateVideoNode"},
        execution(reference_image_url="https://resource2.heygen.ai/media/none.png"),
        execution(tail_image_url="http://127.0.0.1:1/media/none.png"),
    ],
)
def test_the_old_call_refuses_what_it_does_not_know(ask: Any, body: Any) -> None:
    assert ask("POST", OLD, body).status == 400
    assert ask.vendor.settled == ()


def test_a_job_of_the_other_dialect_is_not_found(ask: Any) -> None:
    video_id = ask.data("POST", VIDEOS, WISH)["video_id"]
    old = ask.data("POST", OLD, execution())["execution_id"]

    assert ask.data("GET", f"{OLD}/node-gw-{video_id}")["status"] == "not_found"
    assert ask.data("GET", f"{OLD}/none")["status"] == "not_found"
    for url in (f"{VIDEOS}/{old}", f"{API}/v3/videos/{video_id}", f"{VIDEOS}/none"):
        said = ask("GET", url)
        assert (said.status, code(said)) == (404, "video_not_found")


def test_the_old_dialect_can_be_over(make: Any) -> None:
    ask = make(retired=Response(410))

    assert ask("POST", OLD, execution()).status == 410
    assert ask("GET", f"{OLD}/node-gw-1").status == 410
    assert ask("POST", VIDEOS, WISH).status == 202


@pytest.mark.parametrize("name", ["failed", "failed-in-a-text", "failed-beside"])
def test_jobs_fail_in_each_shape_and_are_not_billed(ask: Any, name: str) -> None:
    play: Any = TROUBLES[name].play
    ask.vendor.script("job", play, play)
    old = ask.data("POST", OLD, execution())["execution_id"]
    new = ask.data("POST", VIDEOS, WISH)["video_id"]

    first = ask.standing(f"{OLD}/{old}")
    second = ask.standing(f"{VIDEOS}/{new}")

    assert first["status"] in {"failed", "error"}
    assert first.keys() & {"error", "error_message"}
    assert second["status"] == "failed"
    assert ask.vendor.billed == 0
    assert {line.state for line in ask.vendor.settled} == {"failed"}


def test_a_job_that_is_lost_is_not_found(ask: Any) -> None:
    ask.vendor.script("job", Fate(Ending("not_found")))
    old = ask.data("POST", OLD, execution())["execution_id"]

    assert ask.standing(f"{OLD}/{old}") == {
        "execution_id": old,
        "status": "not_found",
    }


def test_the_flat_form_of_a_link(ask: Any) -> None:
    ask.vendor.script("execution", flat, flat)
    url = f"{OLD}/{ask.data('POST', OLD, execution())['execution_id']}"

    assert "output" not in ask.standing(url, 1)
    assert set(ask.standing(url)["output"]) == {"video_url", "asset_id"}
    assert isinstance(flat(Dropped), Dropped)
