"""An exchange ends as a whole, however slowly its bytes come."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from functools import partial

import anyio
import pytest

from shotcaller.effects import Lost
from shotcaller.plugin import File, Request
from shotcaller.transport import AsyncTransport, SyncTransport, wording
from shotcaller.transport.bounding import bounded

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"


@pytest.fixture(params=["in its head", "in its body"])
def dripping(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that sends a byte now and then, for ever."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def drip(there: socket.socket) -> None:
        with there:
            there.sendall(b"HTTP/1.1 2" if "head" in request.param else HEAD)
            try:
                while not over.wait(0.02):
                    there.sendall(b"0")
            except OSError:
                return

    def serve() -> None:
        drips = []
        while not over.is_set():
            try:
                there, _ = listener.accept()
            except TimeoutError:
                continue
            drips.append(threading.Thread(target=drip, args=(there,)))
            drips[-1].start()
        for one in drips:
            one.join()

    server = threading.Thread(target=serve)
    server.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    over.set()
    server.join()
    listener.close()
    for thread in threading.enumerate():
        if thread.name == "shotcaller-http":
            thread.join()


TOO_LONG = Lost("it took too long as a whole")


def test_a_spend_whose_reply_drips_is_lost_in_time(
    dripping: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "WITHIN", 0.2)
    transport = SyncTransport()
    request = Request("POST", f"{dripping}/jobs", json={})
    assert transport.spend(request, None) == TOO_LONG
    assert transport.ask(Request("GET", f"{dripping}/jobs")) == TOO_LONG
    transport.close()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_question_whose_answer_drips_is_asked_again_later(
    backend: str, dripping: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "WITHIN", 0.2)

    async def main() -> object:
        transport = AsyncTransport()
        answer = await transport.ask(Request("GET", f"{dripping}/jobs"))
        await transport.close()
        return answer

    assert anyio.run(main, backend=backend) == TOO_LONG


def test_more_bytes_may_take_longer() -> None:
    big = File("big.mp4", 0, 2**30, "")
    small = Request("POST", "https://a.test", json={"a": 1})
    assert wording.within(Request("GET", "https://a.test")) == wording.WITHIN
    assert wording.within(small) == pytest.approx(wording.WITHIN, abs=0.001)
    large = Request("PUT", "https://a.test", content=big)
    assert wording.within(large) == wording.WITHIN + 2**30 / wording.SLOWEST


def test_what_is_in_time_is_handed_on_whatever_it_is() -> None:
    assert bounded(20, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        bounded(20, lambda: 1 / 0)
    with pytest.raises(TimeoutError):
        bounded(0.01, partial(time.sleep, 0.1))
