from __future__ import annotations

import math
from pathlib import PurePosixPath
from typing import Any

import pytest

from shotcaller.shot import Kind, Media, Shot, media
from tests.core.refusals import refused


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a.PNG", Kind.IMAGE),
        ("clip.MOV", Kind.VIDEO),
        ("https://a.test/x/voice.wav?sig=1.png", Kind.SOUND),
        (PurePosixPath("a") / "b.jpeg", Kind.IMAGE),
        ("what?.mp3", Kind.SOUND),
        ("//[x/a.gif", Kind.IMAGE),
    ],
)
def test_the_kind_is_read_from_the_names_ending(source: Any, kind: Kind) -> None:
    found = media(source)

    assert found.kind is kind
    assert found.source == str(source)


def test_the_kind_can_be_said() -> None:
    assert media("noending", Kind.VIDEO) == Media("noending", Kind.VIDEO)
    assert Media("a", "sound").kind is Kind.SOUND


@pytest.mark.parametrize("seconds", [-100.0, 0, math.nan, math.inf, 1e300, True, "4"])
def test_a_length_that_no_video_has_lowers_no_quote(seconds: Any) -> None:
    error = refused(Media, source="a", kind="video", seconds=seconds)

    assert error.message == (
        f"seconds: {seconds!r} is no length of a video in seconds."
    )


def test_a_kind_that_is_none_is_refused() -> None:
    error = refused(Media, source="a", kind="smell")

    assert error.message == "kind: 'smell' is not image, video or sound."


def test_media_whose_content_is_known_need_no_name() -> None:
    known = Media("", Kind.IMAGE, sha256="ab")

    assert Shot("a", image=known).image == known


@pytest.mark.parametrize(
    ("source", "local"),
    [
        ("a.png", True),
        ("/a/b.png", True),
        ("C:\\a.png", True),
        ("file.with:colon", True),
        ("//[x", True),
        ("http://a.test/x", False),
        ("HTTPS://a.test/x", False),
        ("data:image/png;base64,AA==", False),
    ],
)
def test_media_are_local_unless_they_are_a_web_address(
    source: str, local: bool
) -> None:
    assert Media(source, Kind.IMAGE).local is local
