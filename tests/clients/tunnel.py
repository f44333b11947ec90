"""Leads whoever asks for the vendor's hosts to this machine, as a proxy does.

The vendor's clients speak https with host names that cannot be configured. A proxy can
be: it is told which host they want, and connects them to where that host is emulated.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import cast

PIECE = 2**18


class _Proxy(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, hosts: Collection[str], port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.hosts = hosts
        self.port = port


class _Call(StreamRequestHandler):
    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode().split()
        while self.rfile.readline().strip():
            pass
        host = target.rpartition(":")[0]
        proxy = cast("_Proxy", self.server)
        if method != "CONNECT" or host not in proxy.hosts:
            self.wfile.write(b"HTTP/1.1 403 Not one of the emulated hosts\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", proxy.port)) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pour, args=(there, self.connection))
            back.start()
            _pour(self.connection, there)
            back.join()


def _pour(source: socket.socket, into: socket.socket) -> None:
    """Passes bytes on until either side ends; then both have ended."""
    with suppress(OSError):
        while piece := source.recv(PIECE):
            into.sendall(piece)
    for each in (source, into):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def tunnel(hosts: Collection[str], port: int) -> Iterator[str]:
    """Is a proxy to some hosts, all of which are a port of this machine; its URL."""
    with _Proxy(hosts, port) as proxy:
        threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
