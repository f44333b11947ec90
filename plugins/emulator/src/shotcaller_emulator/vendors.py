"""Lists the vendors that can be emulated, with all that can go wrong at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol, TypeAlias

from attrs import frozen

from shotcaller_emulator import fal, heygen
from shotcaller_emulator.fal.troubles import Trouble as FalTrouble
from shotcaller_emulator.films import Render
from shotcaller_emulator.heygen.troubles import Trouble as HeyGenTrouble
from shotcaller_emulator.ledgers import Line
from shotcaller_emulator.serving import Vendor

Trouble: TypeAlias = FalTrouble | HeyGenTrouble

OWN = "heygen-"
"""What the names of HeyGen's troubles begin with, since some are fal's as well."""

TROUBLES: Mapping[str, Trouble] = MappingProxyType(
    {
        **fal.TROUBLES,
        **{f"{OWN}{name}": trouble for name, trouble in heygen.TROUBLES.items()},
    }
)
"""All that has a name, at any vendor."""


RATE = 0.1
"""The share of requests that chance gives a fault."""


class Billing(Vendor, Protocol):
    """Is a vendor with a ledger."""

    def ledger_at(self, now: datetime) -> Sequence[Line]:
        """Returns every job that was accepted, as it stands at a time."""

    @property
    def leaks(self) -> Sequence[object]:
        """Every key that was sent to where none belongs."""


@frozen
class Wish:
    """Is how the emulated vendors are to be.

    Of the ``faults`` each comes once; with a ``seed`` they, or else all that are
    known, come by chance. Jobs run ``speed`` times as fast as they do there.
    """

    faults: Sequence[str] = ()
    seed: int | None = None
    speed: float = 1


def emulated(render: Render, wish: Wish) -> Mapping[str, Billing]:
    """Returns the vendors as they are wished for, by name."""
    any_ = () if wish.seed is None else tuple(TROUBLES)
    named = wish.faults or any_
    return {
        "fal": _fal(render, wish, [name for name in named if name in fal.TROUBLES]),
        "heygen": _heygen(
            render,
            wish,
            [name.removeprefix(OWN) for name in named if name.startswith(OWN)],
        ),
    }


def _fal(render: Render, wish: Wish, names: Sequence[str]) -> fal.Fal:
    pace = fal.Pace().at(wish.speed)
    if wish.seed is not None:
        faults = fal.weather(wish.seed, RATE, names)
        return fal.Fal(render, pace=pace, seed=wish.seed, faults=faults)
    vendor = fal.Fal(render, pace=pace)
    for name in names:
        vendor.script(fal.TROUBLES[name].route, fal.TROUBLES[name].play)
    return vendor


def _heygen(render: Render, wish: Wish, names: Sequence[str]) -> heygen.HeyGen:
    pace = heygen.Pace().at(wish.speed)
    if wish.seed is not None:
        faults = heygen.weather(wish.seed, RATE, names)
        return heygen.HeyGen(render, pace=pace, seed=wish.seed, faults=faults)
    vendor = heygen.HeyGen(render, pace=pace)
    for name in names:
        vendor.script(heygen.TROUBLES[name].route, heygen.TROUBLES[name].play)
    return vendor


__all__ = ["TROUBLES", "Billing", "Wish", "emulated"]
