"""Holds what HeyGen alone knows of an account: its files, its records of keys."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import define, field, frozen

from shotcaller.plugin import Response
from shotcaller_emulator import accounts
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.asking import Asked
from shotcaller_emulator.heygen.jobs import Fate, Job

KEY = "emulator-offline"
"""The one key that is valid where no others are given."""

MOST_JOBS = 10
"""How many jobs may run at once."""

LINK_LIFE = timedelta(hours=1)
DAY = timedelta(hours=24)


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


@define(kw_only=True)
class Account(accounts.Account[Job, Fate]):
    """Is an account at HeyGen.

    ``retired`` is the answer to all of the old dialect once it is served no more.
    """

    retired: Response | None
    files: dict[str, Stored] = field(factory=dict)
    places: dict[str, Place] = field(factory=dict)
    assets: dict[str, str] = field(factory=dict)
    records: dict[tuple[str, str], Record] = field(factory=dict)

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
        self.note(asked, lambda where, _: where == "x-api-key")


def refusal(account: Account, asked: Asked) -> Response | None:
    """Returns HeyGen's no to a request that brings no valid key."""
    if account.knows(asked):
        return None
    return errors.OLD_BAD_KEY if asked.parts[:1] == ["v1"] else errors.BAD_KEY


__all__ = ["DAY", "KEY", "Account", "Place", "Record", "Stored", "refusal"]
