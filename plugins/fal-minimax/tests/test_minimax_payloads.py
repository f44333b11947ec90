"""A shot becomes exactly the input that each endpoint wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal.testing import sent, wrong
from shotcaller_fal_minimax import shotcaller_models, shotcaller_submit

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
LAST = "https://a.test/last.png"
VIDEO = "https://a.test/moves.mp4"
SOUND = "https://a.test/voice.wav"


def why_not(id_: str, shot: Shot) -> tuple[Reason, ...]:
    model = MODELS[id_]
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return reasons(offer, shot, Brief())


def asked(id_: str, **fields: Any) -> tuple[str, Mapping[str, Any]]:
    """Returns where a shot goes, and its input."""
    shot = Shot(**{"prompt": "a storm", **fields})
    assert why_not(id_, shot) == ()
    return sent(shotcaller_submit(MODELS[id_], shot, "key"))


EXPANDED = {"prompt": "a storm", "prompt_expansion_mode": "balanced"}
PAYLOADS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    (
        "fal/h3-max",
        {},
        "minimax/h3-max/text-to-video",
        {**EXPANDED, "duration": 5, "resolution": "768P"},
    ),
    (
        "fal/h3-max",
        {
            "seconds": 15,
            "ratio": "21:9",
            "resolution": "1080p",
            "sound": True,
            "seed": 7,
            "options": {
                "fal": {"prompt_expansion_mode": "disabled", "target_audio_url": SOUND}
            },
        },
        "minimax/h3-max/text-to-video",
        {
            "prompt": "a storm",
            "prompt_expansion_mode": "disabled",
            "duration": 15,
            "resolution": "1080P",
            "aspect_ratio": "21:9",
            "seed": 7,
            "target_audio_url": SOUND,
        },
    ),
    (
        "fal/h3-max",
        {"image": IMAGE, "seconds": 6, "ratio": "16:9"},
        "minimax/h3-max/image-to-video",
        {**EXPANDED, "image_url": IMAGE, "duration": 6, "resolution": "768P"},
    ),
    (
        "fal/h3-max",
        {"image": IMAGE, "last_image": LAST, "resolution": "480p"},
        "minimax/h3-max/image-to-video",
        {
            **EXPANDED,
            "image_url": IMAGE,
            "end_image_url": LAST,
            "duration": 5,
            "resolution": "480P",
        },
    ),
    (
        "fal/h3-max",
        {"references": [IMAGE, LAST], "ratio": "9:16"},
        "minimax/h3-max/reference-to-video",
        {
            **EXPANDED,
            "reference_image_urls": [IMAGE, LAST],
            "aspect_ratio": "9:16",
            "duration": 5,
            "resolution": "768P",
        },
    ),
    (
        "fal/h3-max-turbo",
        {"seconds": 8},
        "minimax/h3-max-turbo/text-to-video",
        {**EXPANDED, "duration": 8, "resolution": "768P"},
    ),
    (
        "fal/h3-max-turbo",
        {"image": IMAGE},
        "minimax/h3-max-turbo/image-to-video",
        {**EXPANDED, "image_url": IMAGE, "duration": 5, "resolution": "768P"},
    ),
    (
        "fal/h3-max-turbo",
        {"image": IMAGE, "last_image": LAST},
        "minimax/h3-max-turbo/image-to-video",
        {
            **EXPANDED,
            "image_url": IMAGE,
            "end_image_url": LAST,
            "duration": 5,
            "resolution": "768P",
        },
    ),
    (
        "fal/h3",
        {"ratio": "1:1", "options": {"fal": {"enable_prompt_expansion": False}}},
        "minimax/h3/text-to-video",
        {
            "prompt": "a storm",
            "duration": 5,
            "resolution": "2K",
            "aspect_ratio": "1:1",
            "enable_prompt_expansion": False,
        },
    ),
    (
        "fal/h3",
        {"image": IMAGE, "resolution": "4k"},
        "minimax/h3/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "duration": 5, "resolution": "4K"},
    ),
    (
        "fal/h3",
        {"image": IMAGE, "last_image": LAST, "seed": 1},
        "minimax/h3/image-to-video",
        {
            "prompt": "a storm",
            "image_url": IMAGE,
            "end_image_url": LAST,
            "duration": 5,
            "resolution": "2K",
            "seed": 1,
        },
    ),
    (
        "fal/h3",
        {"references": [SOUND, IMAGE, VIDEO, LAST], "resolution": "768p"},
        "minimax/h3/reference-to-video",
        {
            "prompt": "a storm",
            "reference_image_urls": [IMAGE, LAST],
            "reference_video_urls": [VIDEO],
            "reference_audio_urls": [SOUND],
            "duration": 5,
            "resolution": "768P",
        },
    ),
    (
        "fal/hailuo-2.3-standard",
        {"ratio": "16:9", "resolution": "768p", "sound": False},
        "fal-ai/minimax/hailuo-2.3/standard/text-to-video",
        {"prompt": "a storm", "duration": "6"},
    ),
    (
        "fal/hailuo-2.3-standard",
        {"image": IMAGE, "seconds": 10},
        "fal-ai/minimax/hailuo-2.3/standard/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "duration": "10"},
    ),
    (
        "fal/hailuo-2.3-pro",
        {"seconds": 6, "resolution": "1080p"},
        "fal-ai/minimax/hailuo-2.3/pro/text-to-video",
        {"prompt": "a storm"},
    ),
    (
        "fal/hailuo-2.3-pro",
        {"image": IMAGE, "options": {"fal": {"prompt_optimizer": False}}},
        "fal-ai/minimax/hailuo-2.3/pro/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "prompt_optimizer": False},
    ),
    (
        "fal/hailuo-2.3-fast-standard",
        {"image": IMAGE},
        "fal-ai/minimax/hailuo-2.3-fast/standard/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "duration": "6"},
    ),
    (
        "fal/hailuo-2.3-fast-pro",
        {"image": IMAGE},
        "fal-ai/minimax/hailuo-2.3-fast/pro/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE},
    ),
    (
        "fal/hailuo-02-standard",
        {"seconds": 10},
        "fal-ai/minimax/hailuo-02/standard/text-to-video",
        {"prompt": "a storm", "duration": "10"},
    ),
    (
        "fal/hailuo-02-standard",
        {"image": IMAGE, "resolution": "512p"},
        "fal-ai/minimax/hailuo-02/standard/image-to-video",
        {
            "prompt": "a storm",
            "image_url": IMAGE,
            "duration": "6",
            "resolution": "512P",
        },
    ),
    (
        "fal/hailuo-02-standard",
        {"image": IMAGE, "last_image": LAST},
        "fal-ai/minimax/hailuo-02/standard/image-to-video",
        {
            "prompt": "a storm",
            "image_url": IMAGE,
            "end_image_url": LAST,
            "duration": "6",
            "resolution": "768P",
        },
    ),
    (
        "fal/hailuo-02-pro",
        {},
        "fal-ai/minimax/hailuo-02/pro/text-to-video",
        {"prompt": "a storm"},
    ),
    (
        "fal/hailuo-02-pro",
        {"image": IMAGE},
        "fal-ai/minimax/hailuo-02/pro/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE},
    ),
    (
        "fal/hailuo-02-pro",
        {"image": IMAGE, "last_image": LAST},
        "fal-ai/minimax/hailuo-02/pro/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "end_image_url": LAST},
    ),
    (
        "fal/hailuo-02-fast",
        {"image": IMAGE, "seconds": 10, "resolution": "512p"},
        "fal-ai/minimax/hailuo-02-fast/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "duration": "10"},
    ),
    (
        "fal/minimax-video-01",
        {"seconds": 6},
        "fal-ai/minimax/video-01",
        {"prompt": "a storm"},
    ),
    (
        "fal/minimax-video-01",
        {"image": IMAGE},
        "fal-ai/minimax/video-01/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE},
    ),
    (
        "fal/minimax-video-01",
        {"references": [IMAGE]},
        "fal-ai/minimax/video-01-subject-reference",
        {"prompt": "a storm", "subject_reference_image_url": IMAGE},
    ),
    (
        "fal/minimax-video-01-director",
        {"options": {"fal": {"prompt_optimizer": False}}},
        "fal-ai/minimax/video-01-director",
        {"prompt": "a storm", "prompt_optimizer": False},
    ),
    (
        "fal/minimax-video-01-director",
        {"image": IMAGE},
        "fal-ai/minimax/video-01-director/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE},
    ),
    (
        "fal/minimax-video-01-live",
        {"resolution": "720p"},
        "fal-ai/minimax/video-01-live",
        {"prompt": "a storm"},
    ),
    (
        "fal/minimax-video-01-live",
        {"image": IMAGE},
        "fal-ai/minimax/video-01-live/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE},
    ),
]


@pytest.mark.parametrize(("id_", "fields", "endpoint", "payload"), PAYLOADS)
def test_a_shot_becomes_exactly_this_input(
    id_: str, fields: dict[str, Any], endpoint: str, payload: dict[str, Any]
) -> None:
    assert asked(id_, **fields) == (endpoint, payload)


CUTS: list[tuple[dict[str, Any], str, int]] = [
    (
        {"cuts": [Cut("rain", 4), Cut("sun", 6)]},
        "a storm\nShot 1 (0-4 s): rain\nShot 2 (4-10 s): sun",
        10,
    ),
    (
        {"cuts": [Cut("rain", 2.5), Cut("sun")], "seconds": 9},
        "a storm\nShot 1 (0-2.5 s): rain\nShot 2: sun",
        9,
    ),
    # Five seconds, fal's usual length, would have no room for these.
    (
        {"cuts": [Cut("rain", 2.5), Cut("sun")]},
        "a storm\nShot 1 (0-2.5 s): rain\nShot 2: sun",
        8,
    ),
    ({"cuts": [Cut("rain")]}, "a storm\nShot 1: rain", 5),
    (
        {"cuts": [Cut("a"), Cut("b"), Cut("c"), Cut("d")]},
        "a storm\nShot 1: a\nShot 2: b\nShot 3: c\nShot 4: d",
        15,
    ),
]


@pytest.mark.parametrize(("fields", "prompt", "seconds"), CUTS)
@pytest.mark.parametrize("id_", ["fal/h3", "fal/h3-max", "fal/h3-max-turbo"])
def test_cuts_are_told_in_the_prompt_and_have_room(
    id_: str, fields: dict[str, Any], prompt: str, seconds: int
) -> None:
    _, payload = asked(id_, **fields)

    assert (payload["prompt"], payload["duration"]) == (prompt, seconds)


def test_the_longest_prompts_that_are_taken_fit_into_one() -> None:
    cuts = [Cut("b" * 5_999, 2)] * 6
    made = asked("fal/h3-max", prompt="a" * 1_000, cuts=cuts)

    assert len(made[1]["prompt"]) > 36_000
    assert wrong(*made) == ()
