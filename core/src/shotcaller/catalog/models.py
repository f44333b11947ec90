"""Describes models: who makes them, how good they are, until when they live."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from attrs import field, frozen

from shotcaller.catalog.capabilities import Capabilities, Operation
from shotcaller.catalog.prices import CONDITIONS, Price


@frozen
class Evidence:
    """Is one dated finding: of ``quality`` from 0 to 1, or ``speed`` in seconds.

    ``quality`` is that of clips from a text; ``quality-image`` that of clips which
    start from a picture or are guided by references, where it is another. ``speed`` is
    the usual time from submit to finished clip, of 5 s at 720p. ``margin`` is by how
    much the value may be off, either way. ``judged`` says that it is somebody's
    judgement and that nothing was measured.
    """

    about: str
    value: float
    source: str
    as_of: date
    margin: float = field(default=0.0, kw_only=True)
    judged: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        most = 1.0 if self.about.startswith("quality") else math.inf
        for name, value in (("", self.value), ("the margin of ", self.margin)):
            if not 0 <= value <= most or value == math.inf:
                msg = f"evidence about {self.about}: {name}{value!r}"
                msg += f" is not from 0 to {most:g}"
                raise ValueError(msg)


@frozen
class Lifecycle:
    """Says until when a model lives, and what comes after it.

    ``missing_since`` is when its gateway was first seen to list it no more: it may
    still answer, and is tried only where it is named.
    """

    retires_on: date | None = None
    successor: str | None = None
    note: str = ""
    source: str = ""
    missing_since: date | None = None

    def retired(self, today: date) -> bool:
        """Whether the model's last day has come."""
        return self.retires_on is not None and self.retires_on <= today

    def over(self, today: date) -> str:
        """Says that the model has ended, or may have; empty if it lives."""
        after = f"; use {self.successor}" if self.successor else ""
        if self.retired(today):
            return f"retired on {self.retires_on}{after}"
        if self.missing_since is None:
            return ""
        return f"has not been listed by its gateway since {self.missing_since}{after}"


_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"  # so neither empty nor ..
_MODEL_ID = re.compile(rf"[a-z][a-z0-9-]*[/:]{_PART}(/{_PART})*")


def _words(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        msg = f"traits: {values!r} is not a set of words"
        raise TypeError(msg)
    return frozenset(values)


def _evidence(values: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(values)


@frozen(kw_only=True)
class Model:
    """Is what is on offer at a gateway; its id is ``gateway/family-version[-tier]``.

    ``capabilities`` is all it can do; ``by_operation`` what it can do where a shot
    starts from something, if that is less: which of its ``operations`` then go
    together, too. ``traits`` are words a vote can go by (``cinematic``, ``draft``).
    ``price`` None means unknown, which is not zero. ``artificial`` is False where no
    AI model draws the clip. What one maker calls by one name is the same model at
    every gateway.
    """

    id: str
    title: str
    maker: str
    capabilities: Capabilities
    by_operation: Mapping[Operation, Capabilities] = field(factory=dict)
    price: Price | None = None
    evidence: tuple[Evidence, ...] = field(default=(), converter=_evidence)
    lifecycle: Lifecycle = Lifecycle()
    traits: frozenset[str] = field(default=frozenset(), converter=_words)
    artificial: bool = True
    listed: bool = True

    def __attrs_post_init__(self) -> None:
        if not _MODEL_ID.fullmatch(self.id):
            msg = f"model id {self.id!r} is not written gateway/family-version"
            raise ValueError(msg)
        _narrower(self)
        _declared(self)

    @cached_property
    def gateway(self) -> str:
        """The id of the gateway that is paid."""
        return self.id.partition("/")[0].partition(":")[0]

    @property
    def name(self) -> str:
        """What the model is called at every gateway that has it."""
        return re.split("[/:]", self.id, maxsplit=1)[1]

    def able(self, operation: Operation) -> Capabilities:
        """Returns what it can do with a shot that starts so."""
        return self.by_operation.get(operation, self.capabilities)

    def known(self, about: str) -> Evidence | None:
        """Returns the newest evidence about ``quality`` or ``speed``, if any."""
        return self._newest.get(about)

    @cached_property
    def _newest(self) -> Mapping[str, Evidence]:
        found: dict[str, Evidence] = {}
        for one in self.evidence:
            if one.about not in found or one.as_of > found[one.about].as_of:
                found[one.about] = one
        return found


def _narrower(model: Model) -> None:
    """Refuses what is said of an operation that the model does not have."""
    for operation, can in model.by_operation.items():
        beyond = can.operations - model.capabilities.operations
        if operation not in can.operations:
            msg = f"by_operation of {model.id}: {operation} is not among its operations"
            raise ValueError(msg)
        if beyond:
            names = ", ".join(sorted(beyond))
            msg = f"by_operation of {model.id}: {operation} goes with {names}, "
            msg += "which is not among the model's operations"
            raise ValueError(msg)


def _declared(model: Model) -> None:
    """Refuses a rate that never applies, since no option bears the name it asks for."""
    able = (model.capabilities, *model.by_operation.values())
    known = {name for can in able for one in can.options for name in one.names}
    rates = model.price.rates if model.price else ()
    for name in (name for rate in rates for name in rate.when):
        if name not in CONDITIONS and name not in known:
            msg = f"price of {model.id}: a rate asks for {name!r}, which is no option"
            raise ValueError(msg)
