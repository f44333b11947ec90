"""Every hop to a clip is checked, and every host is who it says."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import httpcore
import pytest
import trustme

from shotcaller.transport import pinning
from tests.core.downloads import account, taken, unfetched
from tests.core.raw_server import raw, saying
from tests.core.worlds import WORLDS

LINK = "https://cdn.paper.test/clip.mp4"


REDIRECTS = [
    "http://127.0.0.1:1/",
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/",
    "https://[fd00:ec2::254]/",
    "https://[::1]/",
    "https://localhost/",
    "https://elsewhere.test/",
    "https://2130706433/",
    "https://0x7f.1/",
    "//10.0.0.1/",
    "file:///etc/passwd",
    "gopher://cdn.paper.test/",
    "ftp://cdn.paper.test/",
    "https://cdn.paper.test@10.0.0.1/",
    "https://[",
    "https://inside.paper.test/",
]


@pytest.mark.parametrize("target", REDIRECTS)
def test_every_hop_of_a_redirect_is_checked(
    looked_up: dict[str, list[list[str]]], target: str
) -> None:
    looked_up["inside.paper.test"] = [["192.168.0.7"]]
    with raw(saying("302 Found", Location=target)) as server:
        found = unfetched("sync", f"{server.url}/c.mp4", account(server.url))

    assert found[0] == "expired"
    assert found[1].startswith("the clip's link may not be followed: ")
    assert len(server.asked) == 1


@pytest.mark.parametrize("kind", WORLDS)
def test_a_clip_is_followed_three_hops_and_no_further(kind: str) -> None:
    onward = saying("302 Found", Location="/next")
    with raw(onward, onward, onward, saying("200 OK", b"clip")) as server:
        assert taken(kind, f"{server.url}/c", account(server.url)) == b"clip"
        assert [one[""].split()[1] for one in server.asked] == ["/c", *["/next"] * 3]
    with raw(onward) as server:
        found = unfetched(kind, f"{server.url}/c", account(server.url))

    message = "the clip's link was redirected more than 3 times"
    assert found == ("expired", message)
    assert len(server.asked) == 4


def test_no_key_and_no_cookie_goes_to_where_clips_come_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    onward = saying("302 Found", Location="/next", Set_Cookie="id=1")
    with raw(onward, saying("200 OK", b"clip")) as server:
        named = server.url.replace("//", "//user:hunter2@")
        assert taken("sync", f"{named}/c", account(named)) == b"clip"

    for asked in server.asked:
        sent = {"", "host", "user-agent", "accept-encoding"}
        assert set(asked) == sent
        assert asked["accept-encoding"] == "identity"
        assert "hunter2" not in str(asked)


@pytest.fixture
def certified(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], ssl.SSLContext]:
    """Makes certificates that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    def made(host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        return context

    return made


@pytest.mark.parametrize("kind", WORLDS)
def test_a_host_is_looked_up_once_and_its_address_kept(
    looked_up: dict[str, list[list[str]]],
    certified: Callable[[str], ssl.SSLContext],
    kind: str,
) -> None:
    looked_up["studio.test"] = [["127.0.0.1"]]  # a second look-up finds nothing
    onward = saying("302 Found", Location="/next")
    tls = certified("studio.test")
    with raw(onward, saying("200 OK", b"clip"), tls=tls) as server:
        named = f"https://studio.test:{server.port}"
        assert taken(kind, f"{named}/c", account(named)) == b"clip"

    assert looked_up["studio.test"] == []
    assert server.asked[1]["host"] == f"studio.test:{server.port}"


@pytest.mark.parametrize("kind", WORLDS)
def test_who_cannot_prove_its_name_is_not_believed(
    looked_up: dict[str, list[list[str]]],
    certified: Callable[[str], ssl.SSLContext],
    kind: str,
) -> None:
    looked_up["studio.test"] = [["127.0.0.1"]]
    with raw(saying("200 OK", b"clip"), tls=certified("other.test")) as server:
        named = f"https://studio.test:{server.port}"
        found = unfetched(kind, f"{named}/c", account(named))

    assert found == ("unreachable", "no connection")
    assert server.asked == []


@pytest.mark.parametrize("kind", WORLDS)
def test_a_host_is_tried_at_each_of_its_addresses(
    looked_up: dict[str, list[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    with raw(saying("200 OK", b"clip")) as server:
        # whatever of loopback nobody listens at is refused at once
        looked_up["here.test"] = [["127.0.0.2", "127.0.0.3", "127.0.0.1"]]
        named = f"http://here.test:{server.port}"
        assert taken(kind, f"{named}/c", account(named)) == b"clip"
        monkeypatch.setattr(pinning, "MOST_TRIED", 2)
        looked_up["here.test"] = [["127.0.0.2", "127.0.0.3", "127.0.0.1"]]
        found = unfetched(kind, f"{named}/c", account(named))

    assert found == ("unreachable", "no connection")


@pytest.mark.parametrize("kind", WORLDS)
def test_a_host_that_is_unknown_may_be_known_later(
    looked_up: dict[str, list[list[str]]], kind: str
) -> None:
    looked_up["cdn.paper.test"] = []

    assert unfetched(kind, LINK, account()) == ("unreachable", "no connection")


def test_what_is_known_of_a_connection_is_passed_on() -> None:
    """httpcore asks for it before it uses a connection again."""

    class Inner(httpcore.NetworkStream):
        def get_extra_info(self, info: str) -> str:
            return f"{info} of it"

    class Still:
        def check(self, host: str, addresses: object) -> None: ...
        def left(self, timeout: float | None) -> float:
            return 1.0

        def arrived(self, count: int) -> None: ...

    assert pinning.Timed(Inner(), Still()).get_extra_info("socket") == "socket of it"
