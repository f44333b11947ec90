"""Over HTTP a vendor is as it says, and connections break as it wants them to."""

from __future__ import annotations

import gc
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from attrs import define, field

from shotcaller.plugin import Request, Response
from shotcaller_emulator.fal import KEY, Fal, Pace
from shotcaller_emulator.films import Film
from shotcaller_emulator.outcomes import Dropped, Later, Outcome, Stalled, Torn
from shotcaller_emulator.serving import serve


@define
class Parrot:
    """Is a vendor that does what it was told, and remembers what it was asked."""

    outcome: Outcome = field(factory=lambda: Response(200, {}, b"good morning"))
    asked: list[Request] = field(factory=list)

    def answer(self, request: Request, now: datetime) -> Outcome:
        assert now.tzinfo is UTC
        self.asked.append(request)
        return self.outcome


def send(
    url: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    wire = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=10
    )
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path
        wire.request(method, path or "/", body, headers)
        said = wire.getresponse()
        found = {name.lower(): value for name, value in said.getheaders()}
        return said.status, found, said.read()
    finally:
        wire.close()


def received(wire: socket.socket) -> tuple[bytes, type[Exception] | None]:
    """Returns all that comes, and how it ended if not as it should."""
    got = b""
    try:
        while part := wire.recv(65_536):
            got += part
    except OSError as error:
        return got, type(error)
    return got, None


def test_a_request_arrives_whole() -> None:
    parrot = Parrot()
    with serve(parrot) as server:
        status, headers, body = send(
            server.url + "/a%2Fb/c?d=1&e=%20", "POST", b'{"x": 1}', Some="thing"
        )

    (asked,) = parrot.asked
    assert (status, body) == (200, b"good morning")
    assert headers["content-length"] == "12"
    assert asked.method == "POST"
    assert asked.url == f"{server.url}/a%2Fb/c?d=1&e=%20"
    assert asked.headers["Some"] == "thing"
    assert asked.content == b'{"x": 1}'


def test_the_host_header_says_whose_host_it_is() -> None:
    parrot = Parrot()
    with serve(parrot) as server:
        send(server.url + "/x", Host="queue.fal.run")

    assert parrot.asked[0].url == "http://queue.fal.run/x"


def test_the_head_of_an_answer_has_its_length_and_no_body() -> None:
    with serve(Parrot()) as server:
        _, headers, body = send(server.url, "HEAD")

    assert (headers["content-length"], body) == ("12", b"")


def test_a_dropped_connection_is_reset() -> None:
    with serve(Parrot(Dropped())) as server, pytest.raises(ConnectionResetError):
        send(server.url)


def test_a_torn_answer_is_reset_in_its_middle() -> None:
    whole = Response(200, {"content-type": "video/mp4"}, bytes(200_000))
    with (
        serve(Parrot(Torn(whole, 1000))) as server,
        socket.create_connection(("127.0.0.1", urlsplit(server.url).port)) as wire,
    ):
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got, error = received(wire)

    assert error is ConnectionResetError
    head, _, body = got.partition(b"\r\n\r\n")
    assert b"Content-Length: 200000" in head
    assert b"content-type: video/mp4" in head
    assert len(body) == 1000


def test_a_stalled_answer_never_comes() -> None:
    with serve(Parrot(Stalled(0.05))) as server, pytest.raises(ConnectionResetError):
        send(server.url)


def test_who_stalls_does_not_keep_the_server_from_ending() -> None:
    with serve(Parrot(Stalled(3600))) as server:
        port = urlsplit(server.url).port or 0
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=0.1)
        wire.request("GET", "/")
        with pytest.raises(TimeoutError):
            wire.getresponse()
        wire.close()


def test_who_leaves_during_a_stall_is_not_missed() -> None:
    with serve(Parrot(Stalled(0.05))) as server:
        port = urlsplit(server.url).port
        wire = socket.create_connection(("127.0.0.1", port))
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wire.close()
        with pytest.raises(ConnectionResetError):
            send(server.url)


def test_an_answer_may_come_later() -> None:
    late = Later(0.01, lambda now: Later(0.01, lambda now: Response(200, {}, b"late")))
    with serve(Parrot(late)) as server:
        assert send(server.url)[2] == b"late"


def test_an_answer_may_come_in_pieces() -> None:
    kind = {"content-type": "text/event-stream"}

    def go_on(_now: datetime) -> Outcome:
        return Later(0.01, lambda now: Response(200, kind, b"three"), piece(b"two "))

    def piece(body: bytes) -> Response:
        return Response(200, kind, body)

    with serve(Parrot(Later(0.01, go_on, piece(b"one ")))) as server:
        _, headers, body = send(server.url)

    assert body == b"one two three"
    assert headers["content-type"] == "text/event-stream"
    assert headers["transfer-encoding"] == "chunked"


def test_the_clock_may_be_given() -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    fal = Fal(lambda film: b"film")
    with serve(fal, clock=lambda: noon) as server:
        send(
            f"{server.url}/fal-ai/veo3.1",
            "POST",
            b'{"prompt": "a fox"}',
            Authorization=f"Key {KEY}",
        )

    assert fal.ledger[0].accepted == noon


def test_an_address_of_the_newer_kind_is_spelled_right() -> None:
    with serve(Parrot(), "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert send(server.url)[0] == 200


def test_a_port_that_is_taken_is_an_error() -> None:
    with serve(Parrot()) as server:
        port = urlsplit(server.url).port or 0
        with pytest.raises(OSError, match="in use"), serve(Parrot(), port=port):
            pass


def test_nothing_is_left_running() -> None:
    before = threading.active_count()
    with serve(Parrot()) as server:
        send(server.url)

    assert threading.active_count() == before


def test_who_reads_no_more_of_an_answer_is_let_go() -> None:
    much = Parrot(Response(200, {}, bytes(20_000_000)))
    with serve(much) as server, socket.create_connection(_place(server.url)) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert wire.recv(1_000)
        open_before = _connections()

    gc.collect()  # here an open socket would be warned of, which fails
    assert open_before
    assert _connections() < open_before


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 80


def _connections() -> int:
    """Counts the sockets of this process that are still open."""
    return sum(
        isinstance(each, socket.socket) and each.fileno() >= 0
        for each in gc.get_objects()
    )


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Gives a server and a client a certificate that both believe in."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=queue.fal.run"
    )
    names = ["-addext", "subjectAltName=DNS:queue.fal.run,DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(chain)]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(chain, key)
    return theirs, ssl.create_default_context(cafile=str(chain))


def test_over_tls_the_vendor_answers_under_its_own_names(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    theirs, ours = contexts
    fal = Fal(lambda film: b"film", pace=Pace(0, 0))
    with serve(fal, ssl_context=theirs) as server:
        port = urlsplit(server.url).port or 0
        wire = http.client.HTTPSConnection("localhost", port, context=ours, timeout=10)
        headers = {"Authorization": f"Key {KEY}", "Host": "queue.fal.run"}
        wire.request("POST", "/fal-ai/veo3.1", b'{"prompt": "a fox"}', headers)
        said = json.loads(wire.getresponse().read())
        wire.close()

    assert server.url.startswith("https://127.0.0.1:")
    assert said["status_url"].startswith("https://queue.fal.run/fal-ai/veo3.1/")


def test_tls_connections_are_reset_as_well(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    theirs, ours = contexts
    with serve(Parrot(Dropped()), ssl_context=theirs) as server:
        port = urlsplit(server.url).port or 0
        wire = http.client.HTTPSConnection("localhost", port, context=ours, timeout=10)
        wire.request("GET", "/")
        with pytest.raises(ConnectionResetError):
            wire.getresponse()
        wire.close()


def test_fal_is_there_over_http() -> None:
    def render(film: Film) -> bytes:
        return b"0123456789"

    fal = Fal(render, pace=Pace(0, 0))
    key = f"Key {KEY}"
    with serve(fal) as server:
        url, wish = f"{server.url}/fal-ai/veo3.1", b'{"prompt": "a fox"}'
        job: Any = json.loads(send(url, "POST", wish, Authorization=key)[2])
        events = send(job["status_url"] + "/stream", Authorization=key)[2]
        result: Any = json.loads(send(job["response_url"], Authorization=key)[2])
        status, headers, part = send(result["video"]["url"], Range="bytes=2-4")

    assert events.startswith(b'data: {"request_id": ')
    assert (status, part) == (206, b"234")
    assert headers["content-range"] == "bytes 2-4/10"
    assert fal.leaks == ()
