"""Tells the living from the dead: each process holds a lock that dies with it.

The lock is an exclusive transaction on an empty SQLite file, since the kernel frees
it at ``kill -9`` on every system that SQLite runs on: no heartbeat, no clock.
"""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path


class Owner:
    """Is this journal's name among all that work on it, alive while it is open."""

    def __init__(self, folder: Path) -> None:
        self.token = uuid.uuid4().hex
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _connected(self._path(self.token))
        # or a second file would lie beside each lock, though nothing is ever written
        self._lock.execute("PRAGMA journal_mode = MEMORY")
        self._lock.execute("BEGIN EXCLUSIVE")

    def alive(self, token: str) -> bool:
        """Whether an owner still holds its lock."""
        path = self._path(token)
        if not path.exists():
            return False
        probe = _connected(path)
        try:
            probe.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return True
        finally:
            probe.close()
        path.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """Gives the lock back."""
        self._lock.close()
        self._path(self.token).unlink(missing_ok=True)

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.lock"


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=0, isolation_level=None, check_same_thread=False
    )
