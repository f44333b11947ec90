"""What MiniMax's models declare is what their endpoints take."""

from __future__ import annotations

from datetime import date
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
