"""Opens the journal's file, and words what keeps it from being used."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shotcaller.errors import Charged, JournalError
from shotcaller.journal import private, schema

FILE = "journal.db"
"""What the journal is called in its home."""
_WHOLE = ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
_PART = ("SAVEPOINT part", "RELEASE part", "ROLLBACK TO part; RELEASE part")
"""How to begin, keep and undo a transaction, and one within another."""

REMOTE = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "virtiofs",
    }
)
"""The file systems, as Linux names them, that several machines may share."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug, which can lose commits.

    Source: sqlite.org, fixed in 3.51.3, 3.50.7 and 3.44.6.
    """
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51)
        or (3, 44, 6) <= version < (3, 45)
    )


def is_remote(path: Path, mounts: str) -> bool:
    """Whether other machines may have the file: WAL needs memory that all share.

    ``mounts`` is what Linux says of its file systems; elsewhere only a Windows share
    can be told.
    """
    if str(path).startswith(r"\\"):
        return True
    where = path.resolve()
    best, kind = Path(), ""
    for line in mounts.splitlines():
        _, point, found, *_ = line.split(" ")
        mounted = Path(point.replace("\\040", " "))
        if where.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, found
    return kind in REMOTE


def _mounts() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def opened(path: Path, patience: float) -> sqlite3.Connection:
    """Returns a connection to the journal at ``path``, made where there is none.

    ``patience`` is for how many seconds a locked file is waited for.
    """
    with worded(path, "Nothing was sent. "):
        private.folder(path.parent)
        private.file(path)  # what SQLite puts beside it has the same mode
        db = sqlite3.connect(
            path, timeout=patience, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def worded(path: Path, assurance: str = "") -> Iterator[None]:
    """Words what SQLite or the disk refuses; ``assurance`` says what did not happen."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        message = f"The journal {path} cannot be used: {_why(error)}."
        hint = f"{assurance}`shotcaller doctor` says more;"
        hint += " SHOTCALLER_HOME chooses another folder."
        charged: Charged = "no" if assurance else "unknown"
        raise JournalError(message, hint, None, charged) from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Commits what is done in the block, or nothing of it.

    Within another one the block is undone alone, and committed with the other.
    """
    begin, keep, undo = _PART if db.in_transaction else _WHOLE
    db.execute(begin)
    try:
        yield
        db.execute(keep)
    except BaseException:
        if db.in_transaction:  # a full disk may have ended it already
            for statement in undo.split("; "):
                db.execute(statement)
        raise


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    if not os.access(path, os.W_OK):  # SQLite says so only at the first write
        raise PermissionError(errno.EROFS, "it is read-only")
    db.row_factory = sqlite3.Row
    safe = wal_is_safe(sqlite3.sqlite_version_info) and not is_remote(path, _mounts())
    db.execute(f"PRAGMA journal_mode = {'WAL' if safe else 'TRUNCATE'}")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA fullfsync = ON")  # or macOS leaves it in the drive's memory
    db.execute("PRAGMA foreign_keys = ON")
    with transaction(db):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.VERSION:
            raise _newer(path, version)
        for step in schema.STEPS[version:]:
            for statement in step.split(";"):
                db.execute(statement)
        if version < schema.VERSION:
            db.execute(f"PRAGMA user_version = {schema.VERSION}")


def _newer(path: Path, version: int) -> JournalError:
    message = f"The journal {path} is of a newer version"
    message += f" (schema {version}; this one reads {schema.VERSION})."
    hint = "Upgrade shotcaller, or set SHOTCALLER_HOME to another folder."
    return JournalError(message, hint)


def copied(path: Path) -> JournalError:
    """Returns that a journal is not this process's own."""
    message = f"The journal {path} was opened before this process was forked."
    return JournalError(message, "Open a Shotcaller of its own in each process.")


def _why(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    words = {
        "database is locked": "another process holds it locked",
        "attempt to write a readonly database": "it is read-only",
        "unable to open database file": "its folder cannot be written",
        "file is not a database": "it is not a journal",
        "database or disk is full": "the disk is full",
    }
    return words.get(str(error), str(error))
