"""Reads from an endpoint's input what clip it asks for: size, length, sound."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from shotcaller.plugin import JSON
from shotcaller_emulator.films import Film
from shotcaller_fal.catalogue import Endpoint

USUAL_SECONDS = 5.0
"""The length where the model is free to choose it."""

LONGEST = 60.0
"""More than any model makes: who asks for more frames gets no more seconds."""

FIXED_SECONDS = {"hailuo": 6.0, "minimax/video-01": 6.0}
"""The length of models that leave no choice, by a part of their id."""

TIERS = {"4k": 2160, "pro": 1080, "master": 1080}
"""Pixels of the shorter side where only the tier, a part of the id, decides."""

NAMED_SIZES = {"2k": 1440, "4k": 2160}

BY_AREA = "seedance"
"""Of these a resolution names an area: 640 by 640 pixels were seen for 480p, 1:1."""

LOUD = ("fal-ai/sora-2", "google/gemini-omni", "xai/grok-imagine", "minimax/h3")
"""Models that have no switch for their sound."""


def filled(endpoint: Endpoint, given: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """Returns an input with the defaults of what it leaves out."""
    known = endpoint.input["properties"]
    defaults = {
        name: schema["default"] for name, schema in known.items() if "default" in schema
    }
    return {**defaults, **{name: given[name] for name in given if name in known}}


def film(endpoint: Endpoint, given: Mapping[str, JSON], seed: int) -> Film:
    """Returns the film that a valid input asks for."""
    wanted = filled(endpoint, given)
    width, height = size(endpoint, wanted)
    prompt = str(wanted.get("prompt") or endpoint.id)
    return Film(
        prompt, width, height, seconds(endpoint, wanted), heard(endpoint, wanted), seed
    )


def seconds(endpoint: Endpoint, wanted: Mapping[str, JSON]) -> float:
    """Returns the length in seconds, given an input with its defaults."""
    rate = wanted.get("frames_per_second") or wanted.get("fps")
    frames = wanted.get("num_frames")
    if isinstance(frames, int) and isinstance(rate, int) and frames > 0 < rate:
        return min(frames / rate, LONGEST)
    if cuts := _cuts(wanted):
        return math.fsum(_number(cut.get("duration", "5")) for cut in cuts)
    if length := _number(wanted.get("duration")):
        return min(length, LONGEST)
    fixed = (length for name, length in FIXED_SECONDS.items() if name in endpoint.id)
    return next(fixed, USUAL_SECONDS)


def _cuts(wanted: Mapping[str, JSON]) -> list[dict[str, JSON]]:
    found = wanted.get("multi_prompt")
    listed = found if isinstance(found, list) else []
    return [cut for cut in listed if isinstance(cut, dict)]


def _number(said: JSON) -> float:
    """Returns the number in "5", "5s" or 5, and 0 for what has none, as "auto"."""
    found = re.match(r"\d+(\.\d+)?", str(said))
    return float(found[0]) if found else 0


def heard(endpoint: Endpoint, wanted: Mapping[str, JSON]) -> bool:
    """Returns whether the clip has sound."""
    switch = wanted.get("generate_audio", wanted.get("audio"))
    return endpoint.id.startswith(LOUD) if switch is None else bool(switch)


def size(endpoint: Endpoint, wanted: Mapping[str, JSON]) -> tuple[int, int]:
    """Returns width and height in pixels, both even."""
    short = _short(endpoint, wanted)
    shape = re.fullmatch(r"(\d+):(\d+)", str(wanted.get("aspect_ratio")))
    ratio = int(shape[1]) / int(shape[2]) if shape else 16 / 9
    if BY_AREA in endpoint.id:
        area = short * short * 16 / 9
        return _sixteen(math.sqrt(area * ratio)), _sixteen(math.sqrt(area / ratio))
    if ratio >= 1:
        return _even(short * ratio), _even(short)
    return _even(short), _even(short / ratio)


def _short(endpoint: Endpoint, wanted: Mapping[str, JSON]) -> int:
    said = str(wanted.get("resolution")).lower()
    if said in NAMED_SIZES:
        return NAMED_SIZES[said]
    if number := re.fullmatch(r"(\d+)p", said):
        return int(number[1])
    parts = endpoint.id.split("/")
    return next((tall for tier, tall in TIERS.items() if tier in parts), 720)


def _even(side: float) -> int:
    return round(side / 2) * 2


def _sixteen(side: float) -> int:
    return round(side / 16) * 16


__all__ = ["filled", "film", "heard", "seconds", "size"]
