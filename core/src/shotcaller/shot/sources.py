"""Names the pictures, videos and sounds of a shot."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import TypeAlias
from urllib.parse import urlsplit

from attrs import field, frozen

from shotcaller.shot import checks


class Kind(StrEnum):
    """Says what a piece of media is."""

    IMAGE = "image"
    VIDEO = "video"
    SOUND = "sound"


_SUFFIXES: Mapping[str, Kind] = {
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".heic"), Kind.IMAGE
    ),
    **dict.fromkeys((".mp4", ".mov", ".webm", ".mkv", ".m4v"), Kind.VIDEO),
    **dict.fromkeys((".wav", ".mp3", ".m4a", ".aac", ".ogg", ".flac"), Kind.SOUND),
}


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise checks.bad("kind", value, "is not image, video or sound") from None


LONGEST_VIDEO = 2.0**64
"""More seconds than these no file can say of itself; a quote can be made of them."""


def _lasting(_: object, __: object, seconds: float | None) -> None:
    number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if seconds is not None and not (number and 0 < seconds <= LONGEST_VIDEO):
        raise checks.bad("seconds", seconds, "is no length of a video in seconds")


@frozen
class Media:
    """Names a picture, video or sound by path or URL.

    ``sha256`` (hex) and ``bytes`` are filled in by the core once the file was read;
    so are ``type``, such as ``image/png``, and ``width`` and ``height`` in pixels for
    pictures and videos, ``seconds`` for videos, where the file tells.
    """

    source: str
    kind: Kind = field(converter=_kind)
    sha256: str | None = None
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    type: str | None = None
    seconds: float | None = field(default=None, validator=_lasting)

    @property
    def local(self) -> bool:
        """Whether the source is a path on this machine rather than a URL."""
        return _scheme(self.source) not in {"http", "https", "data"}


Source: TypeAlias = str | os.PathLike[str] | Media
"""What may be given where a picture, video or sound is wanted."""


def media(source: Source, kind: Kind | None = None, *, name: str = "media") -> Media:
    """Returns ``source`` as media, its kind read from the name's ending if not given.

    ``name`` is the field that a :class:`~shotcaller.errors.BadInput` speaks of.
    """
    if isinstance(source, Media):
        return _fitting(source, kind, name)
    path = os.fspath(source) if isinstance(source, os.PathLike) else source
    text = _address(name, path)
    known = kind or _ending(text)
    if known is None:
        rule = "could be image, video or sound: its name does not tell"
        hint = "Rename it with a usual ending, or pass Media(source, kind)."
        raise checks.bad(name, text, rule, hint)
    return Media(text, known)


def _fitting(given: Media, kind: Kind | None, name: str) -> Media:
    if given.sha256 is None:  # a digest stands for the source where both are known
        _address(name, given.source)
    checks.text(name, given.source)
    if kind not in {None, given.kind}:
        raise checks.bad(name, given.source, f"is of kind {given.kind}, not {kind}")
    return given


def _address(name: str, source: object) -> str:
    if not isinstance(source, str) or not source.strip():
        hint = "Name a file or a web address."
        raise checks.bad(name, source, "is neither a path nor a URL", hint)
    checks.text(name, source)
    if "\0" in source:
        raise checks.bad(name, source, "holds a NUL, which no path or URL can")
    return source


def _scheme(source: str) -> str:
    try:
        return urlsplit(source).scheme
    except ValueError:  # such as a [ that is not closed
        return ""


def _ending(source: str) -> Kind | None:
    if _scheme(source) in {"http", "https"}:
        source = urlsplit(source).path
    return _SUFFIXES.get(PurePath(source).suffix.lower())
