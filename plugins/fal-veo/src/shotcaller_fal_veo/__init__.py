"""Is Google Veo through fal.ai: text, image, first and last frame, references."""

from __future__ import annotations

from collections.abc import Sequence

from shotcaller.plugin import Exchange, Model, Shot, Ticket, hookimpl
from shotcaller_fal_veo.offer import VEO


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns every version and tier of Veo that fal has."""
    return VEO.models


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:  # noqa: ARG001  fal reads no key
    """Turns a shot into the request that fal's queue takes."""
    return VEO.submit(model, shot)
