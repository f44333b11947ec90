"""Lists what Hailuo 2.3 and 02 offer at fal, by tier: endpoints, prices, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shotcaller.plugin import Lengths, Operation, Rate, Unit
from shotcaller_fal import Offering, Route, offering, route
from shotcaller_fal.sources import GUESS, KIN, OPINION, judged, priced

LONGEST_PROMPT = 2_000
"""MiniMax's own limit; fal says none."""

PRICED = date(2025, 12, 31)

PRO: Mapping[str, Any] = {
    "seconds": Lengths.of(6),
    "default_seconds": 6,
    "resolutions": ("1080p",),
    "default_resolution": "1080p",
}
"""What the pro tiers make, whose endpoints have no field for it."""


def _only(size: str) -> dict[str, Any]:
    return {"resolutions": (size,), "default_resolution": size}


def _route(endpoint: str, **limits: Any) -> Route:
    return route(f"fal-ai/minimax/{endpoint}", prompt=LONGEST_PROMPT, **limits)


def _image(base: str, **limits: Any) -> dict[Operation, Route]:
    return {Operation.IMAGE: _route(f"{base}/image-to-video", **limits)}


def _text(base: str, **limits: Any) -> dict[Operation, Route]:
    # Nobody can choose the ratio, and it is always this one.
    wide = {"ratios": ("16:9",), "default_ratio": "16:9"}
    return {Operation.TEXT: _route(f"{base}/text-to-video", **wide, **limits)}


def _frames(base: str, **limits: Any) -> dict[Operation, Route]:
    return {Operation.FRAMES: _route(f"{base}/image-to-video", **limits)}


def _clips(by_length: Mapping[str, str]) -> tuple[Rate, ...]:
    """Returns the prices of a clip by its length."""
    return tuple(
        Rate(usd, Unit.CLIP, when={"seconds": length})
        for length, usd in by_length.items()
    )


def _hailuo(id_: str, routes: Mapping[Operation, Route], **described: Any) -> Offering:
    return offering(id_, routes, maker="minimax", **described)


HAILUO = (
    _hailuo(
        "fal/hailuo-2.3-standard",
        {
            **_text("hailuo-2.3/standard", **_only("768p")),
            **_image("hailuo-2.3/standard", **_only("768p")),
        },
        title="MiniMax Hailuo 2.3 Standard (fal)",
        price=priced(PRICED, *_clips({"6": "0.28", "10": "0.56"})),
        evidence=judged(0.54, 110, image=0.62, times=GUESS),
    ),
    _hailuo(
        "fal/hailuo-2.3-pro",
        {**_text("hailuo-2.3/pro", **PRO), **_image("hailuo-2.3/pro", **PRO)},
        title="MiniMax Hailuo 2.3 Pro (fal)",
        price=priced(PRICED, Rate("0.49", Unit.CLIP)),
        evidence=judged(0.54, 200, image=0.62, votes=KIN, times=GUESS),
    ),
    _hailuo(
        "fal/hailuo-2.3-fast-standard",
        _image("hailuo-2.3-fast/standard", **_only("768p")),
        title="MiniMax Hailuo 2.3 Fast Standard (fal)",
        price=priced(PRICED, *_clips({"6": "0.19", "10": "0.32"})),
        evidence=judged(0.62, 60, votes=OPINION, times=GUESS),
        traits={"cheap"},
    ),
    _hailuo(
        "fal/hailuo-2.3-fast-pro",
        _image("hailuo-2.3-fast/pro", **PRO),
        title="MiniMax Hailuo 2.3 Fast Pro (fal)",
        price=priced(PRICED, Rate("0.33", Unit.CLIP)),
        evidence=judged(0.62, 110, votes=OPINION, times=GUESS),
    ),
    _hailuo(
        "fal/hailuo-02-standard",
        {
            **_text("hailuo-02/standard", **_only("768p")),
            **_image("hailuo-02/standard"),
            # MiniMax ends no clip of 512p on a frame.
            **_frames("hailuo-02/standard", **_only("768p")),
        },
        title="MiniMax Hailuo 02 Standard (fal)",
        price=priced(
            PRICED,
            Rate("0.045", when={"resolution": "768p"}),
            Rate("0.017", when={"resolution": "512p"}),
        ),
        evidence=judged(0.50, 120, image=0.57, times=GUESS),
        traits={"cheap"},
    ),
    _hailuo(
        "fal/hailuo-02-pro",
        {
            **_text("hailuo-02/pro", **PRO),
            **_image("hailuo-02/pro", **PRO),
            **_frames("hailuo-02/pro", **PRO),
        },
        title="MiniMax Hailuo 02 Pro (fal)",
        price=priced(PRICED, Rate("0.08")),
        evidence=judged(0.53, 200, image=0.58, times=GUESS),
    ),
    _hailuo(
        "fal/hailuo-02-fast",
        _image("hailuo-02-fast", **_only("512p")),
        title="MiniMax Hailuo 02 Fast (fal)",
        price=priced(
            PRICED,
            Rate("0.017"),
            source="unsure: taken from what Hailuo 02 Standard costs at 512p",
        ),
        evidence=judged(0.53, 60, times=GUESS),
        traits={"cheap"},
    ),
)
"""Hailuo makes no sound, and takes neither a ratio nor a seed."""
