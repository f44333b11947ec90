"""Makes files that are not whole yet, and removes those that nobody will finish.

Whoever writes one holds a lock on it, which dies with its process.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # pragma: no cover  Windows keeps open files from being removed
    fcntl = None  # type: ignore[assignment]

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


def begun(path: Path) -> BinaryIO:
    """Returns a new file to write to, which must not be there yet."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW
    flags |= getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags, 0o644), "wb")
    with suppress(OSError):  # a file system without locks
        _lock(file.fileno())
    return file


def sweep(folder: Path, pattern: str) -> None:
    """Removes the files of a pattern whose writers have died, and no other's."""
    for stray in folder.glob(pattern):
        with suppress(OSError):
            _swept(stray)


def _swept(stray: Path) -> None:
    handle = os.open(stray, os.O_RDWR | _NOFOLLOW)
    try:
        _lock(handle)
        stray.unlink()
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
