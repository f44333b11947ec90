"""Makes the smallest MP4 that tells length, size, frames and sound; none plays it."""

from __future__ import annotations

import struct


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), name) + content


def full(name: bytes, *parts: bytes, version: int = 0) -> bytes:
    return box(name, bytes([version, 0, 0, 0]), *parts)


def timed(name: bytes, scale: int, length: int) -> bytes:
    return full(name, struct.pack(">IIII", 0, 0, scale, length), bytes(80))


def track(handler: bytes, width: int, height: int, frames: int, fps: int) -> bytes:
    size = struct.pack(">II", width << 16, height << 16)
    table = full(b"stts", struct.pack(">III", 1, frames, 1))
    media = box(
        b"mdia",
        timed(b"mdhd", fps, frames),
        full(b"hdlr", bytes(4), handler, bytes(12)),
        box(b"minf", box(b"stbl", table)),
    )
    return box(b"trak", full(b"tkhd", bytes(72), size), media)


def movie(
    seconds: float = 8,
    width: int = 1280,
    height: int = 720,
    *,
    sound: bool = True,
    fps: int = 24,
) -> bytes:
    """Returns a file of ``ftyp``, ``moov`` and ``mdat``."""
    frames = round(seconds * fps)
    tracks = [track(b"vide", width, height, frames, fps)]
    if sound:
        tracks.append(track(b"soun", 0, 0, 1, 1))
    moov = box(b"moov", timed(b"mvhd", fps, frames), *tracks)
    return box(b"ftyp", b"isom", bytes(4)) + moov + box(b"mdat", b"pictures" * 64)
