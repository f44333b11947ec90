"""Lists the vendors that can be emulated, with all that can go wrong at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeVar

from attrs import frozen

from shotcaller_emulator import fal, heygen
from shotcaller_emulator.emulating import Emulated
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Render
from shotcaller_emulator.jobs import Pace
from shotcaller_emulator.troubles import Trouble, by_chance

P = TypeVar("P")

Vendor: TypeAlias = Emulated[Any, Any]
"""Any of them."""

OWN = "heygen-"
"""What the names of HeyGen's troubles begin with, since some are fal's as well."""

TROUBLES: Mapping[str, Trouble[object]] = MappingProxyType(
    {
        **fal.TROUBLES,
        **{f"{OWN}{name}": trouble for name, trouble in heygen.TROUBLES.items()},
    }
)
"""All that has a name, at any vendor."""


RATE = 0.1
"""The share of requests that chance gives a fault."""


@frozen
class Wish:
    """Is how the emulated vendors are to be.

    Of the ``faults`` each comes once; with a ``seed`` they, or else all that are
    known, come by chance. Jobs run ``speed`` times as fast as they do there.
    """

    faults: Sequence[str] = ()
    seed: int | None = None
    speed: float = 1


class _Kind(Protocol[P]):
    """Is how a vendor is made."""

    def __call__(
        self, *, pace: Pace, seed: int = 0, faults: Faults[P] | None = None
    ) -> Emulated[Any, P]:
        """Returns one."""


def emulated(render: Render, wish: Wish) -> Mapping[str, Vendor]:
    """Returns the vendors as they are wished for, by name."""
    named = wish.faults if wish.faults or wish.seed is None else tuple(TROUBLES)
    at_fal = [name for name in named if name in fal.TROUBLES]
    at_heygen = [name.removeprefix(OWN) for name in named if name.startswith(OWN)]
    return {
        "fal": _made(partial(fal.Fal, render), fal.TROUBLES, at_fal, wish),
        "heygen": _made(
            partial(heygen.HeyGen, render), heygen.TROUBLES, at_heygen, wish
        ),
    }


def _made(
    kind: _Kind[P], troubles: Mapping[str, Trouble[P]], names: Sequence[str], wish: Wish
) -> Vendor:
    pace = Pace().at(wish.speed)
    if wish.seed is not None:
        faults = by_chance(wish.seed, RATE, troubles, names)
        return kind(pace=pace, seed=wish.seed, faults=faults)
    vendor = kind(pace=pace)
    for name in names:
        vendor.script(troubles[name].route, troubles[name].play)
    return vendor


__all__ = ["TROUBLES", "Vendor", "Wish", "emulated"]
