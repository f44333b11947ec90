"""The drivers agree: one program, one trace, in sync, asyncio and trio."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import TypeVar

import anyio
import pytest
from attrs import evolve

from shotcaller import Brief, Shot, Shotcaller, Take
from shotcaller.drivers.asynchronous import AsyncDriver
from shotcaller.drivers.world import SystemClock, World, recorded
from shotcaller.effects import (
    Do,
    Fetch,
    Join,
    Lost,
    Missed,
    Program,
    Send,
    Sleep,
    Unsent,
)
from shotcaller.plugin import (
    Done,
    Effect,
    File,
    Multipart,
    Request,
    Response,
    Work,
)
from shotcaller.programs.advancing import cancel
from shotcaller.take import Footage
from tests.core.paper import API
from tests.core.paper_server import PaperServer, Rule, say
from tests.core.worlds import WORLDS, StepClock, performed

T = TypeVar("T")

SHOT = Shot("A paper boat", seconds=8)


@pytest.mark.parametrize("kind", WORLDS)
def test_a_file_is_streamed_from_where_it_was_asked_to(
    kind: str, caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    big = bytes(range(256)) * 4096
    (tmp_path / "big.bin").write_bytes(big)

    def program() -> Program[Response | Unsent | Lost]:
        content = File(str(tmp_path / "big.bin"), 100, 600_000, "")
        request = Request("POST", f"{API}/files", content=content)
        return (yield from Send("paper", request))

    answer = performed(kind, caller._world, program())

    assert isinstance(answer, Response)
    assert server.files == [big[100:600_100]]
    assert server.asked[-1].headers["content-length"] == "600000"


@pytest.mark.parametrize("kind", WORLDS)
def test_a_file_in_a_form_is_streamed_between_its_lines(
    kind: str, caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    big = bytes(range(256)) * 2048
    (tmp_path / "big.bin").write_bytes(big)
    file = File(str(tmp_path / "big.bin"), 0, len(big), "ab" * 32)
    content = Multipart("file", file, 'a "b" é.png', "image/png")

    def program() -> Program[Response | Unsent | Lost]:
        return (yield from Send("paper", Request("POST", f"{API}/f", content=content)))

    performed(kind, caller._world, program())

    (got,) = server.asked
    message = message_from_bytes(
        b"Content-Type: %s\r\n\r\n%s"
        % (got.headers["content-type"].encode(), got.body),
        policy=policy.HTTP,
    )
    (part,) = message.iter_parts()
    assert message.get_content_type() == "multipart/form-data"
    assert part.get_content_type() == "image/png"
    assert part["content-disposition"] == (
        'form-data; name="file"; filename="a %22b%22 é.png"'
    )
    assert part.get_payload(decode=True) == big
    assert got.headers["content-length"] == str(len(got.body))


@pytest.mark.parametrize("kind", WORLDS)
def test_a_request_is_sent_as_it_was_written(
    kind: str, caller: Shotcaller, server: PaperServer
) -> None:
    def program() -> Program[Response | Unsent | Lost]:
        url, params = f"{API}/jobs", {"q": "a b&c"}
        headers = {"Content-Type": "application/x", "Accept": "any"}
        request = Request(
            "POST", url, params=params, headers=headers, json={"ü": [1, None]}
        )
        return (yield from Send("paper", request))

    server.script["POST /jobs"] = [say(201, {"ok": True}, X_Reply="yes")]
    answer = performed(kind, caller._world, program())

    assert isinstance(answer, Response)
    assert (answer.status, answer.json()) == (201, {"ok": True})
    assert answer.headers["x-reply"] == "yes"
    (got,) = server.asked
    assert got.path == "/jobs?q=a+b%26c"
    assert got.body == '{"ü":[1,null]}'.encode()
    assert got.headers["content-type"] == "application/x"
    assert got.headers["user-agent"].startswith("shotcaller/")


@pytest.mark.parametrize("kind", WORLDS)
def test_an_address_that_is_no_api_gets_no_key(
    kind: str, caller: Shotcaller, server: PaperServer
) -> None:
    def program() -> Program[Response | Unsent | Lost]:
        url = server.url.replace("127.0.0.1", "localhost")
        request = Request("PUT", f"{url}/upload", content=b"bytes")
        return (yield from Send("paper", request))

    performed(kind, caller._world, program())

    assert server.asked[0].body == b"bytes"
    assert "x-key" not in server.asked[0].headers


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize(
    ("rule", "kept"), [(say(200, b"<html>"), Missed), (say(200), Missed)]
)
def test_a_fetch_that_fails_leaves_nothing(
    *,
    kind: str,
    rule: Rule,
    kept: type,
    caller: Shotcaller,
    server: PaperServer,
    tmp_path: Path,
) -> None:
    take = caller.submit(SHOT)
    server.script["GET /clips/a.mp4"] = [rule]

    def program() -> Program[Footage | Missed]:
        return (yield from Fetch(take, Done(url=f"{server.url}/clips/a.mp4")))

    answer = performed(kind, caller._world, program())

    assert isinstance(answer, kept)
    assert list((tmp_path / "clips").iterdir()) == []


@pytest.mark.parametrize("kind", WORLDS)
def test_a_fetch_into_nowhere_says_so(
    kind: str, caller: Shotcaller, server: PaperServer, tmp_path: Path
) -> None:
    take = evolve(caller.submit(SHOT), folder=str(tmp_path / "gone"))
    made = tmp_path / "made.mp4"
    made.write_bytes(server.clip)

    def program(take: Take, path: Path) -> Program[Footage | Missed]:
        return (yield from Fetch(take, Done(path=str(path))))

    answer = performed(kind, caller._world, program(take, made))
    assert answer == Missed(
        "disk",
        f"the clip cannot be written into {tmp_path / 'gone'}:"
        " No such file or directory",
    )
    there = evolve(take, folder=str(tmp_path / "clips"))
    answer = performed(kind, caller._world, program(there, tmp_path / "no.mp4"))
    assert answer == Missed(
        "expired", f"{tmp_path / 'no.mp4'} is gone (No such file or directory)"
    )
    answer = performed(kind, caller._world, program(there, made))
    assert isinstance(answer, Footage)
    assert answer.seconds == 8


@pytest.mark.parametrize("kind", WORLDS)
def test_work_is_done_in_the_takes_folder_and_what_it_raises_is_raised_there(
    kind: str, caller: Shotcaller
) -> None:
    def divide(folder: Path, by: int) -> tuple[str, float]:
        (folder / "note").write_text("was here")
        return folder.name, 1 / by

    def program() -> Program[list[object]]:
        found: list[object] = [(yield from Do(Work(divide, 2), "t1"))]
        try:
            yield from Do(Work(divide, 0), "t1")
        except ZeroDivisionError as error:
            found.append(str(error))
        return found

    assert performed(kind, caller._world, program()) == [
        ("t1", 0.5),
        "division by zero",
    ]


def test_an_effect_that_no_driver_knows_is_an_error(caller: Shotcaller) -> None:
    class Strange(Effect[None]):
        pass

    with pytest.raises(TypeError, match="Strange"):
        recorded(caller._world.journal, Strange())


def test_the_machines_clock_tells_and_waits() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.01)
    anyio.run(clock.asleep, 0.01)
    assert before + 0.02 <= clock.now() <= before + 5


def test_a_driver_that_was_never_used_closes(world: World) -> None:
    anyio.run(AsyncDriver(world).close)


@pytest.fixture
def world(caller: Shotcaller) -> World:
    return caller._world


def test_cancel_is_the_same_in_every_world(
    make_caller: Callable[..., Shotcaller], server: PaperServer
) -> None:
    answers = []
    for kind in WORLDS:
        caller = make_caller()
        take = caller.submit(SHOT, Brief(again=kind))
        program = cancel(caller.setup.context(), take.id)
        ended, wish = performed(kind, caller._world, program)
        answers.append((ended.state, wish))
    assert len(set(answers)) == 1


def test_a_join_is_one_transaction(caller: Shotcaller) -> None:
    def program() -> Program[Take | None]:
        return (yield from Join("nothing"))

    assert performed("sync", caller._world, program()) is None


def test_waits_are_never_shorter_and_by_chance_up_to_half_longer(
    clock: StepClock, caller: Shotcaller
) -> None:
    def program() -> Program[float]:
        for _ in range(50):
            yield from Sleep(4)
        return (yield from Sleep(100))

    assert performed("sync", caller._world, program()) == clock.time
    *short, long = clock.slept
    assert all(4 <= wait <= 6 for wait in short)
    assert max(short) - min(short) > 1
    assert 100 <= long <= 104
