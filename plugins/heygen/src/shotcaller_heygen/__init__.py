"""Is the gateway HeyGen, with both its dialects: v3, and the old workflows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shotcaller.plugin import (
    Cancellation,
    Exchange,
    Gateway,
    Media,
    Model,
    Request,
    Secret,
    Shot,
    Status,
    Take,
    Ticket,
    hookimpl,
)
from shotcaller_heygen import account, assets, keys
from shotcaller_heygen.gateway import GATEWAY
from shotcaller_heygen.v3 import agents, cinematic, video_1, videos
from shotcaller_heygen.workflows import executions
from shotcaller_heygen.workflows.offer import PROVIDERS

__all__ = ["GATEWAY"]


@hookimpl
def shotcaller_gateways() -> Sequence[Gateway]:
    """Returns the one gateway: heygen."""
    return (GATEWAY,)


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns what v3 offers, and the models behind the old workflows."""
    return (video_1.MODEL, cinematic.MODEL, *(one.model for one in PROVIDERS))


@hookimpl
def shotcaller_resolve(id: str) -> Model | None:  # noqa: A002  the hook's word
    """Returns the Video Agent, which is on no list."""
    return agents.MODEL if id == agents.NAME else None


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Turns a shot into the one request that spends."""
    match model.id:
        case video_1.MODEL.id:
            return video_1.submit(model, shot, key)
        case cinematic.MODEL.id:
            return cinematic.submit(model, shot, key)
        case agents.NAME:
            return agents.submit(model, shot)
        case _:
            return executions.submit(model, shot)


@hookimpl
def shotcaller_ticket(take: Take, remote_id: str) -> Ticket:
    """Returns the ticket of a job that is known by its id alone."""
    match take.model:
        case video_1.MODEL.id:
            return videos.ticket(take.model, video_1.PATH, remote_id)
        case cinematic.MODEL.id:
            return videos.ticket(take.model, cinematic.PATH, remote_id)
        case agents.NAME:
            return agents.ticket(take.model, remote_id)
        case _:
            return executions.ticket(take.model, remote_id)


@hookimpl
def shotcaller_poll(ticket: Ticket) -> Exchange[Status]:
    """Asks how a job stands, in the dialect in which it was asked for."""
    match ticket.data["dialect"]:
        case agents.DIALECT:
            return agents.poll(ticket)
        case executions.DIALECT:
            return executions.poll(ticket)
        case _:
            return videos.poll(ticket)


@hookimpl
def shotcaller_cancel(ticket: Ticket) -> Exchange[Cancellation]:
    """Asks the Video Agent to stop; nothing else at HeyGen can be stopped."""
    if ticket.data["dialect"] == agents.DIALECT:
        return agents.cancel(ticket)
    return _unsupported()


def _unsupported() -> Exchange[Cancellation]:
    yield from ()
    return Cancellation.UNSUPPORTED


@hookimpl
def shotcaller_upload(gateway: Gateway, media: Media) -> Exchange[str]:  # noqa: ARG001  there is one
    """Makes a local file available to HeyGen."""
    return assets.upload(media)


@hookimpl
def shotcaller_check(gateway: Gateway) -> Exchange[str]:  # noqa: ARG001  there is one
    """Asks what is left on the account."""
    return account.check()


@hookimpl
def shotcaller_authorize(
    gateway: Gateway,  # noqa: ARG001  there is one
    request: Request,
    secrets: Mapping[str, Secret],
    now: datetime,  # noqa: ARG001  the key does not change
) -> Request:
    """Puts the key on a request, except where the address is signed."""
    return keys.signed(request, secrets)
