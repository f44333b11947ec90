"""Tells addresses of the public network from all others; pure.

A link comes from a gateway's answer, and this machine can reach what the gateway
cannot: itself, its network, the cloud's own services. What an IPv6 address carries is
looked at too, since a translator on the way would go there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_GLOBAL = IPv6Network("2000::/3")
"""All that is handed out to be reached from anywhere."""

_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_INSIDE = (
    IPv4Network("192.0.0.0/24"),  # protocols' own; older Pythons call some global
    IPv4Network("168.63.129.16/32"),  # Azure's own service, on an address of its own
)
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


def public(address: str) -> bool:
    """Whether an address, and any that it carries, is on the public network."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        inside = any(ip in network for network in _INSIDE)
        return ip.is_global and not ip.is_multicast and not inside
    carried = _carried(ip)
    if carried is not None:
        return public(str(carried))
    # Teredo, which carries one as well, is within what Python knows as not global.
    return ip in _GLOBAL and ip.is_global


def _carried(ip: IPv6Address) -> IPv4Address | None:
    """Returns the IPv4 address that an IPv6 address leads to, if to one."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    last = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip in _NAT64:
        return last
    # Where a local prefix ends is known to nobody else: only one that is followed by
    # nothing but zeros and the address can be read in no other way.
    plain = not int(ip) >> 32 & 0xFFFF_FFFF
    return last if ip in _NAT64_LOCAL and plain else None


def disguised(host: str) -> bool:
    """Whether a host is an IPv4 address in another form: short, octal, hex, decimal."""
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or _NUMBER.fullmatch(last) is None:
        return False
    try:
        return str(ip_address(host)) != host
    except ValueError:
        return True


def refusal(host: str, addresses: Iterable[str]) -> str:
    """Says why a host may not be connected to; empty if it may.

    One address that is not public is enough: which one is used is left to chance.
    """
    for address in addresses:
        if not public(address):
            at = "" if address == host else f" is at {address}, which"
            return f"{host}{at} is not on the public network"
    return ""
