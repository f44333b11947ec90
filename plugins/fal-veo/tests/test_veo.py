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
from shotcaller.fitting import Offer, reasons, warnings
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Shot
from shotcaller_fal import GATEWAY, endpoints
from shotcaller_fal.testing import misfits, sent, shots, wrong
from shotcaller_fal_veo import shotcaller_models, shotcaller_submit

TODAY = date(2026, 11, 1)
MODELS = {model.id: model for model in shotcaller_models()}
IMAGE = "https://a.test/first.png"
LAST = "https://a.test/last.png"
VIDEO = "https://a.test/before.mp4"

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
each = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


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


def test_every_endpoint_of_veo_that_is_known_is_reached_and_no_other() -> None:
    starts: list[dict[str, Any]] = [
        {},
        {"image": IMAGE},
        {"image": IMAGE, "last_image": LAST},
        {"references": [IMAGE]},
        {"extend": VIDEO},
    ]
    reached = {
        sent(shotcaller_submit(model, shot, "key"))[0]
        for model in MODELS.values()
        for shot in (Shot("a storm", **start) for start in starts)
        if not why_not(model.id, shot)
    }

    assert {id_ for id_ in endpoints() if id_.startswith("fal-ai/veo")} == reached


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


QUOTES: list[tuple[str, dict[str, Any], str]] = [
    # 2.0 billable units at $0.40 were seen for this one: half a unit a silent second.
    ("fal/veo-3.1", {"seconds": 4, "resolution": "720p", "sound": False}, "0.80"),
    ("fal/veo-3.1", {"seconds": 4, "image": IMAGE, "sound": False}, "0.80"),
    ("fal/veo-3.1", {}, "3.20"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "1080p"}, "1.60"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "4k"}, "2.40"),
    ("fal/veo-3.1", {"seconds": 4, "resolution": "4k", "sound": False}, "1.60"),
    ("fal/veo-3.1", {"extend": VIDEO}, "2.80"),
    ("fal/veo-3.1", {"extend": VIDEO, "sound": False}, "1.40"),
    ("fal/veo-3.1", {"references": [IMAGE]}, "3.20"),
    ("fal/veo-3.1-fast", {"seconds": 4}, "0.60"),
    ("fal/veo-3.1-fast", {"seconds": 4, "sound": False}, "0.40"),
    ("fal/veo-3.1-fast", {"seconds": 4, "resolution": "4k"}, "1.40"),
    ("fal/veo-3.1-fast", {"seconds": 4, "resolution": "4k", "sound": False}, "1.20"),
    ("fal/veo-3.1-lite", {"seconds": 6}, "0.30"),
    ("fal/veo-3.1-lite", {"seconds": 6, "sound": False}, "0.18"),
    ("fal/veo-3.1-lite", {"seconds": 6, "resolution": "1080p"}, "0.48"),
    (
        "fal/veo-3.1-lite",
        {"seconds": 6, "resolution": "1080p", "sound": False},
        "0.30",
    ),
    ("fal/veo-3", {}, "3.20"),
    ("fal/veo-3", {"sound": False, "resolution": "1080p"}, "1.60"),
    ("fal/veo-3-fast", {"seconds": 4}, "0.60"),
    ("fal/veo-3-fast", {"seconds": 4, "sound": False}, "0.40"),
    ("fal/veo-2", {}, "2.50"),
    ("fal/veo-2", {"seconds": 8, "image": IMAGE}, "4.00"),
]


@pytest.mark.parametrize(("id_", "fields", "usd"), QUOTES)
def test_a_shot_is_quoted_at_exactly_this(
    id_: str, fields: dict[str, Any], usd: str
) -> None:
    shot = Shot("a storm", **fields)
    found = pricing.quote(MODELS[id_], shot)

    assert why_not(id_, shot) == ()
    assert {Decimal(usd)} == {found.low, found.expected, found.high}


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("fal/veo-3.1", {"seconds": 5}, "cannot make 5 s; it makes 4, 6 or 8 s"),
    ("fal/veo-3.1", {"references": [IMAGE], "seconds": 6}, "it makes 8 s"),
    ("fal/veo-3.1", {"references": [IMAGE], "seed": 1}, "takes no seed"),
    (
        "fal/veo-3.1",
        {"references": [IMAGE], "negative": "fog"},
        "takes no negative prompt",
    ),
    (
        "fal/veo-3.1",
        {"references": [IMAGE] * 4},
        "takes at most 3 image references, not 4",
    ),
    (
        "fal/veo-3.1",
        {"references": [IMAGE], "image": IMAGE},
        "cannot start from references and image at once",
    ),
    ("fal/veo-3.1", {"extend": VIDEO, "seconds": 8}, "it makes 7 s"),
    (
        "fal/veo-3.1",
        {"extend": VIDEO, "resolution": "1080p"},
        "does not offer 1080p (only 720p)",
    ),
    ("fal/veo-3.1", {"ratio": "1:1"}, "does not offer 1:1 (only 16:9, 9:16)"),
    ("fal/veo-3.1", {"cuts": [Cut("a"), Cut("b")]}, "takes no cuts, not 2"),
    ("fal/veo-3.1-fast", {"references": [IMAGE]}, "cannot start from references"),
    (
        "fal/veo-3.1-lite",
        {"image": IMAGE, "last_image": LAST, "seconds": 6},
        "it makes 8 s",
    ),
    ("fal/veo-3.1-lite", {"extend": VIDEO}, "cannot start from extend"),
    ("fal/veo-3.1-lite", {"resolution": "4k"}, "only 720p, 1080p"),
    ("fal/veo-2", {"sound": True}, "makes no sound"),
    ("fal/veo-2", {"image": IMAGE, "seed": 1}, "takes no seed"),
]


@pytest.mark.parametrize(("id_", "fields", "sentence"), REFUSALS)
def test_what_cannot_be_done_is_said_in_words(
    id_: str, fields: dict[str, Any], sentence: str
) -> None:
    messages = [reason.message for reason in why_not(id_, Shot("a storm", **fields))]

    assert any(sentence in message for message in messages), messages


SUCCESSORS = {
    "fal/veo-2": "fal/veo-3.1",
    "fal/veo-3": "fal/veo-3.1",
    "fal/veo-3-fast": "fal/veo-3.1-fast",
}


def test_what_fal_no_longer_lists_names_what_comes_after_it() -> None:
    found = {id_: model.lifecycle.successor for id_, model in MODELS.items()}

    assert {id_: SUCCESSORS.get(id_) for id_ in MODELS} == found
    assert set(SUCCESSORS) == {
        id_ for id_, one in MODELS.items() if one.lifecycle.missing_since
    }
    assert set(SUCCESSORS.values()) <= set(MODELS)


@pytest.mark.parametrize("id_", SUCCESSORS)
def test_what_fal_no_longer_lists_is_tried_only_by_name_and_with_a_warning(
    id_: str,
) -> None:
    shot = Shot("a storm", seconds=8)
    unnamed = why_not(id_, shot, Brief())
    told = warnings(offer(MODELS[id_], shot), Brief())

    assert [reason.code for reason in unnamed] == ["missing"]
    assert SUCCESSORS[id_] in unnamed[0].message
    assert why_not(id_, shot) == ()
    assert len(told) == 1
    assert told[0].startswith(f"{id_} ")
    assert SUCCESSORS[id_] in told[0]


def test_only_a_price_that_is_remembered_is_called_unsure() -> None:
    unsure = [
        id_
        for id_, model in MODELS.items()
        if model.price is not None and model.price.source.startswith("unsure: ")
    ]

    assert unsure == ["fal/veo-2"]


def test_a_price_is_as_old_as_its_source() -> None:
    found = {id_: one.price.as_of for id_, one in MODELS.items() if one.price}

    assert found == {
        "fal/veo-3.1": date(2026, 7, 22),
        "fal/veo-3.1-fast": date(2026, 1, 1),
        "fal/veo-3.1-lite": date(2026, 1, 1),
        "fal/veo-3": date(2025, 12, 31),
        "fal/veo-3-fast": date(2025, 12, 31),
        "fal/veo-2": date(2025, 1, 1),
    }


def test_the_quality_is_that_of_the_boards() -> None:
    found = {id_: one.known("quality") for id_, one in MODELS.items()}

    assert {id_: one and one.value for id_, one in found.items()} == {
        "fal/veo-3.1": 0.73,
        "fal/veo-3.1-fast": 0.74,
        "fal/veo-3.1-lite": 0.73,
        "fal/veo-3": 0.72,
        "fal/veo-3-fast": 0.73,
        "fal/veo-2": 0.48,
    }


def test_the_readme_has_a_row_for_every_model() -> None:
    readme = metadata("shotcaller-fal-veo").json["description"]

    assert [id_ for id_ in MODELS if f"\n| `{id_}` |" not in readme] == []
