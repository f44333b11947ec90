"""Unpacks what was packed although nobody asked for it, never beyond a bound.

A few hundred bytes that were packed twice may hold gigabytes.
"""

from __future__ import annotations

import zlib

ONE_PACKING = frozenset({"gzip", "x-gzip", "deflate"})
EITHER_HEAD = 32 + zlib.MAX_WBITS
"""Lets zlib find out itself whether gzip's head comes or its own."""


def unpacked(body: bytes, coding: str, most: int) -> bytes:
    """Returns a body as it was before it was packed, by its Content-Encoding.

    As it came, where that is not known, not whole, or more than ``most`` bytes: what
    answers a spend is to be kept whatever it is.
    """
    if coding.strip().lower() not in ONE_PACKING:
        return body
    unpacking = zlib.decompressobj(EITHER_HEAD)
    try:
        plain = unpacking.decompress(body, most + 1)
    except zlib.error:
        return body
    return plain if unpacking.eof and len(plain) <= most else body
