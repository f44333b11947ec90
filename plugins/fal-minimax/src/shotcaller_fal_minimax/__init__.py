"""Is MiniMax through fal.ai: Hailuo, the H3 family, and the older video-01."""

from __future__ import annotations

from collections.abc import Sequence

from shotcaller.plugin import Exchange, Model, Shot, Ticket, hookimpl
from shotcaller_fal import Family
from shotcaller_fal_minimax.h3 import H3
from shotcaller_fal_minimax.hailuo import HAILUO
from shotcaller_fal_minimax.video_01 import VIDEO_01

MINIMAX = Family(*H3, *HAILUO, *VIDEO_01)
"""Every model of MiniMax that fal has, the newest first."""


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns every version and tier of MiniMax's models that fal has."""
    return MINIMAX.models


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:  # noqa: ARG001  fal reads no key
    """Turns a shot into the request that fal's queue takes."""
    return MINIMAX.submit(model, shot)
