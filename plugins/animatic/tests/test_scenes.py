from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from av import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from shotcaller_animatic.cels import Planes, planes_of
from shotcaller_animatic.palette import PALETTES
from shotcaller_animatic.picture import dissolve, opened, pictured, transition
from shotcaller_animatic.scene import painted

SIZE = (160, 90)
PROMPTS = [
    "A drone shot over a coastal city at sunset, sailboat, gulls",
    "tropical beach with palm trees, pan left",
    "a rainy harbour at night, crane up",
    "forest in snow, pan right",
    "a foggy forest by a lake at dawn, orbit",
    "desert at night with a cactus, a traveller, tilt down",
    "dunes at sunset, drone",
    "city street at dusk, neon, handheld",
    "a street by day, a man, tracking left",
    "snowy mountains, a hiker, zoom out",
    "green hills, tilt up",
    "an aerial view of a meadow, pull back",
    "coffee shop interior at night, a barista, truck right",
    "library inside, push in",
    "a planet in deep space, orbit",
    "overcast sea, static",
    "海边",
]


def frame(draw: Callable[[Planes, int], None], index: int, fill: int) -> list[bytes]:
    canvas = VideoFrame(*SIZE, "nv12")
    planes = planes_of(canvas)
    for plane in planes:
        plane[:] = fill
    draw(planes, index)
    return [plane.tobytes() for plane in planes]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_pixel_of_every_frame_is_drawn(prompt: str) -> None:
    on_black, on_white = (painted(prompt, SIZE, 12, 3) for _ in range(2))
    for index in (0, 6, 11):
        dark = frame(on_black.draw, index, 0)

        assert dark == frame(on_white.draw, index, 255)
        assert np.ptp(np.frombuffer(dark[0], np.uint8)) > 20


@pytest.mark.parametrize("size", [(90, 160), (90, 90), (210, 90), (64, 48)])
@pytest.mark.parametrize("prompt", PROMPTS[:1] + PROMPTS[7:8] + PROMPTS[12:13])
def test_every_shape_of_frame_can_be_painted(
    prompt: str, size: tuple[int, int]
) -> None:
    canvas = VideoFrame(*size, "nv12")
    planes = planes_of(canvas)
    planes.y[:] = 0
    painted(prompt, size, 2, 1).draw(planes, 1)

    assert int(planes.y.max()) - int(planes.y.min()) > 20


def test_the_seed_varies_the_scenery_and_nothing_else_does() -> None:
    once, again, other = (
        frame(painted("a city", SIZE, 2, seed).draw, 1, 0) for seed in (1, 1, 2)
    )

    assert once == again
    assert once != other


def test_a_seed_may_be_as_large_as_a_shot_allows() -> None:
    assert painted("a hill", (64, 36), 1, 2**63 - 1).cels


@pytest.mark.parametrize("light", sorted(PALETTES))
def test_the_light_sets_the_brightness(light: str) -> None:
    words = {"day": "noon", "overcast": "cloudy"}
    planes = frame(
        painted(f"hills at {words.get(light, light)}", SIZE, 1, 1).draw, 0, 0
    )
    mean = np.frombuffer(planes[0], np.uint8).mean()

    assert (mean < 80) == (light in {"night", "dusk"})


def test_near_things_move_more_than_far_ones() -> None:
    scene = painted("forest, tracking right", SIZE, 24, 1)
    depths = [layer.near for layer in scene.cels]

    assert len({*depths}) >= 6
    assert scene.path[0].truck < scene.path[-1].truck


def drawn(prompt: str, indices: range) -> list[NDArray[np.int64]]:
    scene = painted(prompt, SIZE, 24, 1)
    lights = [frame(scene.draw, index, 0)[0] for index in indices]
    return [np.frombuffer(light, np.uint8).astype(np.int64) for light in lights]


def test_what_moves_is_drawn_anew_in_every_frame() -> None:
    prompt = "green hills, fast pan left"
    last = drawn(prompt, range(24))[-1]

    assert (last == drawn(prompt, range(23, 24))[0]).all()


def test_what_hardly_moves_is_kept_for_no_more_than_half_a_pixel() -> None:
    prompt = "a library inside, slow push in"
    shown = drawn(prompt, range(24))
    fresh = [drawn(prompt, range(i, i + 1))[0] for i in range(24)]
    off = [np.abs(a - b) for a, b in zip(shown, fresh, strict=True)]

    assert any(each.any() for each in off)
    assert max(each.mean() for each in off) < 2
    assert len({each.tobytes() for each in shown}) > 8


def test_a_static_shot_of_a_room_stands_still() -> None:
    scene = painted("a kitchen, locked-off", SIZE, 12, 1)

    assert frame(scene.draw, 0, 0) == frame(scene.draw, 11, 0)


def test_snow_falls_before_a_static_camera() -> None:
    scene = painted("snow on hills, static camera", SIZE, 12, 1)

    assert frame(scene.draw, 0, 0) != frame(scene.draw, 1, 0)


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("grey.png", np.array([[0, 128 * 257, 65_535]], np.uint16), [0, 128, 255]),
        ("grey.tif", np.array([[0, 128 * 257, 65_535]], np.int32), [0, 128, 255]),
        ("more.tif", np.array([[-9, 50_000, 100_000]], np.int32), [0, 128, 255]),
        ("light.tif", np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        ("lamp.tif", np.array([[np.nan, 1, 2]], np.float32), [0, 128, 255]),
    ],
)
def test_a_picture_of_more_than_8_bits_keeps_its_greys(
    tmp_path: Path, name: str, values: NDArray[Any], shown: list[int]
) -> None:
    Image.fromarray(values).save(tmp_path / name)

    found = np.asarray(opened(str(tmp_path / name)))

    assert found[0].tolist() == [[value] * 3 for value in shown]


def test_a_picture_is_moved_over(
    picture: Callable[[str, tuple[int, int, int]], str],
) -> None:
    red = picture("red.png", (255, 0, 0))
    for move in ("zoom in", "pan left", "static", "a dog", "drone"):
        scene = pictured(red, move, SIZE, 6)
        _, uv = (np.frombuffer(p, np.uint8) for p in frame(scene.draw, 5, 0))

        assert {*uv[0::2]} == {102}
        assert {*uv[1::2]} == {240}


def test_a_transition_starts_on_one_picture_and_ends_on_the_other(
    picture: Callable[[str, tuple[int, int, int]], str],
) -> None:
    black, white = picture("a.png", (0, 0, 0)), picture("b.jpg", (255, 255, 255))
    change = transition(black, white, SIZE, 25)
    means = [
        np.frombuffer(frame(change.draw, index, 99)[0], np.uint8).mean()
        for index in (0, 12, 24)
    ]

    assert means == pytest.approx([16, 125.5, 235], abs=1)


def test_a_transition_of_one_frame_is_the_first_picture(
    picture: Callable[[str, tuple[int, int, int]], str],
) -> None:
    black, white = picture("a.png", (0, 0, 0)), picture("b.png", (255, 255, 255))
    y = frame(transition(black, white, SIZE, 1).draw, 0, 99)[0]

    assert set(y) == {16}


def test_a_dissolve_is_soft_at_both_ends() -> None:
    assert [dissolve(share) for share in (0, 0.2, 0.5, 0.8, 1)] == pytest.approx(
        [0, 0, 0.5, 1, 1]
    )
