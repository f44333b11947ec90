"""Is the media host: gives files to whoever knows their path, in parts if asked to."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from shotcaller.plugin import Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.account import Account, Stored
from shotcaller_emulator.fal.asking import Asked

GONE = errors.refuse(404, "File not found")


def contents(account: Account, path: str, now: datetime) -> tuple[Stored, bytes] | None:
    """Returns a file and its bytes, or None if there is none at that time."""
    file = account.files.get(path)
    if file is None or now < file.since or (file.until and now >= file.until):
        return None
    if isinstance(file.content, bytes):
        return file, file.content
    film = account.render(file.content)
    return None if film is None else (file, film)


def download(account: Account, asked: Asked, now: datetime) -> Response:
    """Answers with a file, or with the range of it that was asked for."""
    account.watch(asked)
    found = contents(account, asked.path, now)
    if found is None:
        return GONE
    file, content = found
    headers = {
        "content-type": file.type,
        "accept-ranges": "bytes",
        "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    }
    wanted = _range(asked, headers["etag"], len(content))
    if wanted is None:
        return Response(200, headers, content)
    start, end = wanted
    if start >= end:
        return Response(416, headers | {"content-range": f"bytes */{len(content)}"})
    headers["content-range"] = f"bytes {start}-{end - 1}/{len(content)}"
    return Response(206, headers, content[start:end])


def _range(asked: Asked, etag: str, size: int) -> tuple[int, int] | None:
    """Returns where the range that was asked for begins and ends, if one was."""
    if asked.headers.get("if-range", etag) != etag:
        return None  # it has changed since: all of it, then
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.headers.get("range", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1 if last else size)


__all__ = ["GONE", "contents", "download"]
