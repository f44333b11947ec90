"""Offers every endpoint of fal by name: ``fal:owner/alias/path``; its price is unknown.

Where the catalogue knows an endpoint, a shot is fitted to it like to any model, and
the whole input is checked before it is paid for: fal ignores what it does not know.
Where it does not, only a prompt can be said for sure, and the rest by options.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from shotcaller.plugin import (
    Capabilities,
    Exchange,
    Lengths,
    Model,
    Operation,
    Refused,
    Shot,
    Ticket,
    operation,
)
from shotcaller_fal import ids, queue
from shotcaller_fal.catalogue import Endpoint, complaints, endpoints
from shotcaller_fal.families import Offering, offering
from shotcaller_fal.gateway import ID
from shotcaller_fal.payloads import payload
from shotcaller_fal.routes import Route, plainly, route, span

PREFIX = f"{ID}:"
ANY_LENGTH = Lengths(1, 60)
LONGEST_PROMPT = 20_000
MOST = 50
"""How many references are let through where nobody said how many are too many."""


def resolve(id_: str) -> Model | None:
    """Returns the model for an endpoint by name, or None if the id names none."""
    endpoint = _endpoint(id_)
    return None if endpoint is None else _offering(endpoint).model


def submit(model: Model, shot: Shot) -> Exchange[Ticket]:
    """Turns a shot into the one request that spends, if it is free of mistakes."""
    endpoint = _endpoint(model.id)
    if endpoint is None:
        message = f"{model.id} is not written fal:owner/alias."
        raise Refused(message, reason="endpoint")
    found = _offering(endpoint).routes[operation(shot)]
    if shot.sound is False and found.sound is None:
        message = f"sound cannot be refused of {endpoint}: whether its clips have it"
        raise Refused(f"{message} is unknown.", "Leave it out.", reason="input")
    written = payload(found, shot)
    known = endpoints().get(endpoint)
    wrong = () if known is None else complaints(known, written)
    if wrong:
        sentences = "; ".join(f"{one.field}: {one.message}" for one in wrong)
        message = f"{endpoint} does not take this: {sentences}."
        raise Refused(message, reason="input")
    ticket = yield from queue.submit(model.id, endpoint, written)
    return ticket


def _endpoint(id_: str) -> str | None:
    named = id_.removeprefix(PREFIX)
    return named if id_.startswith(PREFIX) and ids.is_id(named) else None


def _offering(endpoint: str) -> Offering:
    known = endpoints().get(endpoint)
    found = _bare(endpoint) if known is None else _known(known)
    what = "an endpoint that is not listed" if known is None else "by its name"
    return offering(
        f"{PREFIX}{endpoint}",
        dict.fromkeys(_starts(found, known), found),
        title=f"fal {endpoint} ({what})",
        maker=ids.parts(endpoint)[0],
        listed=False,
    )


def _bare(endpoint: str) -> Route:
    can = Capabilities(
        operations=(Operation.TEXT,), seconds=ANY_LENGTH, prompt=LONGEST_PROMPT
    )
    return Route(endpoint=endpoint, can=can, tell=plainly)


def _known(endpoint: Endpoint) -> Route:
    fields = endpoint.input["properties"]
    longest = fields.get("prompt", {}).get("maxLength", LONGEST_PROMPT)
    found = route(endpoint.id, seconds=ANY_LENGTH, prompt=longest)
    limits: dict[str, Any] = {}
    if found.seconds:
        limits["seconds"] = span(sorted(found.seconds))
    if found.references:
        most = {kind: _most(fields[name]) for kind, name in found.references.items()}
        limits["references"] = most
    return evolve(found, can=evolve(found.can, **limits))


def _most(schema: Mapping[str, object]) -> int:
    most = schema.get("maxItems", 1 if schema["type"] == "string" else MOST)
    return most if isinstance(most, int) else MOST


def _starts(found: Route, known: Endpoint | None) -> list[Operation]:
    """Returns what an endpoint may start from, by the fields that it must have."""
    needed = set() if known is None else set(known.input.get("required", ()))
    if needed & {*found.references.values()}:
        return [Operation.REFERENCES]
    starts = []
    if found.image not in needed:
        starts.append(Operation.TEXT)
    if found.image is not None and found.last_image not in needed:
        starts.append(Operation.IMAGE)
    if found.last_image is not None:
        starts.append(Operation.FRAMES)
    if found.references:
        starts.append(Operation.REFERENCES)
    return starts
