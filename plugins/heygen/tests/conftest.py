"""Plays HeyGen's part: answers what an exchange asks, and keeps what it asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from shotcaller.plugin import Exchange, Request, Response


class Talk(NamedTuple):
    """Is what was asked, in order, and what came of it."""

    asked: list[Request]
    result: Any


def answer(status: int, body: object = None, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, headers, content)


def talk(exchange: Exchange[Any], *answers: Response) -> Talk:
    """Answers one request after the other; there must be as many as answers."""
    asked: list[Request] = []
    left = list(answers)
    step: Any = None
    try:
        while True:
            request = exchange.send(step)
            assert isinstance(request, Request)
            asked.append(request)
            step = left.pop(0)
    except StopIteration as stop:
        assert left == []
        return Talk(asked, stop.value)


@pytest.fixture
def converse() -> Callable[..., Talk]:
    return talk


@pytest.fixture
def say() -> Callable[..., Response]:
    return answer
