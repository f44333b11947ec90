"""Says what this gateway offers: one free model that is no AI model."""

from __future__ import annotations

from datetime import date

from shotcaller.plugin import (
    FREE,
    Capabilities,
    Evidence,
    Gateway,
    Lengths,
    Model,
    Operation,
    Option,
    Price,
    Safety,
    Sound,
)
from shotcaller_animatic.spec import LONGEST, RATIOS, RESOLUTIONS, SHORTEST, USUAL

SOURCE = "shotcaller-animatic: it is drawn on this machine"
AS_OF = date(2026, 11, 23)

GATEWAY = Gateway(
    id="animatic",
    title="Animatic drafts on this machine, no AI model",
    concurrency=2,
    safety=Safety.IDEMPOTENT,
)
"""The gateway: no account, no key, no network."""

DRAFT = Model(
    id="animatic/draft",
    title="Animatic draft, no AI model",
    maker="shotcaller",
    capabilities=Capabilities(
        operations={Operation.TEXT, Operation.IMAGE, Operation.FRAMES},
        seconds=Lengths(SHORTEST, LONGEST),
        default_seconds=USUAL,
        ratios=RATIOS,
        default_ratio=RATIOS[0],
        resolutions=tuple(RESOLUTIONS),
        default_resolution="720p",
        sound=Sound.OPTIONAL,
        prompt=20_000,
        cuts=12,
        negative=True,
        seed=True,
        urls=False,
        options=(
            Option("slate", "The line with the shot's data", choices=(True, False)),
        ),
    ),
    price=Price(FREE, SOURCE, AS_OF),
    evidence=(
        Evidence(
            "quality",
            0.05,
            "placeholder scenery, not generated video",
            AS_OF,
            judged=True,
        ),
        Evidence("speed", 1.25, "5 s of 720p rendered on two cores", AS_OF),
    ),
    traits={"animatic", "cheap", "draft", "fast"},
    artificial=False,
)
"""The one model: what a director accepts until the real shot is there."""

__all__ = ["DRAFT", "GATEWAY"]
