"""Makes the smallest pictures that tell their size, and none that shows anything."""

from __future__ import annotations

import struct
import zlib


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return (
        struct.pack(">I", len(content))
        + checked
        + struct.pack(">I", zlib.crc32(checked))
    )


def png(width: int = 4, height: int = 3) -> bytes:
    """Returns a PNG whose picture is noise."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    noise = b"noise" * 20
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", noise) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def gif(width: int = 4, height: int = 3) -> bytes:
    """Returns a GIF without a picture in it."""
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3) + b"\x3b"


def segment(marker: int, content: bytes) -> bytes:
    """Returns a segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", 2 + len(content)) + content


def exif(orientation: int, order: str = "<") -> bytes:
    """Returns Exif's notes on a picture: its width, and how it lies."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    width = struct.pack(f"{order}HHII", 0x0100, 4, 1, 4)
    lies = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return head + struct.pack(f"{order}H", 2) + width + lies + bytes(4)


def jpeg(
    width: int = 4, height: int = 3, *, thumbnail: bytes = b"", notes: bytes = b""
) -> bytes:
    """Returns a JPEG whose picture is noise, with another inside if one is given."""
    first = segment(0xE1, b"Exif\0\0" + notes + thumbnail)
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"noise" * 20
    return b"\xff\xd8" + first + frame + scan + b"\xff\xd9"


def webp(form: bytes, content: bytes) -> bytes:
    """Returns a WebP of one chunk."""
    chunk = form + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def webp_lossy(width: int = 4, height: int = 3) -> bytes:
    """Returns a WebP as cameras make it."""
    return webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height))


def webp_lossless(width: int = 4, height: int = 3) -> bytes:
    """Returns a WebP as drawing programs make it."""
    bits = (width - 1) | (height - 1) << 14
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", bits) + bytes(5))


def webp_extended(width: int = 4, height: int = 3) -> bytes:
    """Returns a WebP with a header of its own."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", bytes(4) + size)
