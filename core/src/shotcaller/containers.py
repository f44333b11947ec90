"""Reads the facts out of media files' bytes: kind, size, whether they are whole.

Pure: works on bytes, opens nothing. Sources: the PNG, JPEG, GIF and WebP
specifications, Exif 2.32 for how a JPEG is turned, and ISO/IEC 14496-12 for MP4.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

HEAD = 65_536
"""How many bytes from the start of a file are enough to tell what it is."""

_MAGIC: Mapping[str, tuple[bytes, ...]] = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webm": (b"\x1a\x45\xdf\xa3",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": (b"OggS",),
    "flac": (b"fLaC",),
    "aac": (b"\xff\xf1", b"\xff\xf9"),
}
_BRANDS: Mapping[bytes, str] = {
    **dict.fromkeys((b"avif", b"avis"), "avif"),
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1"), "heic"),
    b"qt  ": "mov",
    b"M4A ": "m4a",
}
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_APP1 = 0xE1
_EXIF = b"Exif\0\0"
_BYTE_ORDERS: Mapping[bytes, str] = {b"II": "<", b"MM": ">"}
_ORIENTATION = 0x0112
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("png", "jpeg", "gif", "webp", "avif", "heic"), "image"),
    **dict.fromkeys(("mp4", "webm", "mov"), "video"),
    **dict.fromkeys(("wav", "mp3", "ogg", "flac", "aac", "m4a"), "sound"),
}
TYPES: Mapping[str, str] = {
    **{
        name: f"{kind.replace('sound', 'audio')}/{name}" for name, kind in KINDS.items()
    },
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
}
"""The media types by which formats are named on the wire."""


def sniff(head: bytes) -> str | None:
    """Returns the format that the first bytes show, such as ``png``, or None."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    for name, magics in _MAGIC.items():
        if head.startswith(magics):
            return name
    return None


def image_size(name: str, head: bytes) -> tuple[int, int] | None:
    """Returns a picture's width and height in pixels as seen, or None if not told.

    A JPEG that says by Exif that it lies on its side is seen upright.
    """
    try:
        size = _SIZES[name](head) if name in _SIZES else None
    except (struct.error, IndexError):
        return None
    return size if size and all(size) else None


def whole(name: str, head: bytes, tail: bytes, size: int) -> bool:
    """Whether a picture's file ends where its format says; True where none says."""
    if name == "png":
        return b"IEND\xaeB`\x82" in tail
    if name == "gif":
        return b"\x3b" in tail[-8:]
    if name == "jpeg":
        end = tail.rfind(b"\xff\xd9")
        return end >= 0 and size - len(tail) + end > _jpeg_scan(head)
    if name == "webp":
        declared = int.from_bytes(head[4:8], "little")
        return size >= declared + 8
    return True


def _pair(layout: str, data: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, data, at)
    return first, second


def _webp_size(head: bytes) -> tuple[int, int] | None:
    form = head[12:16]
    if form == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        return width, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _segments(head: bytes) -> Iterator[tuple[int, int]]:
    """Yields marker and place of each segment of a JPEG, without what is in them."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:  # noqa: PLR2004  all begin so
        yield head[at + 1], at
        at += 2 + struct.unpack_from(">H", head, at + 2)[0]


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    turned = False
    for marker, at in _segments(head):
        if marker == _APP1 and head.startswith(_EXIF, at + 4):
            turned = _orientation(head[at + 4 + len(_EXIF) :]) in _ON_ITS_SIDE
        if marker in _FRAME_MARKERS:
            height, width = _pair(">HH", head, at + 5)
            return (height, width) if turned else (width, height)
    return None


def _orientation(tiff: bytes) -> int | None:
    """Returns how Exif says that a picture lies, 1 to 8; None where it does not."""
    order = _BYTE_ORDERS.get(tiff[:2])
    if order is None:
        return None
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        count = struct.unpack_from(f"{order}H", tiff, start)[0]
        places = range(start + 2, start + 2 + 12 * count, 12)
        entries = (struct.unpack_from(f"{order}HHIH", tiff, at) for at in places)
        return next((v for tag, _, _, v in entries if tag == _ORIENTATION), None)
    except struct.error:  # a damaged note does not damage the picture
        return None


def _jpeg_scan(head: bytes) -> int:
    """Returns where the picture begins: an end before it is that of a thumbnail."""
    return next((at for marker, at in _segments(head) if marker == _SCAN), 0)


_SIZES: Mapping[str, Callable[[bytes], tuple[int, int] | None]] = {
    "png": lambda head: _pair(">II", head, 16),
    "gif": lambda head: _pair("<HH", head, 6),
    "webp": _webp_size,
    "jpeg": _jpeg_size,
}


@frozen
class Facts:
    """Is what an MP4 says of itself: seconds, pixels, frames per second, sound."""

    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    sound: bool | None = None


def boxes(
    data: bytes, start: int = 0, end: int | None = None
) -> Iterator[tuple[str, int, int]]:
    """Yields name, start and end of the contents of each box, as far as it is whole."""
    stop = len(data) if end is None else end
    at = start
    while at + 8 <= stop:
        size, name = struct.unpack_from(">I4s", data, at)
        header = 8
        if size == 1 and at + 16 <= stop:
            size, header = struct.unpack_from(">Q", data, at + 8)[0], 16
        if size == 0:
            size = stop - at
        if size < header or at + size > stop:
            return
        yield name.decode("latin-1"), at + header, at + size
        at += size


def movie_facts(moov: bytes) -> Facts:
    """Returns the facts in the contents of an MP4's ``moov`` box.

    Raises ``ValueError`` where it is damaged.
    """
    try:
        top = _children(moov, 0, len(moov))
        seconds = _duration(moov, top["mvhd"][0][0])
        tracks = [_track(moov, *span) for span in top.get("trak", [])]
    except (struct.error, KeyError, IndexError) as error:
        msg = "the moov box is damaged"
        raise ValueError(msg) from error
    pictures = [track for track in tracks if track.width]
    sound = any(track.sound for track in tracks)
    if not pictures:
        return Facts(seconds, sound=sound)
    first = pictures[0]
    return Facts(first.seconds or seconds, first.width, first.height, first.fps, sound)


def _children(data: bytes, start: int, end: int) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for name, first, last in boxes(data, start, end):
        found.setdefault(name, []).append((first, last))
    return found


def _duration(data: bytes, at: int) -> float | None:
    if data[at] == 1:
        scale, length = struct.unpack_from(">IQ", data, at + 20)
    else:
        scale, length = struct.unpack_from(">II", data, at + 12)
    return length / scale if scale else None


def _track(data: bytes, start: int, end: int) -> Facts:
    inside = _children(data, start, end)
    media = _children(data, *inside["mdia"][0])
    handler = data[media["hdlr"][0][0] + 8 : media["hdlr"][0][0] + 12]
    if handler != b"vide":
        return Facts(sound=handler == b"soun")
    width, height = _pair(">II", data, inside["tkhd"][0][1] - 8)
    seconds = _duration(data, media["mdhd"][0][0])
    frames = _frames(data, media["minf"][0])
    fps = round(frames / seconds, 3) if seconds and frames else None
    return Facts(seconds, width >> 16, height >> 16, fps)


def _frames(data: bytes, minf: tuple[int, int]) -> int:
    table = _children(data, *_children(data, *minf)["stbl"][0])
    at = table["stts"][0][0]
    entries = struct.unpack_from(">I", data, at + 4)[0]
    counts = (struct.unpack_from(">I", data, at + 8 + 8 * n)[0] for n in range(entries))
    return sum(counts)
