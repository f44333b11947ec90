"""Holds all that fal knows of one account: keys, balance, jobs, files, uploads."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from attrs import define, field, frozen

from shotcaller.plugin import Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.jobs import Fate, Job, Pace
from shotcaller_emulator.films import Film, Render

KEY = "emulator:offline"
"""The one key that is valid where no others are given."""

HOUR = timedelta(hours=1)


@frozen
class Leak:
    """Is a key that was sent where none belongs; the key itself is not kept."""

    method: str
    path: str
    where: str


@frozen
class Stored:
    """Is a file on the media host: bytes, or a film that may still be in the making."""

    type: str
    content: bytes | Film
    since: datetime
    until: datetime | None = None


@define
class Upload:
    """Is an upload that was begun; who sends to it shows that they know its secret."""

    path: str
    type: str
    secret: str
    until: datetime | None
    parts: dict[int, bytes] = field(factory=dict)


@define
class Account:
    """Is an account: what it may do, and all that it has at fal.

    ``balance`` is in dollars; None never runs out. Results are kept for ``retention``,
    or for a tenth of it if they are large; a job is listed ``lag`` after its end. Ids
    come from ``seed``.
    """

    render: Render
    keys: frozenset[str]
    pace: Pace
    balance: Decimal | None
    retention: timedelta
    lag: timedelta
    seed: int
    jobs: dict[str, Job] = field(factory=dict)
    files: dict[str, Stored] = field(factory=dict)
    uploads: dict[str, Upload] = field(factory=dict)
    tokens: dict[str, datetime] = field(factory=dict)
    fates: deque[Fate] = field(factory=deque)
    leaks: list[Leak] = field(factory=list)
    _count: int = 0

    def bytes(self, length: int) -> bytes:
        """Returns bytes that look like chance, and are the same in every run."""
        self._count += 1
        text = f"{self.seed}:{self._count}".encode()
        return hashlib.shake_256(text).digest(length)

    def id(self, now: datetime) -> str:
        """Returns an id that sorts by time: a UUID of version 7."""
        moment = int(now.timestamp() * 1000).to_bytes(6)
        chance = bytearray(self.bytes(10))
        chance[0] = 0x70 | chance[0] & 0x0F
        chance[2] = 0x80 | chance[2] & 0x3F
        return str(UUID(bytes=moment + bytes(chance)))

    def path(self, name: str) -> str:
        """Returns a path on the media host that nobody can guess."""
        return f"/files/b/{self.bytes(4).hex()}/{self.bytes(12).hex()}_{name}"

    def spent(self, now: datetime) -> Decimal:
        """Returns what was billed by then, in dollars."""
        return sum((job.billed(now) for job in self.jobs.values()), Decimal(0))

    def refusal(self, asked: Asked) -> Response | None:
        """Returns fal's no to a request that brings no valid key."""
        kind, _, key = asked.headers.get("authorization", "").partition(" ")
        if not key:
            return errors.NO_KEY
        return None if kind == "Key" and key in self.keys else errors.BAD_KEY

    def watch(self, asked: Asked) -> None:
        """Notes a key in a request to where none belongs."""
        self.leaks += [
            Leak(asked.method, asked.path, where)
            for where, text in _said(asked)
            if text.startswith("Key ") or any(key in text for key in self.keys)
        ]


def _said(asked: Asked) -> Iterable[tuple[str, str]]:
    return (*asked.headers.items(), *asked.query)


__all__ = ["HOUR", "KEY", "Account", "Leak", "Stored", "Upload"]
