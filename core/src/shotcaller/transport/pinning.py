"""Connects to the very address that was checked, and times every read.

A host that is looked up to be checked may have another address when it is looked up
to be connected to. So it is looked up once, here. TLS still checks the host's name.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from ssl import SSLContext
from typing import Any, Protocol, TypeAlias

import anyio
import httpcore

Options: TypeAlias = Iterable[Any] | None

MOST_TRIED = 4
"""How many of a host's addresses are tried before it counts as unreachable."""


class Watch(Protocol):
    """Decides what a download may do on the network."""

    def check(self, host: str, addresses: Sequence[str]) -> None:
        """Raises where a host with these addresses may not be connected to."""

    def left(self, timeout: float | None) -> float:
        """Returns for how many seconds a step may wait that could wait ``timeout``."""

    def arrived(self, count: int) -> None:
        """Is told of each read; raises where they come to too little."""


def _literal(host: str) -> bool:
    """Whether a host needs no look-up."""
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        return False
    return True


def _addresses(found: Sequence[tuple[Any, ...]]) -> list[str]:
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Pinned(httpcore.NetworkBackend):
    """Connects for one download."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._inner = httpcore.SyncBackend()
        self._known: dict[str, list[str]] = {}

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002  httpcore's
        socket_options: Options = None,
    ) -> httpcore.NetworkStream:
        """Connects to one of a host's addresses, if all of them are good."""
        addresses = self._looked_up(host, port)
        self._watch.check(host, addresses)
        *others, last = addresses[:MOST_TRIED]
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                left = self._watch.left(timeout)
                return self._connected(address, port, left, socket_options)
        left = self._watch.left(timeout)
        return self._connected(last, port, left, socket_options)

    def _connected(
        self, address: str, port: int, left: float, options: Options
    ) -> Timed:
        stream = self._inner.connect_tcp(address, port, left, None, options)
        return Timed(stream, self._watch)

    def _looked_up(self, host: str, port: int) -> list[str]:
        if _literal(host):
            return [host]
        if host not in self._known:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                raise httpcore.ConnectError(host) from error
            self._known[host] = _addresses(found)
        return self._known[host]


class Timed(httpcore.NetworkStream):
    """Is a connection whose reads are watched."""

    def __init__(self, inner: httpcore.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what is there."""
        read = self._inner.read(max_bytes, self._watch.left(timeout))
        self._watch.arrived(len(read))
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of it."""
        self._inner.write(buffer, self._watch.left(timeout))

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Goes on encrypted, with whoever can prove to be the named host."""
        left = self._watch.left(timeout)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return Timed(inner, self._watch)

    def get_extra_info(self, info: str) -> Any:
        """Returns what is known of the connection."""
        return self._inner.get_extra_info(info)


class AsyncPinned(httpcore.AsyncNetworkBackend):
    """Connects for one download, in async."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        # pyright sees httpcore's stand-in for where anyio is missing
        inner = httpcore.AnyIOBackend()
        self._inner: httpcore.AsyncNetworkBackend = inner  # pyright: ignore[reportAttributeAccessIssue]
        self._known: dict[str, list[str]] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
        local_address: str | None = None,  # noqa: ARG002  httpcore's
        socket_options: Options = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to one of a host's addresses, if all of them are good."""
        addresses = await self._looked_up(host, port)
        self._watch.check(host, addresses)
        *others, last = addresses[:MOST_TRIED]
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                left = self._watch.left(timeout)
                return await self._connected(address, port, left, socket_options)
        left = self._watch.left(timeout)
        return await self._connected(last, port, left, socket_options)

    async def _connected(
        self, address: str, port: int, left: float, options: Options
    ) -> AsyncTimed:
        stream = await self._inner.connect_tcp(address, port, left, None, options)
        return AsyncTimed(stream, self._watch)

    async def _looked_up(self, host: str, port: int) -> list[str]:
        if _literal(host):
            return [host]
        if host not in self._known:
            try:
                found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                raise httpcore.ConnectError(host) from error
            self._known[host] = _addresses(found)
        return self._known[host]


class AsyncTimed(httpcore.AsyncNetworkStream):
    """Is a connection whose reads are watched, in async."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
    ) -> bytes:
        """Reads what is there."""
        read = await self._inner.read(max_bytes, self._watch.left(timeout))
        self._watch.arrived(len(read))
        return read

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
    ) -> None:
        """Writes all of it."""
        await self._inner.write(buffer, self._watch.left(timeout))

    async def aclose(self) -> None:
        """Closes the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """Goes on encrypted, with whoever can prove to be the named host."""
        left = self._watch.left(timeout)
        inner = await self._inner.start_tls(ssl_context, server_hostname, left)
        return AsyncTimed(inner, self._watch)

    def get_extra_info(self, info: str) -> Any:
        """Returns what is known of the connection."""
        return self._inner.get_extra_info(info)
