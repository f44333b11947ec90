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
from shotcaller.plugin import Refused
from shotcaller.refusals import Reason
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from shotcaller_fal import GATEWAY
from shotcaller_fal.testing import misfits, sent, shots, wrong
from shotcaller_fal_kling.offer import KLING

TODAY = date(2026, 10, 9)
MODELS = {model.id: model for model in KLING.models}
PICTURE = Media("https://a.test/a.png", Kind.IMAGE)
VIDEO = Media("https://a.test/a.mp4", Kind.VIDEO)
each = pytest.mark.parametrize("model", KLING.models, ids=MODELS)


def why_not(model: Model, shot: Shot) -> list[Reason]:
    offer = Offer(model, Account(GATEWAY), pricing.quote(model, shot), TODAY)
    return list(reasons(offer, shot, Brief(model=model.id)))


def too_many(shot: Shot) -> bool:
    """Tells whether there are more elements than Kling takes, by its own rule."""
    elements = shot.options["fal"].get("elements", [])
    assert isinstance(elements, list)
    videos = [e for e in elements if isinstance(e, dict) and "video_url" in e]
    guides = len(elements) + len(shot.references)
    return len(videos) > 1 or (bool(shot.references) and guides > (4 if videos else 7))


def fitting(model: Model) -> st.SearchStrategy[Shot]:
    return shots(model).filter(lambda shot: not too_many(shot))


@each
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_whatever_a_model_declares_its_endpoint_takes(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(shots(model))

    assert why_not(model, shot) == []
    if too_many(shot):
        with pytest.raises(Refused, match=r"^option elements: "):
            next(KLING.submit(model, shot))
        return
    assert wrong(*sent(KLING.submit(model, shot))) == ()


@each
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_nothing_that_a_shot_asks_for_is_left_out(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(fitting(model))

    _, payload = sent(KLING.submit(model, shot))

    written = json.dumps(payload)
    for item in shot.media:
        assert item.source in written
    assert payload.get("negative_prompt") == shot.negative
    if "generate_audio" in payload:
        assert payload["generate_audio"] is (shot.sound is not False)
    if shot.ratio is not None and shot.image is None:
        assert payload["aspect_ratio"] == shot.ratio
    assert shot.options["fal"].items() <= payload.items()
    if not shot.cuts:
        length = shot.seconds or model.able(operation(shot)).default_seconds
        assert payload["duration"] == f"{length:g}"
        assert payload["prompt"] == shot.prompt


@pytest.mark.parametrize("model", [m for m in KLING.models if m.capabilities.cuts])
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_cuts_are_whole_seconds_that_add_up_to_what_was_quoted(
    model: Model, data: st.DataObject
) -> None:
    shot = data.draw(fitting(model).filter(lambda shot: bool(shot.cuts)))

    _, payload = sent(KLING.submit(model, shot))

    told: Any = payload["multi_prompt"]
    lengths: list[int] = []
    for cut, one in zip(shot.cuts, told, strict=True):
        assert one["prompt"] == f"{shot.prompt} {cut.prompt}"
        lengths.append(int(one["duration"]))
        assert lengths[-1] == (cut.seconds or lengths[-1]) >= 1
    assert payload["duration"] == str(sum(lengths))
    assert "prompt" not in payload
    assert sum(lengths) == (shot.length or sum(lengths))
    found = pricing.quote(model, shot)
    made = pricing.quote(model, Shot("a", seconds=sum(lengths), **_priced_by(shot)))
    assert found.high is not None
    assert made.high is not None
    assert found.high >= made.high


def _priced_by(shot: Shot) -> dict[str, Any]:
    return {
        "sound": shot.sound,
        "options": shot.options,
        "image": shot.image,
        "last_image": shot.last_image,
        "references": shot.references,
    }


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
        (
            "v3-pro",
            {"seconds": 16},
            "cannot make 16 s; it makes 3 to 15 in steps of 1 s",
        ),
        ("v3-pro", {"seconds": 2}, "cannot make 2 s; it makes 3 to 15 in steps of 1 s"),
        ("v2.6-pro", {"seconds": 8}, "cannot make 8 s; it makes 5 or 10 s"),
        ("v3-pro", {"ratio": "21:9"}, "does not offer 21:9 (only 16:9, 9:16, 1:1)"),
        ("v3-pro", {"resolution": "4k"}, "does not offer 4k (only 1080p)"),
        (
            "v3-standard",
            {"resolution": "1080p"},
            "does not offer 1080p (only 720p)",
        ),
        (
            "v2.6-pro",
            {"resolution": "1080p"},
            "takes no resolution: it decides, so 1080p cannot be asked for",
        ),
        ("v3-pro", {"cuts": [Cut("a")] * 7}, "takes at most 6 cuts, not 7"),
        (
            "o3-pro",
            {"cuts": [Cut("a", 2.5), Cut("b", 2.5)]},
            "cannot make cut 1 of 2.5 s; it makes cuts of 1 to 15 in steps of 1 s",
        ),
        (
            "v3-pro",
            {"cuts": [Cut("a", 1), Cut("b", 1)]},
            "cannot make 2 s; it makes 3 to 15 in steps of 1 s",
        ),
        ("v2.6-pro", {"cuts": [Cut("a")]}, "takes no cuts, not 1"),
        (
            "v3-pro",
            {"references": [PICTURE]},
            "cannot start from references (only from frames, image, text)",
        ),
        (
            "o3-pro",
            {"references": [PICTURE] * 8},
            "takes at most 7 image references, not 8",
        ),
        (
            "o3-pro",
            {"references": [VIDEO]},
            "takes no video references, not 1",
        ),
        (
            "v3-turbo-pro",
            {"image": PICTURE, "last_image": PICTURE},
            "cannot start from frames (only from image, text)",
        ),
        (
            "v2.1-standard",
            {},
            "cannot start from text (only from image)",
        ),
        ("v3-turbo-pro", {"sound": False}, "always makes sound"),
        ("v2.5-turbo-pro", {"sound": True}, "makes no sound"),
        ("o3-pro", {"negative": "fog"}, "takes no negative prompt"),
        ("v3-pro", {"seed": 1}, "takes no seed"),
        (
            "v3-pro",
            {"options": {"fal": {"cfg_scale": 1.5}}},
            "option cfg_scale: 1.5 is more than 1",
        ),
        (
            "v3-pro",
            {"options": {"fal": {"elements": []}}},
            "has no option 'elements' (it has cfg_scale, shot_type)",
        ),
        (
            "v3-pro",
            {"image": PICTURE, "options": {"fal": {"elements": ["Ann"]}}},
            "option elements: ['Ann'] has an item 1 that is not a table",
        ),
        (
            "v3-pro",
            {"image": PICTURE, "options": {"fal": {"elements": [{"face": "a"}]}}},
            (
                "option elements: [{'face': 'a'}] has an item 1 that has an unknown "
                "field 'face' (it takes frontal_image_url, reference_image_urls, "
                "video_url, voice_id)"
            ),
        ),
        (
            "v2.6-pro",
            {"image": PICTURE, "options": {"fal": {"voice_ids": ["a", "b", "c"]}}},
            "option voice_ids: ['a', 'b', 'c'] has 3 items, which is more than 2",
        ),
        (
            "v2.6-pro",
            {"options": {"fal": {"voice_ids": ["a"]}}},
            "has no option 'voice_ids' (it has cfg_scale)",
        ),
        (
            "v3-pro",
            {"prompt": "a" * 2_501},
            "the prompt has 2501 characters; it takes 2500",
        ),
    ],
)
def test_a_refusal_says_what_cannot_be_had(
    model: str, fields: dict[str, Any], message: str
) -> None:
    shot = Shot(**{"prompt": "a", **fields})

    found = why_not(MODELS[f"fal/kling-{model}"], shot)

    assert message in [reason.message for reason in found]
