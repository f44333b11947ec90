"""Lists what Kling offers at fal, by version and tier: endpoints, prices, evidence.

No endpoint has a field for the size: the tier decides it. From 3.0 on cuts are a list,
and from 2.6 on clips may have sound. fal's own default of that differs from version to
version, so what was quoted is always sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shotcaller.plugin import Kind, Lengths, Operation, Pictures, Rate, Sound
from shotcaller_fal import Family, Offering, Route, offering, route
from shotcaller_fal.sources import GUESS, KIN, OPINION, judged, priced
from shotcaller_fal_kling.elements import MOST, cast

_CUT = {"tell": cast, "cuts": 6, "cut_seconds": Lengths(1, 15, 1)}

PICTURES = Pictures(
    types=("image/jpeg", "image/png"), shortest=300, narrowest=0.4, widest=2.5
)
"""Which pictures the turbo tiers read; of the others fal's pages say nothing."""

AGREED = 0.01
"""By how much the votes on 3.0 pro may be off: the boards agree within 6 points."""


def _route(endpoint: str, **limits: Any) -> Route:
    return route(f"fal-ai/kling-video/{endpoint}", **limits)


def _from_image(base: str, **limits: Any) -> dict[Operation, Route]:
    found = _route(f"{base}/image-to-video", **limits)
    if found.last_image is None:
        return {Operation.IMAGE: found}
    return {Operation.IMAGE: found, Operation.FRAMES: found}


def _starts(base: str, **limits: Any) -> dict[Operation, Route]:
    from_text = _route(f"{base}/text-to-video", **limits)
    return {Operation.TEXT: from_text, **_from_image(base, **limits)}


def _sized(size: str) -> dict[str, Any]:
    return {"resolutions": (size,), "default_resolution": size}


def _three(tier: str, size: str, **limits: Any) -> dict[Operation, Route]:
    return _starts(f"v3/{tier}", **_CUT, **_sized(size), **limits)


def _turbo(tier: str, size: str) -> dict[Operation, Route]:
    # There is no field for sound. Kling itself asks the same price for its turbo tiers
    # with sound, and asks for no other.
    return _three(f"turbo/{tier}", size, sound=Sound.ALWAYS, pictures=PICTURES)


def _omni(tier: str, size: str) -> dict[Operation, Route]:
    limits = {**_CUT, **_sized(size)}
    pictures = {Kind.IMAGE: MOST}
    guided = _route(f"o3/{tier}/reference-to-video", references=pictures, **limits)
    return {**_starts(f"o3/{tier}", **limits), Operation.REFERENCES: guided}


def _heard(silent: str, loud: str) -> tuple[Rate, ...]:
    """Returns the prices of a second without and with sound."""
    return (Rate(silent, when={"sound": "off"}), Rate(loud, when={"sound": "on"}))


def _voiced(voiced: str, silent: str, loud: str) -> tuple[Rate, ...]:
    """Returns the prices where an element may have a voice, which costs more."""
    voice = Rate(voiced, when={"elements.voice_id": "given"})
    return (voice, *_heard(silent, loud))


def _kling(id_: str, routes: Mapping[Operation, Route], **described: Any) -> Offering:
    return offering(id_, routes, maker="kuaishou", **described)


def _estimated(quality: float, seconds: float, **known: float) -> Any:
    return judged(quality, seconds, votes=OPINION, times=GUESS, **known)


KLING = Family(
    _kling(
        "fal/kling-v3-pro",
        _three("pro", "1080p"),
        title="Kling 3.0 Pro (fal)",
        price=priced(date(2026, 7, 22), *_voiced("0.196", "0.112", "0.168")),
        evidence=judged(0.74, 90, margin=AGREED),
        traits={
            "abstract",
            "anime",
            "camera",
            "character",
            "cinematic",
            "lip-sync",
            "multi-shot",
            "product",
            "trailer",
        },
    ),
    _kling(
        "fal/kling-v3-standard",
        _three("standard", "720p"),
        title="Kling 3.0 Standard (fal)",
        price=priced(date(2026, 7, 22), *_voiced("0.154", "0.084", "0.126")),
        evidence=judged(0.74, 60, image=0.73),
        traits={"draft", "lip-sync", "multi-shot"},
    ),
    _kling(
        "fal/kling-v3-4k",
        _three("4k", "4k"),
        title="Kling 3.0 4K (fal)",
        price=priced(date(2026, 1, 1), Rate("0.42")),
        evidence=judged(0.74, 95, votes=KIN),
        traits={"camera", "character", "cinematic", "lip-sync", "multi-shot"},
    ),
    _kling(
        "fal/kling-v3-turbo-pro",
        _turbo("pro", "1080p"),
        title="Kling 3.0 Turbo Pro (fal)",
        price=priced(date(2026, 1, 1), Rate("0.14")),
        evidence=judged(0.73, 55, votes=OPINION),
        traits={"fast", "multi-shot"},
    ),
    _kling(
        "fal/kling-v3-turbo-standard",
        _turbo("standard", "720p"),
        title="Kling 3.0 Turbo Standard (fal)",
        price=priced(date(2026, 1, 1), Rate("0.112")),
        evidence=_estimated(0.72, 45),
        traits={"fast", "multi-shot"},
    ),
    # What a voice adds is told for 3.0 only; it is taken to add as much here.
    _kling(
        "fal/kling-o3-pro",
        _omni("pro", "1080p"),
        title="Kling O3 Pro (fal)",
        price=priced(date(2026, 1, 1), *_voiced("0.168", "0.112", "0.14")),
        evidence=judged(0.76, 90, image=0.72, times=GUESS),
        traits={
            "camera",
            "character",
            "cinematic",
            "lip-sync",
            "multi-shot",
            "product",
        },
    ),
    _kling(
        "fal/kling-o3-standard",
        _omni("standard", "720p"),
        title="Kling O3 Standard (fal)",
        price=priced(date(2026, 1, 1), *_voiced("0.14", "0.084", "0.112")),
        evidence=_estimated(0.73, 65, image=0.71),
        traits={"camera", "character", "lip-sync", "multi-shot"},
    ),
    _kling(
        "fal/kling-o3-4k",
        _omni("4k", "4k"),
        title="Kling O3 4K (fal)",
        price=priced(date(2026, 7, 22), Rate("0.42")),
        evidence=judged(0.76, 95, image=0.72, votes=KIN),
        traits={"camera", "character", "lip-sync", "multi-shot"},
    ),
    _kling(
        "fal/kling-v2.6-pro",
        _starts("v2.6/pro"),
        title="Kling 2.6 Pro (fal)",
        price=priced(
            date(2026, 1, 1),
            Rate("0.168", when={"voice_ids": "given"}),
            *_heard("0.07", "0.14"),
        ),
        evidence=judged(0.55, 150, image=0.66, times=GUESS),
    ),
    # The first five seconds of these have a price of their own, which is five times
    # that of each further one.
    _kling(
        "fal/kling-v2.5-turbo-pro",
        _starts("v2.5-turbo/pro"),
        title="Kling 2.5 Turbo Pro (fal)",
        price=priced(date(2025, 12, 31), Rate("0.07")),
        evidence=judged(0.56, 150, image=0.64, times=GUESS),
    ),
    _kling(
        "fal/kling-v2.5-turbo-standard",
        _from_image("v2.5-turbo/standard"),
        title="Kling 2.5 Turbo Standard (fal)",
        price=priced(date(2025, 12, 31), Rate("0.042")),
        evidence=_estimated(0.61, 150),
    ),
    _kling(
        "fal/kling-v2.1-master",
        _starts("v2.1/master"),
        title="Kling 2.1 Master (fal)",
        price=priced(date(2025, 1, 1), Rate("0.28")),
        evidence=judged(0.48, 150, image=0.59, times=GUESS),
    ),
    _kling(
        "fal/kling-v2.1-pro",
        _from_image("v2.1/pro"),
        title="Kling 2.1 Pro (fal)",
        price=priced(date(2025, 1, 1), Rate("0.098")),
        evidence=_estimated(0.54, 150),
    ),
    _kling(
        "fal/kling-v2.1-standard",
        _from_image("v2.1/standard"),
        title="Kling 2.1 Standard (fal)",
        price=priced(date(2025, 1, 1), Rate("0.056")),
        evidence=judged(0.58, 150, times=GUESS),
    ),
    _kling(
        "fal/kling-v2-master",
        _starts("v2/master"),
        title="Kling 2.0 Master (fal)",
        price=priced(date(2025, 1, 1), Rate("0.28")),
        evidence=_estimated(0.41, 150, image=0.53),
    ),
)
"""The versions and tiers of Kling that fal has and that a price is known of."""
