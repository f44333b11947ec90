from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import files
from shotcaller.errors import BadInput
from shotcaller.shot import Kind, Media, Shot
from shotcaller.take import Footage
from tests.core import mp4, pictures

NOWHERE = Path("scratch")


@pytest.fixture
def powerless() -> Iterator[Path]:
    """Gives a read-only folder, to a user who is not above such rules."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    above = os.getuid() == 0
    if above:
        os.setresuid(65_534, 65_534, 0)
    yield folder
    if above:
        os.setresuid(0, 0, 0)
    folder.rmdir()


def written(path: Path, data: bytes) -> Media:
    path.write_bytes(data)
    return Media(str(path), Kind.IMAGE)


def refused(call: Callable[[], object]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        call()
    return caught.value


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


def test_an_output_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert files.checked_output(NOWHERE, "a.mp4") == str(tmp_path / "a.mp4")
    assert files.checked_folder(NOWHERE, ".") == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_output_may_climb_where_the_user_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    assert files.checked_output(NOWHERE, f"{tmp_path}/in/../a.mp4") == str(
        tmp_path / "a.mp4"
    )


@pytest.mark.parametrize(
    ("output", "why", "hint"),
    [
        ("", "is a folder", "Name a file in it."),
        (".", "is a folder", "Name a file in it."),
        ("new/", "is a folder", "Name a file in it."),
        ("there.mp4", "exists already", "Choose another name, or move that file away."),
        (
            "x" * 197 + ".mp4",
            "has a name of more than 200 bytes",
            "Shorten it.",
        ),
        (
            "\N{SNOWMAN}" * 66 + ".mp4",
            "has a name of more than 200 bytes",
            "Shorten it.",
        ),
        (
            "x" * 300 + ".mp4",
            "cannot be used (File name too long)",
            "Choose another path.",
        ),
        ("a\0.mp4", "cannot be used (no path holds a NUL)", "Choose another path."),
        (
            "~nobody-of-that-name/a.mp4",
            "cannot be used (Could not determine home directory.)",
            "Choose another path.",
        ),
    ],
)
def test_an_output_that_cannot_be_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    why: str,
    hint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.mp4").write_bytes(b"mine")

    error = refused(lambda: files.checked_output(NOWHERE, output))

    assert error.message.startswith("output: ")
    assert error.message.endswith(f" {why}.")
    assert error.next == hint
    assert error.field == "output"
    assert [path.name for path in tmp_path.iterdir()] == ["there.mp4"]


def test_an_output_that_utf_8_cannot_hold_is_refused(tmp_path: Path) -> None:
    error = refused(lambda: files.checked_output(NOWHERE, f"{tmp_path}/a\udcff.mp4"))

    assert r"a\udcff.mp4' cannot be used (" in error.message
    assert error.message.endswith("surrogates not allowed).")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    for error in (
        refused(lambda: files.checked_output(NOWHERE, f"{folder}/a.mp4")),
        refused(lambda: files.checked_folder(NOWHERE, str(folder))),
    ):
        expected = f" cannot be made: {folder} is not a folder."
        assert error.message.endswith(expected)
        assert error.next == "Make it first."
    assert not folder.exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    error = refused(lambda: files.checked_output(NOWHERE, f"{tmp_path}/file/a.mp4"))

    assert error.message.endswith(f" cannot be made: {tmp_path}/file is not a folder.")


@pytest.mark.skipif(os.name == "nt", reason="users have no numbers there")
def test_a_folder_that_is_read_only_is_refused(powerless: Path) -> None:
    error = refused(lambda: files.checked_folder(NOWHERE, str(powerless)))

    expected = f" cannot be written: {powerless} is read-only."
    assert error.message.endswith(expected)
    assert error.next == "Choose another folder with --output."


def test_a_disk_that_is_nearly_full_is_refused_before_anything_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(files, "SPARE_BYTES", free + 2**40)

    error = refused(lambda: files.checked_output(NOWHERE, str(tmp_path / "a.mp4")))

    assert " has too little room: " in error.message
    assert error.message.endswith(f"{(free + 2**40) // 2**20} are needed.")
    assert error.next == "Free some space."


def delivered(path: Path, data: bytes = b"clip") -> Footage:
    path.write_bytes(data)
    return Footage(str(path), len(data), hashlib.sha256(data).hexdigest())


def test_a_clip_is_present_while_it_is_as_it_was_delivered(tmp_path: Path) -> None:
    path = tmp_path / "c.mp4"
    footage = delivered(path)

    assert files.present(NOWHERE, footage)
    path.write_bytes(b"pilc")
    assert not files.present(NOWHERE, footage)
    path.write_bytes(b"clip and more")
    assert not files.present(NOWHERE, footage)
    path.unlink()
    assert not files.present(NOWHERE, footage)
    path.mkdir()
    assert not files.present(NOWHERE, footage)


def test_a_clip_is_copied_and_told_from_there(tmp_path: Path) -> None:
    footage = delivered(tmp_path / "c.mp4")

    moved = files.copied(NOWHERE, footage, str(tmp_path / "d.mp4"))

    assert moved == evolve(footage, path=str(tmp_path / "d.mp4"))
    assert (tmp_path / "d.mp4").read_bytes() == b"clip"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.mp4", "d.mp4"]


def test_a_clip_that_is_there_already_is_not_copied(tmp_path: Path) -> None:
    footage = delivered(tmp_path / "c.mp4")
    (tmp_path / "in").mkdir()
    before = (tmp_path / "c.mp4").stat().st_ino

    same = files.copied(NOWHERE, footage, f"{tmp_path}/in/../c.mp4")

    assert same == footage
    assert (tmp_path / "c.mp4").stat().st_ino == before


def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    footage = delivered(tmp_path / "c.mp4")
    other = tmp_path / "d.mp4"
    other.write_bytes(b"mine")

    error = refused(lambda: files.copied(NOWHERE, footage, str(other)))

    assert error.message == f"output: {str(other)!r} exists already."
    assert other.read_bytes() == b"mine"


def test_a_copy_spares_a_part_file_that_is_somebody_elses(tmp_path: Path) -> None:
    footage = delivered(tmp_path / "c.mp4")
    (tmp_path / "d.mp4.part").write_bytes(b"mine")

    files.copied(NOWHERE, footage, str(tmp_path / "d.mp4"))

    assert (tmp_path / "d.mp4.part").read_bytes() == b"mine"


def test_a_copy_that_fails_says_where_the_clip_is_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    gone = Footage(str(tmp_path / "gone.mp4"), 4, "ab" * 32)

    error = refused(lambda: files.copied(NOWHERE, gone, str(tmp_path / "d.mp4")))

    assert error.message == (
        f"output: {str(tmp_path / 'd.mp4')!r} cannot be written "
        "(No such file or directory)."
    )
    assert error.next == f"The clip is at {tmp_path / 'gone.mp4'}."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_copy_never_replaces_a_file_that_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    footage = delivered(tmp_path / "c.mp4")
    other = tmp_path / "d.mp4"
    link = os.link

    def linked(source: Path, target: Path) -> None:
        target.write_bytes(b"mine")
        if not links:
            raise PermissionError(target)
        link(source, target)

    monkeypatch.setattr(os, "link", linked)
    error = refused(lambda: files.copied(NOWHERE, footage, str(other)))

    assert error.message == f"output: {str(other)!r} exists already."
    assert error.next == "Choose another name, or move that file away."
    assert other.read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.mp4", "d.mp4"]


def test_a_copy_is_renamed_into_place_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def linked(source: Path, target: Path) -> None:
        raise PermissionError(target)

    footage = delivered(tmp_path / "c.mp4")
    monkeypatch.setattr(os, "link", linked)

    files.copied(NOWHERE, footage, str(tmp_path / "d.mp4"))

    assert (tmp_path / "d.mp4").read_bytes() == b"clip"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.mp4", "d.mp4"]


def test_a_copy_is_on_disk_before_its_name_and_its_name_before_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, int]] = []
    fsync, link = os.fsync, os.link

    def synced(handle: int) -> None:
        fsync(handle)
        done.append(("synced", os.fstat(handle).st_ino))

    def linked(source: Path, target: Path) -> None:
        link(source, target)
        done.append(("linked", target.stat().st_ino))

    footage = delivered(tmp_path / "c.mp4")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    copy = Path(files.copied(NOWHERE, footage, str(tmp_path / "d.mp4")).path)

    clip, folder = copy.stat().st_ino, tmp_path.stat().st_ino
    assert done == [("synced", clip), ("linked", clip), ("synced", folder)]


def test_a_part_that_a_crash_left_is_not_written_into(tmp_path: Path) -> None:
    """It may be a second name of somebody's clip."""
    footage = delivered(tmp_path / "c.mp4")
    other = tmp_path / "other.mp4"
    other.write_bytes(b"other")
    mine = f"{os.getpid()}-{threading.get_ident()}"
    os.link(other, tmp_path / f".{footage.sha256[:16]}.{mine}.part")

    files.copied(NOWHERE, footage, str(tmp_path / "d.mp4"))

    assert other.read_bytes() == b"other"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_copy_to_an_unusable_path_is_refused(tmp_path: Path) -> None:
    footage = delivered(tmp_path / "c.mp4")

    error = refused(lambda: files.copied(NOWHERE, footage, "a\0.mp4"))

    assert error.message.endswith("cannot be used (no path holds a NUL).")


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
