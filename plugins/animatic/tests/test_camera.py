from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller_animatic import camera

MOVES = st.lists(st.sampled_from(sorted(camera.PATHS)), min_size=1, max_size=3)


def test_a_static_camera_does_not_move() -> None:
    assert set(camera.path(["static"], 48, 2.0, 1.0)) == {camera.Pose()}


def test_a_single_frame_has_a_path_too() -> None:
    assert camera.path(["zoom-in"], 1, 1 / 24, 1.0) == (camera.Pose(),)


@pytest.mark.parametrize(
    ("move", "part", "sign"),
    [
        ("pan-left", "pan", -1),
        ("pan-right", "pan", 1),
        ("tilt-up", "tilt", -1),
        ("tilt-down", "tilt", 1),
        ("zoom-in", "zoom", 1),
        ("zoom-out", "zoom", -1),
        ("push-in", "dolly", 1),
        ("pull-back", "dolly", -1),
        ("crane-up", "lift", -1),
        ("crane-down", "lift", 1),
        ("orbit", "truck", 1),
        ("truck-left", "truck", -1),
        ("truck-right", "truck", 1),
        ("drone", "dolly", 1),
    ],
)
def test_each_move_goes_its_way_all_the_time(move: str, part: str, sign: int) -> None:
    poses = camera.path([move], 96, 4.0, 1.0)
    steps = [sign * getattr(pose, part) for pose in poses]

    assert steps == sorted(steps)
    assert steps[0] < steps[-1]


def test_a_faster_pace_goes_farther() -> None:
    slow = camera.pose(["zoom-in"], 1.0, 4.0, 0.7)
    fast = camera.pose(["zoom-in"], 1.0, 4.0, 1.3)

    assert slow.zoom < fast.zoom


def test_hands_shake() -> None:
    turns = {pose.pan for pose in camera.path(["handheld"], 48, 2.0, 1.0)}

    assert len(turns) == 48
    assert max(abs(turn) for turn in turns) < 0.01


@settings(max_examples=40, deadline=None)
@given(MOVES, st.floats(1, 60), st.floats(0.7, 1.3))
def test_the_stage_is_as_large_as_the_path_needs(
    moves: list[str], seconds: float, pace: float
) -> None:
    poses = camera.path(moves, 24, seconds, pace)
    across, down = camera.margins(poses)

    assert all(pose.zoom >= 1 - 1e-9 and pose.dolly >= -1e-9 for pose in poses)
    assert all(abs(pose.pan + pose.truck) <= across for pose in poses)
    assert all(abs(pose.tilt + pose.lift) <= down for pose in poses)
