"""Makes plugins that answer with their own name, and asks them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from attrs import evolve

from shotcaller.catalog import Gateway, Model
from shotcaller.hookspecs import hookimpl
from shotcaller.registry import Registry
from shotcaller.secret import Secret
from shotcaller.shot import Brief, Media, Shot
from shotcaller.take import Cancellation, Running, Status, Take, Ticket
from shotcaller.wire import Exchange, Request, Response
from tests.core import offers

NOW = datetime(2026, 6, 1, tzinfo=UTC)


SHOT = Shot("A pier")


class Paper:
    """A gateway with one model; a plugin that answers with its own name."""

    def __init__(self, name: str = "paper", **changes: Any) -> None:
        self.name = name
        usual = {"id": name, "credentials": (("KEY",),)}
        self.gateway = offers.gateway(**{**usual, **changes})
        self.model = offers.model(id=f"{name}/one")

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [self.gateway]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        return [self.model]

    @hookimpl
    def shotcaller_resolve(self, id: str) -> Model | None:  # noqa: A002
        if not id.startswith(f"{self.name}:"):
            return None
        return evolve(self.model, id=id, listed=False)

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        reply = yield from Request("POST", f"https://api.{self.name}.test/{key}")
        return Ticket(self.name, model.id, str(reply.json()))

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        yield from Request("GET", f"https://api.{self.name}.test")
        return Running(self.name)

    @hookimpl
    def shotcaller_upload(self, gateway: Gateway, media: Media) -> Exchange[str]:
        yield from Request("POST", f"https://api.{self.name}.test/files")
        return f"https://api.{self.name}.test/{media.source}"

    @hookimpl
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: dict[str, Secret],
        now: datetime,
    ) -> Request:
        return request.with_headers(Name=self.name, Key=secrets["KEY"])


class Able(Paper):
    """Can cancel and find as well."""

    @hookimpl
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        yield from Request("PUT", f"https://api.{self.name}.test")
        return Cancellation.CANCELLED

    @hookimpl
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        yield from Request("GET", f"https://api.{self.name}.test")
        return [Ticket(self.name, take.model, "found")]


class Audit:
    """Wraps what others do, as a policy or an audit would."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    @hookimpl(wrapper=True)
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Any:
        exchange = yield

        def watched() -> Exchange[Ticket]:
            self.seen.append(key)
            ticket = yield from exchange
            self.seen.append(ticket)
            audited: Ticket = evolve(ticket, data={"audited": True})
            return audited

        return watched()

    @hookimpl(wrapper=True)
    def shotcaller_authorize(self, request: Request) -> Any:
        authorized = yield
        self.seen.append(request.url)
        return authorized.with_headers(Audited="yes")


def run(exchange: Exchange[Any], *bodies: bytes) -> tuple[list[Request], Any]:
    """Answers an exchange's requests and returns them with its result."""
    asked: list[Request] = []
    answers = iter(bodies or (b"7",))
    try:
        effect = next(exchange)
        while True:
            assert isinstance(effect, Request)
            asked.append(effect)
            effect = exchange.send(Response(200, {}, next(answers, b"7")))
    except StopIteration as stop:
        return asked, stop.value


def take(gateway: str = "paper") -> Take:
    return Take(
        id="t",
        key="k",
        digest="d",
        brief=Brief(),
        asked=SHOT,
        model=f"{gateway}/one",
        title="One",
        gateway=gateway,
        account="a",
        plugin="p",
        quote=offers.quote("1"),
        folder="/",
    )


def broken(registry: Registry) -> dict[str, str]:
    return {row.name: row.broken for row in registry.plugins if row.broken}


def without(plugin: object, *hooks: str) -> object:
    """Returns a plugin with some of its hooks taken away."""
    names = {name for name in dir(plugin) if name.startswith("shotcaller_")}
    return SimpleNamespace(**{n: getattr(plugin, n) for n in names - set(hooks)})
