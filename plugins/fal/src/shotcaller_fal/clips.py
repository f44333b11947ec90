"""Finds the clip in a result, whatever the endpoint calls it; pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from shotcaller.plugin import JSON

_SUFFIXES = frozenset({".mp4", ".mov", ".webm", ".mkv", ".m4v"})
_FAMILIES = frozenset({"audio", "image", "video"})


def videos(output: JSON) -> Iterator[str]:
    """Yields the addresses of clips: nearly all of fal's endpoints say ``video``.

    Those that make several, or name them otherwise, are read as well: no clip that was
    paid for is lost for its name.
    """
    if not isinstance(output, Mapping):
        return
    yield from _addresses(output.get("video"))
    yield from _addresses(output.get("videos"))
    yield from _addresses(output.get("video_url"))
    for file in _files(output):
        yield from _addresses(file)


def size(output: JSON, url: str) -> int | None:
    """Returns how many bytes a result says that the clip at an address has."""
    for file in _tables(output):
        said = file.get("file_size")
        if file.get("url") == url and type(said) is int and said > 0:
            return said
    return None


def _addresses(value: JSON) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        url = one.get("url") if isinstance(one, Mapping) else one
        if isinstance(url, str) and url.startswith(("https://", "http://")):
            yield url


def _files(output: JSON) -> Iterator[Mapping[str, JSON]]:
    """Yields every file that is a video by its type or its name, however deep."""
    return (file for file in _tables(output) if _is_video(file))


def _tables(output: JSON) -> Iterator[Mapping[str, JSON]]:
    left = deque([output])
    while left:
        value = left.popleft()
        if isinstance(value, Mapping):
            yield value
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)


def _is_video(file: Mapping[str, JSON]) -> bool:
    url, kind = file.get("url"), file.get("content_type")
    family = kind.partition("/")[0] if isinstance(kind, str) else ""
    if family in _FAMILIES or not isinstance(url, str):
        return family == "video"
    try:
        return PurePosixPath(urlsplit(url).path).suffix.lower() in _SUFFIXES
    except ValueError:  # such as a [ that is not closed
        return False
