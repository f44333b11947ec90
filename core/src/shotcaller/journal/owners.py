"""Tells the living from the dead: each process holds a lock that dies with it.

The lock is an exclusive transaction on an empty SQLite file, since the kernel frees
it at ``kill -9`` on every system that SQLite runs on: no heartbeat, no clock. A
process that is paused keeps it. A copy of the process, after a fork, does not have it:
it needs a journal of its own.

On POSIX, a process loses its locks on a file as soon as it closes that file once more;
SQLite sees to that for what it opens itself, so nothing else may open a lock's file.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import uuid
from contextlib import suppress
from pathlib import Path

from shotcaller.journal import private


class Owner:
    """Is this journal's name among all that work on it, alive while it is open.

    ``token`` is what it is known by, ``name`` what a person knows it by: ``pid@host``.
    """

    def __init__(self, folder: Path) -> None:
        self.token = uuid.uuid4().hex
        self._folder = folder
        self._process = os.getpid()
        self.name = f"{self._process}@{socket.gethostname()}"
        self._lock = self._locked()

    @property
    def forked(self) -> bool:
        """Whether this process is a copy of the one that holds the lock."""
        return os.getpid() != self._process

    def stay(self) -> None:
        """Locks again where somebody has swept the lock's file away.

        Those who looked in between think that this owner is dead: what it does then
        loses against what they did.
        """
        try:
            found: int | None = self._path(self.token).stat().st_ino
        except FileNotFoundError:
            found = None
        if found != self._inode:
            self._lock.close()
            self._lock = self._locked()

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

    def sweep(self) -> None:
        """Removes the locks that the dead have left."""
        for path in self._folder.glob("*.lock"):
            if path.stem != self.token:
                self.alive(path.stem)

    def close(self) -> None:
        """Gives the lock back."""
        self._lock.close()
        self._path(self.token).unlink(missing_ok=True)

    def _locked(self) -> sqlite3.Connection:
        """Locks the file; again where a sweep took it away between its making and that.

        Each time takes a sweep at that very moment, so this comes to an end.
        """
        while True:
            lock = self._exclusive()
            with suppress(FileNotFoundError):
                self._inode = self._path(self.token).stat().st_ino
                return lock
            lock.close()

    def _exclusive(self) -> sqlite3.Connection:
        private.folder(self._folder)
        lock = _connected(self._path(self.token), timeout=1)  # for a passing sweep
        try:
            # or a second file would lie beside each lock, though nothing is written
            lock.execute("PRAGMA journal_mode = MEMORY")
            lock.execute("BEGIN EXCLUSIVE")
        except BaseException:
            lock.close()
            raise
        return lock

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.lock"


def _connected(path: Path, timeout: float = 0) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=timeout, isolation_level=None, check_same_thread=False
    )
