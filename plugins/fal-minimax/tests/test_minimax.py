from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.metadata import metadata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Model
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Shot
from shotcaller_fal import GATEWAY, endpoints
from shotcaller_fal.testing import misfits, sent, shots, wrong
from shotcaller_fal_minimax import shotcaller_models, shotcaller_submit

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
LAST = "https://a.test/last.png"
VIDEO = "https://a.test/moves.mp4"
SOUND = "https://a.test/voice.wav"

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
each = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def why_not(id_: str, shot: Shot) -> tuple[Reason, ...]:
    model = MODELS[id_]
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return reasons(offer, shot, Brief())


def asked(id_: str, **fields: Any) -> tuple[str, Mapping[str, Any]]:
    """Returns where a shot goes, and its input."""
    shot = Shot(**{"prompt": "a storm", **fields})
    assert why_not(id_, shot) == ()
    return sent(shotcaller_submit(MODELS[id_], shot, "key"))


@each
@unhurried
@given(data=st.data())
def test_whatever_a_model_declares_its_endpoint_takes(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(shots(model))

    assert why_not(model.id, shot) == ()
    assert wrong(*sent(shotcaller_submit(model, shot, "key"))) == ()


@each
@unhurried
@given(data=st.data())
def test_what_a_model_cannot_do_is_refused_before_any_request(
    model: Model, data: st.DataObject
) -> None:
    shot, code = data.draw(misfits(model))

    assert code in {reason.code for reason in why_not(model.id, shot)}


def test_every_endpoint_of_minimax_that_answers_is_reached() -> None:
    starts: list[dict[str, Any]] = [
        {},
        {"image": IMAGE},
        {"image": IMAGE, "last_image": LAST},
        {"references": [IMAGE]},
    ]
    reached = {
        sent(shotcaller_submit(model, shot, "key"))[0]
        for model in MODELS.values()
        for shot in (Shot("a storm", **start) for start in starts)
        if not why_not(model.id, shot)
    }
    known = {id_ for id_ in endpoints() if "minimax/" in id_}

    assert known - reached == {"minimax/h3-max-turbo/reference-to-video"}
    assert reached <= known


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


QUOTES: list[tuple[str, dict[str, Any], str]] = [
    ("fal/h3-max", {}, "0.40"),
    ("fal/h3-max", {"resolution": "480p", "seconds": 10}, "0.50"),
    ("fal/h3-max", {"resolution": "1080p", "seconds": 15}, "2.40"),
    ("fal/h3-max", {"image": IMAGE, "seconds": 6}, "0.48"),
    # Of references 4,096 tokens are free, which no one picture exceeds.
    ("fal/h3-max", {"references": [IMAGE]}, "0.40"),
    ("fal/h3-max-turbo", {"resolution": "480p"}, "0.125"),
    ("fal/h3-max-turbo", {}, "0.20"),
    ("fal/h3-max-turbo", {"resolution": "1080p", "image": IMAGE}, "0.40"),
    ("fal/h3", {}, "0.65"),
    ("fal/h3", {"resolution": "480p"}, "0.25"),
    ("fal/h3", {"resolution": "768p"}, "0.40"),
    ("fal/h3", {"resolution": "768p", "image": IMAGE}, "0.30"),
    ("fal/h3", {"resolution": "768p", "image": IMAGE, "last_image": LAST}, "0.30"),
    ("fal/h3", {"resolution": "4k", "seconds": 15}, "2.40"),
    ("fal/h3", {"resolution": "768p", "references": [IMAGE] * 5}, "0.30"),
    ("fal/h3", {"resolution": "768p", "references": [IMAGE] * 9}, "0.62"),
    ("fal/h3", {"references": [IMAGE] * 6 + [VIDEO] * 3 + [SOUND] * 3}, "0.73"),
    ("fal/hailuo-2.3-standard", {}, "0.28"),
    ("fal/hailuo-2.3-standard", {"seconds": 10, "image": IMAGE}, "0.56"),
    ("fal/hailuo-2.3-pro", {}, "0.49"),
    ("fal/hailuo-2.3-fast-standard", {"image": IMAGE}, "0.19"),
    ("fal/hailuo-2.3-fast-standard", {"image": IMAGE, "seconds": 10}, "0.32"),
    ("fal/hailuo-2.3-fast-pro", {"image": IMAGE}, "0.33"),
    ("fal/hailuo-02-standard", {"seconds": 6}, "0.27"),
    ("fal/hailuo-02-standard", {"seconds": 10, "image": IMAGE}, "0.45"),
    (
        "fal/hailuo-02-standard",
        {"seconds": 10, "image": IMAGE, "resolution": "512p"},
        "0.17",
    ),
    ("fal/hailuo-02-pro", {}, "0.48"),
    ("fal/hailuo-02-fast", {"image": IMAGE}, "0.102"),
    ("fal/minimax-video-01", {"references": [IMAGE]}, "0.50"),
    ("fal/minimax-video-01-director", {}, "0.60"),
    ("fal/minimax-video-01-live", {"image": IMAGE}, "0.50"),
]


@pytest.mark.parametrize(("id_", "fields", "usd"), QUOTES)
def test_a_shot_is_quoted_at_exactly_this(
    id_: str, fields: dict[str, Any], usd: str
) -> None:
    shot = Shot("a storm", **fields)
    found = pricing.quote(MODELS[id_], shot)

    assert why_not(id_, shot) == ()
    assert {Decimal(usd)} == {found.low, found.expected, found.high}


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("tokens", [1024, 1376, 1824, 2560])  # 1:1, 4:3, 16:9, 5:2
def test_references_of_h3_max_never_cost_more_than_quoted(
    count: int, tokens: int
) -> None:
    shot = Shot("a storm", references=[IMAGE] * count)
    high = pricing.quote(MODELS["fal/h3-max"], shot).high
    beyond = max(count * tokens - 4096, 0)
    billed = Decimal("0.40") + Decimal("0.02") * beyond / 1000

    assert high is not None
    assert high >= billed
    assert high - billed <= (2560 - tokens) * count * Decimal("0.00002") + Decimal(
        "0.0001"
    )


def test_cuts_without_a_length_are_quoted_at_the_longest() -> None:
    shot = Shot("a storm", cuts=[Cut("rain"), Cut("sun")])
    found = pricing.quote(MODELS["fal/h3-max"], shot)

    assert (found.low, found.high) == (Decimal("0.40"), Decimal("1.20"))


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("fal/h3-max", {"seconds": 4}, "cannot make 4 s"),
    ("fal/h3-max", {"sound": False}, "always makes sound"),
    ("fal/h3-max", {"resolution": "2k"}, "only 480p, 768p, 1080p"),
    ("fal/h3-max", {"negative": "fog"}, "takes no negative prompt"),
    ("fal/h3-max", {"references": [VIDEO]}, "takes no video references, not 1"),
    ("fal/h3-max", {"references": [IMAGE] * 10}, "at most 9 image references"),
    ("fal/h3-max", {"cuts": [Cut("a")] * 7}, "takes at most 6 cuts, not 7"),
    ("fal/h3-max", {"cuts": [Cut("a", 0.5)]}, "cannot make cut 1 of 0.5 s"),
    (
        "fal/h3-max",
        {"options": {"fal": {"prompt_expansion_mode": "fast"}}},
        "is not one of 'disabled', 'balanced', 'quality'",
    ),
    ("fal/h3-max", {"options": {"fal": {"sync_mode": True}}}, "has no option"),
    ("fal/h3-max-turbo", {"references": [IMAGE]}, "cannot start from references"),
    (
        "fal/h3",
        {"references": [IMAGE] * 7 + [VIDEO] * 3 + [SOUND] * 3},
        "takes at most 12 references, not 13",
    ),
    ("fal/h3", {"references": [SOUND]}, "takes sounds only beside a picture"),
    (
        "fal/h3",
        {"references": [VIDEO], "image": IMAGE},
        "cannot start from references and image at once",
    ),
    ("fal/hailuo-2.3-pro", {"seconds": 10}, "cannot make 10 s; it makes 6 s"),
    ("fal/hailuo-2.3-pro", {"sound": True}, "makes no sound"),
    ("fal/hailuo-2.3-standard", {"ratio": "9:16"}, "does not offer 9:16 (only 16:9)"),
    ("fal/hailuo-2.3-standard", {"seed": 1}, "takes no seed"),
    ("fal/hailuo-2.3-standard", {"resolution": "1080p"}, "(only 768p)"),
    (
        "fal/hailuo-2.3-standard",
        {"image": IMAGE, "last_image": LAST},
        "cannot start from frames",
    ),
    ("fal/hailuo-2.3-fast-pro", {}, "cannot start from text (only from image)"),
    (
        "fal/hailuo-02-standard",
        {"image": IMAGE, "last_image": LAST, "resolution": "512p"},
        "does not offer 512p (only 768p)",
    ),
    (
        "fal/minimax-video-01",
        {"references": [IMAGE] * 2},
        "takes at most 1 image references",
    ),
    ("fal/minimax-video-01", {"cuts": [Cut("a"), Cut("b")]}, "takes no cuts"),
]


@pytest.mark.parametrize(("id_", "fields", "sentence"), REFUSALS)
def test_what_cannot_be_done_is_said_in_words(
    id_: str, fields: dict[str, Any], sentence: str
) -> None:
    messages = [reason.message for reason in why_not(id_, Shot("a storm", **fields))]

    assert any(sentence in message for message in messages), messages


def test_the_prices_that_are_not_from_fal_are_called_unsure() -> None:
    unsure = {
        id_: model.price.source
        for id_, model in MODELS.items()
        if model.price is not None and model.price.source.startswith("unsure: ")
    }

    assert unsure == {
        "fal/hailuo-02-fast": (
            "unsure: taken from what Hailuo 02 Standard costs at 512p"
        ),
        "fal/minimax-video-01": "unsure: other people's price tables",
        "fal/minimax-video-01-director": (
            "unsure: the dearer of two that other people's price tables have"
        ),
        "fal/minimax-video-01-live": "unsure: other people's price tables",
    }


def test_video_01_lives_and_says_what_comes_after_it() -> None:
    old = {id_: one.lifecycle for id_, one in MODELS.items() if one.lifecycle.successor}

    assert set(old) == {
        "fal/minimax-video-01",
        "fal/minimax-video-01-director",
        "fal/minimax-video-01-live",
    }
    for life in old.values():
        assert life.successor in MODELS
        assert (life.retires_on, life.missing_since) == (None, None)
        assert "listed it on 2026-08-02" in life.note


def test_the_quality_is_that_of_the_boards() -> None:
    found = {id_: one.known("quality") for id_, one in MODELS.items()}

    assert {id_: one and one.value for id_, one in found.items()} == {
        "fal/h3-max": 0.86,
        "fal/h3-max-turbo": 0.82,
        "fal/h3": 0.85,
        "fal/hailuo-2.3-standard": 0.54,
        "fal/hailuo-2.3-pro": 0.54,
        "fal/hailuo-2.3-fast-standard": 0.62,
        "fal/hailuo-2.3-fast-pro": 0.62,
        "fal/hailuo-02-standard": 0.50,
        "fal/hailuo-02-pro": 0.53,
        "fal/hailuo-02-fast": 0.53,
        "fal/minimax-video-01": 0.33,
        "fal/minimax-video-01-director": 0.33,
        "fal/minimax-video-01-live": 0.33,
    }


def test_the_readme_has_a_row_for_every_model() -> None:
    readme = metadata("shotcaller-fal-minimax").json["description"]

    assert [id_ for id_ in MODELS if f"\n| `{id_}` |" not in readme] == []
