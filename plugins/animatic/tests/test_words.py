from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller_animatic import words


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("Pan left across a harbour", ("pan-left",)),
        ("the camera pans slowly to the left", ("pan-left",)),
        ("a leftward pan", ("pan-left",)),
        ("a rightward pan", ("pan-right",)),
        ("a downward tilt", ("tilt-down",)),
        ("panning right", ("pan-right",)),
        ("a slow pan over the valley", ("pan-right",)),
        ("tilt up to the tower", ("tilt-up",)),
        ("the camera tilts down", ("tilt-down",)),
        ("zoom in on the door", ("zoom-in",)),
        ("zooming slowly out", ("zoom-out",)),
        ("push in on her face", ("push-in",)),
        ("dolly in", ("push-in",)),
        ("the camera moves closer", ("push-in",)),
        ("pull back to reveal the city", ("pull-back",)),
        ("dolly out", ("pull-back",)),
        ("crane up over the roofs", ("crane-up",)),
        ("crane down to the street", ("crane-down",)),
        ("the camera descends", ("crane-down",)),
        ("orbit around the statue", ("orbit",)),
        ("tracking left beside the runner", ("truck-left",)),
        ("tracking shot of a runner", ("truck-right",)),
        ("A drone shot over a coastal city", ("drone",)),
        ("aerial flyover", ("drone",)),
        ("bird's-eye view", ("drone",)),
        ("handheld, documentary style", ("handheld",)),
        ("locked-off shot", ("static",)),
        ("static camera, no zoom in", ("static",)),
        ("pan left and zoom in", ("pan-left", "zoom-in")),
        ("a japanese garden", ("drift",)),
        ("a pancake on a train track", ("drift",)),
    ],
)
def test_camera_moves_are_read_from_the_prompt(
    prompt: str, moves: tuple[str, ...]
) -> None:
    assert words.moves(prompt) == moves


@pytest.mark.parametrize(
    ("prompt", "pace"), [("slow pan", 0.7), ("whip pan", 1.3), ("pan", 1.0)]
)
def test_the_pace_is_read_too(prompt: str, pace: float) -> None:
    assert words.pace(prompt) == pace


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("coastal city at sunset", ("landscape", ("city",), "sea", "sunset", None)),
        ("forest in snow", ("landscape", ("forest",), "snow", "overcast", "snow")),
        ("night desert", ("landscape", ("dunes",), "sand", "night", None)),
        ("coffee shop interior", ("room", (), "meadow", "day", None)),
        ("a cafe on a street", ("landscape", ("city",), "street", "day", None)),
        ("inside a bar on a street", ("room", ("city",), "street", "day", None)),
        ("deep space, a nebula", ("space", (), "meadow", "day", None)),
        ("rainy street at dusk", ("landscape", ("city",), "street", "dusk", "rain")),
        ("mountains at dawn", ("landscape", ("mountain",), "meadow", "dawn", None)),
        ("foggy hills", ("landscape", ("hills",), "meadow", "overcast", "fog")),
        ("海边的日落", ("landscape", (), "meadow", "day", None)),
    ],
)
def test_a_scene_is_read_from_the_prompt(
    prompt: str, expected: tuple[str, tuple[str, ...], str, str, str | None]
) -> None:
    assert words.read(prompt)[:5] == expected


def test_what_the_negative_prompt_names_is_left_out() -> None:
    assert words.read("a city in the rain", negative="rain").weather is None


def test_palm_trees_are_no_forest() -> None:
    reading = words.read("palm trees on a beach")

    assert (reading.reliefs, reading.props) == ((), ("palm",))


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_text_can_be_read(prompt: str) -> None:
    reading = words.read(prompt)

    assert set(reading.moves) <= {name for name, _ in words.MOVES} | {"drift"}
