"""Lists the kinds of gateway, by how they tell a repeat, and how each is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import frozen

from shotcaller_emulator.command import environment, heygen_environment
from shotcaller_emulator.fal import Fal
from shotcaller_emulator.fal import Pace as FalPace
from shotcaller_emulator.faults import Faults
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import HeyGen, Pace
from shotcaller_emulator.vendors import Vendor
from tests.core.mp4 import movie

Weather: TypeAlias = Faults[Any]
"""Is what goes wrong at a vendor, whichever it is."""

QUEUED, RUNNING = 0.05, 0.1
"""How long jobs take, in seconds: the command's own waits are what takes time."""


@frozen
class Kind:
    """Is one kind of gateway; ``routes`` are the emulator's, by what they are for.

    ``safety`` says what becomes of a submit whose reply is lost. Without a ``vendor``
    the gateway is on this machine.
    """

    name: str
    safety: str
    wish: tuple[str, ...]
    plugins: str
    routes: Mapping[str, str] = {}
    vendor: Callable[[Weather | None], Vendor] | None = None
    lead: Callable[[str], Mapping[str, str]] = environment


def sketched(film: Film) -> bytes:
    """Returns a file that says of itself what a film is to be like; none plays it."""
    return movie(film.seconds, film.width, film.height, sound=film.sound)


def _fal(faults: Weather | None) -> Vendor:
    return Fal(sketched, pace=FalPace(QUEUED, RUNNING), faults=faults)


def _heygen(faults: Weather | None) -> Vendor:
    return HeyGen(sketched, pace=Pace(QUEUED, RUNNING), faults=faults)


def _of_fal(name: str, plugin: str, *wish: str) -> Kind:
    return Kind(
        name,
        "listable",
        ("--model", *wish, "--budget", "9", "--yes"),
        f"fal,{plugin}",
        {"submit": "submit", "poll": "status", "download": "download"},
        _fal,
    )


FAL = _of_fal("fal", "fal-veo", "fal/veo-3.1-lite", "--seconds", "4")
HEYGEN = Kind(
    "heygen v3",
    "idempotent",
    ("--model", "heygen/video-1", "--resolution", "480p", "--yes"),
    "heygen",
    {"submit": "submit", "poll": "video", "download": "download"},
    _heygen,
    heygen_environment,
)
WORKFLOWS = Kind(
    "heygen workflows",
    "blind",
    ("--model", "heygen/veo-3.1", "--yes"),
    "heygen",
    {"submit": "execute", "poll": "execution", "download": "download"},
    _heygen,
    heygen_environment,
)
ANIMATIC = Kind(
    "animatic",
    "local",
    ("--model", "animatic/draft", "--seconds", "1", "--resolution", "480p"),
    "animatic",
)

KINDS = (FAL, HEYGEN, WORKFLOWS, ANIMATIC)
"""One of each kind."""

FAMILIES = (
    _of_fal("fal-kling", "fal-kling", "fal/kling-v3-pro", "--seconds", "5"),
    _of_fal("fal-minimax", "fal-minimax", "fal/hailuo-2.3-standard", "--seconds", "6"),
    _of_fal("fal-seedance", "fal-seedance", "fal/seedance-2.0", "--seconds", "5"),
)
"""What else is reached through fal, each by a plugin of its own."""

EVERYWHERE = MappingProxyType({kind.name: kind for kind in (*KINDS, *FAMILIES)})
"""Every gateway of the repository, by name."""
