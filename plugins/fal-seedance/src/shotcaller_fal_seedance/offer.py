"""Lists what Seedance offers at fal, by version and tier: endpoints, prices, evidence.

All of it is charged by the token, a 1,024th of a pixel of a frame: those of the frames
that are made and, from 2.0 on, of the videos that are given. Sound changes the price
of 1.5 alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shotcaller.plugin import (
    Form,
    Kind,
    Lengths,
    Operation,
    Option,
    Pictures,
    Rate,
    Unit,
)
from shotcaller_fal import Family, Offering, Route, in_prompt, offering, route
from shotcaller_fal.abouts import ABOUTS
from shotcaller_fal.sources import GUESS, OPINION, judged, priced

LONGEST_PROMPT = 20_000
"""fal says no number."""

PIXELS: Mapping[str, int] = {
    "480p": 864 * 512,
    "720p": 1280 * 736,
    "1080p": 1952 * 1088,
    "4k": 3904 * 2176,
}
"""The largest frame that may be charged at each size, in pixels.

A frame of another ratio is not cut from that of 16:9, and nobody lists them all:
640 x 640 was seen at 480p, 834 x 1112 is told for 720p, and what a second of mini and
2.5 costs comes to 10,300, 22,100 and 49,744 tokens, more than 864 x 480, 1280 x 720
and 1920 x 1080 have. So these are bounds; nothing is told of 4k, which has the
margin of 1080p.
"""

REFERENCE = 0.01
"""By how much the quality of 2.0 may be off.

The scale is anchored to it, and no model has more votes on more boards. 2.5 scores a
little higher, on two arenas that do not agree whether it does, with few votes: it has
the usual margin.
"""

PICTURES = Pictures(types=("image/jpeg", "image/png", "image/webp"))
"""Which pictures 2.0 reads."""

_MB = 10**6
_SMALL = ("480p", "720p")
_LARGE = (*_SMALL, "1080p", "4k")

VIDEOS: Mapping[str, Any] = {"input_seconds": (2, 15), "video_seconds": 15}
"""How long the videos may be that 2.0 is guided by, together and each."""

LONG_VIDEOS: Mapping[str, Any] = {"input_seconds": (1.8, 302), "video_seconds": 30.2}
"""The same for 2.5, which takes ten of them."""


def _route(endpoint: str, longest: int, **limits: Any) -> Route:
    """Returns the route to an endpoint, for as many cuts as a clip has seconds."""
    return route(
        endpoint,
        tell=in_prompt,
        prompt=LONGEST_PROMPT,
        cuts=longest,
        cut_seconds=Lengths(1, longest),
        **limits,
    )


def _starts(base: str, longest: int, **limits: Any) -> dict[Operation, Route]:
    from_image = _route(f"{base}/image-to-video", longest, **limits)
    return {
        Operation.TEXT: _route(f"{base}/text-to-video", longest, **limits),
        Operation.IMAGE: from_image,
        Operation.FRAMES: from_image,
    }


# Where nothing is said of the length, the model decides it, and that is said: it is
# quoted at its longest, whatever fal may one day take in its stead.
_AUTO = {"duration": "auto"}


def _two(base: str) -> dict[Operation, Route]:
    """Returns the routes of a tier of 2.0."""
    guided = _route(
        f"{base}/reference-to-video",
        15,
        always=_AUTO,
        pictures=PICTURES,
        most_references=12,
        sound_alone=False,
        media_bytes={
            Kind.IMAGE: 30 * _MB,
            Kind.VIDEO: 50 * _MB,  # all of them together
            Kind.SOUND: 15 * _MB,
        },
    )
    starts = _starts(base, 15, always=_AUTO, pictures=PICTURES)
    return {**starts, Operation.REFERENCES: guided}


def _two_and_a_half() -> dict[Operation, Route]:
    base = "bytedance/seedance-2.5"
    guided = _route(
        f"{base}/reference-to-video",
        30,
        always=_AUTO,
        references={Kind.IMAGE: 30, Kind.VIDEO: 10, Kind.SOUND: 10},
        most_references=50,
        sound_alone=False,
        media_bytes={Kind.VIDEO: 200 * _MB},
        # Sources differ on where it takes a seed, and 2.0 has lost its own: one that
        # is not read would be left out without a word.
        seed=False,
        options=_without_extension(f"{base}/reference-to-video"),
    )
    return {**_starts(base, 30, always=_AUTO), Operation.REFERENCES: guided}


def _without_extension(endpoint: str) -> tuple[Option, ...]:
    """Returns an endpoint's options without the task of going on from a video.

    Nobody says whether its length is that of the new part or of the whole, so that it
    cannot be quoted; by the endpoint's name it can be had at an unknown price.
    """
    task = Option("task", ABOUTS["task"], ("reference", "editing"), form=Form.TEXT)
    found = route(endpoint).can.options
    return tuple(task if one.name == task.name else one for one in found)


def _one_and_a_half() -> dict[Operation, Route]:
    base = "fal-ai/bytedance/seedance/v1.5/pro"
    # Left alone, it would cut every picture to 16:9.
    as_it_is = {"always": {"aspect_ratio": "auto"}, "default_ratio": None}
    from_image = _route(f"{base}/image-to-video", 12, **as_it_is)
    return {
        Operation.TEXT: _route(f"{base}/text-to-video", 12),
        Operation.IMAGE: from_image,
        Operation.FRAMES: from_image,
    }


def _rates(
    thousand: str, *sizes: str, when: Mapping[str, str] | None = None, **videos: Any
) -> tuple[Rate, ...]:
    """Returns rates at some sizes, by the price of a thousand tokens."""
    return tuple(
        Rate(
            Decimal(thousand) / 1000,
            Unit.TOKEN,
            when={"resolution": size, **(when or {})},
            pixels=PIXELS[size],
            **videos,
        )
        for size in sizes
    )


def _seedance(
    id_: str, routes: Mapping[Operation, Route], **described: Any
) -> Offering:
    return offering(id_, routes, maker="bytedance", **described)


_GUIDED = {"video": "given"}  # charged at 0.6 of the price

SEEDANCE = Family(
    _seedance(
        "fal/seedance-2.0",
        _two("bytedance/seedance-2.0"),
        title="ByteDance Seedance 2.0 (fal)",
        price=priced(
            date(2026, 7, 1),
            *_rates("0.0084", *_LARGE, when=_GUIDED, **VIDEOS),
            *_rates("0.014", *_LARGE),
        ),
        evidence=judged(0.85, 110, margin=REFERENCE),
        traits={
            "action",
            "anime",
            "camera",
            "character",
            "cinematic",
            "dialogue",
            "high-fidelity",
            "landscape",
            "lip-sync",
            "multi-shot",
            "product",
            "trailer",
        },
    ),
    _seedance(
        "fal/seedance-2.0-fast",
        _two("bytedance/seedance-2.0/fast"),
        title="ByteDance Seedance 2.0 Fast (fal)",
        price=priced(
            date(2026, 7, 1),
            *_rates("0.00672", *_SMALL, when=_GUIDED, **VIDEOS),
            *_rates("0.0112", *_SMALL),
        ),
        evidence=judged(0.80, 70, votes=OPINION),
        traits={"draft", "lip-sync", "multi-shot", "social"},
    ),
    _seedance(
        "fal/seedance-2.0-mini",
        _two("bytedance/seedance-2.0/mini"),
        title="ByteDance Seedance 2.0 Mini (fal)",
        # Its page tells of no discount where videos are given.
        price=priced(date(2026, 7, 1), *_rates("0.007", *_SMALL, **VIDEOS)),
        evidence=judged(0.77, 115, votes=OPINION),
        traits={"multi-shot"},
    ),
    _seedance(
        "fal/seedance-2.5",
        _two_and_a_half(),
        title="ByteDance Seedance 2.5 (fal)",
        price=priced(
            date(2026, 9, 1),
            *_rates("0.01284", *_SMALL, when=_GUIDED, **LONG_VIDEOS),
            *_rates("0.01404", "1080p", when=_GUIDED, **LONG_VIDEOS),
            *_rates("0.0214", *_SMALL),
            *_rates("0.0234", "1080p"),
        ),
        evidence=judged(0.86, 150, image=0.85, times=GUESS),
        traits={
            "camera",
            "character",
            "cinematic",
            "dialogue",
            "lip-sync",
            "multi-shot",
            "product",
            "trailer",
        },
    ),
    _seedance(
        "fal/seedance-1.5-pro",
        _one_and_a_half(),
        title="ByteDance Seedance 1.5 Pro (fal)",
        price=priced(
            date(2026, 1, 1),
            *_rates("0.0024", *_SMALL, "1080p", when={"sound": "on"}),
            *_rates("0.0012", *_SMALL, "1080p", when={"sound": "off"}),
        ),
        evidence=judged(0.61, image=0.68),
        traits={"anime"},
    ),
)
"""The versions and tiers of Seedance that fal has, from 1.5 on."""
