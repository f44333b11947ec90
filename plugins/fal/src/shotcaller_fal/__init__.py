"""Is the gateway fal.ai: keys, the queue, uploads, and every endpoint by name.

Plugins for families of models stand on it: they list offerings and answer with a
:class:`~shotcaller_fal.families.Family`; the queue, the errors and the way from a shot
to an endpoint's input are here.
"""

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
from shotcaller_fal import account, history, keys, queue, storage, unlisted
from shotcaller_fal.catalogue import endpoints
from shotcaller_fal.cuts import in_prompt, listed
from shotcaller_fal.families import Family, Offering, offering
from shotcaller_fal.gateway import GATEWAY
from shotcaller_fal.routes import Route, route

__all__ = [
    "GATEWAY",
    "Family",
    "Offering",
    "Route",
    "endpoints",
    "in_prompt",
    "listed",
    "offering",
    "route",
    "shotcaller_authorize",
    "shotcaller_cancel",
    "shotcaller_check",
    "shotcaller_find",
    "shotcaller_gateways",
    "shotcaller_poll",
    "shotcaller_resolve",
    "shotcaller_submit",
    "shotcaller_ticket",
    "shotcaller_upload",
]


@hookimpl
def shotcaller_gateways() -> Sequence[Gateway]:
    """Returns the one gateway: fal."""
    return (GATEWAY,)


@hookimpl
def shotcaller_resolve(id: str) -> Model | None:  # noqa: A002  the hook's word
    """Returns the model for ``fal:owner/alias/path``."""
    return unlisted.resolve(id)


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:  # noqa: ARG001  fal reads no key
    """Submits a shot to an endpoint by name."""
    return unlisted.submit(model, shot)


@hookimpl
def shotcaller_poll(ticket: Ticket) -> Exchange[Status]:
    """Asks how a job stands and, once it is over, for its result."""
    return queue.poll(ticket)


@hookimpl
def shotcaller_cancel(ticket: Ticket) -> Exchange[Cancellation]:
    """Asks fal to stop a job."""
    return queue.cancel(ticket)


@hookimpl
def shotcaller_find(take: Take) -> Exchange[Sequence[Ticket]]:
    """Looks an uncertain take up among the requests that fal lists."""
    return history.find(take)


@hookimpl
def shotcaller_ticket(take: Take, remote_id: str) -> Ticket:
    """Returns the ticket of a job that is known by its id alone."""
    return history.ticket(take, remote_id)


@hookimpl
def shotcaller_upload(gateway: Gateway, media: Media) -> Exchange[str]:  # noqa: ARG001  there is one
    """Makes a local file available to fal."""
    return storage.upload(media)


@hookimpl
def shotcaller_check(gateway: Gateway) -> Exchange[str]:  # noqa: ARG001  there is one
    """Asks whether the key is good."""
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
