"""Decides whose key goes where: credentials, hosts and base URLs; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from attrs import evolve, frozen

from shotcaller.availability import Outage
from shotcaller.catalog import Gateway
from shotcaller.refusals import Reason
from shotcaller.secret import Secret
from shotcaller.wire import Request


@frozen
class Account:
    """Is a gateway as it is set up here: which key by name, which address.

    ``names`` are the environment variables in use; ``base_url`` replaces scheme and
    host of the gateway's API hosts; ``missing`` says what is lacking, if anything;
    ``mark`` is another for another key, and tells nothing of it.
    """

    gateway: Gateway
    names: tuple[str, ...] = ()
    base_url: str | None = None
    missing: str = ""
    mark: str = ""

    @property
    def ready(self) -> bool:
        """Whether a take can be sent."""
        return not self.missing

    @property
    def fingerprint(self) -> str:
        """Names gateway, key and address without the key, for the journal."""
        hosts = self.gateway.api_hosts
        where = self.base_url or (hosts[0] if hosts else "this machine")
        return f"{self.gateway.id}:{'+'.join(self.names) or 'no key'}@{where}"


def secrets(
    gateways: Iterable[Gateway], keys: Mapping[str, Secret]
) -> tuple[Secret, ...]:
    """Returns the keys that gateways ask for, of all that the environment holds."""
    names = {
        name
        for gateway in gateways
        for alternative in gateway.credentials
        for name in alternative
    }
    return tuple(keys[name] for name in sorted(names) if name in keys)


def account(
    gateway: Gateway, secrets: Mapping[str, Secret], base_url: str | None
) -> Account:
    """Returns the gateway's account with the first alternative that is complete."""
    if not gateway.credentials:
        return Account(gateway, (), base_url)
    for names in gateway.credentials:
        if all(name in secrets for name in names):
            broken = [name for name in names if not _sendable(secrets[name])]
            missing, mark = _unsendable(gateway, broken), _mark(names, secrets)
            return Account(gateway, names, base_url, missing, mark)
    choices = ", or ".join(" and ".join(names) for names in gateway.credentials)
    return Account(gateway, (), base_url, f"no key for {gateway.id}: set {choices}")


def unavailable(account: Account, outage: Outage | None) -> Reason | None:
    """Returns why no new work goes to an account, if anything keeps it away."""
    if not account.ready:
        return Reason("no-key", account.missing)
    return None if outage is None else outage.reason()


def _mark(names: tuple[str, ...], secrets: Mapping[str, Secret]) -> str:
    """Returns 32 bits of a digest: enough to see a change, too few to find a key."""
    keys = "\0".join(secrets[name].reveal() for name in names)
    return hashlib.sha256(keys.encode(errors="surrogateescape")).hexdigest()[:8]


def _sendable(secret: Secret) -> bool:
    key = secret.reveal()
    return key.isascii() and key.isprintable() and key == key.strip()


def _unsendable(gateway: Gateway, names: list[str]) -> str:
    if not names:
        return ""
    what = "holds a space at an end, a line break or a letter outside ASCII"
    return f"no usable key for {gateway.id}: {' and '.join(names)} {what}"


def _split(url: str) -> SplitResult:
    """Splits a URL; one that is none has neither scheme nor host."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where it is no number
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def is_api(gateway: Gateway, url: str) -> bool:
    """Whether a URL is one of the gateway's API hosts, by https on its usual port."""
    parts = _split(url)
    usual = parts.scheme == "https" and parts.port in {None, 443}
    return usual and parts.hostname in gateway.api_hosts


def is_ours(account: Account, url: str) -> bool:
    """Whether a URL may see the key: a declared API host, or what replaces it."""
    return is_api(account.gateway, url) or is_base(account, url)


def addressed(account: Account, request: Request) -> Request:
    """Returns the request sent to the replaced address, path unchanged."""
    if account.base_url is None or not is_api(account.gateway, request.url):
        return request
    base, parts = _split(account.base_url), _split(request.url)
    moved = parts._replace(scheme=base.scheme, netloc=base.netloc)
    return evolve(request, url=urlunsplit(moved))


def is_base(account: Account, url: str) -> bool:
    """Whether a URL is at the address that replaces the API's: the user's own word."""
    parts, base = _split(url), _split(account.base_url or "")
    same = (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
    return bool(base.netloc) and same


def barred(account: Account, url: str) -> str:
    """Says why a clip may not be fetched from a URL; empty if it may."""
    if is_base(account, url):
        return ""
    parts = _split(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return f"{parts.scheme or 'a path'} is not https"
    if not any(_within(host, pattern) for pattern in account.gateway.media_hosts):
        return f"{host} is not among the media hosts of {account.gateway.id}"
    return ""


def _within(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern
