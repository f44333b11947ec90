"""Reads a request as HeyGen's servers do: to which of them, on what path, with what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from shotcaller.plugin import JSON, Request, Secret
from shotcaller_emulator.addresses import is_here

Server: TypeAlias = Literal["api", "media", "store"]

HOMES: Mapping[Server, str] = {
    "api": "https://api.heygen.com",
    "media": "https://resource2.heygen.ai",
    "store": "https://heygen-uploads.s3.amazonaws.com",
}
"""Where each server is, for the absolute URLs of answers."""

SERVERS: Mapping[str, Server] = {
    "api.heygen.com": "api",
    "resource.heygen.ai": "media",
    "resource2.heygen.ai": "media",
    "heygen-uploads.s3.amazonaws.com": "store",
}
"""Which server a host name belongs to."""

PATHS: Mapping[str, Server] = {"media": "media", "store": "store"}
"""Which server a path belongs to by its first part, where the host does not say."""


@frozen
class Asked:
    """Is a request as one of HeyGen's servers sees it.

    ``origin`` is the scheme and host of this machine that it came to, or None if it
    came to the vendor's own host. Header names are in lower case.
    """

    method: str
    server: Server
    origin: str | None
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def parts(self) -> list[str]:
        """The parts of the path, decoded."""
        return [unquote(part) for part in self.path.split("/") if part]

    @property
    def table(self) -> Mapping[str, JSON] | None:
        """The body as a table of JSON, or None where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def url(self, server: Server, path: str) -> str:
        """Returns an absolute URL that leads whoever asked to a server's path."""
        return (self.origin or HOMES[server]) + path


def asked(request: Request) -> Asked | None:
    """Returns the request as HeyGen sees it, or None if it is for somebody else."""
    try:
        parts = urlsplit(request.url)
    except ValueError:  # a Host header can hold anything
        return None
    host = parts.hostname or ""
    here = is_here(host)
    if not here and host not in SERVERS:
        return None
    path = parts.path or "/"
    first = path.strip("/").partition("/")[0]
    return Asked(
        request.method.upper(),
        SERVERS.get(host) or PATHS.get(first, "api"),
        f"{parts.scheme}://{parts.netloc}" if here else None,
        path,
        {**dict(parse_qsl(parts.query)), **request.params},
        {name.lower(): _text(value) for name, value in request.headers.items()},
        _body(request),
    )


def _text(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _body(request: Request) -> bytes:
    if isinstance(request.content, bytes):
        return request.content
    if request.content is not None:
        raise TypeError("the emulator reads no files: give it their bytes")
    return b"" if request.json is None else json.dumps(request.json).encode()


__all__ = ["SERVERS", "Asked", "Server", "asked"]
