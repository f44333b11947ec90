"""Gives the tests somebody to talk to: answers of fal's, and who sends them in."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

from shotcaller.plugin import JSON, Aside, Request, Response, Shot, Ticket, Work

REQUEST_ID = "019da0f9-f0d6-7eb0-9e16-d7bcfd663a72"  # made on 18 April 2026
JOB = f"/fal-ai/veo3.1/requests/{REQUEST_ID}"


class Talk(NamedTuple):
    """Is what a plugin asked, in order, and what it returned."""

    asked: list[Request | Aside]
    value: Any


Talks: TypeAlias = Callable[..., Talk]
Says: TypeAlias = Callable[..., Response]
Submits: TypeAlias = Callable[..., Request]


@pytest.fixture
def talk(tmp_path: Path) -> Talks:
    """Drives an exchange by hand: does its work, sends each answer in, in turn.

    How a job stands is asked aside, and once more where that brought no answer.
    """

    def run(exchange: Generator[Any, Any, Any], *answers: Response | None) -> Talk:
        asked: list[Request | Aside] = []
        left = list(answers)
        answer: Any = None
        while True:
            try:
                effect = exchange.send(answer)
            except StopIteration as end:
                assert left == []
                return Talk(asked, end.value)
            if isinstance(effect, Work):
                answer = effect.call(tmp_path, *effect.args)
                continue
            asked.append(effect)
            assert left, f"nobody answers {effect}"
            answer = None if _unwelcome(effect, left[0]) else left.pop(0)

    return run


def _unwelcome(effect: Request | Aside, answer: Response | None) -> bool:
    """Whether an answer is none to a question on the side of how a job stands."""
    aside = isinstance(effect, Aside) and effect.request.url.endswith("/status")
    return aside and answer is not None and answer.status >= 300


@pytest.fixture
def say() -> Says:
    """Makes an answer of JSON; ``_`` in a header's name means ``-``."""

    def make(status: int = 200, body: JSON = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(status, named, json.dumps(body).encode())

    return make


@pytest.fixture
def over(say: Says) -> Response:
    """Is the status of a job that is over, well or badly."""
    return say(200, {"status": "COMPLETED", "request_id": REQUEST_ID})


@pytest.fixture
def ticket() -> Ticket:
    """Is the ticket of a job for Veo."""
    paths: dict[str, JSON] = {
        "endpoint": "fal-ai/veo3.1",
        "status": f"{JOB}/status",
        "response": JOB,
        "cancel": f"{JOB}/cancel",
    }
    return Ticket("fal", "fal/veo-3.1", REQUEST_ID, paths)


@pytest.fixture
def submitted() -> Submits:
    """Returns the request that a shot for an endpoint by name becomes."""
    import shotcaller_fal

    def first(endpoint: str, prompt: str = "a fox", **wanted: Any) -> Request:
        model = shotcaller_fal.shotcaller_resolve(f"fal:{endpoint}")
        assert model is not None
        options = {"fal": wanted.pop("options", {})}
        shot = Shot(prompt, options=options, **wanted)
        request = next(shotcaller_fal.shotcaller_submit(model, shot, "take-key"))
        assert isinstance(request, Request)
        return request

    return first
