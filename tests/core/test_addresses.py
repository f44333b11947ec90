"""A clip comes from the public network, from the address that was checked."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.transport import Unfetched
from shotcaller.transport.addresses import disguised, public, refusal
from shotcaller.transport.downloading import Download
from tests.core.downloads import account, unfetched
from tests.core.worlds import WORLDS

LINK = "https://cdn.paper.test/clip.mp4"
ANYWHERE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::a00:1",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b:1:a9fe:a9:fe00::",
    "64:ff9b:1:0:a:0:800:0",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:0:808:808:0:0:80ff:fffe",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
    "100::1",
    "no address",
]


OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "151.101.1.57",
    "2606:4700::1111",
    "2a00:1450:4001::8a",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "64:ff9b:1::808:808",
    "64:ff9b:1:abcd::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", ANYWHERE)
def test_what_this_machine_alone_can_reach_is_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_anybody_can_reach_is_public(address: str) -> None:
    assert public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_no_better_for_being_carried_in_another(ip: IPv4Address) -> None:
    number = int(ip)
    carriers = [
        IPv6Address(f"::ffff:{ip}"),
        IPv6Address(int(IPv6Address("64:ff9b::")) + number),
        IPv6Address(int(IPv6Address("64:ff9b:1::")) + number),
        IPv6Address(int(IPv6Address("2002::")) + (number << 80)),
    ]

    assert {public(str(carrier)) for carrier in carriers} == {public(str(ip))}


@given(st.ip_addresses())
def test_no_private_or_multicast_address_is_public(
    ip: IPv4Address | IPv6Address,
) -> None:
    assert not (public(str(ip)) and (ip.is_multicast or ip.is_loopback))
    assert not public(str(ip)) or ip.is_global or ip in _carried(ip)


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Returns the address itself where it only carries a public one."""
    last = ip_address(int(ip) & 0xFFFF_FFFF)
    sixth = getattr(ip, "sixtofour", None)
    return [ip] if public(str(sixth or last)) else []


def test_a_host_is_refused_for_any_one_of_its_addresses() -> None:
    assert refusal("a.test", OUTSIDE) == ""
    assert refusal("a.test", [*OUTSIDE, "10.0.0.1"]) == (
        "a.test is at 10.0.0.1, which is not on the public network"
    )
    download = Download(LINK, account())
    download.check("cdn.paper.test", OUTSIDE)
    with pytest.raises(Unfetched, match="not on the public network"):
        download.check("cdn.paper.test", [*OUTSIDE, "::1"])


@pytest.mark.parametrize(
    ("host", "odd"),
    [
        ("2130706433", True),
        ("0x7f000001", True),
        ("0X7F.1", True),
        ("127.1", True),
        ("127.0.1", True),
        ("0177.0.0.1", True),
        ("127.0.0.01", True),
        ("127.0.0.1.", True),
        ("1.2.3.4.5", True),
        ("256.1.1.1", True),
        ("0x", True),
        ("127.0.0.1", False),
        ("8.8.8.8", False),
        ("cdn.paper.test", False),
        ("1.2.3.4.paper.test", False),
        ("4k.paper.test", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_an_ipv4_address_in_another_form_is_told_from_a_name(
    host: str, odd: bool
) -> None:
    assert disguised(host) is odd


@pytest.mark.parametrize("address", [*ANYWHERE[:-1], "8.8.8.8 10.0.0.1"])
def test_a_media_host_that_is_not_public_is_not_connected_to(
    looked_up: dict[str, list[list[str]]], address: str
) -> None:
    looked_up["cdn.paper.test"] = [address.split()]

    why, message = unfetched("sync", LINK, account())

    last = address.rsplit(maxsplit=1)[-1]
    assert why == "expired"
    assert message == (
        f"the clip's link may not be followed: cdn.paper.test is at {last},"
        " which is not on the public network"
    )


@pytest.mark.parametrize("kind", WORLDS)
def test_every_world_checks_addresses(
    looked_up: dict[str, list[list[str]]], kind: str
) -> None:
    looked_up["cdn.paper.test"] = [["127.0.0.1"]]

    assert unfetched(kind, LINK, account())[1].endswith("not on the public network")


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "127.0.0.1 is not on the public network"),
        ("[::ffff:10.0.0.1]", "::ffff:10.0.0.1 is not on the public network"),
        ("[64:ff9b::a9fe:a9fe]", "64:ff9b::a9fe:a9fe is not on the public network"),
        ("2130706433", "2130706433 is no usual address"),
        ("0x7f000001", "0x7f000001 is no usual address"),
        ("0177.0.0.1", "it cannot be read"),
        ("127.1", "127.1 is no usual address"),
    ],
)
def test_an_address_in_a_link_is_checked_even_if_a_gateway_allows_it(
    looked_up: dict[str, list[list[str]]], host: str, why: str
) -> None:
    bare = host.strip("[]")
    looked_up[bare] = [["127.0.0.1"]]
    trusting = account(media_hosts=(bare,))

    found = unfetched("sync", f"https://{host}/c.mp4", trusting)

    assert found == ("expired", f"the clip's link may not be followed: {why}")


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.paper.test/\x01",
        "https://cdn.paper.test\x7f.paper.test/",
        "https://\uff43\uff44\uff4e.paper.test/",
        "https://cdn.paper.test:99999999999999999999.paper.test/",
        "https://a.paper.test/" + "a" * 70_000,
    ],
)
def test_a_link_that_cannot_be_read_is_not_followed(url: str) -> None:
    found, message = unfetched("sync", url, account())

    assert found == "expired"
    assert message in {
        "the clip's link may not be followed: it cannot be read",
        "the clip's link may not be followed: a path is not https",
    }
