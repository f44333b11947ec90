"""A third party's gateway, as the tutorial would make one, without an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shotcaller.plugin import (
    Capabilities,
    Exchange,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Rate,
    Request,
    Running,
    Shot,
    Status,
    Ticket,
    Unit,
    hookimpl,
)

API = "https://api.postcard.example/jobs"


@hookimpl
def shotcaller_gateways() -> Sequence[Gateway]:
    """Returns the one gateway."""
    home = "https://postcard.example"
    hosts = ("api.postcard.example",)
    return [Gateway(id="postcard", title="Postcard", homepage=home, api_hosts=hosts)]


@hookimpl
def shotcaller_models() -> Sequence[Model]:
    """Returns the one model."""
    able = Capabilities(
        operations={Operation.TEXT}, seconds=Lengths.of(5), default_seconds=5
    )
    source, day = "https://postcard.example/price", date(2026, 1, 1)
    price = Price([Rate("0.10", Unit.CLIP)], source, day)
    return [
        Model(
            id="postcard/view-1",
            title="View 1",
            maker="Postcard",
            capabilities=able,
            price=price,
        )
    ]


@hookimpl
def shotcaller_submit(model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
    """Asks for the clip."""
    reply = yield from Request("POST", API, json={"prompt": shot.prompt, "key": key})
    return Ticket("postcard", model.id, str(reply.json()))


@hookimpl
def shotcaller_poll(ticket: Ticket) -> Exchange[Status]:
    """Asks once."""
    yield from Request("GET", f"{API}/{ticket.remote_id}")
    return Running()
