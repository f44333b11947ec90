"""Gateways of classes that no vendor of the repository has: correlated, and local."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from attrs import frozen

from shotcaller.plugin import (
    FREE,
    JSON,
    Brief,
    Cancellation,
    Capabilities,
    Done,
    Exchange,
    Failed,
    Gateway,
    Lengths,
    Model,
    Operation,
    Price,
    Rate,
    Refused,
    Request,
    Response,
    Running,
    Safety,
    Shot,
    Status,
    Take,
    Ticket,
    Vote,
    Work,
    hookimpl,
)
from shotcaller_emulator.films import Film

API = "https://api.lantern.test"
MEDIA = "https://media.lantern.test"
DAY = date(2026, 11, 1)
USD = {"lantern/bright": Decimal("0.50"), "lantern/dim": Decimal("0.25")}
"""What five seconds cost."""

GOES_OUT = 0.4
"""The share of jobs that fail, uncharged: another model is tried then."""


def _model(id_: str, price: Price, *, artificial: bool = True) -> Model:
    can = Capabilities(
        operations={Operation.TEXT}, seconds=Lengths(1, 60), default_seconds=5
    )
    maker = id_.split("/", maxsplit=1)[0]
    return Model(
        id=id_,
        title=id_,
        maker=maker,
        capabilities=can,
        price=price,
        artificial=artificial,
    )


class Lantern:
    """Is a gateway that is asked for a job by a word of the client's own.

    It reads that word, but a second submit under it is a second job.
    """

    gateway = Gateway(
        id="lantern",
        title="Lantern",
        api_hosts=("api.lantern.test",),
        media_hosts=("media.lantern.test",),
        concurrency=2,
        safety=Safety.CORRELATED,
        refusals={400, 402},
        busy={429},
    )

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [self.gateway]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        prices = {"bright": "0.10", "dim": "0.05"}
        source = "https://lantern.test/prices"
        return [
            _model(f"lantern/{name}", Price((Rate(usd),), source, DAY))
            for name, usd in prices.items()
        ]

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote | None:
        """Wants it tried first where others may follow."""
        first = model.id.startswith("lantern/")
        return Vote("lantern", float(first), "it is lit", 10.0)

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        body = {"prompt": shot.prompt, "model": model.id, "word": key}
        reply = yield from Request("POST", f"{API}/jobs", json=body)
        if reply.status != 200:
            raise Refused(f"Lantern said {reply.status}.", reason="no")
        return Ticket("lantern", model.id, reply.into(_Job).id)

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        reply = yield from Request("GET", f"{API}/jobs/{ticket.remote_id}")
        job = reply.into(_Job)
        match job.state:
            case "done":
                return Done(url=f"{MEDIA}/{job.id}", billed=USD[ticket.model])
            case "failed":
                return Failed("it went out", "no")
            case "cancelled":
                return Failed("cancelled", "no", "cancelled")
            case _:
                return Running(job.state)

    @hookimpl
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        url = f"{API}/jobs/{ticket.remote_id}/cancel"
        job = (yield from Request("PUT", url)).into(_Job)
        cancelled = job.state == "cancelled"
        return Cancellation.CANCELLED if cancelled else Cancellation.TOO_LATE

    @hookimpl
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        reply = yield from Request("GET", f"{API}/jobs", params={"word": take.key})
        found: Any = reply.json()
        return [Ticket("lantern", take.model, job["id"]) for job in found]


@frozen
class _Job:
    id: str
    state: str


@frozen
class Entry:
    """Is a line of Lantern's ledger."""

    request_id: str
    endpoint: str
    input: Mapping[str, JSON]
    state: str
    billed: Decimal


@frozen
class _Burning:
    id: str
    input: Mapping[str, JSON]
    ends: datetime
    well: bool
    cancelled: bool = False

    def state(self, now: datetime) -> str:
        if self.cancelled:
            return "cancelled"
        if now < self.ends:
            return "running"
        return "done" if self.well else "failed"

    def billed(self, now: datetime) -> Decimal:
        done = self.state(now) == "done"
        return USD[str(self.input["model"])] if done else Decimal(0)


class LanternVendor:
    """Is Lantern: a pure answer to each request, and a ledger.

    A job is listed ``lag`` after it was taken.
    """

    def __init__(
        self, render: Callable[[Film], bytes | None], seed: int, lag: timedelta
    ) -> None:
        self._render = render
        self._chance = Random(seed)
        self._lag = lag
        self.jobs: dict[str, _Burning] = {}
        self._taken: dict[str, datetime] = {}

    def answer(self, request: Request, now: datetime) -> Response:
        """Returns the answer to a request that arrives at a time."""
        parts = request.url.removeprefix(API).removeprefix(MEDIA).strip("/").split("/")
        match request.method, parts:
            case "POST", ["jobs"]:
                content = request.content if isinstance(request.content, bytes) else b""
                return self._accepted(json.loads(content), now)
            case "GET", ["jobs"]:
                return _said(self._listed(request.params["word"], now))
            case "GET", ["jobs", id_]:
                return _said({"id": id_, "state": self.jobs[id_].state(now)})
            case "PUT", ["jobs", id_, "cancel"]:
                return self._cancelled(id_, now)
            case "GET", [id_]:
                return Response(200, {}, self._render(self.film(id_)) or b"")
            case _:
                return Response(404)

    def film(self, id_: str) -> Film:
        """Returns what a job delivers."""
        prompt = str(self.jobs[id_].input["prompt"])
        return Film(prompt, 1280, 720, 5, sound=True, seed=int(id_[4:]))

    def ledger_at(self, now: datetime) -> Sequence[Entry]:
        """Returns every job that was accepted, as it stands at a time."""
        return [
            Entry(
                job.id,
                "jobs",
                job.input,
                job.state(now),
                job.billed(now),
            )
            for job in self.jobs.values()
        ]

    def _accepted(self, body: Mapping[str, JSON], now: datetime) -> Response:
        id_ = f"job-{len(self.jobs) + 1}"
        ends = now + timedelta(seconds=self._chance.uniform(5, 90))
        self.jobs[id_] = _Burning(id_, body, ends, self._chance.random() > GOES_OUT)
        self._taken[id_] = now
        return _said({"id": id_, "state": "running"})

    def _listed(self, word: str, now: datetime) -> list[Mapping[str, JSON]]:
        return [
            {"id": job.id, "state": job.state(now)}
            for job in self.jobs.values()
            if job.input["word"] == word and self._taken[job.id] + self._lag <= now
        ]

    def _cancelled(self, id_: str, now: datetime) -> Response:
        job = self.jobs[id_]
        if job.state(now) == "running":
            job = _Burning(id_, job.input, job.ends, job.well, cancelled=True)
            self.jobs[id_] = job
        return _said({"id": id_, "state": job.state(now)})


def _said(body: JSON) -> Response:
    head = {"content-type": "application/json"}
    return Response(200, head, json.dumps(body).encode())


class Pencil:
    """Is a gateway on this machine: it draws in three looks."""

    def __init__(self, clip: bytes) -> None:
        self._clip = clip

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [Gateway(id="pencil", title="Pencil", concurrency=1)]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        price = Price(FREE, "it is ours", DAY)
        return [_model("pencil/soft", price, artificial=False)]

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        yield from ()
        return Ticket("pencil", model.id, key)

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        looks, path = yield from Work(self._look)
        return Running("drawing") if looks < 3 else Done(path=path)

    def _look(self, folder: Path) -> tuple[int, str]:
        looks = folder / "looks"
        seen = len(looks.read_text()) if looks.exists() else 0
        looks.write_text("x" * (seen + 1))
        (folder / "made.mp4").write_bytes(self._clip)
        return seen, str(folder / "made.mp4")
