"""Holds what every vendor knows of one account: keys, balance, jobs, leaks."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen

from shotcaller_emulator.arriving import Asked
from shotcaller_emulator.films import Render
from shotcaller_emulator.jobs import Job, Pace

J = TypeVar("J", bound=Job)
F = TypeVar("F")


@frozen
class Leak:
    """Is a key that was sent where none belongs; the key itself is not kept."""

    method: str
    path: str
    where: str


@define(kw_only=True)
class Account(Generic[J, F]):
    """Is an account at any vendor: what it may do, and what is known of it.

    ``balance`` is in dollars; None never runs out. Ids come from ``seed``. ``fates``
    are of the next jobs, one each.
    """

    render: Render
    keys: frozenset[str]
    pace: Pace
    balance: Decimal | None
    seed: int
    jobs: dict[str, J] = field(factory=dict)
    fates: deque[F] = field(factory=deque)
    leaks: list[Leak] = field(factory=list)
    _count: int = 0

    def chance(self, length: int) -> bytes:
        """Returns bytes that look like chance, and are the same in every run."""
        self._count += 1
        text = f"{self.seed}:{self._count}".encode()
        return hashlib.shake_256(text).digest(length)

    def fate(self, usual: F) -> F:
        """Returns what is to become of the next job."""
        return self.fates.popleft() if self.fates else usual

    def note(self, asked: Asked[Any], is_key: Callable[[str, str], bool]) -> None:
        """Notes a key in a request to where none belongs.

        ``is_key`` tells by name and text that a header or parameter is to bring one;
        any that has a valid key in it does.
        """
        self.leaks += [
            Leak(asked.method, asked.path, where)
            for where, text in (*asked.headers.items(), *asked.query)
            if is_key(where, text) or any(key in text for key in self.keys)
        ]


__all__ = ["Account", "Leak"]
