"""Makes files and folders that only their owner may read, where a system knows that.

What is there already keeps its mode: somebody may share it on purpose.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path


def folder(path: Path) -> None:
    """Makes a folder, and those above it as they are usual, where there is none."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def opener(path: str, flags: int) -> int:
    """Opens a file for ``open``, which it may have made."""
    return os.open(path, flags, 0o600)


def file(path: Path) -> None:
    """Makes an empty file where there is none, if that can be done privately.

    It is made under another name, and linked: a file that SQLite has open is never
    opened here, as closing it would cost this process its locks.
    """
    if path.exists():
        return
    blank = path.with_name(f".{uuid.uuid4().hex}.new")
    with suppress(OSError):  # SQLite makes it then, or says what is wrong
        os.close(os.open(blank, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            os.link(blank, path)
        finally:
            blank.unlink()
