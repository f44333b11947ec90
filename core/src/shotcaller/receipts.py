"""Keeps the receipt of a clip in a file beside it, for whoever finds the two later.

``boat.mp4`` has its receipt in ``boat.mp4.receipt.json``: the whole name, since a
folder may hold a ``boat.mov`` as well, and one is found from the other.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeAlias

from shotcaller import files
from shotcaller.wire import JSON

Document: TypeAlias = Mapping[str, JSON]

SCHEMA = "urn:shotcaller:receipt:1"
"""What a receipt says it is; the number changes if a key changes its meaning."""

SUFFIX = ".receipt.json"
_MOST_BYTES = 8 * 2**20


def beside(clip: str) -> Path:
    """Returns where the receipt of a clip is."""
    return Path(clip + SUFFIX)


def read(clip: str) -> dict[str, Any] | None:
    """Returns the receipt beside a clip; None if there is none that is ours."""
    try:
        with beside(clip).open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    ours = isinstance(found, dict) and found.get("schema") == SCHEMA
    whole = ours and isinstance(found.get("clip"), dict)
    return found if whole else None


def written(_folder: Path, clip: str, document: Document) -> str:
    """Writes the receipt of a clip beside it; returns why that was impossible, or "".

    A receipt that is there is replaced; any other file is left alone.
    """
    target = beside(clip)
    if os.path.lexists(target) and read(clip) is None:
        return f"no receipt was written: {target} is something else"
    try:
        _put(target, json.dumps(_stamped(clip, document), indent=2) + "\n")
    except OSError as error:
        return f"no receipt was written: {target}: {error.strerror or error}"
    return ""


def restored(folder: Path, clip: str, document: Document) -> str:
    """Writes the receipt of a clip that has none; see :func:`written`."""
    return "" if os.path.lexists(beside(clip)) else written(folder, clip, document)


def _stamped(clip: str, document: Document) -> dict[str, Any]:
    """Adds what only this machine knows: the time of the last byte, our version."""
    delivered = datetime.fromtimestamp(Path(clip).stat().st_mtime, UTC)
    stamped: dict[str, Any] = dict(document)
    times = {**stamped["times"], "delivered": delivered.isoformat(timespec="seconds")}
    versions = {"shotcaller": metadata.version("shotcaller"), **stamped["versions"]}
    return {**stamped, "times": times, "versions": versions}


def _put(target: Path, text: str) -> None:
    mine = f"{os.getpid()}-{threading.get_ident()}"
    part = target.with_name(f".{mine}.receipt.part")
    try:
        with part.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        files.sync_folder(target.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
