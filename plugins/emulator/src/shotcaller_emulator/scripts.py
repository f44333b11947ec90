"""Holds what is to go wrong at a vendor, and asks chance where nothing is foreseen."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from shotcaller_emulator.faults import Faults

P = TypeVar("P")


class Script(Generic[P]):
    """Says what goes wrong next on each of a vendor's ``routes``.

    Those of the route ``job`` are of the kind ``fate``, and no others are.
    """

    def __init__(
        self, routes: Collection[str], fate: type, chance: Faults[P] | None
    ) -> None:
        self._routes = routes
        self._fate = fate
        self._chance = chance or Faults(0, 0, {})
        self._foreseen: defaultdict[str, deque[P]] = defaultdict(deque)

    def add(self, route: str, plays: Sequence[P]) -> None:
        """Lets each of the plays answer one of the next requests to a route."""
        if route not in self._routes:
            known = ", ".join(self._routes)
            raise ValueError(f"there is no route {route!r} to script: {known}")
        for play in plays:
            if isinstance(play, self._fate) != (route == "job"):
                raise TypeError(f"{play!r} is nothing for the route {route!r}")
        self._foreseen[route] += plays

    def next(self, route: str) -> Any:
        """Returns what goes wrong with the next request to a route, or None."""
        foreseen = self._foreseen[route]
        return foreseen.popleft() if foreseen else self._chance.next(route)


__all__ = ["Script"]
