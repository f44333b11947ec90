"""Holds all that HeyGen knows of one account: keys, wallet, jobs, files, records."""

from __future__ import annotations

import hashlib
from collections import deque
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import define, field, frozen

from shotcaller.plugin import Response
from shotcaller_emulator.films import Film, Render
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.asking import Asked
from shotcaller_emulator.heygen.jobs import Fate, Job, Pace

KEY = "emulator-offline"
"""The one key that is valid where no others are given."""

MOST_JOBS = 10
"""How many jobs may run at once."""

LINK_LIFE = timedelta(hours=1)
DAY = timedelta(hours=24)


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


@define
class Place:
    """Is an upload that was begun: what may be put there, and what was."""

    id: str
    type: str
    size: int
    secret: str
    content: bytes | None = None


@frozen
class Record:
    """Is the first answer under a key: until ``ready`` it is still in progress."""

    response: Response
    ready: datetime
    until: datetime


@define
class Account:
    """Is an account: what it may do, and all that it has at HeyGen.

    ``balance`` is in dollars; None never runs out. ``retired`` is the answer to all
    of the old dialect once it is served no more. Ids come from ``seed``.
    """

    render: Render
    keys: frozenset[str]
    pace: Pace
    balance: Decimal | None
    retired: Response | None
    seed: int
    jobs: dict[str, Job] = field(factory=dict)
    files: dict[str, Stored] = field(factory=dict)
    places: dict[str, Place] = field(factory=dict)
    assets: dict[str, str] = field(factory=dict)
    records: dict[tuple[str, str], Record] = field(factory=dict)
    fates: deque[Fate] = field(factory=deque)
    leaks: list[Leak] = field(factory=list)
    _count: int = 0

    def chance(self, length: int) -> str:
        """Returns digits that look like chance, and are the same in every run."""
        self._count += 1
        text = f"{self.seed}:{self._count}".encode()
        return hashlib.shake_256(text).hexdigest(length)

    @property
    def spent(self) -> Decimal:
        """Returns what is billed, or will be, for the jobs that were accepted."""
        living = (job for job in self.jobs.values() if job.ending.good)
        return sum((job.usd for job in living), Decimal(0))

    def affords(self, usd: Decimal) -> bool:
        """Whether the wallet covers one job more."""
        return self.balance is None or self.spent + usd <= self.balance

    def crowded(self, now: datetime) -> bool:
        """Whether as many jobs run as may."""
        return sum(now < job.ends for job in self.jobs.values()) >= MOST_JOBS

    def signature(self, path: str, expires: int) -> str:
        """Returns what shows that HeyGen itself gave out a link."""
        text = f"{self.seed}:{path}:{expires}".encode()
        return hashlib.sha256(text).hexdigest()[:32]

    def link(self, asked: Asked, path: str, now: datetime) -> str:
        """Returns a link to a file that is good for an hour."""
        expires = int((now + LINK_LIFE).timestamp())
        signed = f"{path}?expires={expires}&signature={self.signature(path, expires)}"
        return asked.url("media", signed)

    def knows(self, asked: Asked) -> bool:
        """Whether a request brings a key that is valid."""
        return asked.headers.get("x-api-key") in self.keys

    def watch(self, asked: Asked) -> None:
        """Notes a key in a request to where none belongs."""
        said = (*asked.headers.items(), *asked.query.items())
        self.leaks += [
            Leak(asked.method, asked.path, where)
            for where, text in said
            if where == "x-api-key" or any(key in text for key in self.keys)
        ]

    def fate(self) -> Fate:
        """Returns what is to become of the next job."""
        return self.fates.popleft() if self.fates else Fate()


def refusal(account: Account, asked: Asked) -> Response | None:
    """Returns HeyGen's no to a request that brings no valid key."""
    if account.knows(asked):
        return None
    return errors.OLD_BAD_KEY if asked.parts[:1] == ["v1"] else errors.BAD_KEY


__all__ = ["DAY", "KEY", "Account", "Leak", "Place", "Record", "Stored", "refusal"]
