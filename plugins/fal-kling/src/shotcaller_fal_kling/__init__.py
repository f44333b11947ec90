"""Is Kling through fal.ai: text, frames, elements, references, cuts, voices."""

from __future__ import annotations

from collections.abc import Sequence

from shotcaller.plugin import Exchange, Model, Shot, Ticket, hookimpl
from shotcaller_fal_kling.offer import KLING


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns every version and tier of Kling that is offered."""
    return KLING.models


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:  # noqa: ARG001  fal reads no key
    """Turns a shot into the request that fal's queue takes."""
    return KLING.submit(model, shot)
