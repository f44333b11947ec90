"""Opens the journal's file, and words what keeps it from being used."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shotcaller.errors import Charged, JournalError
from shotcaller.journal import schema

FILE = "journal.db"
"""What the journal is called in its home."""


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug, which can lose commits.

    Source: sqlite.org, fixed in 3.51.3, 3.50.7 and 3.44.6.
    """
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51)
        or (3, 44, 6) <= version < (3, 45)
    )


def opened(path: Path, patience: float) -> sqlite3.Connection:
    """Returns a connection to the journal at ``path``, made where there is none.

    ``patience`` is for how many seconds a locked file is waited for.
    """
    with worded(path, "Nothing was sent. "):
        path.parent.mkdir(parents=True, exist_ok=True)
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
    """Commits what is done in the block, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk may have ended it already
            db.execute("ROLLBACK")
        raise


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    if not os.access(path, os.W_OK):  # SQLite says so only at the first write
        raise PermissionError(errno.EROFS, "it is read-only")
    db.row_factory = sqlite3.Row
    mode = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"
    db.execute(f"PRAGMA journal_mode = {mode}")
    db.execute("PRAGMA synchronous = FULL")
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
