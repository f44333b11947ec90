"""Is what can go wrong between a client and a vendor: small values that compose.

A fault is called with what would have been done, and returns what becomes of the
request. It may do it or not: that is the difference between an error before and an
error after a job was accepted.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.outcomes import Dropped, Outcome, Stalled, Torn

T = TypeVar("T")

Deed: TypeAlias = Callable[[], Outcome]
"""Does what was asked, and returns the answer to it."""


class Fault(Protocol):
    """Is anything that returns what becomes of a request."""

    def __call__(self, deed: Deed, /) -> Outcome:
        """Returns it, having done what was asked or not."""


@frozen
class Drop:
    """Resets the connection, and does nothing."""

    def __call__(self, deed: Deed, /) -> Outcome:  # noqa: ARG002  it is not done
        """Returns that the connection is lost."""
        return Dropped()


@frozen
class Stall:
    """Says nothing for so many seconds, and does nothing."""

    seconds: float = 3600

    def __call__(self, deed: Deed, /) -> Outcome:  # noqa: ARG002  it is not done
        """Returns the silence."""
        return Stalled(self.seconds)


@frozen
class Say:
    """Answers so, and does nothing; ``body`` is bytes, or else sent as JSON."""

    status: int
    body: JSON | bytes = b""
    headers: Mapping[str, str] = field(factory=dict)

    def __call__(self, deed: Deed, /) -> Outcome:  # noqa: ARG002  it is not done
        """Returns the answer."""
        if isinstance(self.body, bytes):
            return Response(self.status, self.headers, self.body)
        kind = {"content-type": "application/json"}
        return Response(
            self.status, {**kind, **self.headers}, json.dumps(self.body).encode()
        )


@frozen
class After:
    """Does what was asked, and only then lets another fault answer."""

    fault: Fault

    def __call__(self, deed: Deed, /) -> Outcome:
        """Returns the other fault's answer."""
        done = deed()
        return self.fault(lambda: done)


class _Spoiled(ABC):
    """Is a fault that changes the answer, where there is a good one."""

    def __call__(self, deed: Deed, /) -> Outcome:
        """Returns the changed answer."""
        outcome = deed()
        if isinstance(outcome, Response) and outcome.status < 300:  # noqa: PLR2004
            return self.spoiled(outcome)
        return outcome

    @abstractmethod
    def spoiled(self, response: Response) -> Outcome:
        """Returns what becomes of a good answer."""


@frozen
class Tear(_Spoiled):
    """Resets the connection after a share of the answer's body."""

    share: float = 0.5

    def spoiled(self, response: Response) -> Outcome:
        """Returns the answer, torn."""
        return Torn(response, int(len(response.body) * self.share))


@frozen
class Cut(_Spoiled):
    """Gives a share of the body only, as if that were all of it."""

    share: float = 0.5

    def spoiled(self, response: Response) -> Outcome:
        """Returns the shorter answer."""
        return evolve(
            response, body=response.body[: int(len(response.body) * self.share)]
        )


@frozen
class Pad(_Spoiled):
    """Gives so many bytes more than there should be."""

    bytes: int = 1_000_000

    def spoiled(self, response: Response) -> Outcome:
        """Returns the longer answer."""
        return evolve(response, body=response.body + bytes(self.bytes))


@frozen
class Lack(_Spoiled):
    """Leaves fields out of an answer of JSON; dots lead into what is inside."""

    fields: Sequence[str]

    def spoiled(self, response: Response) -> Outcome:
        """Returns the answer without them."""
        body = json.loads(response.body)
        for path in self.fields:
            *outer, name = path.split(".")
            _inner(body, outer).pop(name, None)
        return evolve(response, body=json.dumps(body).encode())


@frozen
class Put(_Spoiled):
    """Sets a field of an answer of JSON; dots lead into what is inside."""

    field: str
    value: JSON

    def spoiled(self, response: Response) -> Outcome:
        """Returns the answer with it."""
        body = json.loads(response.body)
        *outer, name = self.field.split(".")
        _inner(body, outer)[name] = self.value
        return evolve(response, body=json.dumps(body).encode())


def _inner(body: Any, path: Sequence[str]) -> Any:
    for name in path:
        body = body.get(name, {})
    return body


class Faults(Generic[T]):
    """Chooses by a seed which requests meet with which fault.

    ``known`` has the faults of each route; ``rate`` is the share of requests. The same
    requests meet with the same faults whenever the seed is the same.
    """

    def __init__(
        self, seed: int, rate: float, known: Mapping[str, Sequence[T]]
    ) -> None:
        self._chance = Random(seed)  # noqa: S311  nothing here is a secret
        self._rate = rate
        self.known = known

    def next(self, route: str) -> T | None:
        """Returns the fault that the next request to a route meets with, if any."""
        known = self.known.get(route)
        if not known or self._chance.random() >= self._rate:
            return None
        return self._chance.choice(known)


__all__ = [
    "After",
    "Cut",
    "Deed",
    "Drop",
    "Fault",
    "Faults",
    "Lack",
    "Pad",
    "Put",
    "Say",
    "Stall",
    "Tear",
]
