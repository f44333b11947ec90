"""Downloads in each world, straight through the transport."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import anyio

from shotcaller.accounts import Account
from shotcaller.transport import AsyncTransport, Begin, SyncTransport, Unfetched
from tests.core.offers import gateway


def account(base_url: str | None = None, **changes: Any) -> Account:
    """Returns an account whose clips come from ``*.paper.test``."""
    usual = {"media_hosts": ("*.paper.test",), **changes}
    return Account(gateway(**usual), base_url=base_url)


def taken(
    kind: str,
    url: str,
    source: Account,
    each: Callable[[int], object] = lambda size: None,
) -> bytes:
    """Returns the bytes of a download; ``each`` is told of every piece's size."""
    if kind == "sync":
        return _in_sync(url, source, each)

    async def main() -> bytes:
        transport, found = AsyncTransport(), bytearray()
        try:
            async with aclosing(transport.download(url, source)) as pieces:
                async for piece in pieces:
                    _add(found, piece, each)
        finally:
            await transport.close()
        return bytes(found)

    return anyio.run(main, backend=kind)


def _in_sync(url: str, source: Account, each: Callable[[int], object]) -> bytes:
    transport, found = SyncTransport(), bytearray()
    try:
        for piece in transport.download(url, source):
            _add(found, piece, each)
    finally:
        transport.close()
    return bytes(found)


def _add(found: bytearray, piece: Begin | bytes, each: Callable[[int], object]) -> None:
    if isinstance(piece, Begin):
        found.clear()
    else:
        found.extend(piece)
        each(len(piece))


def unfetched(kind: str, url: str, source: Account) -> tuple[str, str]:
    """Returns why a download was refused, and in which words."""
    try:
        got = taken(kind, url, source)
    except Unfetched as error:
        return error.why, error.message
    raise AssertionError(f"{len(got)} bytes came from {url}")
