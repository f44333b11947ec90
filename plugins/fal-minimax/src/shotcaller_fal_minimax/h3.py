"""Lists what H3, H3 Max and H3 Max Turbo offer at fal: endpoints, prices, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shotcaller.plugin import JSON, Kind, Lengths, Operation, Rate, Sound, Surcharge
from shotcaller_fal import Route, in_prompt, offering, route
from shotcaller_fal.sources import OPINION, judged, priced

LONGEST_PROMPT = 7_000
"""MiniMax's own limit; fal's is 50,000, which holds a prompt and all cuts of these."""

MOST_CUTS = 6
CUT_LENGTHS = Lengths(1, 15)

MOST_IMAGES, MOST_CLIPS, MOST_REFERENCES = 9, 3, 12

PRICED = date(2026, 9, 1)

EXPANDED: Mapping[str, JSON] = {"prompt_expansion_mode": "balanced"}
"""Is required, though fal prints a default for it."""


def _route(endpoint: str, **limits: Any) -> Route:
    # They speak and sound always: there is no field for it.
    return route(
        f"minimax/{endpoint}",
        tell=in_prompt,
        prompt=LONGEST_PROMPT,
        cuts=MOST_CUTS,
        cut_seconds=CUT_LENGTHS,
        sound=Sound.ALWAYS,
        **limits,
    )


def _starts(base: str, **limits: Any) -> dict[Operation, Route]:
    framed = _route(f"{base}/image-to-video", **limits)
    return {
        Operation.TEXT: _route(f"{base}/text-to-video", **limits),
        Operation.IMAGE: framed,
        Operation.FRAMES: framed,
    }


def _guided(base: str, most: Mapping[Kind, int], **limits: Any) -> Route:
    return _route(
        f"{base}/reference-to-video",
        references=most,
        most_references=MOST_REFERENCES,
        sound_alone=False,
        **limits,
    )


def _rates(by_size: Mapping[str, str], **when: str) -> tuple[Rate, ...]:
    """Returns the prices of a second by resolution, where more holds."""
    return tuple(
        Rate(usd, when={"resolution": size, **when}) for size, usd in by_size.items()
    )


H3 = (
    offering(
        "fal/h3-max",
        {
            **_starts("h3-max", always=EXPANDED),
            # Pictures only: fal charges for references by tokens, and nobody says how
            # many those of videos and sounds have.
            Operation.REFERENCES: _guided(
                "h3-max", {Kind.IMAGE: MOST_IMAGES}, always=EXPANDED
            ),
        },
        title="MiniMax H3 Max (fal)",
        maker="minimax",
        price=priced(
            PRICED,
            *_rates({"480p": "0.05", "768p": "0.08", "1080p": "0.16"}),
            # $0.02 for 1,000 tokens beyond 4,096 of all references. A picture has from
            # 1,024 (1:1) to 2,560 (5:2): these are the most that it can come to.
            surcharges=(
                Surcharge("0.02048", Kind.IMAGE, beyond=1),
                Surcharge("0.03072", Kind.IMAGE, beyond=2),
            ),
        ),
        evidence=judged(0.86, 14),
        traits={"fast"},
    ),
    offering(
        "fal/h3-max-turbo",
        # Without references: that endpoint is written of, and answers with 404.
        _starts("h3-max-turbo", always=EXPANDED),
        title="MiniMax H3 Max Turbo (fal)",
        maker="minimax",
        # The price since October 2026; half of it, and less, until then.
        price=priced(
            PRICED, *_rates({"480p": "0.025", "768p": "0.04", "1080p": "0.08"})
        ),
        evidence=judged(0.82, 9, votes=OPINION),
        traits={"cheap", "draft", "fast"},
    ),
    offering(
        "fal/h3",
        {
            **_starts("h3"),
            Operation.REFERENCES: _guided(
                "h3",
                {
                    Kind.IMAGE: MOST_IMAGES,
                    Kind.VIDEO: MOST_CLIPS,
                    Kind.SOUND: MOST_CLIPS,
                },
            ),
        },
        title="MiniMax H3 (fal)",
        maker="minimax",
        price=priced(
            PRICED,
            *_rates({"768p": "0.08"}, operation="text"),
            *_rates({"480p": "0.05", "768p": "0.06", "2k": "0.13", "4k": "0.16"}),
            surcharges=(Surcharge("0.08", Kind.IMAGE, beyond=5),),
        ),
        evidence=judged(0.85, 100, image=0.86),
        traits={"camera", "character", "lip-sync", "multi-shot"},
    ),
)
"""The H3 family; H3 Max and its Turbo are fal's own versions of H3."""
