"""A gateway for tests: a plugin that speaks HTTP and implements every hook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from attrs import evolve, frozen

from shotcaller.plugin import (
    Brief,
    Cancellation,
    Capabilities,
    Done,
    Evidence,
    Exchange,
    Failed,
    File,
    Gateway,
    Kind,
    Lengths,
    Media,
    Model,
    Operation,
    Price,
    Rate,
    Refused,
    Request,
    Running,
    Secret,
    Shot,
    Sound,
    Status,
    Take,
    Ticket,
    Upload,
    Vote,
    hookimpl,
)

API = "https://api.paper.test"
DAY = date(2026, 11, 1)

GATEWAY = Gateway(
    id="paper",
    title="Paper",
    homepage="https://paper.test",
    credentials=(("PAPER_KEY",),),
    api_hosts=("api.paper.test",),
    media_hosts=("*.paper.test",),
    concurrency=2,
    uploads=(Upload(Kind.IMAGE, 1_000_000),),
    refusals=frozenset({400, 402, 422}),
    busy=frozenset({429}),
)


def model(name: str, usd: str = "0.10", quality: float = 0.5) -> Model:
    """Returns a model that can do most things at so much a second."""
    return Model(
        id=f"paper/{name}",
        title=f"Paper {name}",
        maker="papermaker",
        capabilities=Capabilities(
            operations=frozenset(Operation),
            seconds=Lengths(1, 60),
            default_seconds=5,
            ratios=("16:9", "9:16"),
            default_ratio="16:9",
            resolutions=("720p", "1080p"),
            default_resolution="720p",
            sound=Sound.OPTIONAL,
            references={Kind.IMAGE: 3},
            seed=True,
        ),
        price=Price((Rate(usd),), "https://paper.test/prices", DAY),
        evidence=(Evidence("quality", quality, "a test", DAY),),
    )


@frozen
class _Job:
    id: str
    state: str
    error: str = ""
    url: str = ""


@frozen
class _Accepted:
    id: str


class Paper:
    """Is the plugin: two models on one gateway, every hook."""

    def __init__(self, gateway: Gateway = GATEWAY) -> None:
        self.gateway = gateway
        self.models = [model("one", quality=0.9), model("two", "0.05")]
        self.seen: list[Take] = []

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [self.gateway]

    @hookimpl
    def shotcaller_models(self) -> Sequence[Model]:
        return self.models

    @hookimpl
    def shotcaller_resolve(self, id: str) -> Model | None:  # noqa: A002
        if not id.startswith("paper:"):
            return None
        return evolve(model("any"), id=id, price=None, listed=False)

    @hookimpl
    def shotcaller_score(self, model: Model, shot: Shot, brief: Brief) -> Vote | None:
        return Vote("paper", 1.0, "ours", 0.01) if "one" in model.id else None

    @hookimpl
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        if "forbidden" in shot.prompt:
            raise Refused("Paper does not draw that.", reason="content")
        body = {"prompt": shot.prompt, "model": model.id, "key": key}
        if shot.image is not None:
            body["image"] = shot.image.source
        reply = yield from Request("POST", f"{API}/jobs", json=body)
        if reply.status != 200:
            raise Refused(f"Paper said {reply.status}.", reason="paper-no")
        accepted = reply.into(_Accepted)
        return Ticket("paper", model.id, accepted.id, {"at": f"{API}/jobs"})

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        url = f"{ticket.data['at']}/{ticket.remote_id}"
        job = (yield from Request("GET", url)).into(_Job)
        match job.state:
            case "done":
                return Done(url=job.url, billed=None)
            case "failed":
                return Failed(job.error, "no")
            case "failed-billed":
                return Failed(job.error, "yes")
            case _:
                return Running(note=job.state, fraction=0.5)

    @hookimpl
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        reply = yield from Request("PUT", f"{API}/jobs/{ticket.remote_id}/cancel")
        return Cancellation(str(reply.json()))

    @hookimpl
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        reply = yield from Request(
            "GET", f"{API}/jobs", params={"q": take.asked.prompt}
        )
        jobs: Any = reply.json()
        found = [job for job in jobs if job["prompt"] == take.asked.prompt]
        at = {"at": f"{API}/jobs"}
        return [Ticket("paper", take.model, job["id"], at) for job in found]

    @hookimpl
    def shotcaller_ticket(self, take: Take, remote_id: str) -> Ticket:
        return Ticket("paper", take.model, remote_id, {"at": f"{API}/jobs"})

    @hookimpl
    def shotcaller_upload(self, gateway: Gateway, media: Media) -> Exchange[str]:
        file = File(media.source, 0, media.bytes or 0, media.sha256 or "")
        reply = yield from Request("POST", f"{API}/files", content=file)
        return str(reply.json())

    @hookimpl
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: dict[str, Secret],
        now: datetime,
    ) -> Request:
        return request.with_headers(X_Key=secrets["PAPER_KEY"].formatted("Key {}"))

    @hookimpl
    def shotcaller_observe(self, take: Take) -> None:
        self.seen.append(take)


class Blind(Paper):
    """Is a gateway where nothing can be looked up or cancelled."""

    shotcaller_find = None  # type: ignore[assignment]
    shotcaller_ticket = None  # type: ignore[assignment]
    shotcaller_cancel = None  # type: ignore[assignment]
