from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import Cut, Kind, Media, Refused, Shot
from shotcaller_animatic.spec import RATIOS, RESOLUTIONS, size, spec


@pytest.mark.parametrize(
    ("ratio", "resolution", "expected"),
    [
        ("16:9", "480p", (854, 480)),
        ("16:9", "720p", (1280, 720)),
        ("16:9", "1080p", (1920, 1080)),
        ("9:16", "720p", (720, 1280)),
        ("1:1", "1080p", (1080, 1080)),
        ("4:3", "480p", (640, 480)),
        ("3:4", "720p", (720, 960)),
        ("21:9", "480p", (1120, 480)),
        ("21:9", "1080p", (2520, 1080)),
    ],
)
def test_sizes(ratio: str, resolution: str, expected: tuple[int, int]) -> None:
    assert size(ratio, resolution) == expected


def test_every_size_is_even_with_the_short_side_exact() -> None:
    for ratio in RATIOS:
        for resolution, short in RESOLUTIONS.items():
            width, height = size(ratio, resolution)

            assert min(width, height) == short
            assert (width % 2, height % 2) == (0, 0)


def test_what_a_shot_leaves_open() -> None:
    order = spec(Shot("a hill"), "0123456789abcdef")

    assert order["scenes"] == [
        {"prompt": "a hill", "frames": 120, "first": None, "last": None}
    ]
    assert (order["width"], order["height"]) == (1280, 720)
    assert (order["take"], order["sound"], order["slate"]) == ("01234567", True, True)
    assert order["negative"] == ""


def test_the_take_seeds_what_the_shot_does_not() -> None:
    shot = Shot("a hill")

    assert spec(shot, "a")["seed"] == spec(shot, "a")["seed"]
    assert spec(shot, "a")["seed"] != spec(shot, "b")["seed"]
    assert spec(Shot("a hill", seed=7), "a")["seed"] == 7


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (4000, 3000, (960, 720)),
        (1080, 1920, (720, 1280)),
        (500, 510, (720, 720)),
        (None, None, (1280, 720)),
    ],
)
def test_a_picture_gives_the_ratio_where_none_is_asked_for(
    width: int | None, height: int | None, expected: tuple[int, int]
) -> None:
    image = Media("/a.png", Kind.IMAGE, width=width, height=height)
    order = spec(Shot("a hill", image=image), "k")

    assert (order["width"], order["height"]) == expected


@pytest.mark.parametrize("off", [False, "false", "no", "off", 0])
def test_the_slate_can_be_switched_off(off: bool | str | int) -> None:
    assert spec(Shot("a", options={"animatic": {"slate": off}}), "k")["slate"] is False


def test_cuts_share_the_time_that_is_left() -> None:
    cuts = (Cut("one", 2), Cut("two"), Cut("three"))
    order = spec(Shot("all", seconds=5, cuts=cuts), "k")

    assert [scene["frames"] for scene in order["scenes"]] == [48, 36, 36]


def test_cuts_without_a_length_have_the_usual_one() -> None:
    order = spec(Shot("all", cuts=(Cut("one", 2), Cut("two"))), "k")

    assert [scene["frames"] for scene in order["scenes"]] == [48, 120]


@given(st.lists(st.floats(0.5, 5), min_size=1, max_size=12))
def test_cuts_add_up_to_the_length_of_all(lengths: list[float]) -> None:
    total = sum(lengths)
    if not 1 <= total <= 60:
        return
    cuts = tuple(Cut("a", length) for length in lengths)
    order = spec(Shot("all", cuts=cuts), "k")

    assert sum(scene["frames"] for scene in order["scenes"]) == round(total * 24)


def test_pictures_stand_at_the_two_ends() -> None:
    cuts = (Cut("one", 2), Cut("two", 2))
    shot = Shot("all", cuts=cuts, image="/a.png", last_image="/b.png")
    ends = [(scene["first"], scene["last"]) for scene in spec(shot, "k")["scenes"]]

    assert ends == [("/a.png", None), (None, "/b.png")]


def test_a_picture_by_url_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        spec(Shot("a", image="https://example.org/a.png"), "k")

    assert str(caught.value) == (
        "The animatic gateway reads files on this machine, not "
        "'https://example.org/a.png'. Download it, and name the file."
    )
    assert (caught.value.reason, caught.value.charged) == ("url", "no")


@pytest.mark.parametrize(
    "shot",
    [
        Shot("a", seconds=0.5),
        Shot("a", seconds=61),
        Shot("a", cuts=tuple(Cut("b") for _ in range(13))),
        Shot("a", seconds=4, cuts=(Cut("b", 4), Cut("c", 0.01))),
    ],
)
def test_lengths_that_cannot_be_drawn_are_refused(shot: Shot) -> None:
    with pytest.raises(Refused, match="The animatic draws 1 to 60 seconds"):
        spec(shot, "k")
