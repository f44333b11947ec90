"""Makes a scenario of a seed: a value that can be run again, and made smaller."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from attrs import evolve, frozen

FIRST = ("fal/veo-3.1-lite", "heygen/video-1", "heygen/veo-3.1", "lantern/bright")
SECOND = ("fal/veo-3.1-fast", "heygen/video-1", "lantern/dim", "pencil/soft")
SOLE = (*FIRST, *FIRST, "pencil/soft")
"""Listable, idempotent, blind, correlated, and, less often, on this machine."""


RIVALRY = 0.15
"""The share of scenarios in which all processes want one shot at once."""


@frozen(kw_only=True)
class Want:
    """Is a shot that a user wants: by the first of the models that takes it."""

    prompt: str
    models: tuple[str, ...]
    again: str = ""
    budget: str | None = None


@frozen(kw_only=True)
class Wish:
    """Is what a user does at a time, in seconds, in one of the processes."""

    at: float
    process: int
    what: str
    want: int
    patience: float | None = None


@frozen(kw_only=True)
class Scenario:
    """Is all that decides what happens.

    ``troubles`` are what goes wrong, each with the number of the occasion; None leaves
    it to chance, which strikes at ``rate``. ``weather`` is the rate of the vendors' own
    faults, ``lag`` how many seconds their lists are behind, ``skew`` how many their
    clocks are ahead of ours. ``purse`` is what the project may spend, in USD.
    """

    seed: int
    wants: tuple[Want, ...]
    wishes: tuple[Wish, ...]
    processes: int = 1
    rate: float = 0.0
    weather: float = 0.0
    lag: float = 0.0
    skew: float = 0.0
    purse: str | None = None
    troubles: tuple[tuple[int, str], ...] | None = None


def scenario(seed: int) -> Scenario:
    """Returns the scenario of a seed."""
    chance = Random(seed)
    if chance.random() < RIVALRY:
        return _rivalry(seed, chance)
    processes = chance.choice((1, 2, 2, 3))
    wants = tuple(_wants(chance))
    return Scenario(
        seed=seed,
        wants=wants,
        wishes=tuple(_wishes(chance, wants, processes)),
        processes=processes,
        rate=chance.choice((0.02, 0.05, 0.1, 0.2)),
        weather=chance.choice((0.0, 0.0, 0.1, 0.3)),
        lag=chance.choice((0.0, 0.0, 60.0, 7_200.0)),
        skew=chance.choice((0.0, 0.0, 2.5, -2.5)),
    )


def _rivalry(seed: int, chance: Random) -> Scenario:
    """Returns processes that all want the same at once, which often needs an heir.

    Or else each wants another shot, and there is money for one of them.
    """
    models = ("lantern/bright", chance.choice(("lantern/dim", "heygen/video-1")))
    purse = chance.choice((None, "0.60"))
    wants = tuple(
        Want(prompt=f"A paper boat, number {number}", models=models)
        for number in range(1 if purse is None else 3)
    )
    wishes = tuple(
        Wish(at=at, process=process, what="generate", want=process % len(wants))
        for at in (0.0, 0.5)
        for process in range(3)
    )
    rate = chance.choice((0.0, 0.02, 0.05))
    return Scenario(
        seed=seed, wants=wants, wishes=wishes, processes=3, rate=rate, purse=purse
    )


def _wants(chance: Random) -> Iterator[Want]:
    models: tuple[str, ...] = (chance.choice(SOLE),)
    if chance.random() < 0.6:
        first = chance.choice((*FIRST, "lantern/bright", "lantern/bright"))
        models = (first, chance.choice(SECOND))
    prompt = "A paper boat"
    budget = chance.choice((None, None, None, "2.00"))
    for number in range(chance.choice((1, 1, 2, 3))):
        alike = chance.random() < 0.5
        yield Want(
            prompt=prompt if alike else f"{prompt}, number {number}",
            models=models if alike or chance.random() < 0.5 else (chance.choice(SOLE),),
            again="" if chance.random() < 0.5 else str(number),
            budget=budget,
        )


def _wishes(chance: Random, wants: Sequence[Want], processes: int) -> Iterator[Wish]:
    first = [_FIRST] * len(wants)
    at = 0.0
    for number, choices in enumerate((*first, *[_LATER] * chance.randrange(6))):
        want = number if number < len(wants) else chance.randrange(len(wants))
        what = chance.choice(choices)
        patience = chance.choice((None, None, None, 5.0, 30.0))
        together = chance.random() < 0.5  # in all processes at once, or in one
        for process in range(processes) if together else [chance.randrange(processes)]:
            yield Wish(at=at, process=process, what=what, want=want, patience=patience)
        at += chance.choice((0.0, 0.5, 10.0, 60.0, 600.0))


_FIRST = ("generate", "generate", "generate", "submit")
_LATER = (
    *("generate", "generate", "resume", "cancel", "cancel", "find"),
    *("adopt", "discard", "retake"),
)


def shrunk(failing: Scenario, fails: Callable[[Scenario], bool]) -> Scenario:
    """Returns the smallest scenario that can be found that fails as well.

    ``failing`` names its troubles.
    """
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(failing):
            if fails(candidate):
                failing, smaller = candidate, True
                break
    return failing


def _smaller(large: Scenario) -> Iterator[Scenario]:
    """Yields what has less in it, the greatest steps first."""
    for name, plain in _PLAIN.items():
        if getattr(large, name) != plain:
            yield evolve(large, **{name: plain})
    troubles = large.troubles or ()
    length = len(troubles) // 2
    while length:
        for start in range(0, len(troubles), length):
            left = troubles[:start] + troubles[start + length :]
            yield evolve(large, troubles=left)
        length //= 2
    for number in range(len(large.wishes)):
        left_over = large.wishes[:number] + large.wishes[number + 1 :]
        yield evolve(large, wishes=left_over)


_PLAIN: Mapping[str, Any] = {"weather": 0.0, "lag": 0.0, "skew": 0.0, "processes": 1}
