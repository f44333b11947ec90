from __future__ import annotations

import numpy as np
import pytest
from av import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from shotcaller_animatic import slate
from shotcaller_animatic.cels import planes_of
from shotcaller_animatic.spec import RATIOS, RESOLUTIONS, size

ALL_SIZES = [size(ratio, each) for ratio in RATIOS for each in RESOLUTIONS]


@pytest.mark.parametrize("frame", [*ALL_SIZES, (90, 160), (40, 30)])
def test_both_lines_fit_at_every_size(frame: tuple[int, int]) -> None:
    board = slate.Slate("1a2b3c4d", "A very long prompt " * 40, frame, 1440, 24)
    room = frame[0] - 2 * board.pad

    assert board.font.getlength(board.title) <= room
    if min(frame) >= 480:
        line = f"{slate.NOTICE}  {board.end}"
        assert board.font.getlength(line) <= room


def drawn(board: slate.Slate, frame: tuple[int, int], index: int) -> VideoFrame:
    canvas = VideoFrame(*frame, "nv12")
    for plane in planes_of(canvas):
        plane[:] = 180
    board.draw(planes_of(canvas), index)
    return canvas


@pytest.mark.parametrize("frame", [(854, 480), (480, 854), (1120, 480), (90, 160)])
def test_the_slate_covers_the_foot_of_the_frame_and_no_more(
    frame: tuple[int, int],
) -> None:
    board = slate.Slate("1a2b3c4d", "a hill", frame, 48, 24)
    y, uv = planes_of(drawn(board, frame, 5))

    assert (y[: -board.height] == 180).all()
    assert (uv[: -(board.height // 2)] == 180).all()
    assert y[-board.height :].min() < 90
    assert y[-board.height :].max() > 150


def test_each_frame_shows_its_own_time() -> None:
    board = slate.Slate("1a2b3c4d", "a hill", (320, 180), 48, 24)
    first, other = (planes_of(drawn(board, (320, 180), i))[0] for i in (0, 47))

    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("index", "frames", "expected"),
    [
        (0, 192, "00:00:00  001/192"),
        (191, 192, "00:07:23  192/192"),
        (1439, 1440, "00:59:23  1440/1440"),
        (24 * 61, 1500, "01:01:00  1465/1500"),
    ],
)
def test_the_timecode(index: int, frames: int, expected: str) -> None:
    assert slate.timecode(index, frames, 24) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a hill", "a hill"),
        ("two\n lines\tand  gaps", "two lines and gaps"),
        ("海 and sea", "? and sea"),
        ("\ud800", "?"),
    ],
)
def test_what_the_letters_cannot_show_is_a_question_mark(
    text: str, expected: str
) -> None:
    assert slate.legible(text) == expected


def test_a_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    letters = slate.font(12)
    short = slate.fitted("a hill in the morning", letters, 80)

    assert short.endswith("…")
    assert letters.getlength(short) <= 80 < letters.getlength("a hill in the morning")
    assert slate.fitted("a hill", letters, 1) == ""


@settings(max_examples=10, deadline=None)
@given(st.text())
def test_any_prompt_can_be_written(prompt: str) -> None:
    board = slate.Slate("1a2b3c4d", prompt, (160, 90), 24, 24)

    assert board.font.getlength(board.title) <= 160 - 2 * board.pad
