"""What Veo's models declare is what their endpoints take."""

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
