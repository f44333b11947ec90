"""Reads from a body what clip it asks for, and what that costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from shotcaller.plugin import JSON
from shotcaller_emulator.films import Film

Size: TypeAlias = tuple[int, int]

SIZES: Mapping[str, Mapping[str, Size]] = {
    "480p": {"21:9": (960, 416), "16:9": (832, 480), "4:3": (640, 480)},
    "768p": {"21:9": (1536, 672), "16:9": (1344, 768), "4:3": (1024, 768)},
    "1080p": {"16:9": (1890, 1080)},
    "2k": {"16:9": (2688, 1536)},
}
"""Pixels of Video 1 by resolution and ratio; upright ones are the same, turned."""

SQUARES: Mapping[str, int] = {"480p": 480, "768p": 768}
RATES: Mapping[str, Decimal] = {
    "480p": Decimal("0.02"),
    "768p": Decimal("0.02"),
    "1080p": Decimal("0.06"),
    "2k": Decimal("0.06"),
}
"""Dollars for a second of Video 1."""

CINEMATIC = Decimal("7.00")
AGENT = Decimal("0.0333")
AGENT_SECONDS = 6.0
WORKFLOW = Decimal("0.50")
"""Nobody publishes what the old call costs: a round figure, for the ledger to show."""

LOUD = ("veo_3", "veo3", "sora")
SECONDS: Mapping[str, float] = {"veo": 8, "sora": 8}


def video(body: Mapping[str, JSON], seed: int) -> tuple[Film, Decimal]:
    """Returns the film that a body for Video 1 asks for, and its price."""
    seconds = float(str(body.get("duration", 5)))
    resolution = str(body.get("resolution", "768p"))
    ratio = str(body.get("aspect_ratio", "16:9"))
    width, height = _pixels(resolution, ratio)
    film = Film(str(body["prompt"]), width, height, seconds, sound=True, seed=seed)
    return film, RATES[resolution] * Decimal(seconds)


def _pixels(resolution: str, ratio: str) -> Size:
    if ratio == "1:1":
        side = SQUARES[resolution]
        return side, side
    sizes = SIZES[resolution]
    if ratio in sizes:
        return sizes[ratio]
    across, _, down = ratio.partition(":")
    width, height = sizes.get(f"{down}:{across}", sizes["16:9"])
    return (height, width) if down else (width, height)


def cinematic(body: Mapping[str, JSON], seed: int) -> tuple[Film, Decimal]:
    """Returns the film that a body for a cinematic avatar asks for, and its price."""
    short = int(str(body.get("resolution", "720p"))[:-1])
    width, height = _shaped(str(body.get("aspect_ratio", "16:9")), short)
    seconds = float(str(body.get("duration", 10)))
    film = Film(str(body["prompt"]), width, height, seconds, sound=True, seed=seed)
    return film, CINEMATIC


def agent(body: Mapping[str, JSON], seed: int) -> tuple[Film, Decimal]:
    """Returns the film that an agent makes of a prompt, and its price."""
    upright = body.get("orientation") == "portrait"
    width, height = _shaped("9:16" if upright else "16:9", 720)
    prompt = str(body["prompt"])
    film = Film(prompt, width, height, AGENT_SECONDS, sound=True, seed=seed)
    return film, AGENT * Decimal(AGENT_SECONDS)


def workflow(given: Mapping[str, JSON], seed: int) -> tuple[Film, Decimal]:
    """Returns the film that the old call's input asks for, and a price."""
    provider = str(given.get("provider", "veo_3_1"))
    width, height = _shaped(str(given.get("aspect_ratio", "16:9")), 720)
    named = (length for name, length in SECONDS.items() if provider.startswith(name))
    loud = provider.startswith(LOUD)
    film = Film(str(given["prompt"]), width, height, next(named, 5.0), loud, seed)
    return film, WORKFLOW


def _shaped(ratio: str, short: int) -> Size:
    found = re.fullmatch(r"([1-9]\d?):([1-9]\d?)", ratio)
    across, down = (int(found[1]), int(found[2])) if found else (16, 9)
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    long = min(long, 4 * short)
    return (long, short) if across >= down else (short, long)
