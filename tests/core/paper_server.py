"""Paper's HTTP API on loopback: jobs, files and clips, a ledger, scripted faults.

What it does with a request can be scripted: each entry of ``script[route]`` answers
one request in place of the rule.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import define, field, frozen

from tests.core.mp4 import movie
from tests.core.paper import API


@frozen
class Asked:
    """Is a request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Reply = tuple[int, dict[str, str], bytes]
Rule = Callable[["PaperServer", Asked], Reply | None]


def say(status: int, body: object = None, **headers: str) -> Rule:
    """Answers so, and does nothing else."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda server, asked: (status, named, content)


def drop(server: PaperServer, asked: Asked) -> Reply | None:
    """Closes the connection without a reply, before doing anything."""
    return None


def accept_then_drop(server: PaperServer, asked: Asked) -> Reply | None:
    """Does what was asked, bills it, and closes the connection without a reply."""
    server.answer(asked)
    return None


def accept_then_say(status: int) -> Rule:
    """Does what was asked, bills it, and answers with an error all the same."""

    def rule(server: PaperServer, asked: Asked) -> Reply:
        server.answer(asked)
        return status, {}, b"{}"

    return rule


@define
class PaperServer:
    """Is Paper's HTTP API: jobs, files and clips, with a ledger of what was billed."""

    url: str = ""
    jobs: dict[str, dict[str, Any]] = field(factory=dict)
    script: dict[str, list[Rule]] = field(factory=dict)
    asked: list[Asked] = field(factory=list)
    files: list[bytes] = field(factory=list)
    states: list[str] = field(factory=lambda: ["drawing", "done"])
    clip: bytes = field(factory=movie)
    errors: dict[str, str] = field(factory=dict)

    @property
    def billed(self) -> int:
        """How many jobs were accepted."""
        return len(self.jobs)

    @property
    def submits(self) -> int:
        """How many submits arrived."""
        return self.routes("POST").count("/jobs")

    def routes(self, method: str) -> list[str]:
        """Returns the paths asked for with a method, in order."""
        return [asked.path for asked in self.asked if asked.method == method]

    def respond(self, asked: Asked) -> Reply | None:
        """Answers by script where there is one, else by rule."""
        self.asked.append(asked)
        scripted = self.script.get(f"{asked.method} {asked.path.split('?')[0]}")
        if scripted:
            return scripted.pop(0)(self, asked)
        return self.answer(asked)

    def answer(self, asked: Asked) -> Reply:  # noqa: PLR0911  one for each route
        """Answers by rule."""
        parts = asked.path.split("?")[0].strip("/").split("/")
        match asked.method, parts:
            case "POST", ["jobs"]:
                return _json(self._accept(json.loads(asked.body)))
            case "POST", ["files"]:
                self.files.append(asked.body)
                return _json(f"{API}/files/{len(self.files)}")
            case "GET", ["jobs"]:
                return _json(list(self.jobs.values()))
            case "GET", ["jobs", id_]:
                return _json(self._polled(id_))
            case "PUT", ["jobs", _, "cancel"]:
                return _json("cancelled")
            case "GET", ["clips", _]:
                return 200, {"Content-Type": "video/mp4"}, self.clip
            case _:
                return 404, {}, b"{}"

    def _accept(self, body: dict[str, Any]) -> dict[str, Any]:
        id_ = f"job-{len(self.jobs) + 1}"
        self.jobs[id_] = {"id": id_, "polls": 0, **body}
        return {"id": id_}

    def _polled(self, id_: str) -> dict[str, Any]:
        job = self.jobs[id_]
        state = self.states[min(job["polls"], len(self.states) - 1)]
        job["polls"] += 1
        return {
            "id": id_,
            "state": state,
            "error": self.errors.get(state, ""),
            "url": f"{self.url}/clips/{id_}.mp4",
        }


def _json(value: object) -> Reply:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


@contextmanager
def serving(server: PaperServer) -> Iterator[PaperServer]:
    """Serves on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            reply = server.respond(Asked(self.command, self.path, headers, body))
            if reply is None:
                self._reset()
                return
            status, named, content = reply
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | named).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _reset(self) -> None:
            self.close_connection = True
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()

        do_GET = do_POST = do_PUT = _any  # noqa: N815  the names that are looked for

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that leaves is part of the play

    http = Server(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
