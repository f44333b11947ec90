"""HeyGen's v3: videos, avatars and agents, from a wish to a link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import Response
from shotcaller_emulator.heygen import TROUBLES, Ending, Fate
from shotcaller_emulator.heygen.clips import cinematic, video, workflow

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
OLD = f"{API}/v1/workflows/executions"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}
CINEMA = {"type": "cinematic_avatar", "prompt": "she runs", "avatar_id": ["look"]}


def code(said: Response) -> Any:
    told: Any = said.json()
    return told["error"]["code"]


def test_video_1_goes_from_pending_to_a_link(ask: Any) -> None:
    taken = ask.data("POST", VIDEOS, {**WISH, "seed": 7})
    url = f"{VIDEOS}/{taken['video_id']}"

    assert taken["status"] == "pending"
    assert ask.standing(url, 1)["status"] == "pending"
    assert ask.standing(url, 3)["status"] == "processing"
    done = ask.standing(url)
    assert (done["width"], done["height"], done["duration"]) == (1344, 768, 5)
    assert done["seed"] == 7
    assert ask("GET", done["video_url"], key="").body == b"1344x768 5 s a fox"
    assert str(ask.vendor.billed) == "0.10"


def test_a_link_is_good_for_an_hour_and_then_given_anew(ask: Any) -> None:
    url = f"{VIDEOS}/{ask.data('POST', VIDEOS, WISH)['video_id']}"
    first = ask.standing(url)["video_url"]
    ask.pass_(3_601)

    assert ask("GET", first, key="").status == 403
    assert ask("GET", first.partition("?")[0], key="").status == 403
    forged = first.replace("signature=", "signature=0")
    assert ask("GET", forged, key="").status == 403
    second = ask.standing(url, 0)["video_url"]
    assert second != first
    assert ask("GET", second, key="").status == 200


def test_a_film_that_is_not_made_yet_is_waited_for(make: Any) -> None:
    ask = make(render=lambda film: None)
    url = f"{VIDEOS}/{ask.data('POST', VIDEOS, WISH)['video_id']}"
    old = f"{OLD}/{ask.data('POST', OLD, execution())['execution_id']}"

    assert ask.standing(url)["status"] == "processing"
    assert ask.standing(old)["status"] == "running"
    (file, *_) = ask.vendor.account.files
    link = ask.vendor.account.signature(file, 9_999_999_999)
    media = f"https://resource2.heygen.ai{file}?expires=9999999999&signature={link}"
    assert ask("GET", media, key="").status == 403


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"mode": "video_to_video"}, "mode"),
        ({"mode": ["text_to_video"]}, "mode"),
        ({"duration": 4}, "duration"),
        ({"duration": 5.5}, "duration"),
        ({"resolution": "720p"}, "resolution"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio"),
        ({"resolution": "1080p", "aspect_ratio": "1:1"}, "aspect_ratio"),
        ({"seed": 2**32}, "seed"),
        ({"model": "heygen-video-2"}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 16_001}, "prompt"),
        ({"image": {"type": "url", "url": "https://a.test/a.png"}}, "body"),
        ({"mode": "image_to_video"}, "body"),
        ({"mode": "reference_to_video"}, "references"),
        (
            {
                "mode": "reference_to_video",
                "reference_audio": [{"type": "url", "url": "https://a.test/a.wav"}],
            },
            "references",
        ),
        (
            {
                "mode": "reference_to_video",
                "resolution": "2k",
                "reference_images": [{"type": "url", "url": "https://a.test/a.png"}],
            },
            "aspect_ratio",
        ),
        (
            {
                "mode": "reference_to_video",
                **{
                    f"reference_{kind}": [{"type": "url", "url": "https://a.test/a"}]
                    * most
                    for kind, most in {"images": 9, "videos": 3, "audio": 3}.items()
                },
            },
            "references",
        ),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused_by_its_field(
    ask: Any, change: Any, param: str
) -> None:
    said = ask("POST", VIDEOS, {**WISH, **change})
    told: Any = said.json()

    assert (said.status, told["error"]["code"]) == (400, "invalid_parameter")
    assert told["error"]["param"] == param
    assert ask.vendor.settled == ()


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b"[" * 9_999])
def test_a_body_that_is_no_table_is_refused(ask: Any, body: bytes) -> None:
    for url in (VIDEOS, OLD, f"{API}/v3/videos", f"{API}/v3/video-agents"):
        assert ask("POST", url, body).status == 400


def test_media_must_be_there(ask: Any) -> None:
    image = {**WISH, "mode": "image_to_video"}
    unknown = {**image, "image": {"type": "asset_id", "asset_id": "as_9"}}
    gone = {"type": "url", "url": "https://resource2.heygen.ai/media/none.png"}
    inline = {"type": "base64", "media_type": "image/png", "data": "AAAA"}

    assert code(ask("POST", VIDEOS, unknown)) == "asset_not_available"
    assert code(ask("POST", VIDEOS, {**image, "image": gone})) == "download_failed"
    assert ask("POST", VIDEOS, {**image, "image": inline}).status == 202


def test_references_are_taken(ask: Any) -> None:
    images = [{"type": "url", "url": "https://a.test/a.png"}] * 9
    wish = {**WISH, "mode": "reference_to_video", "reference_images": images}

    assert ask("POST", VIDEOS, wish).status == 202


def execution(**given: Any) -> Any:
    return {
        "workflow_type": "GenerateVideoNode",
        "input": {"prompt": "a fox", **given},
    }


def test_a_job_is_cancelled_where_a_dialect_has_the_word(ask: Any) -> None:
    play: Any = TROUBLES["cancelled-by-heygen"].play
    ask.vendor.script("job", play)
    new = ask.data("POST", VIDEOS, WISH)["video_id"]

    assert ask.standing(f"{VIDEOS}/{new}")["failure_code"] == "generation_cancelled"
    assert [line.state for line in ask.vendor.ledger] == ["cancelled"]


def test_a_cinematic_avatar_costs_seven_dollars(ask: Any) -> None:
    videos = f"{API}/v3/videos"
    taken = ask.data("POST", videos, {**CINEMA, "aspect_ratio": "1:1"})

    assert taken["status"] == "waiting"
    done = ask.standing(f"{videos}/{taken['video_id']}")
    assert (done["width"], done["height"], done["duration"]) == (720, 720, 10)
    assert str(ask.vendor.billed) == "7.00"
    assert ask("POST", videos, {**CINEMA, "avatar_id": []}).status == 400


def test_an_agent_thinks_generates_and_has_a_video(ask: Any) -> None:
    agents = f"{API}/v3/video-agents"
    taken = ask.data("POST", agents, {"prompt": "boats"})
    url = f"{agents}/{taken['session_id']}"

    early = ask.standing(url, 1)
    working = ask.standing(url, 30)
    done = ask.standing(url)
    assert (early["status"], early["video_id"]) == ("thinking", None)
    assert working["status"] == "generating"
    assert 40 < working["progress"] < 60
    assert (done["status"], done["progress"]) == ("completed", 100)
    video_url = ask.data("GET", f"{API}/v3/videos/{done['video_id']}")["video_url"]
    assert ask("GET", video_url, key="").body == b"1280x720 6 s boats"
    assert ask.data("POST", f"{url}/stop", {})["session_id"] == taken["session_id"]
    assert ask("GET", f"{agents}/none").status == 404
    assert ask("POST", f"{agents}/none/stop", {}).status == 404


def test_an_agent_may_fail(ask: Any) -> None:
    ask.vendor.script("job", Fate(Ending("failed"), queued=0, running=0))
    taken = ask.data("POST", f"{API}/v3/video-agents", {"prompt": "boats"})

    said = ask.data("GET", f"{API}/v3/video-agents/{taken['session_id']}")

    assert (said["status"], said["progress"], said["video_id"]) == ("failed", 0, None)


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("480p", "21:9", (960, 416)),
        ("480p", "1:1", (480, 480)),
        ("768p", "3:4", (768, 1024)),
        ("1080p", "9:16", (1080, 1890)),
        ("2k", "16:9", (2688, 1536)),
        ("768p", "adaptive", (1344, 768)),
    ],
)
def test_video_1_has_the_sizes_that_were_seen(
    resolution: str, ratio: str, size: tuple[int, int]
) -> None:
    body = {**WISH, "resolution": resolution, "aspect_ratio": ratio}
    film, _ = video(body, 1)

    assert (film.width, film.height) == size


@given(st.text(max_size=9))
def test_any_ratio_is_a_size(ratio: str) -> None:
    for film, _ in (
        workflow({"prompt": "a", "aspect_ratio": ratio}, 1),
        cinematic({"prompt": "a", "aspect_ratio": ratio}, 1),
    ):
        assert 0 < min(film.width, film.height) <= max(film.width, film.height) < 5_000
