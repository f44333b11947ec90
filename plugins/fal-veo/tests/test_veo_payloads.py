"""A shot becomes exactly the input that each endpoint wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Model
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal.testing import sent
from shotcaller_fal_veo import shotcaller_models, shotcaller_submit

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
LAST = "https://a.test/last.png"
VIDEO = "https://a.test/before.mp4"


def offer(model: Model, shot: Shot) -> Offer:
    return Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)


def why_not(id_: str, shot: Shot, brief: Brief | None = None) -> tuple[Reason, ...]:
    model = MODELS[id_]
    return reasons(offer(model, shot), shot, brief or Brief(model=id_))


def asked(id_: str, **fields: Any) -> tuple[str, Mapping[str, Any]]:
    """Returns where a shot goes, and its input."""
    shot = Shot("a storm", **fields)
    assert why_not(id_, shot) == ()
    return sent(shotcaller_submit(MODELS[id_], shot, "key"))


PLAIN = {"prompt": "a storm", "generate_audio": True, "resolution": "720p"}
PAYLOADS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("fal/veo-3.1", {}, "fal-ai/veo3.1", {**PLAIN, "duration": "8s"}),
    (
        "fal/veo-3.1",
        {
            "seconds": 4,
            "ratio": "9:16",
            "resolution": "4k",
            "sound": False,
            "negative": "fog",
            "seed": 7,
            "options": {"fal": {"safety_tolerance": "2", "auto_fix": False}},
        },
        "fal-ai/veo3.1",
        {
            "prompt": "a storm",
            "duration": "4s",
            "aspect_ratio": "9:16",
            "resolution": "4k",
            "generate_audio": False,
            "negative_prompt": "fog",
            "seed": 7,
            "safety_tolerance": "2",
            "auto_fix": False,
        },
    ),
    (
        "fal/veo-3.1",
        {"image": IMAGE, "seconds": 6},
        "fal-ai/veo3.1/image-to-video",
        {**PLAIN, "image_url": IMAGE, "duration": "6s"},
    ),
    (
        "fal/veo-3.1",
        {"image": IMAGE, "last_image": LAST, "ratio": "16:9"},
        "fal-ai/veo3.1/first-last-frame-to-video",
        {
            **PLAIN,
            "first_frame_url": IMAGE,
            "last_frame_url": LAST,
            "aspect_ratio": "16:9",
            "duration": "8s",
        },
    ),
    (
        "fal/veo-3.1",
        {"references": [IMAGE, LAST]},
        "fal-ai/veo3.1/reference-to-video",
        {**PLAIN, "image_urls": [IMAGE, LAST], "duration": "8s"},
    ),
    (
        "fal/veo-3.1",
        {"extend": VIDEO},
        "fal-ai/veo3.1/extend-video",
        {**PLAIN, "video_url": VIDEO, "duration": "7s"},
    ),
    ("fal/veo-3.1-fast", {}, "fal-ai/veo3.1/fast", {**PLAIN, "duration": "8s"}),
    (
        "fal/veo-3.1-fast",
        {"image": IMAGE, "resolution": "1080p"},
        "fal-ai/veo3.1/fast/image-to-video",
        {**PLAIN, "image_url": IMAGE, "resolution": "1080p", "duration": "8s"},
    ),
    (
        "fal/veo-3.1-fast",
        {"image": IMAGE, "last_image": LAST},
        "fal-ai/veo3.1/fast/first-last-frame-to-video",
        {
            **PLAIN,
            "first_frame_url": IMAGE,
            "last_frame_url": LAST,
            "duration": "8s",
        },
    ),
    (
        "fal/veo-3.1-fast",
        {"extend": VIDEO, "seconds": 7, "sound": False},
        "fal-ai/veo3.1/fast/extend-video",
        {**PLAIN, "video_url": VIDEO, "duration": "7s", "generate_audio": False},
    ),
    ("fal/veo-3.1-lite", {}, "fal-ai/veo3.1/lite", {**PLAIN, "duration": "8s"}),
    (
        "fal/veo-3.1-lite",
        {"image": IMAGE, "seconds": 4},
        "fal-ai/veo3.1/lite/image-to-video",
        {**PLAIN, "image_url": IMAGE, "duration": "4s"},
    ),
    (
        "fal/veo-3.1-lite",
        {"image": IMAGE, "last_image": LAST, "seconds": 8},
        "fal-ai/veo3.1/lite/first-last-frame-to-video",
        {
            **PLAIN,
            "first_frame_url": IMAGE,
            "last_frame_url": LAST,
            "duration": "8s",
        },
    ),
    ("fal/veo-3", {"seconds": 6}, "fal-ai/veo3", {**PLAIN, "duration": "6s"}),
    (
        "fal/veo-3",
        {"image": IMAGE},
        "fal-ai/veo3/image-to-video",
        {**PLAIN, "image_url": IMAGE, "duration": "8s"},
    ),
    ("fal/veo-3-fast", {}, "fal-ai/veo3/fast", {**PLAIN, "duration": "8s"}),
    (
        "fal/veo-3-fast",
        {"image": IMAGE, "sound": False},
        "fal-ai/veo3/fast/image-to-video",
        {**PLAIN, "image_url": IMAGE, "duration": "8s", "generate_audio": False},
    ),
    (
        "fal/veo-2",
        {"ratio": "1:1", "sound": False},
        "fal-ai/veo2",
        {"prompt": "a storm", "aspect_ratio": "1:1", "duration": "5s"},
    ),
    (
        "fal/veo-2",
        {"image": IMAGE, "seconds": 8, "ratio": "16:9"},
        "fal-ai/veo2/image-to-video",
        {"prompt": "a storm", "image_url": IMAGE, "duration": "8s"},
    ),
]


@pytest.mark.parametrize(("id_", "fields", "endpoint", "payload"), PAYLOADS)
def test_a_shot_becomes_exactly_this_input(
    id_: str, fields: dict[str, Any], endpoint: str, payload: dict[str, Any]
) -> None:
    assert asked(id_, **fields) == (endpoint, payload)
