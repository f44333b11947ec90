from __future__ import annotations

from importlib.metadata import metadata
from typing import Any

import pytest

import shotcaller_fal_kling
from shotcaller.plugin import Refused
from shotcaller.shot import Cut, Kind, Media, Shot
from shotcaller.wire import JSON
from shotcaller_fal.testing import sent

MODELS = {model.id: model for model in shotcaller_fal_kling.shotcaller_models()}

FIRST = "https://a.test/first.png"
LAST = "https://a.test/last.png"
HERO = "https://a.test/hero.png"
SIDE = "https://a.test/side.png"
WALK = "https://a.test/walk.mp4"

HEARD = {"generate_audio": True}
SILENT: dict[str, bool] = {}

TEXT = {
    "v3-pro": ("v3/pro/text-to-video", HEARD),
    "v3-standard": ("v3/standard/text-to-video", HEARD),
    "v3-4k": ("v3/4k/text-to-video", HEARD),
    "v3-turbo-pro": ("v3/turbo/pro/text-to-video", SILENT),
    "v3-turbo-standard": ("v3/turbo/standard/text-to-video", SILENT),
    "o3-pro": ("o3/pro/text-to-video", HEARD),
    "o3-standard": ("o3/standard/text-to-video", HEARD),
    "o3-4k": ("o3/4k/text-to-video", HEARD),
    "v2.6-pro": ("v2.6/pro/text-to-video", HEARD),
    "v2.5-turbo-pro": ("v2.5-turbo/pro/text-to-video", SILENT),
    "v2.1-master": ("v2.1/master/text-to-video", SILENT),
    "v2-master": ("v2/master/text-to-video", SILENT),
}
IMAGE = {
    "v3-pro": ("v3/pro/image-to-video", "start_image_url", HEARD),
    "v3-standard": ("v3/standard/image-to-video", "start_image_url", HEARD),
    "v3-4k": ("v3/4k/image-to-video", "start_image_url", HEARD),
    "v3-turbo-pro": ("v3/turbo/pro/image-to-video", "image_url", SILENT),
    "v3-turbo-standard": ("v3/turbo/standard/image-to-video", "image_url", SILENT),
    "o3-pro": ("o3/pro/image-to-video", "image_url", HEARD),
    "o3-standard": ("o3/standard/image-to-video", "image_url", HEARD),
    "o3-4k": ("o3/4k/image-to-video", "image_url", HEARD),
    "v2.6-pro": ("v2.6/pro/image-to-video", "start_image_url", HEARD),
    "v2.5-turbo-pro": ("v2.5-turbo/pro/image-to-video", "image_url", SILENT),
    "v2.5-turbo-standard": ("v2.5-turbo/standard/image-to-video", "image_url", SILENT),
    "v2.1-master": ("v2.1/master/image-to-video", "image_url", SILENT),
    "v2.1-pro": ("v2.1/pro/image-to-video", "image_url", SILENT),
    "v2.1-standard": ("v2.1/standard/image-to-video", "image_url", SILENT),
    "v2-master": ("v2/master/image-to-video", "image_url", SILENT),
}
FRAMES = {
    "v3-pro": "end_image_url",
    "v3-standard": "end_image_url",
    "v3-4k": "end_image_url",
    "o3-pro": "end_image_url",
    "o3-standard": "end_image_url",
    "o3-4k": "end_image_url",
    "v2.6-pro": "end_image_url",
    "v2.5-turbo-pro": "tail_image_url",
    "v2.1-pro": "tail_image_url",
}
OMNI = ["o3-pro", "o3-standard", "o3-4k"]


def asked(model: str, shot: Shot) -> tuple[str, dict[str, Any]]:
    found = MODELS[f"fal/kling-{model}"]
    endpoint, payload = sent(
        shotcaller_fal_kling.shotcaller_submit(found, shot, "a-key")
    )
    return endpoint.removeprefix("fal-ai/kling-video/"), dict(payload)


def test_the_versions_and_tiers_are_listed() -> None:
    assert {name.removeprefix("fal/kling-") for name in MODELS} == {*TEXT, *IMAGE}


def test_the_readme_has_a_row_for_every_model() -> None:
    readme = str(metadata("shotcaller-fal-kling").json["description"])

    assert [id_ for id_ in MODELS if f"\n| `{id_}` |" not in readme] == []


@pytest.mark.parametrize("model", TEXT)
def test_a_prompt_becomes_text_to_video(model: str) -> None:
    endpoint, heard = TEXT[model]

    assert asked(model, Shot("A heron", seconds=10, ratio="9:16")) == (
        endpoint,
        {"prompt": "A heron", "duration": "10", "aspect_ratio": "9:16", **heard},
    )


@pytest.mark.parametrize("model", IMAGE)
def test_an_image_is_the_first_frame_under_the_name_of_the_version(model: str) -> None:
    endpoint, field, heard = IMAGE[model]

    assert asked(model, Shot("It takes off", image=FIRST, ratio="16:9")) == (
        endpoint,
        {"prompt": "It takes off", field: FIRST, "duration": "5", **heard},
    )


@pytest.mark.parametrize("model", FRAMES)
def test_a_last_frame_goes_under_the_name_of_the_version(model: str) -> None:
    endpoint, field, heard = IMAGE[model]

    assert asked(model, Shot("It lands", image=FIRST, last_image=LAST)) == (
        endpoint,
        {
            "prompt": "It lands",
            field: FIRST,
            FRAMES[model]: LAST,
            "duration": "5",
            **heard,
        },
    )


def test_only_these_take_a_last_frame() -> None:
    framed = {name for name in MODELS if "frames" in MODELS[name].by_operation}

    assert framed == {f"fal/kling-{name}" for name in FRAMES}


@pytest.mark.parametrize("model", [name for name in TEXT if TEXT[name][1]])
def test_silence_is_said_aloud(model: str) -> None:
    endpoint, _ = TEXT[model]

    assert asked(model, Shot("A heron", sound=False)) == (
        endpoint,
        {"prompt": "A heron", "duration": "5", "generate_audio": False},
    )


@pytest.mark.parametrize(
    "model",
    ["v3-pro", "v3-standard", "v3-4k", "v2.5-turbo-pro", "v2.1-master", "v2-master"],
)
@pytest.mark.parametrize("image", [None, FIRST])
def test_what_should_not_be_seen_and_how_closely(model: str, image: str | None) -> None:
    shot = Shot(
        "A heron", image=image, negative="fog", options={"fal": {"cfg_scale": 0.7}}
    )

    _, payload = asked(model, shot)

    assert payload["negative_prompt"] == "fog"
    assert payload["cfg_scale"] == 0.7


def test_the_size_that_a_tier_has_is_not_sent() -> None:
    _, payload = asked("v3-4k", Shot("A heron", resolution="4k"))

    assert payload == {"prompt": "A heron", "duration": "5", "generate_audio": True}


@pytest.mark.parametrize("model", OMNI)
def test_references_go_together_with_frames(model: str) -> None:
    shot = Shot(
        "@Image1 lands",
        references=[HERO, SIDE],
        image=FIRST,
        last_image=LAST,
        ratio="1:1",
        seconds=15,
    )

    assert asked(model, shot) == (
        f"o3/{model.removeprefix('o3-')}/reference-to-video",
        {
            "prompt": "@Image1 lands",
            "image_urls": [HERO, SIDE],
            "start_image_url": FIRST,
            "end_image_url": LAST,
            "aspect_ratio": "1:1",
            "duration": "15",
            "generate_audio": True,
        },
    )


@pytest.mark.parametrize("model", ["v3-pro", "o3-standard"])
def test_cuts_are_a_list_that_replaces_the_prompt(model: str) -> None:
    cuts = [Cut("A door opens", 3), Cut("A face"), Cut("She runs")]
    shot = Shot(
        "At night.", cuts=cuts, seconds=8, options={"fal": {"shot_type": "customize"}}
    )

    assert asked(model, shot) == (
        TEXT[model][0],
        {
            "multi_prompt": [
                {"prompt": "At night. A door opens", "duration": "3"},
                {"prompt": "At night. A face", "duration": "3"},
                {"prompt": "At night. She runs", "duration": "2"},
            ],
            "duration": "8",
            "shot_type": "customize",
            "generate_audio": True,
        },
    )


def test_cuts_go_on_from_an_image_as_well() -> None:
    shot = Shot("At night.", image=FIRST, cuts=[Cut("A door"), Cut("A face", 2)])

    assert asked("v3-turbo-standard", shot) == (
        "v3/turbo/standard/image-to-video",
        {
            "multi_prompt": [
                {"prompt": "At night. A door", "duration": "5"},
                {"prompt": "At night. A face", "duration": "2"},
            ],
            "duration": "7",
            "image_url": FIRST,
        },
    )


def test_a_hair_less_than_a_whole_second_is_that_second() -> None:
    shot = Shot("At night.", seconds=4.9999999, cuts=[Cut("A door", 3), Cut("A face")])

    _, payload = asked("v3-pro", shot)

    assert [one["duration"] for one in payload["multi_prompt"]] == ["3", "2"]
    assert payload["duration"] == "5"


def test_elements_are_passed_on_with_their_voices() -> None:
    elements: list[JSON] = [
        {"frontal_image_url": HERO, "reference_image_urls": [SIDE], "voice_id": "v1"},
        {"video_url": WALK},
    ]
    shot = Shot(
        "@Element1 meets @Element2",
        image=FIRST,
        options={"fal": {"elements": elements}},
    )

    assert asked("v3-standard", shot) == (
        "v3/standard/image-to-video",
        {
            "prompt": "@Element1 meets @Element2",
            "start_image_url": FIRST,
            "elements": elements,
            "duration": "5",
            "generate_audio": True,
        },
    )


def test_voices_are_passed_on() -> None:
    shot = Shot(
        "She says <<<voice_1>>>: hello",
        image=FIRST,
        options={"fal": {"voice_ids": ["v1", "v2"]}},
    )

    assert asked("v2.6-pro", shot) == (
        "v2.6/pro/image-to-video",
        {
            "prompt": "She says <<<voice_1>>>: hello",
            "start_image_url": FIRST,
            "voice_ids": ["v1", "v2"],
            "duration": "5",
            "generate_audio": True,
        },
    )


@pytest.mark.parametrize(
    ("pictures", "elements", "message"),
    [
        (
            6,
            [{"frontal_image_url": HERO}] * 2,
            "option elements: 2 elements and 6 image references are more than 7.",
        ),
        (
            4,
            [{"video_url": WALK}],
            (
                "option elements: 1 elements, one of them a video, "
                "and 4 image references are more than 4."
            ),
        ),
        (
            1,
            [{"video_url": WALK}] * 2,
            "option elements: 2 of them have a video_url; one may.",
        ),
    ],
)
def test_more_elements_than_it_takes_are_refused_before_any_request(
    pictures: int, elements: list[dict[str, str]], message: str
) -> None:
    references = [Media(HERO, Kind.IMAGE)] * pictures
    shot = Shot("a", references=references, options={"fal": {"elements": elements}})

    with pytest.raises(Refused) as caught:
        asked("o3-pro", shot)

    assert str(caught.value).startswith(message)
    assert caught.value.reason == "input"


@pytest.mark.parametrize(
    ("pictures", "elements"),
    [(5, [{"frontal_image_url": HERO}] * 2), (3, [{"video_url": WALK}]), (7, [])],
)
def test_as_many_elements_as_it_takes_are_passed_on(
    pictures: int, elements: list[dict[str, str]]
) -> None:
    references = [Media(HERO, Kind.IMAGE)] * pictures
    shot = Shot("a", references=references, options={"fal": {"elements": elements}})

    _, payload = asked("o3-4k", shot)

    assert payload["elements"] == elements
    assert payload["image_urls"] == [HERO] * pictures


def test_a_cut_that_is_too_long_with_what_holds_for_all_is_refused_in_time() -> None:
    shot = Shot("a" * 1_500, cuts=[Cut("b"), Cut("c" * 1_500)])

    with pytest.raises(Refused) as caught:
        asked("v3-pro", shot)

    assert str(caught.value).startswith(
        "cuts: with the prompt of the shot, one has 3001 characters; "
        "fal-ai/kling-video/v3/pro/text-to-video takes 2500."
    )


def test_lengths_that_whole_seconds_cannot_share_are_refused_in_time() -> None:
    shot = Shot("a", seconds=4, cuts=[Cut("b", 3.5), Cut("c")])

    with pytest.raises(Refused) as caught:
        asked("v3-pro", shot)

    assert str(caught.value).startswith(
        "cuts: 4 s cannot be shared among 2 cuts in whole seconds."
    )
