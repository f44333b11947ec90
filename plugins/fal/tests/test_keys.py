"""Where the key goes, and where it never goes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import shotcaller_fal
from shotcaller import Registry, accounts
from shotcaller.plugin import Request, Secret
from shotcaller_fal import ids

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ONE = {"FAL_KEY": Secret("id:secret")}
TWO = {"FAL_KEY_ID": Secret("id"), "FAL_KEY_SECRET": Secret("secret")}

OURS = [
    f"{ids.QUEUE}/fal-ai/veo3.1",
    f"{ids.QUEUE}/fal-ai/veo3.1/requests/r1/status",
    f"{ids.QUEUE}/files/an-app-of-that-name",
    f"{ids.REST}/storage/upload/initiate",
    f"{ids.PLATFORM}/models/pricing",
]
THEIRS = [
    "https://v3b.fal.media/files/b/a.mp4?signature=abc",
    "https://v3b.fal.media/files/b/a.mp4",
    "https://evil.example/fal-ai/veo3.1",
    "https://queue.fal.run.evil.example/x",
    "https://rest.fal.ai/files/b/a.mp4?signature=abc",
    "http://127.0.0.1:8000/files/b/a.mp4?signature=abc",
    "http://127.0.0.1:8000/fal-ai/veo3.1",
]


def authorized(url: str, secrets: dict[str, Secret]) -> Request:
    registry = Registry({"fal": shotcaller_fal})
    request = Request("GET", url, params={"logs": "1"})
    return registry.authorize(shotcaller_fal.GATEWAY, request, secrets, NOW)


@pytest.mark.parametrize("secrets", [ONE, TWO], ids=["one", "two"])
@pytest.mark.parametrize("url", OURS)
def test_the_key_goes_to_fals_own_hosts(url: str, secrets: dict[str, Secret]) -> None:
    request = authorized(url, secrets)
    key = request.headers["Authorization"]

    assert request.url == url
    assert request.params == {"logs": "1"}
    assert isinstance(key, Secret)
    assert key.reveal() == "Key id:secret"
    assert "secret" not in repr(request)


@pytest.mark.parametrize("url", THEIRS)
def test_the_key_goes_to_no_address_that_came_with_an_answer(url: str) -> None:
    assert authorized(url, ONE) == Request("GET", url, params={"logs": "1"})


def test_one_address_in_place_of_all_hosts_gets_the_key_but_not_for_files() -> None:
    base = "http://127.0.0.1:8000"
    account = accounts.account(shotcaller_fal.GATEWAY, ONE, base)
    sent = {
        url: accounts.addressed(account, authorized(url, ONE))
        for url in (OURS[0], f"{base}/files/b/a.mp4?signature=abc")
    }

    assert account.ready
    assert [(one.url, [*one.headers]) for one in sent.values()] == [
        (f"{base}/fal-ai/veo3.1", ["Authorization"]),
        (f"{base}/files/b/a.mp4?signature=abc", []),
    ]


@pytest.mark.parametrize(
    ("secrets", "names", "missing"),
    [
        (ONE, ("FAL_KEY",), ""),
        (TWO, ("FAL_KEY_ID", "FAL_KEY_SECRET"), ""),
        ({**ONE, **TWO}, ("FAL_KEY",), ""),
        (
            {"FAL_KEY_ID": Secret("id")},
            (),
            "no key for fal: set FAL_KEY, or FAL_KEY_ID and FAL_KEY_SECRET",
        ),
    ],
)
def test_a_key_is_in_one_variable_or_in_two(
    secrets: dict[str, Secret], names: tuple[str, ...], missing: str
) -> None:
    account = accounts.account(shotcaller_fal.GATEWAY, secrets, None)

    assert (account.names, account.missing) == (names, missing)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://v3b.fal.media/files/b/a.mp4", ""),
        ("https://fal.media/files/lion/a.mp4", ""),
        (
            "https://fal.media.evil.example/a.mp4",
            "fal.media.evil.example is not among the media hosts of fal",
        ),
        ("http://v3b.fal.media/a.mp4", "http is not https"),
    ],
)
def test_clips_come_from_fals_media_hosts_only(url: str, why: str) -> None:
    account = accounts.account(shotcaller_fal.GATEWAY, ONE, None)

    assert accounts.barred(account, url) == why
