"""Measures how long it takes to choose among a thousand models.

They are those of all installed plugins, many times over under other names. What one
costs to be read from JSON says how fast the machine is.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from attrs import evolve, frozen

import shotcaller_animatic
import shotcaller_fal
import shotcaller_heygen
from benchmarks.tables import Row, Table, compared
from benchmarks.vendors import KEYS
from shotcaller import Brief, Model, Registry, Settings, Shot, codec
from shotcaller.availability import Memory
from shotcaller.client.setup import Setup
from shotcaller.plugin import Exchange, Ticket, hookimpl

COUNT = 1_000
ROUNDS = 15
MOST = 50.0
RATIO = 100.0
"""The promises: in ms, and as a multiple of reading one model."""

SHOT = Shot("a lighthouse at dusk", seconds=5, ratio="16:9", sound=False)
BRIEF = Brief(intent="cinematic", budget="5")
NOTE = """\
A shot of 5 s with a ratio and no sound, for an intent and within a budget: all models
are fitted, priced and ranked. Processor time, the least of several rounds, in turns;
reading one model, from its text to the value, is the median of all."""


@frozen
class Offers:
    """Is a plugin that offers models of gateways that are there."""

    models: Sequence[Model]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        """Returns them all."""
        return self.models

    @hookimpl
    def shotcaller_submit(self) -> Exchange[Ticket]:
        """Is there since each plugin with models has it; nothing is bought here."""
        raise NotImplementedError


def offered() -> Sequence[Model]:
    """Returns a thousand models, each with an id of its own."""
    real = Registry.installed().models
    many = enumerate(islice(cycle(real), COUNT))
    return [evolve(model, id=f"{model.id}-{number}") for number, model in many]


def installation(models: Sequence[Model], home: Path) -> Setup:
    """Returns one with all gateways and their keys, and with these models."""
    plugins = {
        "animatic": shotcaller_animatic,
        "fal": shotcaller_fal,
        "heygen": shotcaller_heygen,
        "many": Offers(models),
    }
    return Setup.load(Settings(home=home, keys=KEYS), Registry(plugins))


def least(action: Callable[[], object]) -> float:
    """Returns the least processor time of an action, in ms."""
    action()
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        action()
        times.append(time.process_time() - before)
    return 1_000 * min(times)


def reading(models: Sequence[Model]) -> float:
    """Returns what it takes to make one model of its JSON text, in ms.

    That of real size: the median of all that are installed.
    """

    def read(text: str) -> float:
        return least(lambda: [codec.load(json.loads(text), Model) for _ in range(20)])

    return median(read(codec.text(model)) / 20 for model in models)


def table() -> Table:
    """Returns what was measured."""
    models = offered()
    with tempfile.TemporaryDirectory() as folder:
        setup = installation(models, Path(folder))
        found = setup.rank(SHOT, BRIEF, lambda _: Memory())
        known = len(found.candidates) + len(found.refused)
        if known < COUNT or not found.candidates:
            msg = f"{len(found.candidates)} of {known} models could be ranked"
            raise RuntimeError(msg)
        ranked = least(lambda: setup.rank(SHOT, BRIEF, lambda _: Memory()))
    read = reading(Registry.installed().models)
    name = f"{known} models ranked"
    row = Row(name, "one read from JSON", ranked, read, "ms", MOST, RATIO)
    note = f"{NOTE} {len(found.candidates)} of the {known} fit."
    return compared("Choosing among a thousand models", [row], note)
