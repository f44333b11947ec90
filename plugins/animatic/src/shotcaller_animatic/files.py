"""Keeps a job's files: each is whole or not there, one renderer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SPEC = "spec.json"
PROGRESS = "progress.json"
STARTS = "starts.json"
FAILED = "failed.json"
CANCELLED = "cancelled"
CLIP = "clip.mp4"
PART = "clip.mp4.part"
LOCK = "lock"
LOG = "log.txt"


def write(path: Path, value: object) -> None:
    """Writes a value as JSON; readers see the old file or the new, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_text(json.dumps(value), "utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> Any:
    """Returns the value in a file, or None where there is no such file."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(folder: Path) -> Iterator[int | None]:
    """Gives the open lock of a folder, or None while another process holds it.

    The operating system lets go of it with the last process that has it open: a
    renderer inherits it and holds it for as long as it lives, no longer.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield handle if _lock(handle) else None
    finally:
        os.close(handle)


def ending(path: Path, lines: int) -> str:
    """Returns the last lines of a text file in one, nothing where there is no file."""
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    kept = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(kept[-lines:])


__all__ = ["ending", "locked", "read", "write"]
