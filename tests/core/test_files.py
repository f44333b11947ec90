from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import files
from shotcaller.shot import Kind, Media, Shot
from tests.core import mp4, pictures
from tests.core.refusals import refused

NOWHERE = Path("scratch")


def written(path: Path, data: bytes) -> Media:
    path.write_bytes(data)
    return Media(str(path), Kind.IMAGE)


def test_a_picture_is_measured(tmp_path: Path) -> None:
    data = pictures.png(40, 30)
    given_media = written(tmp_path / "a.png", data)

    found = files.measured(NOWHERE, "image", given_media)

    digest = hashlib.sha256(data).hexdigest()
    source = str((tmp_path / "a.png").resolve())
    assert found == Media(source, Kind.IMAGE, digest, len(data), 40, 30, "image/png")


def test_a_video_has_digest_bytes_size_and_length(tmp_path: Path) -> None:
    data = mp4.movie(1)
    (tmp_path / "v.mp4").write_bytes(data)

    found = files.measured(
        NOWHERE, "references", Media(str(tmp_path / "v.mp4"), Kind.VIDEO)
    )

    assert (found.bytes, found.width, found.height) == (len(data), 1280, 720)
    assert (found.type, found.seconds) == ("video/mp4", 1.0)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_a_video_that_tells_nothing_of_itself_is_still_one(tmp_path: Path) -> None:
    data = mp4.box(b"ftyp", b"qt  ", bytes(4)) + mp4.box(b"mdat", b"pictures")
    (tmp_path / "v.mov").write_bytes(data)
    given_media = Media(str(tmp_path / "v.mov"), Kind.VIDEO)

    found = files.measured(NOWHERE, "references", given_media)

    assert (found.type, found.seconds) == ("video/quicktime", None)
    assert (found.width, found.height) == (None, None)


@pytest.mark.parametrize(
    "data",
    [
        mp4.box(b"ftyp", b"isom", bytes(4)) + mp4.box(b"moov", b"junk"),
        mp4.movie(1)[:60],
    ],
)
def test_a_damaged_video_is_left_to_the_gateway(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "v.mp4").write_bytes(data)

    found = files.measured(
        NOWHERE, "extend", Media(str(tmp_path / "v.mp4"), Kind.VIDEO)
    )

    assert (found.bytes, found.type) == (len(data), "video/mp4")
    assert (found.seconds, found.width, found.height) == (None, None, None)


def test_a_video_in_fragments_does_not_pass_for_one_of_no_length(
    tmp_path: Path,
) -> None:
    (tmp_path / "v.mp4").write_bytes(mp4.movie(0))

    found = files.measured(
        NOWHERE, "extend", Media(str(tmp_path / "v.mp4"), Kind.VIDEO)
    )

    assert found.seconds is None


@pytest.mark.parametrize(
    ("name", "data", "kind", "type_"),
    [
        ("a.jpg", pictures.jpeg(), Kind.IMAGE, "image/jpeg"),
        ("a.gif", pictures.gif(), Kind.IMAGE, "image/gif"),
        ("a.webp", pictures.webp_lossy(), Kind.IMAGE, "image/webp"),
        ("a.webm", b"\x1a\x45\xdf\xa3", Kind.VIDEO, "video/webm"),
        ("a.wav", b"RIFF....WAVE", Kind.SOUND, "audio/wav"),
        ("a.mp3", b"ID3", Kind.SOUND, "audio/mpeg"),
        ("a.m4a", mp4.box(b"ftyp", b"M4A ", bytes(4)), Kind.SOUND, "audio/mp4"),
        ("a.aac", b"\xff\xf1", Kind.SOUND, "audio/aac"),
    ],
)
def test_a_file_is_of_the_type_that_is_named_on_the_wire(
    tmp_path: Path, name: str, data: bytes, kind: Kind, type_: str
) -> None:
    (tmp_path / name).write_bytes(data)

    found = files.measured(NOWHERE, "references", Media(str(tmp_path / name), kind))

    assert found.type == type_
    assert found.seconds is None


def test_a_file_is_known_by_what_is_in_it_not_by_its_name(tmp_path: Path) -> None:
    found = files.measured(
        NOWHERE, "image", written(tmp_path / "a.txt", pictures.gif())
    )

    assert (found.width, found.height) == (4, 3)


def test_a_path_may_begin_with_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path / "a.png", pictures.png())

    found = files.measured(NOWHERE, "image", Media("~/a.png", Kind.IMAGE))

    assert found.source == str((tmp_path / "a.png").resolve())


def test_a_large_file_is_read_in_pieces(tmp_path: Path) -> None:
    data = pictures.jpeg()[:-2] + bytes(3 * 2**20) + b"\xff\xd9"

    found = files.measured(NOWHERE, "image", written(tmp_path / "a.jpg", data))

    assert found.bytes == len(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"not a picture", "is not an image that we know"),
        (mp4.movie(1), "is not an image that we know"),
        (pictures.png()[:-9], "is cut short: its png data has no end"),
        (pictures.jpeg()[:-2], "is cut short: its jpeg data has no end"),
        (pictures.webp_lossy()[:-1], "is cut short: its webp data has no end"),
    ],
)
def test_a_picture_that_is_none_is_refused(
    tmp_path: Path, data: bytes, why: str
) -> None:
    item = written(tmp_path / "a.png", data)

    error = refused(lambda: files.measured(NOWHERE, "last_image", item))

    assert error.message == f"last_image: {item.source!r} {why}."
    assert error.field == "last_image"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Kind.VIDEO, "is not a video that we know"),
        (Kind.SOUND, "is not a sound that we know"),
    ],
)
def test_a_picture_is_no_video_and_no_sound(
    tmp_path: Path, kind: Kind, why: str
) -> None:
    item = evolve(written(tmp_path / "a.png", pictures.png()), kind=kind)

    error = refused(lambda: files.measured(NOWHERE, "references", item))

    assert error.message == f"references: {item.source!r} {why}."


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("missing.png", "does not exist"),
        (".", "is a folder, not a file"),
        ("/dev/null", "cannot be read (it is a device or a pipe)"),
        ("/dev/zero", "cannot be read (it is a device or a pipe)"),
        ("~nobody-of-that-name/a.png", ("cannot be read (Could not determine home "
         "directory.)")),
        ("a\0.png", "cannot be read (no path holds a NUL)"),
        ("x" * 300 + ".png", "cannot be read (File name too long)"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(source: str, why: str) -> None:
    error = refused(lambda: files.measured(NOWHERE, "image", Media(source, Kind.IMAGE)))

    assert error.message.startswith("image: ")
    assert error.message.endswith(f" {why}.")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)

    error = refused(
        lambda: files.measured(NOWHERE, "image", Media(str(pipe), Kind.IMAGE))
    )

    expected = f"image: {str(pipe)!r} cannot be read (it is a device or a pipe)."
    assert error.message == expected


def test_a_takes_folder_is_cleared_even_twice(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    (folder / "x").write_bytes(b"")

    files.cleared(folder)
    files.cleared(folder)

    assert not folder.exists()


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A drone shot over a City!", "a-drone-shot-over-a-city-12345678.mp4"),
        ("../../etc/passwd", "etc-passwd-12345678.mp4"),
        ("..", "clip-12345678.mp4"),
        (".hidden", "hidden-12345678.mp4"),
        ("a\\b/c:d*e?\0f", "a-b-c-d-e-f-12345678.mp4"),
        ("\N{SNOWMAN}\N{PILE OF POO}", "clip-12345678.mp4"),
        ("été à Paris", "été-à-paris-12345678.mp4"),
        ("snake_case", "snake-case-12345678.mp4"),
        ("x" * 500, f"{'x' * 48}-12345678.mp4"),
        ("one " * 100, f"{'-'.join(['one'] * 12)}-12345678.mp4"),
    ],
)
def test_a_clip_is_named_after_the_words_of_its_prompt(prompt: str, name: str) -> None:
    assert files.clip_name(prompt, "1234567890") == name


@given(st.text())
def test_a_clips_name_is_a_name_whatever_the_prompt(prompt: str) -> None:
    name = files.clip_name(prompt, "0123456789abcdef")

    assert not set('/\\:*?"<>|\0\n') & set(name)
    assert not name.startswith((".", "-"))
    assert name.endswith("-01234567.mp4")
    assert len(name.encode()) <= files.LONGEST_NAME
    assert name == Path(name).name
    assert name.isprintable()


@pytest.mark.parametrize(
    "character",
    ["\N{CJK UNIFIED IDEOGRAPH-9AD8}", "\N{MATHEMATICAL FRAKTUR CAPITAL U}", "ß", "İ"],
)
def test_a_clips_name_has_room_whatever_the_script(character: str) -> None:
    name = files.clip_name(character * 1_000, "1234567890")

    assert 50 < len(name.encode()) <= 140


def test_a_measured_picture_makes_a_shot(tmp_path: Path) -> None:
    item = files.measured(
        NOWHERE, "image", written(tmp_path / "a", pictures.webp_lossless())
    )

    assert Shot("a", image=item).image == item
