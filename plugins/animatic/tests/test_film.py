from __future__ import annotations

import errno
import json
import os
import signal
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from shotcaller_animatic import files, render
from shotcaller_animatic.order import SceneSpec, Spec

Order = Callable[..., Spec]
Render = Callable[[Spec], Path]
Picture = Callable[[str, tuple[int, int, int]], str]


def atoms(path: Path) -> list[str]:
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        names.append(name.decode())
        at += length
    return names


def frames(path: Path) -> list[Any]:
    with av.open(path) as clip:
        return [frame.to_ndarray() for frame in clip.decode(video=0)]


@pytest.mark.parametrize(
    ("size", "count"), [((854, 480), 24), ((480, 854), 36), ((480, 480), 25)]
)
def test_the_clip_is_what_was_ordered(
    order: Order, rendered: Render, size: tuple[int, int], count: int
) -> None:
    folder = rendered(order("sea at sunset", count, size=size, slate=True))

    with av.open(folder / files.CLIP) as clip:
        (stream,) = clip.streams
        context = clip.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == size
        assert clip.streams.video[0].average_rate == 24
        assert stream.frames == count
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base * 24 == count
        assert len(list(clip.decode(video=0))) == count
    assert sorted(path.name for path in folder.iterdir()) == [
        files.CLIP,
        files.LOCK,
        files.PROGRESS,
        files.SPEC,
    ]


def test_the_index_comes_before_the_pictures(order: Order, rendered: Render) -> None:
    names = atoms(rendered(order(sound=True)) / files.CLIP)

    assert names.index("moov") < names.index("mdat")


@pytest.mark.parametrize("count", [24, 31, 48])
def test_sound_is_stereo_aac_of_the_same_length(
    order: Order, rendered: Render, count: int
) -> None:
    folder = rendered(order("a street in the rain", count, sound=True))

    with av.open(folder / files.CLIP) as clip:
        stream = clip.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.sample_rate, context.channels) == (
            "aac",
            48_000,
            2,
        )
        assert stream.duration is not None
        assert stream.time_base is not None
        late = stream.duration * stream.time_base * 48_000 - count * 2_000
        assert -48 <= late <= 1_024  # the file counts in milliseconds
        samples = np.concatenate([f.to_ndarray() for f in clip.decode(audio=0)], axis=1)
        assert np.abs(samples).max() > 0.01


def test_the_same_order_gives_the_same_bytes(order: Order, rendered: Render) -> None:
    spec = order("a snowy street at dusk, handheld", 12, sound=True, slate=True)
    one, other = (rendered(spec) / files.CLIP for _ in range(2))

    assert one.read_bytes() == other.read_bytes()


def test_the_slate_is_drawn_where_it_is_wanted(order: Order, rendered: Render) -> None:
    bare, slated = (
        frames(
            rendered(order("noon hills", 2, size=(320, 180), slate=slate)) / "clip.mp4"
        )
        for slate in (False, True)
    )
    foot = slice(168, 180)  # of the plane of brightness

    assert slated[0][foot].mean() < bare[0][foot].mean() - 20


def test_cuts_are_hard(order: Order, rendered: Render, picture: Picture) -> None:
    white, black = picture("w.png", (255, 255, 255)), picture("b.png", (0, 0, 0))
    scenes = [
        SceneSpec(prompt="static", frames=4, first=white, last=None),
        SceneSpec(prompt="static", frames=3, first=None, last=black),
        SceneSpec(prompt="static", frames=5, first=white, last=black),
    ]
    shown = frames(rendered(order(scenes=scenes)) / files.CLIP)
    means = [round(float(frame[:90].mean()), -1) for frame in shown]

    assert means[:9] == [240, 240, 240, 240, 20, 20, 20, 240, 230]
    assert means[-1] == 20


def failure(folder: Path) -> dict[str, str]:
    assert not (folder / files.CLIP).exists()
    assert not os.path.lexists(folder / files.PART)
    found: dict[str, str] = json.loads((folder / files.FAILED).read_text())
    return found


@pytest.mark.parametrize("content", [b"", b"no picture", None])
def test_a_picture_that_cannot_be_read_is_named(
    order: Order, rendered: Render, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "broken.png"
    if content is not None:
        path.write_bytes(content)
    scene = SceneSpec(prompt="a", frames=3, first=str(path), last=None)
    failed = failure(rendered(order(scenes=[scene], sound=True)))

    assert failed["code"] == "image"
    assert failed["reason"].startswith(f"The picture {str(path)!r} ")


def test_a_truncated_picture_is_named(
    order: Order, rendered: Render, picture: Picture
) -> None:
    path = Path(picture("cut.jpg", (9, 99, 199)))
    path.write_bytes(path.read_bytes()[:-400])
    scene = SceneSpec(prompt="a", frames=3, first=str(path), last=None)

    assert "cannot be read" in failure(rendered(order(scenes=[scene])))["reason"]


@pytest.mark.parametrize("sound", [False, True])
def test_a_full_disk_is_told_and_leaves_nothing(
    order: Order, tmp_path: Path, sound: bool
) -> None:
    files.write(tmp_path / files.SPEC, order("sea", 48, size=(640, 360), sound=sound))
    (tmp_path / files.PART).symlink_to("/dev/full")

    assert render.main([str(tmp_path)]) == 1
    assert failure(tmp_path) == {
        "reason": "The disk is full: the draft could not be written.",
        "code": "disk",
    }


def test_an_order_that_makes_no_sense_is_told(order: Order, rendered: Render) -> None:
    failed = failure(rendered(order(size=(161, 91))))

    assert failed["code"] == "renderer"
    assert failed["reason"].startswith("The renderer failed: ")


def test_a_clip_that_is_there_is_not_rendered_again(tmp_path: Path) -> None:
    (tmp_path / files.CLIP).write_bytes(b"kept")

    assert render.main([str(tmp_path)]) == 0
    assert (tmp_path / files.CLIP).read_bytes() == b"kept"


def test_a_second_renderer_leaves_without_a_word(
    order: Order, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    files.write(tmp_path / files.SPEC, order())
    with files.locked(tmp_path) as lock:
        assert lock is not None
        assert render.main([str(tmp_path)]) == 0

    assert not (tmp_path / files.CLIP).exists()
    assert capfd.readouterr() == ("", "")


def test_a_renderer_that_was_born_with_the_lock_uses_it(
    order: Order, tmp_path: Path
) -> None:
    files.write(tmp_path / files.SPEC, order())
    with files.locked(tmp_path) as lock:
        assert render.main([str(tmp_path), str(lock)]) == 0

    assert (tmp_path / files.CLIP).exists()


def test_a_cancelled_draft_ends_before_its_first_frame(
    order: Order, tmp_path: Path
) -> None:
    files.write(tmp_path / files.SPEC, order())
    (tmp_path / files.CANCELLED).touch()

    assert render.main([str(tmp_path)]) == 1
    assert {path.name for path in tmp_path.iterdir()} == {
        "cancelled",
        "lock",
        "spec.json",
    }


def test_a_terminated_renderer_takes_its_half_clip_away(
    order: Order, tmp_path: Path
) -> None:
    files.write(tmp_path / files.SPEC, order("sea", 1440, size=(640, 360)))
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()

    assert render.main([str(tmp_path)]) == 1
    assert {path.name for path in tmp_path.iterdir()} == {
        "lock",
        "progress.json",
        "spec.json",
    }
    assert signal.getsignal(signal.SIGTERM) == before


def test_no_error_of_the_disk_is_taken_for_another() -> None:
    assert render.reason(OSError(errno.ENOSPC, "full"))[1] == "disk"
    assert render.reason(OSError(errno.EIO, "broken"))[1] == "renderer"
