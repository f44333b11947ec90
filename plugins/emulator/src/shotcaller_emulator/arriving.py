"""Reads a request as a vendor's servers do: to which of them, on what path, with what.

Each vendor has servers of several names; on this machine all of them are at one
address, and the path tells which is meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Generic, NoReturn, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from shotcaller.plugin import JSON, File, Multipart, Request, Secret
from shotcaller_emulator.addresses import is_here

S = TypeVar("S", bound=str)


@frozen
class Servers(Generic[S]):
    """Are the servers of a vendor: each has a ``home``, and some have more ``hosts``.

    ``paths`` says which server a path belongs to by its first part where the host does
    not say, ``usual`` which one any other path does.
    """

    homes: Mapping[S, str]
    hosts: Mapping[str, S]
    paths: Mapping[str, S]
    usual: S

    def read(self, request: Request) -> Asked[S] | None:
        """Returns the request as they see it, or None if it is for somebody else."""
        try:
            parts = urlsplit(request.url)
        except ValueError:  # a Host header can hold anything
            return None
        host = parts.hostname or ""
        here = is_here(host)
        if not here and host not in self.hosts:
            return None
        path = parts.path or "/"
        first = path.strip("/").partition("/")[0]
        return Asked(
            request.method.upper(),
            self.hosts.get(host) or self.paths.get(first, self.usual),
            f"{parts.scheme}://{parts.netloc}" if here else None,
            path,
            (*parse_qsl(parts.query, keep_blank_values=True), *request.params.items()),
            {name.lower(): _text(value) for name, value in request.headers.items()},
            _body(request),
            self.homes,
        )


@frozen
class Asked(Generic[S]):
    """Is a request as one of a vendor's servers sees it.

    ``origin`` is the scheme and host of this machine that it came to, or None if it
    came to the vendor's own host. Header names are in lower case.
    """

    method: str
    server: S
    origin: str | None
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    homes: Mapping[S, str]

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

    def url(self, server: S, path: str) -> str:
        """Returns an absolute URL that leads whoever asked to a server's path."""
        return (self.origin or self.homes[server]) + path


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


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


__all__ = ["Asked", "Servers"]
