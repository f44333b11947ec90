from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import files
from shotcaller.take import Footage
from tests.core.refusals import refused

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


def test_a_copy_that_fails_says_why_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    gone = Footage(str(tmp_path / "gone.mp4"), 4, "ab" * 32)

    error = refused(lambda: files.copied(NOWHERE, gone, str(tmp_path / "d.mp4")))

    assert error.message == (
        f"output: {str(tmp_path / 'd.mp4')!r} cannot be written "
        "(No such file or directory)."
    )
    assert error.next == ""  # where the clip is says who knows of its take
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
