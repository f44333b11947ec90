"""Reads a request as fal's servers do: to which of them, on what path, with what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, NoReturn, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from shotcaller.plugin import JSON, File, Multipart, Request, Secret
from shotcaller_emulator.addresses import is_here

Server: TypeAlias = Literal["queue", "run", "rest", "media", "platform"]

SERVERS: Mapping[str, Server] = {
    "queue.fal.run": "queue",
    "queue.falrun.com": "queue",
    "fal.run": "run",
    "falrun.com": "run",
    "rest.fal.ai": "rest",
    "v3.fal.media": "media",
    "v3b.fal.media": "media",
    "api.fal.ai": "platform",
    # For clients that know the synchronous server by its own name only.
    "run.localhost": "run",
}
"""Which server a host name belongs to."""

HOMES: Mapping[Server, str] = {
    "queue": "https://queue.fal.run",
    "run": "https://fal.run",
    "rest": "https://rest.fal.ai",
    "media": "https://v3b.fal.media",
    "platform": "https://api.fal.ai",
}
"""Where each server is, for the absolute URLs of answers."""

PATHS: Mapping[str, Server] = {
    "v1": "platform",
    "files": "media",
    "storage": "rest",
    "tokens": "rest",
}
"""Which server a path belongs to by its first part, where the host does not say."""


@frozen
class Asked:
    """Is a request as one of fal's servers sees it.

    ``origin`` is the scheme and host of this machine that it came to, or None if it
    came to the vendor's own host. Header names are in lower case.
    """

    method: str
    server: Server
    origin: str | None
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> list[str]:
        """The parts of the path, decoded."""
        return [unquote(part) for part in self.path.split("/") if part]

    def first(self, name: str) -> str | None:
        """Returns the first value of a query parameter."""
        return next((value for key, value in self.query if key == name), None)

    def all(self, name: str) -> list[str]:
        """Returns all values of a parameter that may be repeated or have commas."""
        values = [value for key, value in self.query if key == name]
        return [part for value in values for part in value.split(",") if part]

    def json(self) -> JSON:
        """Returns the body as JSON; raises ``ValueError`` where it is none."""
        try:
            found: JSON = json.loads(self.body, parse_constant=_no_constant)
        except RecursionError as error:
            raise ValueError("the body is nested too deep") from error
        return found

    def url(self, server: Server, path: str) -> str:
        """Returns an absolute URL that leads whoever asked to a server's path."""
        return (self.origin or HOMES[server]) + path


def asked(request: Request) -> Asked | None:
    """Returns the request as fal sees it, or None if it is for somebody else."""
    try:
        parts = urlsplit(request.url)
    except ValueError:  # a Host header can hold anything
        return None
    host = parts.hostname or ""
    here = is_here(host)
    if not here and host not in SERVERS:
        return None
    path = parts.path or "/"
    return Asked(
        request.method.upper(),
        SERVERS.get(host) or _by_path(path),
        f"{parts.scheme}://{parts.netloc}" if here else None,
        path,
        (*parse_qsl(parts.query, keep_blank_values=True), *request.params.items()),
        {name.lower(): _text(value) for name, value in request.headers.items()},
        _body(request),
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _by_path(path: str) -> Server:
    return PATHS.get(path.strip("/").partition("/")[0], "queue")


def _text(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _body(request: Request) -> bytes:
    if isinstance(request.content, Multipart):
        raise TypeError("the emulator reads no files: give it the bytes of the form")
    if isinstance(request.content, File):
        path = request.content.path
        raise TypeError(f"the emulator reads no files: give it the bytes of {path}")
    if request.content is not None:
        return request.content
    return b"" if request.json is None else json.dumps(request.json).encode()


__all__ = ["SERVERS", "Asked", "Server", "asked"]
