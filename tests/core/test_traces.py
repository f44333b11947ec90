"""The drivers agree: one program, one trace, in sync, asyncio and trio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from attrs import evolve

from shotcaller import Brief, Shot, Shotcaller, Take
from shotcaller.availability import Memory
from shotcaller.effects import (
    Claimed,
    Do,
    Lost,
    Missed,
    Move,
    Program,
    Send,
    Unsent,
)
from shotcaller.plugin import Effect, Response
from shotcaller.programs.generating import generate
from shotcaller.take import Footage
from tests.core.paper_server import PaperServer, accept_then_drop, drop, say
from tests.core.test_generate import PNG
from tests.core.worlds import WORLDS, performed

T = TypeVar("T")
SHOT = Shot("A paper boat", seconds=8)


def traced(program: Program[T], log: list[tuple[str, str]]) -> Program[T]:
    """Runs a program, writing down each effect and what was answered."""
    answer: Any = None
    error: Exception | None = None
    while True:
        try:
            effect = program.send(answer) if error is None else program.throw(error)
        except StopIteration as stop:
            log.append(("returned", told(stop.value)))
            return stop.value  # type: ignore[no-any-return]
        answer = error = None
        try:
            answer = yield effect
        except Exception as failure:  # noqa: BLE001
            error = failure
        log.append((asked(effect), told(answer) if error is None else repr(error)))


def asked(effect: Effect[Any]) -> str:
    match effect:
        case Send(gateway, request, spend):
            path = request.url.rsplit("/", 1)[0]
            return f"Send {gateway} {request.method} {path} {spend}"
        case Move():
            return f"Move {effect.take.state}>{effect.to.state} {effect.note}"
        case Do(work):
            return f"Do {work.call.__name__}"
        case _:
            return type(effect).__name__


def told(answer: object) -> str:  # noqa: PLR0911  one for each kind
    match answer:
        case Take():
            return f"{answer.state} {answer.model} {answer.epoch}"
        case Claimed(take, _, mine):
            return f"{take.state} {take.epoch} {mine}"
        case Response(status):
            return str(status)
        case Unsent(reason) | Lost(reason):
            return f"{type(answer).__name__} {reason}"
        case Missed(why):
            return f"Missed {why}"
        case Footage():
            return f"{answer.bytes} {answer.sha256} {answer.seconds}"
        case Memory():
            return "Memory"  # each world adds to what the next one finds
        case tuple():
            return " ".join(told(item) for item in answer)
        case float() | str():
            return type(answer).__name__
        case _:
            return repr(answer)


def happy(server: PaperServer) -> None:
    server.states = ["drawing", "drawing", "done"]


def lost(server: PaperServer) -> None:
    server.script["POST /jobs"] = [accept_then_drop]


def refused(server: PaperServer) -> None:
    server.script["POST /jobs"] = [say(422)]


def blips(server: PaperServer) -> None:
    server.script["POST /jobs"] = [say(429)]
    server.script["GET /jobs/job-1"] = [say(500), drop, drop, drop, say(200, b"x")]
    hop = say(302, b"", Location="/clips/moved.mp4")
    broken = say(200, b"<html>")
    server.script["GET /clips/job-1.mp4"] = [say(404), drop, broken, hop]


def too_long(server: PaperServer) -> None:
    server.script["POST /jobs"] = [say(200, b"x" * (9 * 2**20))]


def in_circles(server: PaperServer) -> None:
    hop = say(302, b"", Location="/clips/job-1.mp4")
    server.script["GET /clips/job-1.mp4"] = [hop] * 4


SCENES: tuple[Callable[[PaperServer], None], ...] = (
    happy,
    lost,
    refused,
    blips,
    too_long,
    in_circles,
)


# httpx leaves its generators to the collector where a reply is left half-read; trio
# says so
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("scene", SCENES)
def test_the_same_program_gives_the_same_trace_in_every_world(
    scene: Callable[[PaperServer], None],
    make_caller: Callable[..., Shotcaller],
    server: PaperServer,
    tmp_path: Path,
) -> None:
    picture = tmp_path / "start.png"
    picture.write_bytes(PNG)
    traces = {}
    for kind in WORLDS:
        server.jobs.clear()
        server.files.clear()
        scene(server)
        caller = make_caller()
        brief = Brief(again=kind)
        shot = evolve(SHOT, image=picture)
        folder = str(tmp_path / "clips")
        program = generate(caller.setup.context(), shot, brief, folder=folder)
        log: list[tuple[str, str]] = []
        performed(kind, caller._world, traced(program, log))
        traces[kind] = log

    assert traces["asyncio"] == traces["sync"]
    assert traces["trio"] == traces["sync"]
    assert len(traces["sync"]) > 10
    assert traces["sync"][-1][0] == "returned"
