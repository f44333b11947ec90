"""Every model of HeyGen makes a clip, and is asked in HeyGen's own words."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shotcaller import Brief, Shot, State
from shotcaller_emulator.heygen import HeyGen
from tests.core.mp4 import box, movie
from tests.core.pictures import png
from tests.heygen.conftest import Make

VALUES = {
    "heygen/veo-3.1": "veo_3_1",
    "heygen/veo-3.1-fast": "veo_3_1_fast",
    "heygen/veo-3": "veo3",
    "heygen/veo-3-fast": "veo3_fast",
    "heygen/veo-2": "veo2",
    "heygen/kling-pro": "kling_pro",
    "heygen/kling-v2": "kling_v2",
    "heygen/sora-2": "sora_v2",
    "heygen/sora-2-pro": "sora_v2_pro",
    "heygen/runway-gen4": "runway_gen4",
    "heygen/seedance-lite": "seedance_lite",
    "heygen/seedance-pro": "seedance_pro",
    "heygen/ltx-distilled": "ltx_distilled",
}
VIDEO = Brief(model="heygen/video-1", budget="5", fallback=False)


def old(model: str) -> Brief:
    return Brief(model=model, unknown_price=True, fallback=False)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "first.png"
    path.write_bytes(png(160, 90))
    return str(path)


def body(asked: Any) -> Any:
    return json.loads(asked.content)


@pytest.mark.parametrize(("model", "provider"), VALUES.items())
def test_each_old_model_makes_a_clip(
    make: Make, heygen: HeyGen, picture: str, model: str, provider: str
) -> None:
    caller, seen = make()
    framed = model == "heygen/runway-gen4"
    shot = Shot("A paper boat", ratio="9:16", image=picture if framed else None)

    clip = caller.generate(shot, old(model))

    (asked,) = seen.posts("/v1/workflows/executions")
    wanted = {"prompt": "A paper boat", "provider": provider, "aspect_ratio": "9:16"}
    given = body(asked)["input"]
    image = given.pop("reference_image_url", None)
    assert body(asked)["workflow_type"] == "GenerateVideoNode"
    assert given == wanted
    assert (image is not None) is framed
    assert "idempotency-key" not in {name.lower() for name in asked.headers}
    assert (clip.width, clip.height) == (720, 1280)
    (line,) = heygen.settled
    assert clip.receipt.facts == {
        "execution_id": line.request_id,
        "video_id": f"video-{line.request_id[-6:]}",
        "asset_id": f"asset-{line.request_id[-6:]}",
    }
    assert heygen.leaks == ()


def test_an_old_model_is_given_both_frames_and_overrides(
    make: Make, heygen: HeyGen, picture: str, tmp_path: Path
) -> None:
    last = tmp_path / "last.png"
    last.write_bytes(png(80, 45))
    caller, seen = make()
    shot = Shot(
        "It sails off",
        image=picture,
        last_image=str(last),
        options={"heygen": {"config": {"tier": "x"}}},
    )

    caller.generate(shot, old("heygen/kling-pro"))

    (asked,) = seen.posts("/v1/workflows/executions")
    given = body(asked)["input"]
    stored = [file for path, file in heygen.account.files.items() if "png" in path]
    assert given["config"] == {"tier": "x"}
    assert given["reference_image_url"].endswith(".png")
    assert given["tail_image_url"].endswith(".png")
    assert given["reference_image_url"] != given["tail_image_url"]
    assert [file.content for file in stored] == [png(160, 90), png(80, 45)]


def test_video_1_makes_a_clip_from_words(make: Make, heygen: HeyGen) -> None:
    caller, seen = make()
    shot = Shot("A paper boat", seconds=10, ratio="9:16", resolution="1080p", seed=7)

    clip = caller.generate(shot, VIDEO)

    (asked,) = seen.posts("/v3/models/videos")
    assert body(asked) == {
        "model": "heygen-video-1",
        "mode": "text_to_video",
        "prompt": "A paper boat",
        "duration": 10,
        "resolution": "1080p",
        "aspect_ratio": "9:16",
        "seed": 7,
    }
    assert (clip.seconds, clip.width, clip.height, clip.sound) == (10, 1080, 1890, True)
    assert clip.receipt.warnings == ()
    assert clip.receipt.cost.quoted == Decimal("0.60")
    assert heygen.billed == Decimal("0.60")
    assert clip.receipt.facts["seed"] == 7


def test_video_1_starts_from_a_file(make: Make, heygen: HeyGen, picture: str) -> None:
    caller, seen = make()

    clip = caller.generate(Shot("It sails", image=picture), VIDEO)

    (sent,) = seen.posts("/v3/assets")
    (asked,) = seen.posts("/v3/models/videos")
    (asset,) = heygen.account.assets
    assert str(sent.headers["Content-Type"]).startswith("multipart/form-data; ")
    assert b"first.png" not in sent.content  # type: ignore[operator]
    assert body(asked) == {
        "model": "heygen-video-1",
        "mode": "image_to_video",
        "prompt": "It sails",
        "duration": 5,
        "resolution": "768p",
        "image": {"type": "asset_id", "asset_id": asset},
    }
    assert clip.receipt.attempts[-1].state is State.DONE


def test_video_1_is_guided_by_files_small_and_large(
    make: Make, heygen: HeyGen, picture: str, tmp_path: Path
) -> None:
    film = tmp_path / "long.mp4"
    film.write_bytes(movie(7) + box(b"free", bytes(33_000_000)))
    caller, seen = make()

    clip = caller.generate(Shot("They meet", references=[picture, str(film)]), VIDEO)

    (asked,) = seen.posts("/v3/models/videos")
    small, large = heygen.account.assets
    assert body(asked) == {
        "model": "heygen-video-1",
        "mode": "reference_to_video",
        "prompt": "They meet",
        "duration": 5,
        "resolution": "768p",
        "reference_images": [{"type": "asset_id", "asset_id": small}],
        "reference_videos": [{"type": "asset_id", "asset_id": large}],
    }
    (put,) = (asked for asked in seen.asked if asked.method == "PUT")
    assert "x-api-key" not in {name.lower() for name in put.headers}
    assert clip.receipt.cost.quoted == Decimal("0.24")  # its 7 s are charged as well
    assert heygen.leaks == ()


def test_a_cinematic_avatar_makes_a_clip(make: Make, heygen: HeyGen) -> None:
    caller, seen = make()
    options = {"heygen": {"avatar_id": ["look_1"]}}
    brief = Brief(model="heygen/cinematic-avatar", budget="7", fallback=False)

    clip = caller.generate(Shot("She runs", seconds=6, options=options), brief)

    (asked,) = seen.posts("/v3/videos")
    assert body(asked) == {
        "type": "cinematic_avatar",
        "prompt": "She runs",
        "avatar_id": ["look_1"],
        "duration": 6,
        "resolution": "720p",
        "aspect_ratio": "16:9",
    }
    assert clip.seconds == 6
    assert heygen.billed == Decimal("7.00")


def test_the_agent_makes_a_film_where_it_is_named(make: Make, heygen: HeyGen) -> None:
    caller, seen = make()

    clip = caller.generate(
        Shot("Tell of boats", ratio="9:16"), old("heygen:video-agent")
    )

    (asked,) = seen.posts("/v3/video-agents")
    assert body(asked) == {
        "prompt": "Tell of boats",
        "mode": "generate",
        "orientation": "portrait",
    }
    assert (clip.width, clip.height) == (720, 1280)
    assert len(heygen.settled) == 1


def test_the_account_is_asked_for_nothing_but_words(make: Make) -> None:
    rich, _ = make(HeyGen(lambda film: None, balance=Decimal("12.50")))
    poor, _ = make(HeyGen(lambda film: None, balance=Decimal(0)))
    strange, _ = make(HeyGen(lambda film: None, keys=["another"]))

    (good,) = rich.check()
    (empty,) = poor.check()
    (unknown,) = strange.check()

    assert (good.grade, good.message) == (
        "good",
        "the key is good; 12.5 usd are left in the API wallet",
    )
    assert empty.grade == "bad"
    assert unknown.grade == "bad"
    assert unknown.message == (
        "HeyGen answered 401 (unauthorized): The API key is missing or not valid."
        " Set HEYGEN_API_KEY to a key of your account."
    )
