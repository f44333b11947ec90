"""A journal that cannot be used says why, and what to do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal, opening, schema
from shotcaller.journal.opening import is_remote, transaction, wal_is_safe
from tests.core.drafts import draft


def test_damage_is_found(tmp_path: Path) -> None:
    journal = SQLiteJournal(tmp_path)
    for number in range(200):
        journal.open(draft(str(number)))
    journal.close()
    path = tmp_path / "journal.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(data)

    journal = SQLiteJournal(tmp_path)
    try:
        damage = journal.check()
    except JournalError as error:
        damage = (str(error),)
    journal.close()
    assert damage


HINT = (
    " Nothing was sent. `shotcaller doctor` says more;"
    " SHOTCALLER_HOME chooses another folder."
)


def test_a_journal_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    SQLiteJournal(tmp_path).close()
    path = tmp_path / "journal.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 77")
    db.close()

    with pytest.raises(JournalError) as caught:
        SQLiteJournal(tmp_path)

    assert str(caught.value) == (
        f"The journal {path} is of a newer version"
        f" (schema 77; this one reads {schema.VERSION})."
        " Upgrade shotcaller, or set SHOTCALLER_HOME to another folder."
    )
    assert caught.value.exit_code == 2


def test_a_locked_journal_says_so(tmp_path: Path) -> None:
    SQLiteJournal(tmp_path).close()
    path = tmp_path / "journal.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError) as caught:
        SQLiteJournal(tmp_path, patience=0.05)
    db.close()

    assert str(caught.value) == (
        f"The journal {path} cannot be used: another process holds it locked." + HINT
    )


def test_a_file_that_is_no_journal_says_so(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_text("my diary, at some length" * 100)
    with pytest.raises(JournalError) as caught:
        SQLiteJournal(tmp_path)
    assert str(caught.value) == (
        f"The journal {path} cannot be used: it is not a journal." + HINT
    )
    assert path.read_text().startswith("my diary")


def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(JournalError) as caught:
        SQLiteJournal(tmp_path / "home")
    path = tmp_path / "home" / "journal.db"
    assert str(caught.value) == (
        f"The journal {path} cannot be used: File exists." + HINT
    )


READ_ONLY = """
import os, sys
from pathlib import Path
from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal, opening
if os.getuid() == 0:
    os.setuid(65534)
try:
    SQLiteJournal(Path(sys.argv[1]))
except JournalError as error:
    print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that anybody may enter, unlike those of a test."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_journal_that_may_not_be_written_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SQLiteJournal(tmp_path).close()
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(JournalError, match="cannot be used: it is read-only"):
        SQLiteJournal(tmp_path)


@pytest.mark.parametrize(
    ("what", "reason"),
    [("file", "it is read-only"), ("folder", "its folder cannot be written")],
)
def test_a_read_only_journal_says_so(open_folder: Path, what: str, reason: str) -> None:
    home = open_folder / "home"
    home.mkdir()
    if what == "file":
        SQLiteJournal(home).close()
        (home / "journal.db").chmod(0o444)
    home.chmod(0o777 if what == "file" else 0o555)

    ran = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(home)],
        capture_output=True,
        text=True,
        check=True,
    )

    path = home / "journal.db"
    assert ran.stdout == f"The journal {path} cannot be used: {reason}.{HINT}\n"


def test_wal_is_used_only_where_it_is_safe() -> None:
    safe = [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)]
    unsafe = [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2), (3, 7, 0)]
    assert all(wal_is_safe(version) for version in safe)
    assert not any(wal_is_safe(version) for version in unsafe)


def test_the_mode_fits_the_library(tmp_path: Path) -> None:
    SQLiteJournal(tmp_path).close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    db.close()
    safe = wal_is_safe(sqlite3.sqlite_version_info)
    assert (mode == "wal") is safe


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/disks /disks nfs4 rw 0 0
/dev/sdb1 /disks/me/my\\040disk xfs rw 0 0
//box/share /mnt/share cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("home", "remote"),
    [
        ("/var/lib/x", False),
        ("/disks/me", True),
        ("/disks/me/my disk/x", False),
        ("/disks/me/my disks", True),
        ("/mnt/share", True),
        ("/mnt", False),
        (r"\\box\share", True),
    ],
)
def test_wal_is_not_for_what_other_machines_share(home: str, remote: bool) -> None:
    assert is_remote(Path(home), MOUNTS) is remote
    assert is_remote(Path(home), "") is home.startswith("\\")


def test_a_share_keeps_no_wal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "wal_is_safe", lambda version: True)
    mode = "PRAGMA journal_mode"
    journal = SQLiteJournal(tmp_path)
    assert journal._db.execute(mode).fetchone()[0] == "wal"
    journal.close()

    monkeypatch.setattr(opening, "_mounts", lambda: f"x {tmp_path} nfs rw 0 0")
    journal = SQLiteJournal(tmp_path)
    assert journal._db.execute(mode).fetchone()[0] == "truncate"
    journal.close()


def test_a_system_that_lists_no_file_systems_has_none_that_are_shared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", none)
    assert opening._mounts() == ""


def test_a_home_whose_owners_cannot_be_told_apart_says_so(tmp_path: Path) -> None:
    (tmp_path / "owners").write_text("x")
    with pytest.raises(JournalError) as caught:
        SQLiteJournal(tmp_path)
    path = tmp_path / "journal.db"
    assert str(caught.value) == (
        f"The journal {path} cannot be used: File exists." + HINT
    )


def test_a_transaction_that_a_full_disk_has_ended_is_not_ended_again() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)

    def fill() -> None:
        with transaction(db):
            db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError, match="database or disk is full"):
        fill()
    assert not db.in_transaction
    db.close()
