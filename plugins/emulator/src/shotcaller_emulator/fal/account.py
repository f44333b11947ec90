"""Holds what fal alone knows of an account: files, uploads, tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from attrs import define, field, frozen

from shotcaller.plugin import Response
from shotcaller_emulator import accounts
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.jobs import Fate, Job
from shotcaller_emulator.films import Film

KEY = "emulator:offline"
"""The one key that is valid where no others are given."""

HOUR = timedelta(hours=1)


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


@define(kw_only=True)
class Account(accounts.Account[Job, Fate]):
    """Is an account at fal.

    Results are kept for ``retention``, or for a tenth of it if they are large; a job is
    listed ``lag`` after its end.
    """

    retention: timedelta
    lag: timedelta
    files: dict[str, Stored] = field(factory=dict)
    uploads: dict[str, Upload] = field(factory=dict)
    tokens: dict[str, datetime] = field(factory=dict)

    def id(self, now: datetime) -> str:
        """Returns an id that sorts by time: a UUID of version 7."""
        moment = int(now.timestamp() * 1000).to_bytes(6)
        chance = bytearray(self.chance(10))
        chance[0] = 0x70 | chance[0] & 0x0F
        chance[2] = 0x80 | chance[2] & 0x3F
        return str(UUID(bytes=moment + bytes(chance)))

    def path(self, name: str) -> str:
        """Returns a path on the media host that nobody can guess."""
        return f"/files/b/{self.chance(4).hex()}/{self.chance(12).hex()}_{name}"

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
        self.note(asked, lambda _, text: text.startswith("Key "))


__all__ = ["HOUR", "KEY", "Account", "Stored", "Upload"]
