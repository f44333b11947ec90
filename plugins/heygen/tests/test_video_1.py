"""HeyGen Video 1: each way to start, field by field, each status, each no."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import shotcaller_heygen as plugin
from shotcaller import pricing
from shotcaller.plugin import (
    BadReply,
    Done,
    Failed,
    Kind,
    Media,
    Operation,
    Refused,
    Running,
    Shot,
    Ticket,
)
from shotcaller_heygen.v3.video_1 import MODEL

URL = "https://api.heygen.com/v3/models/videos"
TAKEN = {"data": {"video_id": "vid_1", "status": "pending"}}
TICKET = Ticket(
    "heygen",
    "heygen/video-1",
    "vid_1",
    {"dialect": "v3", "path": "/v3/models/videos"},
)
NO_FRAME = "HeyGen Video 1 takes no first frame"
PICTURE = {"type": "url", "url": "https://a.test/a.png"}


def asked_for(converse: Any, say: Any, shot: Shot) -> Any:
    talk = converse(plugin.shotcaller_submit(MODEL, shot, "take-1"), say(202, TAKEN))
    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("POST", URL)
    assert asked.headers == {"Idempotency-Key": "take-1"}
    assert talk.result == TICKET
    return asked.json


def test_a_bare_shot_says_what_it_was_quoted_for(converse: Any, say: Any) -> None:
    assert asked_for(converse, say, Shot("A boat")) == {
        "model": "heygen-video-1",
        "mode": "text_to_video",
        "prompt": "A boat",
        "duration": 5,
        "resolution": "768p",
        "aspect_ratio": "16:9",
    }


def test_a_whole_shot_says_all_of_it(converse: Any, say: Any) -> None:
    options = {
        "prompt_enhancement": "disabled",
        "callback_url": "https://a.test/hook",
        "callback_id": "mine",
    }
    shot = Shot(
        "A boat",
        seconds=12,
        ratio="9:16",
        resolution="1080p",
        sound=True,
        seed=2**32 - 1,
        options={"heygen": options},
    )

    assert asked_for(converse, say, shot) == {
        "model": "heygen-video-1",
        "mode": "text_to_video",
        "prompt": "A boat",
        "duration": 12,
        "resolution": "1080p",
        "aspect_ratio": "9:16",
        "seed": 4294967295,
        **options,
    }


def test_a_first_frame_decides_the_ratio(converse: Any, say: Any) -> None:
    image = Media("https://a.test/a.png", Kind.IMAGE, width=400, height=100)
    shot = Shot("It sails", image=image, resolution="2k")

    assert asked_for(converse, say, shot) == {
        "model": "heygen-video-1",
        "mode": "image_to_video",
        "prompt": "It sails",
        "duration": 5,
        "resolution": "2k",
        "image": PICTURE,
    }


def test_references_are_said_by_kind(converse: Any, say: Any) -> None:
    shot = Shot(
        "They meet",
        references=[
            "https://a.test/a.png",
            "https://a.test/b.mp4#heygen-asset=as%2F2",
            Media("data:audio/wav;base64,UklGRg==", Kind.SOUND),
            "https://a.test/c.png",
        ],
    )

    assert asked_for(converse, say, shot) == {
        "model": "heygen-video-1",
        "mode": "reference_to_video",
        "prompt": "They meet",
        "duration": 5,
        "resolution": "768p",
        "reference_images": [PICTURE, {"type": "url", "url": "https://a.test/c.png"}],
        "reference_videos": [{"type": "asset_id", "asset_id": "as/2"}],
        "reference_audio": [
            {"type": "base64", "media_type": "audio/wav", "data": "UklGRg=="}
        ],
    }


def test_references_may_have_a_ratio(converse: Any, say: Any) -> None:
    shot = Shot(
        "They meet",
        references=["https://a.test/a.png"],
        ratio="16:9",
        resolution="1080p",
    )

    assert asked_for(converse, say, shot)["aspect_ratio"] == "16:9"


@pytest.mark.parametrize(
    ("fields", "reason", "message"),
    [
        (
            {"resolution": "1080p", "ratio": "1:1"},
            "input",
            "HeyGen Video 1 makes 1080p only in 16:9 or 9:16, and the ratio is 1:1.",
        ),
        (
            {"resolution": "2k", "references": ["https://a.test/a.png"]},
            "input",
            "HeyGen Video 1 makes 2k only in 16:9 or 9:16, and the ratio is not said.",
        ),
        (
            {"seed": 2**32},
            "input",
            "HeyGen Video 1 takes seeds up to 4294967295, not 4294967296.",
        ),
        (
            {"image": Media("https://a.test/a.png", Kind.IMAGE, width=99, height=401)},
            "media",
            f"{NO_FRAME} of 99x401: one side may be 4 times the other.",
        ),
        (
            {"image": "http://a.test/a.png"},
            "media",
            "HeyGen reads no address but https, so not http://a.test/a.png.",
        ),
        (
            {"image": Media("data:image/png,AAAA", Kind.IMAGE)},
            "media",
            "HeyGen takes data in a shot only as base64 with its type.",
        ),
        (
            {"image": Media("data:;base64,AAAA", Kind.IMAGE)},
            "media",
            "HeyGen takes data in a shot only as base64 with its type.",
        ),
    ],
)
def test_what_cannot_be_combined_is_refused_unasked(
    converse: Any, fields: Any, reason: str, message: str
) -> None:
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_submit(MODEL, Shot("a", **fields), "k"))

    assert (caught.value.reason, caught.value.message) == (reason, message)


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (400, "validation_error", "input"),
        (400, "content_policy_violation", "content"),
        (401, "authentication_failed", "key"),
        (402, "insufficient_credit", "credit"),
        (403, "api_key_required", "permission"),
        (404, "not_found", "missing"),
        (404, None, "retired"),
        (410, None, "retired"),
    ],
)
def test_a_no_has_a_code(
    converse: Any, say: Any, status: int, error: str | None, reason: str
) -> None:
    body = {"error": {"code": error, "message": "m"}} if error else None
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_submit(MODEL, Shot("a"), "k"), say(status, body))

    assert caught.value.reason == reason


def test_a_yes_without_an_id_is_no_ticket(converse: Any, say: Any) -> None:
    taken = say(202, {"data": {"video_id": ""}})
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_submit(MODEL, Shot("a"), "k"), taken)


LINK = "https://resource2.heygen.ai/v.mp4?sig=1"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"status": "pending"}, Running("HeyGen says pending", wait=5)),
        ({"status": "processing"}, Running("HeyGen says processing", wait=5)),
        (
            {
                "status": "completed",
                "video_url": LINK,
                "duration": 5,
                "width": 1344,
                "height": 768,
                "aspect_ratio": "16:9",
                "seed": 7,
                "timings": {"inference": 31.5},
            },
            Done(
                LINK,
                facts={
                    "video_id": "vid_1",
                    "duration": 5,
                    "width": 1344,
                    "height": 768,
                    "aspect_ratio": "16:9",
                    "seed": 7,
                    "inference_seconds": 31.5,
                },
            ),
        ),
        (
            {"status": "completed", "video_url": LINK, "seed": 2**99, "width": True},
            Done(LINK, facts={"video_id": "vid_1"}),
        ),
        (
            {
                "status": "failed",
                "failure_code": "generation_failed",
                "failure_message": "It broke",
            },
            Failed("HeyGen says: It broke", "no", "generation_failed"),
        ),
        ({"status": "failed"}, Failed("HeyGen says: no reason given", "no")),
        (
            {"status": "failed", "failure_code": "content_policy_violation"},
            Failed("HeyGen says: content_policy_violation", "no", "content"),
        ),
        (
            {"status": "cancelled", "failure_code": "generation_cancelled"},
            Failed("cancelled at HeyGen", "unknown", "cancelled"),
        ),
    ],
)
def test_each_status_is_understood(
    converse: Any, say: Any, data: Any, status: Any
) -> None:
    talk = converse(plugin.shotcaller_poll(TICKET), say(200, {"data": data}))

    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("GET", f"{URL}/vid_1")
    assert talk.result == status


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": {"code": "video_not_found", "message": "?"}}),
        (200, {"data": {"status": "completed"}}),
        (200, b"<html>"),
    ],
)
def test_what_proves_nothing_ends_nothing(
    converse: Any, say: Any, status: int, body: Any
) -> None:
    with pytest.raises(BadReply):
        converse(plugin.shotcaller_poll(TICKET), say(status, body))


@pytest.mark.parametrize(
    ("fields", "usd"),
    [
        ({}, "0.10"),
        ({"seconds": 15, "resolution": "480p"}, "0.30"),
        ({"seconds": 10, "resolution": "1080p"}, "0.60"),
        ({"seconds": 10, "resolution": "2k"}, "0.60"),
        ({"references": ["https://a.test/a.png"]}, "0.10"),
        (
            {"references": [Media("https://a.test/a.mp4", Kind.VIDEO, seconds=7)]},
            "0.24",
        ),
        ({"references": ["https://a.test/a.mp4"]}, "3.70"),
    ],
)
def test_what_it_costs_is_an_estimate_and_says_so(fields: Any, usd: str) -> None:
    quote = pricing.quote(MODEL, Shot("a", **fields))

    assert quote.high == Decimal(usd)
    assert quote.source.startswith("an estimate")


def test_each_start_has_its_own_limits() -> None:
    text, image, references = (
        MODEL.able(start)
        for start in (Operation.TEXT, Operation.IMAGE, Operation.REFERENCES)
    )

    assert Operation.FRAMES not in MODEL.capabilities.operations
    assert not text.ratio_from_image
    assert (image.ratios, image.ratio_from_image) == ((), True)
    assert references.references == {Kind.IMAGE: 9, Kind.VIDEO: 3, Kind.SOUND: 3}
    assert (references.most_references, references.sound_alone) == (12, False)
    assert [seconds for seconds in range(20) if seconds in text.seconds] == [
        *range(5, 16)
    ]
