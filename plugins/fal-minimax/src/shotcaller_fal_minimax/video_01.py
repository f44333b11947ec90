"""Lists what is left at fal of video-01, MiniMax's model of 2024."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shotcaller.plugin import Lengths, Lifecycle, Operation, Rate, Unit
from shotcaller_fal import Offering, Route, offering, route
from shotcaller_fal.sources import GUESS, LISTED, OPINION, PAGES, judged, priced

LONGEST_PROMPT = 2_000
"""MiniMax's own limit; fal says none."""

PRICED = date(2025, 12, 31)

OLD = Lifecycle(
    successor="fal/hailuo-2.3-standard",
    note=f"two versions behind; fal still listed it on {LISTED}",
    source=PAGES,
)


def _route(endpoint: str, **limits: Any) -> Route:
    return route(
        f"fal-ai/minimax/{endpoint}",
        prompt=LONGEST_PROMPT,
        seconds=Lengths.of(6),
        default_seconds=6,
        resolutions=("720p",),
        default_resolution="720p",
        **limits,
    )


def _starts(base: str) -> dict[Operation, Route]:
    return {
        Operation.TEXT: _route(base, ratios=("16:9",), default_ratio="16:9"),
        Operation.IMAGE: _route(f"{base}/image-to-video"),
    }


def _offering(
    name: str, title: str, routes: Mapping[Operation, Route], usd: str, source: str
) -> Offering:
    return offering(
        f"fal/minimax-{name}",
        routes,
        title=f"MiniMax {title} (fal)",
        maker="minimax",
        price=priced(PRICED, Rate(usd, Unit.CLIP), source=f"unsure: {source}"),
        evidence=judged(0.33, 120, votes=OPINION, times=GUESS),
        lifecycle=OLD,
    )


TABLES = "other people's price tables"

VIDEO_01 = (
    _offering(
        "video-01",
        "video-01",
        {
            **_starts("video-01"),
            Operation.REFERENCES: _route("video-01-subject-reference"),
        },
        "0.50",
        TABLES,
    ),
    _offering(
        "video-01-director",
        "video-01 Director",
        _starts("video-01-director"),
        "0.60",
        f"the dearer of two that {TABLES} have",
    ),
    _offering(
        "video-01-live",
        "video-01 Live",
        _starts("video-01-live"),
        "0.50",
        TABLES,
    ),
)
"""The reference of video-01 is a face to keep; Director moves the camera as told."""
