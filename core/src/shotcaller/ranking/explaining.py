"""Says what decided an order: by which votes, and at which weight it would be another.

A score is a weighted mean, so that the weight at which two candidates stand level is
found exactly, and not by trying.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from shotcaller.catalog import Candidate, Change, Margin

_NOISE = 1e-9
_STEP = 0.001
"""How finely weights are told."""

_BEYOND = 1e-6
"""How far behind a tipping point is looked, to see that the order really changes."""


def margins(first: Candidate, other: Candidate) -> tuple[Margin, ...]:
    """Returns by how much each vote puts one candidate above another, most first.

    They add up to the difference of the scores.
    """
    ours, theirs = _shares(first), _shares(other)
    found = [
        Margin(by, round(ours.get(by, 0.0) - theirs.get(by, 0.0), 6))
        for by in {**ours, **theirs}
    ]
    return tuple(sorted(found, key=lambda one: (-one.value, one.by)))


def tipping(
    candidates: Sequence[Candidate], profile: Mapping[str, float]
) -> tuple[Change, ...]:
    """Returns at which weights another candidate would lead, the nearest first.

    One weight is changed at a time, up or down, at most to the sum of all.
    """
    if not candidates:
        return ()
    first, *rest = candidates
    rivals = [one for one in rest if one.stand_in == first.stand_in]
    most = max(1.0, math.fsum(profile.values()))
    names = sorted({*profile, *(vote.by for vote in first.votes)})
    found = [
        tip
        for by in names
        for tip in _tips(first, rivals, by, profile.get(by, 0.0), most)
    ]
    found.sort(key=lambda tip: (abs(tip.at - tip.now), tip.by, tip.model))
    return tuple(tip.change() for tip in found)


@frozen
class _Tip:
    """Is a weight at which another candidate stands level with the first."""

    by: str
    now: float
    way: str
    at: float
    model: str

    def change(self) -> Change:
        weight = _written(self.at)
        message = f"if {self.by} weighed {self.way} than {weight}"
        message += f" (now {self.now:g}), {self.model} would lead"
        return Change("weight", f"{self.by} {weight}", self.model, message)


@frozen
class _Line:
    """Is a candidate's score as the weight of one vote changes.

    The score at ``x`` is ``(fixed + value * x) / (weight + count * x)``.
    """

    fixed: float
    value: float
    weight: float
    count: int

    def at(self, x: float) -> float:
        total = self.weight + self.count * x
        return (self.fixed + self.value * x) / total if total else 0.0


def _shares(one: Candidate) -> dict[str, float]:
    """Returns what each vote adds to a score."""
    total = math.fsum(vote.weight or 0.0 for vote in one.votes)
    found: dict[str, float] = {}
    for vote in one.votes:
        share = (vote.weight or 0.0) * vote.value / total if total else 0.0
        found[vote.by] = found.get(vote.by, 0.0) + share
    return found


def _tips(
    first: Candidate, rivals: Iterable[Candidate], by: str, now: float, most: float
) -> Iterator[_Tip]:
    """Yields the nearest tipping point above a vote's weight, and the one below."""
    ours = _line(first, by, now)
    theirs = {other.model: _line(other, by, now) for other in rivals}
    up, down = [], []
    for line in theirs.values():
        for x in _level(ours, line):
            if now - _BEYOND < x <= most and _ahead(line, ours, x + _BEYOND):
                up.append(max(x, now))  # who are level now may differ by a bit
            elif 0 <= x < now + _BEYOND and _ahead(line, ours, x - _BEYOND):
                down.append(min(x, now))
    lines = {first.model: ours, **theirs}
    if up:
        at = math.ceil((min(up) - _BEYOND) / _STEP) * _STEP
        yield from _led(lines, at + _STEP, _Tip(by, now, "more", at, first.model))
    if down:
        at = math.floor((max(down) + _BEYOND) / _STEP) * _STEP
        yield from _led(lines, at - _STEP, _Tip(by, now, "less", at, first.model))


def _led(lines: Mapping[str, _Line], beyond: float, tip: _Tip) -> Iterator[_Tip]:
    """Yields a tip with who leads a step behind it, if that is another than now.

    It may be another than who passes first, and scores may still be as good as level.
    """
    at = max(beyond, 0.0)
    places = [(-round(line.at(at), 6), id_) for id_, line in lines.items()]
    if (model := min(places)[1]) != tip.model:
        yield evolve(tip, model=model)


def _line(one: Candidate, by: str, now: float) -> _Line:
    """Returns a candidate's line; a vote that brought its own weight keeps it."""
    moved = [vote for vote in one.votes if vote.by == by and vote.weight == now]
    kept = [vote for vote in one.votes if vote not in moved]
    return _Line(
        math.fsum((vote.weight or 0.0) * vote.value for vote in kept),
        math.fsum(vote.value for vote in moved),
        math.fsum(vote.weight or 0.0 for vote in kept),
        len(moved),
    )


def _level(one: _Line, other: _Line) -> Iterator[float]:
    """Yields the weights at which two candidates have the same score."""
    a = one.value * other.count - other.value * one.count
    b = one.fixed * other.count + one.value * other.weight
    b -= other.fixed * one.count + other.value * one.weight
    c = one.fixed * other.weight - other.fixed * one.weight
    if abs(a) < _NOISE:
        if abs(b) >= _NOISE:
            yield -c / b
        return
    inside = b * b - 4 * a * c
    if inside >= 0:
        root = math.sqrt(inside)
        yield from ((-b - root) / (2 * a), (-b + root) / (2 * a))


def _ahead(one: _Line, other: _Line, at: float) -> bool:
    return at >= 0 and one.at(at) > other.at(at)


def _written(weight: float) -> str:
    return f"{weight:.3f}".rstrip("0").rstrip(".")
