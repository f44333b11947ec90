from __future__ import annotations

from typing import Any

import pytest

from shotcaller.accounts import (
    Account,
    account,
    addressed,
    barred,
    is_api,
    is_ours,
    loopback,
    strange,
)
from shotcaller.catalog import Gateway
from shotcaller.secret import Secret
from shotcaller.wire import Request

PROXY = "http://127.0.0.1:8080"


def gateway(**changes: Any) -> Gateway:
    return Gateway(
        **{
            "id": "paper",
            "title": "Paper",
            "homepage": "",
            "credentials": (("PAPER_KEY",), ("PAPER_ID", "PAPER_SECRET")),
            "api_hosts": ("api.paper.test", "files.paper.test"),
            "media_hosts": ("cdn.test", "*.paper.test"),
            **changes,
        }
    )


def keys(*names: str) -> dict[str, Secret]:
    return {name: Secret(f"key-of-{name}") for name in names}


@pytest.mark.parametrize(
    ("there", "names"),
    [
        (["PAPER_KEY"], ("PAPER_KEY",)),
        (["PAPER_SECRET", "PAPER_ID"], ("PAPER_ID", "PAPER_SECRET")),
        (["PAPER_SECRET", "PAPER_ID", "PAPER_KEY"], ("PAPER_KEY",)),
    ],
)
def test_the_first_complete_alternative_is_used(
    there: list[str], names: tuple[str, ...]
) -> None:
    found = account(gateway(), keys(*there), None)

    assert found.names == names
    assert found.ready
    assert found.missing == ""


@pytest.mark.parametrize("there", [[], ["PAPER_ID"], ["OTHER"]])
def test_what_is_lacking_is_said_with_every_alternative(there: list[str]) -> None:
    found = account(gateway(), keys(*there), None)

    expected = "no key for paper: set PAPER_KEY, or PAPER_ID and PAPER_SECRET"
    assert found.missing == expected
    assert not found.ready
    assert found.names == ()


def test_a_gateway_without_credentials_is_ready() -> None:
    assert account(gateway(credentials=()), {}, None).ready


@pytest.mark.parametrize("key", ["abc\n", " abc", "a\tb", "ключ", "a\udcff", "a\0"])
def test_a_key_that_no_header_can_hold_is_named_and_not_shown(key: str) -> None:
    found = account(gateway(), {"PAPER_KEY": Secret(key)}, None)

    assert found.missing == (
        "no usable key for paper: PAPER_KEY holds a space at an end, a line break or a "
        "letter outside ASCII"
    )
    assert not found.ready
    assert key not in repr(found)


def test_each_unusable_key_of_an_alternative_is_named() -> None:
    secrets = {"PAPER_ID": Secret("a\n"), "PAPER_SECRET": Secret("b\n")}

    found = account(gateway(), secrets, None)

    assert found.missing.startswith(
        "no usable key for paper: PAPER_ID and PAPER_SECRET holds"
    )


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (account(gateway(), keys("PAPER_KEY"), None), "paper:PAPER_KEY@api.paper.test"),
        (
            account(gateway(), keys("PAPER_ID", "PAPER_SECRET"), PROXY),
            f"paper:PAPER_ID+PAPER_SECRET@{PROXY}",
        ),
        (
            account(gateway(credentials=(), api_hosts=()), {}, None),
            "paper:no key@this machine",
        ),
    ],
)
def test_a_fingerprint_names_key_and_address_without_the_key(
    made: Account, text: str
) -> None:
    assert made.fingerprint == text


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.evil.test", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_is_this_machine_and_nothing_else(
    host: str | None, here: bool
) -> None:
    assert loopback(host) is here


API = [
    ("https://api.paper.test/jobs", True),
    ("https://API.PAPER.TEST/jobs", True),
    ("https://api.paper.test:443/jobs", True),
    ("https://files.paper.test", True),
    ("https://user@api.paper.test/", True),
    ("https://api.paper.test:8443/jobs", False),
    ("http://api.paper.test/jobs", False),
    ("ftp://api.paper.test/jobs", False),
    ("https://api.paper.test.evil.test/", False),
    ("https://api.paper.test@evil.test/", False),
    ("https://evil.test/api.paper.test", False),
    ("https://evil.test?https://api.paper.test", False),
    ("https://paper.test/", False),
    ("https://api.paper.test./", False),
    ("https://[api.paper.test", False),
    ("https://api.paper.test:port/", False),
    ("api.paper.test/jobs", False),
    ("", False),
]


@pytest.mark.parametrize(("url", "known"), API)
def test_only_a_declared_host_by_https_sees_the_key(url: str, known: bool) -> None:
    assert is_api(gateway(), url) is known
    assert is_ours(Account(gateway()), url) is known


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        *API,
        (f"{PROXY}/jobs", True),
        ("http://127.0.0.1:8081/jobs", False),
        ("https://127.0.0.1:8080/jobs", False),
        ("http://127.0.0.1:8080@evil.test/", False),
    ],
)
def test_what_replaces_the_api_sees_the_key_too(url: str, ours: bool) -> None:
    assert is_ours(Account(gateway(), base_url=PROXY), url) is ours


def test_a_request_goes_to_the_replaced_address_with_its_path() -> None:
    request = Request("GET", "https://api.paper.test/jobs/1?a=b#c", params={"d": "e"})

    moved = addressed(Account(gateway(), base_url=PROXY), request)

    assert moved.url == f"{PROXY}/jobs/1?a=b#c"
    assert moved.params == {"d": "e"}


@pytest.mark.parametrize(
    ("url", "base_url"),
    [
        ("https://api.paper.test/jobs", None),
        ("https://cdn.test/clip.mp4", PROXY),
        ("https://[api.paper.test/", PROXY),
    ],
)
def test_any_other_request_stays_where_it_is(url: str, base_url: str | None) -> None:
    request = Request("GET", url)

    assert addressed(Account(gateway(), base_url=base_url), request) is request


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://cdn.test/c.mp4", ""),
        ("https://CDN.test/c.mp4", ""),
        ("https://v3.paper.test/c.mp4", ""),
        ("https://a.b.paper.test/c.mp4", ""),
        (
            "https://paper.test/c.mp4",
            "paper.test is not among the media hosts of paper",
        ),
        (
            "https://evilpaper.test/c.mp4",
            "evilpaper.test is not among the media hosts of paper",
        ),
        (
            "https://x.cdn.test/c.mp4",
            "x.cdn.test is not among the media hosts of paper",
        ),
        (
            "https://cdn.test@evil.test/c.mp4",
            "evil.test is not among the media hosts of paper",
        ),
        ("http://cdn.test/c.mp4", "http is not https"),
        ("file:///etc/passwd", "file is not https"),
        ("/etc/passwd", "a path is not https"),
        ("https://[cdn.test", "a path is not https"),
        ("", "a path is not https"),
        (f"{PROXY}/c.mp4", "http is not https"),
    ],
)
def test_a_clip_comes_only_from_declared_hosts(url: str, why: str) -> None:
    assert barred(Account(gateway()), url) == why


def test_a_clip_may_come_from_what_replaces_the_api() -> None:
    replaced = Account(gateway(), base_url=PROXY)

    assert barred(replaced, f"{PROXY}/c.mp4") == ""
    assert barred(replaced, "http://127.0.0.1:9/c.mp4") == "http is not https"
    assert barred(replaced, "https://cdn.test/c.mp4") == ""


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://storage.example.com/put?sig=1", ""),
        ("https://8.8.8.8/put", ""),
        ("http://storage.example.com/put", "http is not https"),
        ("file:///etc/passwd", "file is not https"),
        ("https:///put", "it names no host"),
        ("put", "a path is not https"),
        ("https://localhost/put", "localhost is no public address"),
        ("https://127.0.0.1:8000/put", "127.0.0.1 is no public address"),
        ("https://169.254.169.254/latest", "169.254.169.254 is no public address"),
        ("https://[::1]/put", "::1 is no public address"),
        ("https://10.0.0.7/put", "10.0.0.7 is no public address"),
    ],
)
def test_files_go_to_no_place_within(url: str, why: str) -> None:
    assert strange(Account(gateway()), url) == why


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("http://127.0.0.1:8765", ""),
        ("http://localhost:8765", ""),
        ("https://proxy.example.com", "http is not https"),
    ],
)
def test_a_gateway_on_this_machine_may_store_files_here(base: str, why: str) -> None:
    account = Account(gateway(), base_url=base)

    assert strange(account, "http://127.0.0.1:9000/put") == why
