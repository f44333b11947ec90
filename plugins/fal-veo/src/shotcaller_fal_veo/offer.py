"""Lists what Veo offers at fal, by version and tier: endpoints, prices, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shotcaller.plugin import Kind, Operation, Rate
from shotcaller_fal import Family, Offering, Route, offering, route
from shotcaller_fal.sources import GUESS, judged, missing, priced

LONGEST_PROMPT = 20_000

MOST_PICTURES = 3
"""fal says no number; Veo itself takes three."""


def _route(endpoint: str, **limits: Any) -> Route:
    return route(f"fal-ai/{endpoint}", prompt=LONGEST_PROMPT, **limits)


def _starts(base: str) -> dict[Operation, Route]:
    return {
        Operation.TEXT: _route(base),
        Operation.IMAGE: _route(f"{base}/image-to-video"),
    }


def _framed(base: str) -> dict[Operation, Route]:
    frames = _route(f"{base}/first-last-frame-to-video")
    return {**_starts(base), Operation.FRAMES: frames}


def _extended(base: str) -> dict[Operation, Route]:
    longer = _route(f"{base}/extend-video", extend="video_url")
    return {**_framed(base), Operation.EXTEND: longer}


def _guided(base: str) -> dict[Operation, Route]:
    references = {Kind.IMAGE: MOST_PICTURES}
    guided = _route(f"{base}/reference-to-video", references=references)
    return {**_extended(base), Operation.REFERENCES: guided}


def _rates(silent: str, loud: str, *sizes: str) -> tuple[Rate, ...]:
    """Returns the prices of a second at some sizes, without and with sound."""
    return tuple(
        Rate(usd, when={"resolution": size, "sound": sound})
        for size in sizes
        for usd, sound in ((silent, "off"), (loud, "on"))
    )


def _veo(id_: str, routes: Mapping[Operation, Route], **described: Any) -> Offering:
    return offering(id_, routes, maker="google", **described)


VEO = Family(
    _veo(
        "fal/veo-3.1",
        _guided("veo3.1"),
        title="Google Veo 3.1 (fal)",
        price=priced(
            date(2026, 7, 22),
            *_rates("0.20", "0.40", "720p", "1080p"),
            *_rates("0.40", "0.60", "4k"),
        ),
        evidence=judged(0.73, 100, image=0.77),
        traits={
            "cinematic",
            "dialogue",
            "landscape",
            "lip-sync",
            "photoreal",
            "product",
            "talking-head",
        },
    ),
    _veo(
        "fal/veo-3.1-fast",
        _extended("veo3.1/fast"),
        title="Google Veo 3.1 Fast (fal)",
        price=priced(
            date(2026, 1, 1),
            *_rates("0.10", "0.15", "720p", "1080p"),
            *_rates("0.30", "0.35", "4k"),
        ),
        evidence=judged(0.74, 55, image=0.76),
        traits={"dialogue", "fast", "lip-sync", "photoreal", "social"},
    ),
    _veo(
        "fal/veo-3.1-lite",
        _framed("veo3.1/lite"),
        title="Google Veo 3.1 Lite (fal)",
        price=priced(
            date(2026, 1, 1),
            *_rates("0.03", "0.05", "720p"),
            *_rates("0.05", "0.08", "1080p"),
        ),
        evidence=judged(0.73, 50, image=0.75, times=GUESS),
        traits={"cheap", "draft", "fast", "landscape", "photoreal"},
    ),
    _veo(
        "fal/veo-3",
        _starts("veo3"),
        title="Google Veo 3 (fal)",
        price=priced(date(2025, 12, 31), *_rates("0.20", "0.40", "720p", "1080p")),
        evidence=judged(0.72, 100, image=0.71, times=GUESS),
        traits={"cinematic", "dialogue", "lip-sync", "photoreal"},
        lifecycle=missing("fal/veo-3.1"),
    ),
    _veo(
        "fal/veo-3-fast",
        _starts("veo3/fast"),
        title="Google Veo 3 Fast (fal)",
        price=priced(date(2025, 12, 31), *_rates("0.10", "0.15", "720p", "1080p")),
        evidence=judged(0.73, 55, image=0.70, times=GUESS),
        traits={"dialogue", "fast", "lip-sync", "photoreal"},
        lifecycle=missing("fal/veo-3.1-fast"),
    ),
    _veo(
        "fal/veo-2",
        _starts("veo2"),
        title="Google Veo 2 (fal)",
        price=priced(
            date(2025, 1, 1),
            Rate("0.50"),
            source="unsure: as fal's page of 2025 is remembered",
        ),
        evidence=judged(0.48, 100, image=0.49, times=GUESS),
        lifecycle=missing("fal/veo-3.1"),
    ),
)
"""Every version and tier of Veo that fal has, or had."""
