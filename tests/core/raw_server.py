"""A server that says byte by byte what it is told to, one answer a connection."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from attrs import define, field

Say = Callable[[bytes], object]
Answer = Callable[[Say], object]


@define
class RawServer:
    """Is what was asked, and what is to be answered; the last answer is repeated."""

    answers: Sequence[Answer]
    url: str = ""
    asked: list[dict[str, str]] = field(factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


def saying(status: str, body: bytes = b"", **headers: str) -> Answer:
    """Answers so, with as many bytes as there are, or as the headers say."""
    named = {"Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in named.items() if v)]
    return lambda say: say("\r\n".join([*lines, "", ""]).encode() + body)


@contextmanager
def raw(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serves on a free port of loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "http" if tls is None else "https"
    server = RawServer(answers, f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")

    def answered(connection: socket.socket) -> None:
        with suppress(OSError):
            wire = tls.wrap_socket(connection, server_side=True) if tls else connection
            with wire, wire.makefile("rb") as lines:
                head = [*iter(lambda: lines.readline().strip().decode(), "")]
                if not head:
                    return  # left without a word
                first, *rest = head
                pairs = (line.partition(": ") for line in rest)
                headers = {name.lower(): value for name, _, value in pairs}
                number = min(len(server.asked), len(answers) - 1)
                server.asked.append({"": first, **headers})
                answers[number](wire.sendall)

    def served() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answered, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=served)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
