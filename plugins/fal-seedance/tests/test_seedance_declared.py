from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller import pricing
from shotcaller.accounts import Account
from shotcaller.catalog import Model, operation
from shotcaller.fitting import Offer, reasons
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal.testing import misfits, sent, shots, wrong
from shotcaller_fal_seedance.offer import SEEDANCE

TODAY = date(2026, 10, 9)
MODELS = {model.id: model for model in SEEDANCE.models}
SOUND = Media("https://a.test/a.wav", Kind.SOUND)
PICTURE = Media("https://a.test/a.png", Kind.IMAGE)
VIDEO = Media("https://a.test/a.mp4", Kind.VIDEO)
each = pytest.mark.parametrize("model", SEEDANCE.models, ids=MODELS)


def why_not(model: Model, shot: Shot) -> list[Reason]:
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return list(reasons(offer, shot, Brief(model=model.id)))


@each
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_whatever_a_model_declares_its_endpoint_takes(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(shots(model))

    assert why_not(model, shot) == []
    assert wrong(*sent(SEEDANCE.submit(model, shot))) == ()


@each
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_nothing_that_a_shot_asks_for_is_left_out(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(shots(model))

    _, payload = sent(SEEDANCE.submit(model, shot))

    told, written = str(payload["prompt"]), json.dumps(payload)
    for prompt in (shot.prompt, *(cut.prompt for cut in shot.cuts)):
        assert prompt in told
    for item in shot.media:
        assert item.source in written
    usual = model.able(operation(shot))
    length = shot.length or (None if shot.cuts else usual.default_seconds)
    if length is not None:
        assert payload["duration"] == f"{length:g}"
    assert payload["resolution"] == (shot.resolution or "720p")
    assert payload["generate_audio"] is (shot.sound is not False)
    assert payload.get("seed") == shot.seed
    if shot.ratio is not None and "aspect_ratio" in payload:
        assert payload["aspect_ratio"] == shot.ratio
    assert shot.options["fal"].items() <= payload.items()


@each
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_what_a_model_cannot_do_is_refused_before_any_request(
    model: Model, data: st.DataObject
) -> None:
    shot, code = data.draw(misfits(model))

    assert code in [reason.code for reason in why_not(model, shot)]


@pytest.mark.parametrize(
    ("model", "fields", "message"),
    [
        ("2.0", {"seconds": 16}, "cannot make 16 s; it makes 4 to 15 in steps of 1 s"),
        ("2.0", {"seconds": 3}, "cannot make 3 s; it makes 4 to 15 in steps of 1 s"),
        ("2.5", {"seconds": 31}, "cannot make 31 s; it makes 4 to 30 in steps of 1 s"),
        (
            "1.5-pro",
            {"seconds": 13},
            "cannot make 13 s; it makes 4 to 12 in steps of 1 s",
        ),
        (
            "2.0",
            {"ratio": "3:2"},
            "does not offer 3:2 (only 21:9, 16:9, 4:3, 1:1, 3:4, 9:16)",
        ),
        (
            "2.0-fast",
            {"resolution": "1080p"},
            "does not offer 1080p (only 480p, 720p)",
        ),
        (
            "2.5",
            {"resolution": "4k"},
            "does not offer 4k (only 480p, 720p, 1080p)",
        ),
        (
            "2.0",
            {"references": [PICTURE] * 10},
            "takes at most 9 image references, not 10",
        ),
        (
            "2.0",
            {"references": [VIDEO] * 4},
            "takes at most 3 video references, not 4",
        ),
        (
            "2.0-mini",
            {"references": [*[PICTURE] * 8, *[VIDEO] * 3, *[SOUND] * 2]},
            "takes at most 12 references, not 13",
        ),
        (
            "2.5",
            {"references": [*[PICTURE] * 30, *[VIDEO] * 11]},
            "takes at most 10 video references, not 11",
        ),
        (
            "2.0",
            {"references": [SOUND]},
            "takes sounds only beside a picture or a video to be guided by",
        ),
        (
            "2.0",
            {"references": [PICTURE], "image": PICTURE},
            "cannot start from references and image at once",
        ),
        (
            "1.5-pro",
            {"references": [PICTURE]},
            "cannot start from references (only from frames, image, text)",
        ),
        (
            "2.5",
            {"extend": VIDEO},
            "cannot start from extend (only from frames, image, references, text)",
        ),
        ("2.0", {"seed": 7}, "takes no seed"),
        ("2.5", {"references": [PICTURE], "seed": 7}, "takes no seed"),
        ("2.0", {"negative": "fog"}, "takes no negative prompt"),
        (
            "2.5",
            {
                "references": [VIDEO],
                "options": {"fal": {"task": "extension"}},
            },
            "option task: 'extension' is not one of 'reference', 'editing'",
        ),
        (
            "2.0",
            {"cuts": [Cut("a", 14.5), Cut("b"), Cut("c")]},
            "cannot make 3 such cuts add up to 4 to 15 in steps of 1 s",
        ),
        ("2.0", {"cuts": [Cut("a")] * 16}, "takes at most 15 cuts, not 16"),
    ],
)
def test_a_refusal_says_what_cannot_be_had(
    model: str, fields: dict[str, Any], message: str
) -> None:
    shot = Shot("a", **fields)

    found = why_not(MODELS[f"fal/seedance-{model}"], shot)

    assert message in [reason.message for reason in found]
