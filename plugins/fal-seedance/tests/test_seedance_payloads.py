from __future__ import annotations

from importlib.metadata import metadata
from typing import Any

import pytest

import shotcaller_fal_seedance
from shotcaller.shot import Cut, Kind, Media, Shot
from shotcaller_fal.testing import sent

MODELS = {model.id: model for model in shotcaller_fal_seedance.shotcaller_models()}

FIRST = "https://a.test/first.png"
LAST = "https://a.test/last.png"
HERO = "https://a.test/hero.png"
MOVE = "https://a.test/move.mp4"
VOICE = "https://a.test/voice.wav"
TIERS = {
    "2.0": "bytedance/seedance-2.0",
    "2.0-fast": "bytedance/seedance-2.0/fast",
    "2.0-mini": "bytedance/seedance-2.0/mini",
    "2.5": "bytedance/seedance-2.5",
    "1.5-pro": "fal-ai/bytedance/seedance/v1.5/pro",
}
GUIDED = [name for name in TIERS if name != "1.5-pro"]


def asked(model: str, shot: Shot) -> tuple[str, dict[str, Any]]:
    found = MODELS[f"fal/seedance-{model}"]
    endpoint, payload = sent(
        shotcaller_fal_seedance.shotcaller_submit(found, shot, "a-key")
    )
    return endpoint, dict(payload)


def test_the_versions_and_tiers_are_listed() -> None:
    assert list(MODELS) == [
        "fal/seedance-2.0",
        "fal/seedance-2.0-fast",
        "fal/seedance-2.0-mini",
        "fal/seedance-2.5",
        "fal/seedance-1.5-pro",
    ]


def test_the_readme_has_a_row_for_every_model() -> None:
    readme = str(metadata("shotcaller-fal-seedance").json["description"])

    assert [id_ for id_ in MODELS if f"\n| `{id_}` |" not in readme] == []


@pytest.mark.parametrize("model", TIERS)
def test_a_prompt_becomes_text_to_video(model: str) -> None:
    shot = Shot(
        "A heron takes off", seconds=8, ratio="21:9", resolution="480p", sound=False
    )

    assert asked(model, shot) == (
        f"{TIERS[model]}/text-to-video",
        {
            "prompt": "A heron takes off",
            "duration": "8",
            "aspect_ratio": "21:9",
            "resolution": "480p",
            "generate_audio": False,
        },
    )


@pytest.mark.parametrize("model", GUIDED)
def test_a_length_that_is_left_open_is_left_to_the_model_aloud(model: str) -> None:
    assert asked(model, Shot("A heron takes off")) == (
        f"{TIERS[model]}/text-to-video",
        {
            "prompt": "A heron takes off",
            "duration": "auto",
            "resolution": "720p",
            "generate_audio": True,
        },
    )


def test_where_the_model_does_not_decide_the_length_the_usual_one_is_sent() -> None:
    assert asked("1.5-pro", Shot("A heron takes off", seed=7)) == (
        "fal-ai/bytedance/seedance/v1.5/pro/text-to-video",
        {
            "prompt": "A heron takes off",
            "duration": "5",
            "resolution": "720p",
            "generate_audio": True,
            "seed": 7,
        },
    )


@pytest.mark.parametrize("model", GUIDED)
def test_an_image_is_the_first_frame_and_decides_the_ratio(model: str) -> None:
    assert asked(model, Shot("It takes off", image=FIRST, seconds=4)) == (
        f"{TIERS[model]}/image-to-video",
        {
            "prompt": "It takes off",
            "image_url": FIRST,
            "duration": "4",
            "resolution": "720p",
            "generate_audio": True,
        },
    )


def test_an_image_decides_the_ratio_even_where_the_endpoint_would_cut_it() -> None:
    assert asked("1.5-pro", Shot("It takes off", image=FIRST, last_image=LAST)) == (
        "fal-ai/bytedance/seedance/v1.5/pro/image-to-video",
        {
            "prompt": "It takes off",
            "image_url": FIRST,
            "end_image_url": LAST,
            "aspect_ratio": "auto",
            "duration": "5",
            "resolution": "720p",
            "generate_audio": True,
        },
    )


@pytest.mark.parametrize("model", ["2.0", "2.0-fast", "2.0-mini", "1.5-pro"])
def test_a_ratio_may_be_asked_for_beside_an_image(model: str) -> None:
    _, payload = asked(model, Shot("It takes off", image=FIRST, ratio="9:16"))

    assert payload["aspect_ratio"] == "9:16"


def test_a_ratio_that_the_endpoint_takes_from_the_image_is_not_sent() -> None:
    endpoint, payload = asked("2.5", Shot("It takes off", image=FIRST, ratio="9:16"))

    assert endpoint == "bytedance/seedance-2.5/image-to-video"
    assert "aspect_ratio" not in payload


@pytest.mark.parametrize("model", GUIDED)
def test_first_and_last_frame_go_together(model: str) -> None:
    shot = Shot("It lands", image=FIRST, last_image=LAST, seconds=15)

    assert asked(model, shot) == (
        f"{TIERS[model]}/image-to-video",
        {
            "prompt": "It lands",
            "image_url": FIRST,
            "end_image_url": LAST,
            "duration": "15",
            "resolution": "720p",
            "generate_audio": True,
        },
    )


@pytest.mark.parametrize("model", GUIDED)
def test_references_are_listed_by_kind(model: str) -> None:
    references = [
        Media(MOVE, Kind.VIDEO),
        Media(HERO, Kind.IMAGE),
        Media(VOICE, Kind.SOUND),
        Media(FIRST, Kind.IMAGE),
    ]
    shot = Shot(
        "@Image1 moves like @Video1 and says @Audio1",
        references=references,
        ratio="9:16",
        seconds=6,
    )

    assert asked(model, shot) == (
        f"{TIERS[model]}/reference-to-video",
        {
            "prompt": "@Image1 moves like @Video1 and says @Audio1",
            "image_urls": [HERO, FIRST],
            "video_urls": [MOVE],
            "audio_urls": [VOICE],
            "aspect_ratio": "9:16",
            "duration": "6",
            "resolution": "720p",
            "generate_audio": True,
        },
    )


def test_cuts_are_told_in_the_prompt_with_their_times() -> None:
    cuts = [Cut("A door opens", 2.5), Cut("A face", 1.5), Cut("She runs", 6)]

    _, payload = asked("2.0", Shot("A thriller at night.", cuts=cuts))

    assert payload == {
        "prompt": (
            "A thriller at night.\n"
            "Shot 1 (0-2.5 s): A door opens\n"
            "Shot 2 (2.5-4 s): A face\n"
            "Shot 3 (4-10 s): She runs"
        ),
        "duration": "10",
        "resolution": "720p",
        "generate_audio": True,
    }


def test_lengths_of_cuts_that_add_up_but_for_a_hair_find_their_word() -> None:
    cuts = [Cut("a", 2.32), Cut("b", 2.01), Cut("c", 2.01), Cut("d", 1.66)]
    shot = Shot("A thriller.", cuts=cuts)

    assert shot.length != 8
    assert asked("2.0", shot)[1]["duration"] == "8"


def test_cuts_of_which_one_says_no_length_leave_it_to_the_model() -> None:
    cuts = [Cut("A door opens", 3), Cut("A face")]

    _, payload = asked("2.0", Shot("A thriller.", cuts=cuts))

    assert payload["duration"] == "auto"
    assert payload["prompt"] == (
        "A thriller.\nShot 1 (0-3 s): A door opens\nShot 2: A face"
    )


def test_cuts_without_a_length_get_room_where_the_model_does_not_decide() -> None:
    cuts = [Cut("A door opens", 3), Cut("A face")]

    _, payload = asked("1.5-pro", Shot("A thriller.", cuts=cuts))

    assert payload["duration"] == "8"


def test_a_models_own_parameters_are_passed_on() -> None:
    own = {"codec": "H265", "bitrate_mode": "high", "task": "editing"}
    shot = Shot(
        "Make it snow", references=[Media(MOVE, Kind.VIDEO)], options={"fal": own}
    )

    assert asked("2.5", shot) == (
        "bytedance/seedance-2.5/reference-to-video",
        {
            "prompt": "Make it snow",
            "video_urls": [MOVE],
            "codec": "H265",
            "bitrate_mode": "high",
            "task": "editing",
            "duration": "auto",
            "resolution": "720p",
            "generate_audio": True,
        },
    )
