"""Decides what goes wrong: as planned, or by chance, which notes what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from tests.simulation.schedule import Scenario


class Fate(Protocol):
    """Decides what goes wrong; ``struck`` is where it did, ``over`` its end."""

    struck: list[tuple[int, str]]
    over: bool

    def strikes(self, kinds: Callable[[], Mapping[str, float]], often: float) -> str:
        """Returns what goes wrong on this occasion, if anything does.

        ``kinds`` are what can, with their weights.
        """


class Chance:
    """Strikes on numbered occasions, as its scenario says."""

    def __init__(self, scenario: Scenario) -> None:
        self.struck: list[tuple[int, str]] = []
        self.over = False
        self._fate = Random(f"{scenario.seed} troubles")
        self._rate = scenario.rate
        self._planned = dict(scenario.troubles or ())
        self._free = scenario.troubles is None
        self._occasions = 0

    def strikes(self, kinds: Callable[[], Mapping[str, float]], often: float) -> str:
        """Returns what goes wrong on this occasion, if anything does."""
        if self.over:
            return ""
        self._occasions += 1
        if not self._free:
            name = self._planned.get(self._occasions, "")
            return self._noted(name) if name and name in kinds() else ""
        if self._fate.random() >= self._rate * often:
            return ""
        weights = kinds()
        if not weights:
            return ""
        (name,) = self._fate.choices(list(weights), list(weights.values()))
        return self._noted(name)

    def _noted(self, name: str) -> str:
        self.struck.append((self._occasions, name))
        return name
