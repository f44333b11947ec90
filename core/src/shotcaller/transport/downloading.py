"""Decides how a clip is downloaded: where from, how fast, from which byte; no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from attrs import frozen

from shotcaller import accounts
from shotcaller.accounts import Account
from shotcaller.transport import addresses as public
from shotcaller.transport import wording
from shotcaller.transport.wording import Unfetched

REDIRECTS = 3
RESUMPTIONS = 8
"""How often one fetch goes on after its connection broke; each must bring more."""

DEADLINE = 3600.0
WINDOW = 30.0
LEAST_SPEED = 4096
"""In bytes per second, over each ``WINDOW`` of seconds; httpx knows no such limit."""

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0

STUBBORN = frozenset({408, 425, 429})
"""The statuses from 400 to 499 for which the same link may do later."""

BROKEN = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)
"""What httpcore raises where the network fails."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_OK, _PARTIAL, _BAD, _SERVERS = 200, 206, 400, 500
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@frozen
class Begin:
    """Says that a clip's bytes follow, from the first one on.

    ``length`` is the number of bytes that there will be, if the server told.
    """

    length: int | None


Piece: TypeAlias = Begin | bytes
"""What a download consists of; each ``Begin`` makes void what came before."""


class Download:
    """Is one clip on its way: where it is, how far it came, how fast.

    ``now`` tells the time in seconds, from any beginning.
    """

    def __init__(
        self, url: str, account: Account, now: Callable[[], float] = monotonic
    ) -> None:
        self._account = account
        self._link = url
        self._now = now
        self._until = now() + DEADLINE
        self._window, self._seen = now(), 0
        self._tag = ""
        self._total: int | None = None
        self._got = self._got_before = 0
        self._resumptions = 0
        self._restart()

    # -- what to ask

    @property
    def url(self) -> httpcore.URL:
        """Where the next request goes."""
        url = self._parsed
        return httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The next request's headers: no key, no cookie, nothing packed."""
        sent = [
            ("Host", self._parsed.netloc.decode()),
            *wording.user_agent().items(),
            ("Accept-Encoding", "identity"),
        ]
        if self._got:
            sent += [("Range", f"bytes={self._got}-"), ("If-Range", self._tag)]
        return sent

    @property
    def extensions(self) -> dict[str, Any]:
        """The limits of each step, in seconds."""
        return {
            "timeout": {
                "connect": CONNECT_TIMEOUT,
                "read": READ_TIMEOUT,
                "write": READ_TIMEOUT,
                "pool": CONNECT_TIMEOUT,
            }
        }

    # -- what the network says; see ``pinning.Watch``

    def check(self, host: str, addresses: Sequence[str]) -> None:
        """Raises ``Unfetched`` where a host is not on the public network.

        The address that the account replaces the API's with is the user's own word.
        """
        if accounts.is_base(self._account, self._at):
            return
        if public.disguised(host):
            raise _barred(f"{host} is no usual address")
        why = public.refusal(host, addresses)
        if why:
            raise _barred(why)

    def left(self, timeout: float | None) -> float:
        """Returns for how many seconds a step may wait that could wait ``timeout``."""
        left = self._until - self._now()
        if left <= 0:
            message = f"the clip did not come within {DEADLINE / 60:g} minutes"
            raise Unfetched("unreachable", message)
        return left if timeout is None else min(timeout, left)

    def abandon(self) -> None:
        """Makes the next step fail, whatever it is."""
        self._until = self._now()

    def arrived(self, count: int) -> None:
        """Counts what was read; raises ``Unfetched`` where it comes to too little."""
        self._seen += count
        passed = self._now() - self._window
        if passed < WINDOW:
            return
        if self._seen < passed * LEAST_SPEED:
            speed = self._seen / passed
            message = f"{self._host} sends the clip at {speed:.0f} bytes a second"
            raise Unfetched("unreachable", f"{message}, which is too slow")
        self._window, self._seen = self._now(), 0

    # -- what the server says

    def answered(
        self, status: int, headers: Iterable[tuple[bytes, bytes]]
    ) -> Begin | bool:
        """Returns what an answer means: a beginning, more of the same, or elsewhere.

        True is more of the same, False is that the next request goes elsewhere.
        Raises ``Unfetched`` where it means neither.
        """
        said = {name.lower(): value.decode("latin-1") for name, value in headers}
        if status in _MOVED and b"location" in said:
            self._moved(said[b"location"])
            return False
        if status == _PARTIAL and self._got:
            return self._more(said)
        if status != _OK:
            raise self._refused(status)
        packed = said.get(b"content-encoding", "identity").lower()
        if packed != "identity":
            message = f"{self._host} sent the clip packed, as {packed}"
            raise Unfetched("expired", message)
        self._got = self._got_before = 0
        self._total = _number(said.get(b"content-length", ""))
        tag = said.get(b"etag", "")
        whole = said.get(b"accept-ranges", "").lower() == "none"
        self._tag = tag if tag.startswith('"') and not whole else ""
        return Begin(self._total)

    def received(self, chunk: bytes) -> None:
        """Counts a chunk of the clip."""
        self._got += len(chunk)

    def finished(self) -> None:
        """Raises ``httpcore.ReadError`` where less came than was announced."""
        if self._total is not None and self._got < self._total:
            raise httpcore.ReadError("it ended too early")

    def broken(self, error: Exception) -> None:
        """Makes the next request go on where this one broke; raises if it cannot.

        Only a strong ETag says that it is still the same file, byte by byte.
        """
        more = self._got > self._got_before
        if not (self._tag and more and self._resumptions < RESUMPTIONS):
            raise Unfetched("unreachable", self._worded(error)) from error
        self._resumptions += 1
        self._got_before = self._got
        self._restart()

    def _restart(self) -> None:
        self._hops = 0
        self._at = self._link
        self._parsed = self._allowed(self._link)

    def _moved(self, location: str) -> None:
        self._hops += 1
        if self._hops > REDIRECTS:
            message = f"the clip's link was redirected more than {REDIRECTS} times"
            raise Unfetched("expired", message)
        try:
            target = urljoin(self._at, location)
        except ValueError:
            target = ""
        self._parsed = self._allowed(target)
        self._at = target

    def _allowed(self, url: str) -> httpx.URL:
        """Returns an address taken apart, if a clip may come from there."""
        why = accounts.barred(self._account, url)
        if why:
            raise _barred(why)
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            parsed = httpx.URL("")
        # what was allowed is what is connected to, whoever takes it apart
        if urlsplit(url).hostname not in {parsed.host, parsed.raw_host.decode()}:
            raise _barred("it cannot be read")
        return parsed

    def _more(self, said: Mapping[bytes, str]) -> bool:
        found = _RANGE.fullmatch(said.get(b"content-range", ""))
        there = (self._got, self._total or 0)
        if found is None or (int(found[1]), int(found[2])) != there:
            message = f"{self._host} did not go on with the clip where it broke off"
            raise Unfetched("unreachable", message)
        return True

    def _refused(self, status: int) -> Unfetched:
        if _BAD <= status < _SERVERS and status not in STUBBORN:
            return Unfetched(
                "expired", f"the clip's link at {self._host} answered {status}"
            )
        return Unfetched("unreachable", f"{self._host} answered {status} for the clip")

    def _worded(self, error: Exception) -> str:
        reason = wording.worded(error)
        if not self._got:
            return reason
        of = "" if self._total is None else f" of {self._total}"
        return f"{reason} after {self._got}{of} bytes"

    @property
    def _host(self) -> str:
        return self._parsed.host


def _barred(why: str) -> Unfetched:
    return Unfetched("expired", f"the clip's link may not be followed: {why}")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
