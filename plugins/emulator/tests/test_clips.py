"""A clip is of the size, length and sound that were asked for."""

from __future__ import annotations

from typing import Any

import pytest

from shotcaller_emulator.fal.clips import film
from shotcaller_emulator.films import Film
from shotcaller_fal.catalogue import Endpoint, endpoints

SEEDANCE = "bytedance/seedance-2.0/text-to-video"
HAPPY = "alibaba/happy-horse/text-to-video"
H3 = "minimax/h3-max/text-to-video"


@pytest.mark.parametrize(
    ("endpoint", "given", "expected"),
    [
        (SEEDANCE, {}, (1280, 720, 5, True)),
        (SEEDANCE, {"resolution": "480p", "aspect_ratio": "1:1"}, (640, 640, 5, True)),
        (SEEDANCE, {"duration": "12", "generate_audio": False}, (1280, 720, 12, False)),
        (SEEDANCE, {"resolution": "4k", "aspect_ratio": "9:16"}, (2160, 3840, 5, True)),
        ("fal-ai/veo3.1", {"aspect_ratio": "9:16"}, (720, 1280, 8, True)),
        (HAPPY, {"aspect_ratio": "4:3", "duration": 7}, (1440, 1080, 7, False)),
        ("minimax/h3/text-to-video", {"resolution": "2K"}, (2560, 1440, 5, True)),
        (H3, {}, (1366, 768, 5, True)),
        ("fal-ai/kling-video/v3/standard/text-to-video", {}, (1280, 720, 5, True)),
        ("fal-ai/kling-video/v3/pro/text-to-video", {}, (1920, 1080, 5, True)),
        ("fal-ai/kling-video/o3/4k/text-to-video", {}, (3840, 2160, 5, False)),
        ("fal-ai/minimax/hailuo-02/pro/text-to-video", {}, (1920, 1080, 6, False)),
        ("fal-ai/minimax/video-01", {}, (1280, 720, 6, False)),
        ("fal-ai/sora-2/text-to-video", {"duration": 8}, (1280, 720, 8, True)),
        ("alibaba/wan-3.0/text-to-video", {"audio": False}, (1920, 1080, 5, False)),
        ("fal-ai/wan/v2.2-a14b/text-to-video", {}, (1280, 720, 81 / 16, False)),
        (
            "fal-ai/wan/v2.2-a14b/text-to-video",
            {"num_frames": 10**9},
            (1280, 720, 60, False),
        ),
        (
            "fal-ai/wan/v2.2-a14b/text-to-video",
            {"num_frames": 0},
            (1280, 720, 5, False),
        ),
        (
            "fal-ai/kling-video/v3/standard/text-to-video",
            {"multi_prompt": [{"prompt": "a", "duration": "3"}, {"prompt": "b"}]},
            (1280, 720, 8, True),
        ),
        ("fal-ai/wan/v2.7/edit-video", {}, (1920, 1080, 5, False)),
    ],
)
def test_the_film_is_as_asked_for(
    endpoint: str, given: dict[str, Any], expected: tuple[int, int, float, bool]
) -> None:
    made = film(endpoints()[endpoint], {"prompt": "a fox", **given}, 7)

    assert (made.width, made.height, made.seconds, made.sound) == expected
    assert (made.prompt, made.seed) == ("a fox", 7)


def test_a_film_without_words_is_named_after_its_model() -> None:
    name = "alibaba/wan-3.0/image-to-video"
    bare = Endpoint(name, {"properties": {}}, (), None, current=True)

    assert film(bare, {}, 0).prompt == name


def test_a_film_has_a_frame_at_least() -> None:
    assert Film("a", 2, 2, 0.001, sound=False, seed=0).frames == 1


@pytest.mark.parametrize(
    ("endpoint", "name", "keys", "beside"),
    [
        (SEEDANCE, "video.mp4", set(), {"seed"}),
        ("fal-ai/kling-video/v3/pro/text-to-video", "output.mp4", set(), set()),
        (
            "fal-ai/wan/v2.7/text-to-video",
            "output.mp4",
            {"width", "height", "fps", "duration", "num_frames"},
            {"seed", "actual_prompt"},
        ),
    ],
)
def test_each_family_words_its_result_in_its_own_way(
    ask: Any, endpoint: str, name: str, keys: set[str], beside: set[str]
) -> None:
    job = ask.submit(endpoint)
    ask.pass_(100)
    result = ask("GET", job["response_url"])
    video = result.json()["video"]

    assert result.headers["content-type"] == "application/json"
    assert result.headers["x-fal-request-id"] == job["request_id"]
    assert len(result.headers["x-fal-served-from"]) == 36
    assert video["file_name"] == name
    assert video["url"].endswith(f"_{name}")
    assert video["content_type"] == "video/mp4"
    assert video["file_size"] == len(ask("GET", video["url"], key="").body)
    assert set(video) == {"url", "content_type", "file_name", "file_size"} | keys
    assert set(result.json()) == {"video"} | beside


def test_veo_names_its_clips_by_chance(ask: Any) -> None:
    names = {ask.result().json()["video"]["file_name"] for _ in range(2)}

    assert len(names) == 2
    assert all(len(name) == 20 for name in names)


def test_a_seed_that_is_given_is_used(ask: Any) -> None:
    endpoint = "fal-ai/wan/v2.7/text-to-video"

    assert ask.result(endpoint, seed=42).json()["seed"] == 42
    assert ask.result(endpoint).json()["seed"] != ask.result(endpoint).json()["seed"]
