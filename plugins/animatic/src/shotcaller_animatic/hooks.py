"""Answers the core: what is offered, and how a draft is made, followed and stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from shotcaller.plugin import (
    JSON,
    Cancellation,
    Exchange,
    Gateway,
    Model,
    Request,
    Shot,
    Status,
    Ticket,
    Work,
    hookimpl,
)
from shotcaller_animatic.offer import DRAFT, GATEWAY
from shotcaller_animatic.order import Spec
from shotcaller_animatic.spec import spec

NO_REQUEST: tuple[Request, ...] = ()


def _look(folder: Path, order: Spec) -> Status:
    from shotcaller_animatic import job

    return job.look(folder, order)


def _stop(folder: Path) -> Cancellation:
    from shotcaller_animatic import job

    return job.stop(folder)


@hookimpl
def shotcaller_gateways() -> Sequence[Gateway]:
    """Returns the gateway on this machine."""
    return (GATEWAY,)


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns the one model there is."""
    return (DRAFT,)


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Returns a ticket that holds the whole order; nothing is sent anywhere."""
    order = spec(shot, key)
    yield from NO_REQUEST
    data = cast("dict[str, JSON]", dict(order))
    return Ticket(model.gateway, model.id, f"animatic-{key}", data)


@hookimpl
def shotcaller_poll(ticket: Ticket) -> Exchange[Status]:
    """Starts the renderer where none runs, and says how far it is."""
    return (yield from Work(_look, cast("Spec", dict(ticket.data))))


@hookimpl
def shotcaller_cancel(ticket: Ticket) -> Exchange[Cancellation]:  # noqa: ARG001
    """Ends the renderer."""
    return (yield from Work(_stop))
