"""Makes models of routes: what a plugin for a family of models consists of.

Such a plugin lists its offerings, each with the endpoint for every way to start, and
answers two hooks with a :class:`Family`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from attrs import evolve, frozen

from shotcaller.plugin import (
    Capabilities,
    Exchange,
    Kind,
    Lengths,
    Model,
    Operation,
    Shot,
    Sound,
    Ticket,
    operation,
)
from shotcaller_fal import queue
from shotcaller_fal.payloads import payload
from shotcaller_fal.routes import Route, span

T = TypeVar("T")


@frozen
class Offering:
    """Is a model, and the route for each way in which a shot may start."""

    model: Model
    routes: Mapping[Operation, Route]


class Family:
    """Holds the offerings of one plugin, and answers its hooks."""

    def __init__(self, *offerings: Offering) -> None:
        self._offerings = {one.model.id: one for one in offerings}

    @property
    def models(self) -> Sequence[Model]:
        """The models, in the order in which they were given."""
        return tuple(one.model for one in self._offerings.values())

    def route(self, model: str, shot: Shot) -> Route:
        """Returns where a shot that fits a model goes."""
        return self._offerings[model].routes[operation(shot)]

    def submit(self, model: Model, shot: Shot) -> Exchange[Ticket]:
        """Turns a shot into the one request that spends."""
        found = self.route(model.id, shot)
        ticket = yield from queue.submit(model.id, found.endpoint, payload(found, shot))
        return ticket


def offering(id_: str, routes: Mapping[Operation, Route], **described: Any) -> Offering:
    """Returns a model with all that its routes can do.

    ``described`` are the other fields of a :class:`~shotcaller.plugin.Model`.
    """
    able = {start: _starting(start, routes) for start in routes}
    model = Model(
        id=id_,
        capabilities=together(tuple(able.values())),
        by_operation=able,
        **described,
    )
    return Offering(model, routes)


def _starting(start: Operation, routes: Mapping[Operation, Route]) -> Capabilities:
    """Returns a route's abilities, with what may be given besides what it starts from.

    Only an endpoint that takes references may take frames with them, and only where
    the model can start from frames alone too.
    """
    found, starts = routes[start], {start}
    if start is Operation.REFERENCES and found.image is not None:
        starts.add(Operation.IMAGE)
    if start is Operation.REFERENCES and found.last_image is not None:
        starts.add(Operation.FRAMES)
    return evolve(found.can, operations=starts & routes.keys())


def together(able: Sequence[Capabilities]) -> Capabilities:
    """Returns all that several abilities offer, for tables; each alone offers less."""
    first = able[0]
    kinds = {kind for one in able for kind in one.references}
    most = {kind: max(one.references.get(kind, 0) for one in able) for kind in kinds}
    return evolve(
        first,
        operations=[start for one in able for start in one.operations],
        seconds=_longest([one.seconds for one in able]),
        ratios=_all(ratio for one in able for ratio in one.ratios),
        resolutions=_all(size for one in able for size in one.resolutions),
        sound=_sound([one.sound for one in able]),
        references=most,
        media_bytes=_largest([one.media_bytes for one in able]),
        cuts=max(one.cuts for one in able),
        negative=any(one.negative for one in able),
        seed=any(one.seed for one in able),
        options=tuple({o.name: o for one in able for o in one.options}.values()),
    )


def _all(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _sound(sounds: Sequence[Sound]) -> Sound:
    return sounds[0] if len(set(sounds)) == 1 else Sound.OPTIONAL


def _largest(limits: Sequence[Mapping[Kind, int]]) -> dict[Kind, int]:
    kinds = {kind for one in limits for kind in one}
    return {
        kind: max(one.get(kind, 0) for one in limits)
        for kind in kinds
        if all(kind in one for one in limits)
    }


def _longest(lengths: Sequence[Lengths]) -> Lengths:
    if len(set(lengths)) == 1:
        return lengths[0]
    choices = sorted({choice for one in lengths for choice in _each(one)})
    return span(choices)


def _each(lengths: Lengths) -> Sequence[float]:
    if lengths.choices:
        return lengths.choices
    step = lengths.step or 1
    steps = int((lengths.high - lengths.low) / step)
    return [lengths.low + step * n for n in range(steps + 1)]
