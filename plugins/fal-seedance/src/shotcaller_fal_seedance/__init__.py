"""Is ByteDance Seedance through fal.ai: text, frames, references, cuts and sound."""

from __future__ import annotations

from collections.abc import Sequence

from shotcaller.plugin import Exchange, Model, Shot, Ticket, hookimpl
from shotcaller_fal_seedance.offer import SEEDANCE


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns every version and tier of Seedance that is offered."""
    return SEEDANCE.models


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:  # noqa: ARG001  fal reads no key
    """Turns a shot into the request that fal's queue takes."""
    return SEEDANCE.submit(model, shot)
