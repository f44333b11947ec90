from __future__ import annotations

import numpy as np
import pytest
from av import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from shotcaller_animatic.camera import Pose
from shotcaller_animatic.cels import FINE, Cel, Planes, Sheet, cel, planes_of
from shotcaller_animatic.stand import Sight, Stand, aim, corners, lay, sight

STAND = Stand(64, 36, 80, 48, 22.0)
AWAY = 1e-6

shares = st.floats(-0.3, 0.3)
poses = st.builds(
    Pose,
    pan=shares,
    tilt=shares,
    truck=shares,
    lift=shares,
    zoom=st.floats(1, 1.5),
    dolly=st.floats(0, 1.3),
    pivot=st.floats(0, 0.5),
)


def sheets(wide: int, high: int) -> tuple[Sheet, Sheet]:
    light = Sheet(np.zeros((FINE * high, FINE * wide), np.uint8), 0)
    return light, Sheet(np.zeros((high, wide), np.uint16), 0)


def blank(near: float, left: float, top: float, size: tuple[int, int]) -> Cel:
    return Cel(*sheets(*size), top, left, near, drift=3.0, bob=2.0)


@given(
    poses,
    st.floats(0, 1),
    st.tuples(st.floats(-60, 60), st.floats(-60, 60)),
    st.tuples(st.integers(1, 90), st.integers(1, 60)),
    st.floats(0, 60),
)
def test_each_pixel_shows_the_sample_behind_its_middle(
    pose: Pose,
    near: float,
    corner: tuple[float, float],
    size: tuple[int, int],
    at: float,
) -> None:
    left, top = corner
    layer = blank(near, left, top, size)
    seen = aim(STAND, layer, pose, at)
    x, y = sight(STAND, layer, pose, at)
    cases = [
        (seen.columns, x, left, FINE * size[0], FINE, 64, 1),
        (seen.rows, y, top, FINE * size[1], FINE, 36, 1),
        (seen.half_columns, x, left, size[0], 1, 32, 2),
        (seen.half_rows, y, top, size[1], 1, 18, 2),
    ]
    for (where, part), line, start, length, samples, lines, wide in cases:
        middles = line.start + line.step * wide * (np.arange(lines) + 0.5)
        place = (middles - start) * samples
        inside = np.zeros(lines, bool)
        inside[where] = True

        assert len(part) == where.stop - where.start
        assert ((part >= 0) & (part < length)).all()
        assert (np.abs(place[inside] - part - 0.5) <= 0.5 + AWAY).all()
        outside = place[~inside]
        assert ((outside < AWAY) | (outside > length - AWAY)).all()


@given(poses, st.floats(0, 1), st.floats(0, 60))
def test_the_corners_are_the_sides_of_what_is_seen(
    pose: Pose, near: float, at: float
) -> None:
    layer = blank(near, 0, 0, (80, 48))
    x, y = sight(STAND, layer, pose, at)
    left, top, right, bottom = corners(STAND, layer, pose, at)

    assert (Sight(left, x.step), Sight(top, y.step)) == (x, y)
    assert (right - left, bottom - top) == pytest.approx((64 * x.step, 36 * y.step))


def test_a_camera_at_rest_sees_the_middle_of_the_stage() -> None:
    assert corners(STAND, blank(1.0, 0, 0, (80, 48)), Pose(), 0)[::2] == (8, 72)
    still = Cel(*sheets(80, 48), 0, 0, 0.5)
    assert corners(STAND, still, Pose(), 0) == (8, 6, 72, 42)
    assert corners(STAND, still, Pose(zoom=2), 0) == (24, 15, 56, 33)


def laid(layer: Cel, pose: Pose, limit: int) -> Planes:
    planes = planes_of(VideoFrame(64, 36, "nv12"))
    planes.y[:], planes.uv[:] = 40, 200
    lay(planes, layer, aim(STAND, layer, pose, 0), limit)
    return planes


@pytest.mark.parametrize(
    ("cover", "y", "uv"),
    [(None, 235, 128), (255, 235, 128), (128, 138, 164), (0, 40, 200)],
)
def test_a_cel_hides_what_is_behind_it_by_its_cover(
    cover: int | None, y: int, uv: int
) -> None:
    white = np.full((48, 80, 3), 255, np.uint8)
    alpha = None if cover is None else np.full((48, 80), cover, np.uint8)
    planes = laid(cel(white, alpha, (0, 0, 80, 48), 0.5), Pose(dolly=0.4), 20)

    assert planes.y[:20].min() >= y - 2
    assert planes.y[:20].max() <= y + 2
    assert planes.uv[:11].min() >= uv - 2
    assert planes.uv[:11].max() <= uv + 2
    assert (planes.y[20:] == 40).all()
    assert (planes.uv[11:] == 200).all()


def test_both_colours_are_where_they_belong() -> None:
    red = np.zeros((48, 80, 3), np.uint8)
    red[:, :, 0] = 255
    for alpha in (None, np.full((48, 80), 240, np.uint8)):
        planes = laid(cel(red, alpha, (0, 0, 80, 48), 0.5), Pose(pan=0.05), 36)

        assert np.abs(planes.uv[:, 0::2].astype(int) - 102).max() < 8
        assert np.abs(planes.uv[:, 1::2].astype(int) - 240).max() < 8


def test_two_pixels_may_show_one_sample() -> None:
    close = Pose(zoom=1.5, dolly=1.3)
    speck = cel(np.full((1, 1, 3), 255, np.uint8), None, (39.8, 22, 1, 1), 1.0)
    y = laid(speck, close, 36).y

    assert 4 <= (y == 235).sum() <= 16
    assert ((y == 235) | (y == 40)).all()


def test_what_is_rounded_stays_within_the_cel() -> None:
    layer = Cel(*sheets(23, 10), top=0.0, left=38.2, near=1.0)
    where, part = aim(STAND, layer, Pose(zoom=1.25), 0).columns

    assert len(part) == where.stop - where.start
    assert part[-1] == 2 * 23 - 1
