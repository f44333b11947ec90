"""Says what becomes of a request: an answer, or what may happen instead of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from attrs import frozen

from shotcaller.plugin import Response


@frozen
class Dropped:
    """Is a connection that is reset before a byte of an answer was sent."""


@frozen
class Stalled:
    """Is a silence of so many seconds, after which the connection is reset."""

    seconds: float


@frozen
class Torn:
    """Is an answer whose connection is reset after so many bytes of its body."""

    response: Response
    after: int


@frozen
class Later:
    """Is a wait of so many seconds, after which ``resume`` says how it goes on.

    ``so_far`` is what is sent before the wait: then the final answer is only added to
    its body, as in a stream of events.
    """

    seconds: float
    resume: Callable[[datetime], Outcome]
    so_far: Response | None = None


Outcome: TypeAlias = Response | Dropped | Stalled | Torn | Later
"""What becomes of a request."""

__all__ = ["Dropped", "Later", "Outcome", "Stalled", "Torn"]
