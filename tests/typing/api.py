"""Uses the public API as its users do. Type checkers read this; nothing runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import assert_type

from shotcaller import (
    Allowance,
    AsyncShotcaller,
    BadInput,
    Brief,
    Cancellation,
    Change,
    Clip,
    Cut,
    Gateway,
    Kind,
    Media,
    Model,
    NothingFits,
    Plugin,
    Quoted,
    Ranking,
    Receipt,
    Registry,
    Secret,
    Settings,
    Shot,
    Shotcaller,
    ShotcallerError,
    Spending,
    State,
    Take,
    TakeFailed,
    Uncertain,
)
from shotcaller.plugin import (
    JSON,
    AuthorizeHook,
    CancelHook,
    Capabilities,
    Charged,
    Done,
    Effect,
    Exchange,
    Failed,
    FindHook,
    GatewayHooks,
    Lengths,
    ModelHooks,
    ObserveHook,
    Operation,
    Rate,
    Request,
    ResolveHook,
    Response,
    Running,
    ScoreHook,
    Status,
    Ticket,
    TicketHook,
    UploadHook,
    Vote,
    Work,
    hookimpl,
)
from shotcaller_animatic import hooks

shot = Shot(
    "A pier at night",
    seconds=8,
    ratio="16:9",
    resolution="720p",
    sound=False,
    image="first.png",
    last_image=Path("last.png"),
    references=["https://a.test/r.mp4", Path("s.wav"), Media("t", Kind.IMAGE)],
    cuts=[Cut("A wave", 3), Cut("A gull", seconds=5.0)],
    negative="fog",
    seed=7,
    options={"fal": {"tier": "pro", "deep": [1, {"a": None}]}},
)
brief = Brief(intent="draft", budget=2.5, only=["fal"], avoid=("heygen",), deadline=60)
Brief(budget="2.50")
Brief(budget=Decimal("2.50"))

Shot()  # type: ignore[call-arg]
Shot("a", 8)  # type: ignore[call-arg]
Shot("a", image=5)  # type: ignore[arg-type]
Shot("a", cuts=["b"])  # type: ignore[list-item]
Brief("draft")  # type: ignore[call-arg]
Brief(budget=[5])  # type: ignore[arg-type]
shot.prompt = "b"  # type: ignore[misc]

assert_type(shot.seconds, float | None)
assert_type(shot.length, float | None)
assert_type(shot.image, Media | None)
assert_type(shot.references, tuple[Media, ...])
assert_type(shot.cuts, tuple[Cut, ...])
assert_type(shot.media, tuple[Media, ...])
assert_type(brief.budget, Decimal | None)
assert_type(brief.only, tuple[str, ...])


def synchronous() -> None:
    """Uses the client as a script does."""
    settings = Settings.load("home", {})
    registry = Registry({"animatic": hooks})
    with Shotcaller(settings=settings, registry=registry) as caller:
        assert_type(caller, Shotcaller)
        clip = caller.generate(shot, brief, output="a.mp4", watch=print)
        assert_type(clip, Clip)
        assert_type(clip.path, str)
        assert_type(clip.seconds, float | None)
        assert_type(clip.receipt, Receipt)
        assert_type(clip.receipt.cost.billed, Decimal | None)
        for take in caller.follow(shot):
            assert_type(take, Take)
            assert_type(take.state, State)
        assert_type(caller.rank(shot, brief), Ranking)
        assert_type(caller.explain(shot, brief), tuple[Change, ...])
        assert_type(caller.submit(shot).id, str)
        assert_type(caller.quote(shot, brief), tuple[Quoted, ...])
        assert_type(caller.spend(), tuple[Spending, ...])
        assert_type(caller.budgets("film"), tuple[Allowance, ...])
        assert_type(caller.models(), tuple[Model, ...])
        assert_type(caller.gateways(), tuple[Gateway, ...])
        assert_type(caller.plugins(), tuple[Plugin, ...])
        assert_type(caller.resume("take-1", patience=5), Clip)
        assert_type(caller.cancel("take-1"), tuple[Take, Cancellation])
        caller.generate("A pier")  # type: ignore[arg-type]


async def asynchronous() -> None:
    """Uses the client as a server does."""
    async with AsyncShotcaller() as caller:
        assert_type(caller, AsyncShotcaller)
        assert_type(await caller.generate(shot, brief), Clip)
        assert_type(await caller.submit(shot), Take)
        assert_type(await caller.cancel("take-1"), tuple[Take, Cancellation])
        async for take in caller.follow(shot):
            assert_type(take, Take)


asyncio.run(asynchronous())


def failing() -> int:
    """Handles what can go wrong."""
    try:
        synchronous()
    except BadInput as error:
        assert_type(error.field, str)
    except NothingFits as error:
        return len(error.refused)
    except (TakeFailed, Uncertain) as error:
        assert_type(error.charged, Charged)
        assert_type(error.repeat_safe, bool)
    except ShotcallerError as error:
        assert_type(error.take, str | None)
        assert_type(error.exit_code, int)
        return error.exit_code
    return 0


module: ModuleType = hooks
gateway_plugin: GatewayHooks = hooks
model_plugin: ModelHooks = hooks
cancelling: CancelHook = hooks
finding: FindHook = hooks  # type: ignore[assignment]


class Paper:
    """Is a plugin as a third party writes it, with every hook."""

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        """Returns one gateway."""
        return [Gateway(id="paper", title="Paper", homepage="")]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        """Returns one model."""
        can = Capabilities(operations={Operation.TEXT}, seconds=Lengths(1, 8))
        Rate("0.10", when={"sound": "on"})
        return [Model(id="paper/one", title="One", maker="us", capabilities=can)]

    @hookimpl
    def shotcaller_resolve(self, id: str) -> Model | None:  # noqa: A002
        """Resolves nothing."""
        return None

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote | None:
        """Likes all models."""
        return Vote("paper", 1.0, "it is ours")

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        """Sends the one request that spends."""
        reply = yield from Request("POST", "https://a.test", json={"p": shot.prompt})
        assert_type(reply, Response)
        assert_type(reply.json(), JSON)
        ticket = reply.into(Ticket)
        assert_type(ticket, Ticket)
        return ticket

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        """Asks once."""
        size = yield from Work(measure, "a.mp4")
        assert_type(size, int)
        Work(measure, 5)  # type: ignore[arg-type]
        status: Status = Running(fraction=0.5)
        match status:
            case Running(fraction=fraction):
                assert_type(fraction, float | None)
            case Done() | Failed():
                pass
        return status

    @hookimpl
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        """Cancels."""
        yield from Request("PUT", "https://a.test")
        return Cancellation.CANCELLED

    @hookimpl
    def shotcaller_ticket(self, take: Take, remote_id: str) -> Ticket:
        """Takes the id alone."""
        return Ticket("paper", take.model, remote_id)

    @hookimpl
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        """Finds nothing."""
        yield from Request("GET", "https://a.test")
        return []

    @hookimpl
    def shotcaller_upload(self, gateway: Gateway, media: Media) -> Exchange[str]:
        """Uploads."""
        yield from Request("PUT", "https://a.test")
        return "https://a.test/x"

    @hookimpl
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: Mapping[str, Secret],
        now: datetime,
    ) -> Request:
        """Adds the key."""
        return request.with_headers(Authorization=secrets["KEY"].formatted("Key {}"))

    @hookimpl
    def shotcaller_observe(self, take: Take) -> None:
        """Sees a take."""


class Mistaken:
    """Gets the types of its hooks wrong."""

    def shotcaller_poll(self, ticket: Ticket) -> Status:
        """Is no generator."""
        return Running()

    def shotcaller_score(self, model: Model) -> Vote | None:
        """Takes too little."""
        return None


def measure(folder: Path, name: str) -> int:
    """Returns the size of a file."""
    return (folder / name).stat().st_size


paper = Paper()
owner: GatewayHooks = paper
seller: ModelHooks = paper
resolver: ResolveHook = paper
voter: ScoreHook = paper
canceller: CancelHook = paper
finder: FindHook = paper
uploader: UploadHook = paper
ticketer: TicketHook = paper
authorizer: AuthorizeHook = paper
observer: ObserveHook = paper
effect: Effect[Response] = Request("GET", "https://a.test")
half_owner: GatewayHooks = Mistaken()  # type: ignore[assignment]
half_voter: ScoreHook = Mistaken()  # type: ignore[assignment]
