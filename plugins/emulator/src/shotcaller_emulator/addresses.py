"""Knows which addresses are this machine's own, and spells them."""

from __future__ import annotations

from ipaddress import ip_address


def is_here(host: str) -> bool:
    """Tells whether a host name is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(host: str, port: int, scheme: str = "http") -> str:
    """Returns scheme, host and port as a URL has them."""
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}:{port}"


__all__ = ["is_here", "origin"]
