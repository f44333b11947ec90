"""Files are given to whoever knows their path, and to nobody before or after."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shotcaller_emulator.fal import KEY, Leak


def link(ask: Any, **headers: str) -> str:
    job = ask(
        "POST",
        "https://queue.fal.run/fal-ai/veo3.1",
        {"prompt": "0123456789"},
        **headers,
    ).json()
    ask.pass_(62)
    found: str = ask("GET", job["response_url"]).json()["video"]["url"]
    return found


def test_a_clip_needs_no_key(ask: Any) -> None:
    url = link(ask)
    whole = ask("GET", url, key="")

    assert whole.status == 200
    assert whole.body == b"1280x720 8 s 0123456789"
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["etag"].startswith('"')
    assert ask("HEAD", url, key="") == whole
    assert ask.vendor.leaks == ()


@pytest.mark.parametrize(
    ("wanted", "expected", "says"),
    [
        ("bytes=0-3", b"1280", "bytes 0-3/23"),
        ("bytes=13-", b"0123456789", "bytes 13-22/23"),
        ("bytes=-4", b"6789", "bytes 19-22/23"),
        ("bytes=-400", b"1280x720 8 s 0123456789", "bytes 0-22/23"),
        ("bytes=20-400", b"789", "bytes 20-22/23"),
    ],
)
def test_a_range_is_given_where_one_is_asked_for(
    ask: Any, wanted: str, expected: bytes, says: str
) -> None:
    part = ask("GET", link(ask), key="", range=wanted)

    assert (part.status, part.body) == (206, expected)
    assert part.headers["content-range"] == says


@pytest.mark.parametrize("wanted", ["bytes=23-", "bytes=9-3"])
def test_a_range_that_is_not_there_is_a_416(ask: Any, wanted: str) -> None:
    none = ask("GET", link(ask), key="", range=wanted)

    assert (none.status, none.body) == (416, b"")
    assert none.headers["content-range"] == "bytes */23"


@pytest.mark.parametrize("wanted", ["bytes=-", "lines=1-2", "bytes=1-2,4-5"])
def test_a_range_that_nobody_understands_gets_all(ask: Any, wanted: str) -> None:
    assert ask("GET", link(ask), key="", range=wanted).status == 200


def test_a_range_of_what_has_changed_gets_all(ask: Any) -> None:
    url = link(ask)
    etag = ask("GET", url, key="").headers["etag"]
    same = ask("GET", url, key="", range="bytes=0-3", if_range=etag)
    other = ask("GET", url, key="", range="bytes=0-3", if_range='"other"')

    assert (same.status, other.status) == (206, 200)


def test_a_clip_is_not_there_before_its_time(ask: Any) -> None:
    url = link(ask)
    ask.pass_(-1)
    early = ask("GET", url, key="")

    assert (early.status, early.json()) == (404, {"detail": "File not found"})


def test_a_clip_that_is_not_made_yet_is_not_there(make: Any) -> None:
    ask = make(render=lambda film: None)
    ask.submit()
    ask.pass_(100)
    (path,) = ask.vendor.account.files

    assert ask("GET", f"https://v3b.fal.media{path}", key="").status == 404


def test_what_nobody_stored_is_not_there(ask: Any) -> None:
    gone = ask("GET", "https://v3b.fal.media/files/b/0/nothing.mp4", key="")

    assert gone.status == 404


def test_a_clip_goes_when_it_was_wished(ask: Any) -> None:
    wish = json.dumps({"expiration_duration_seconds": 60})
    url = link(ask, x_fal_object_lifecycle_preference=wish)
    ask.pass_(59)
    there = ask("GET", url, key="").status
    ask.pass_(1)

    assert (there, ask("GET", url, key="").status) == (200, 404)


@pytest.mark.parametrize(
    "wish",
    [
        "soon",
        "[]",
        "{}",
        '{"expiration_duration_seconds": null}',
        '{"expiration_duration_seconds": 1e300}',
    ],
)
def test_a_wish_that_means_nothing_is_none(ask: Any, wish: str) -> None:
    url = link(ask, x_fal_object_lifecycle_preference=wish)
    ask.pass_(10**8)

    assert ask("GET", url, key="").status == 200


def test_a_key_at_the_media_host_is_a_leak(ask: Any) -> None:
    url = link(ask)
    path = url.removeprefix("https://v3b.fal.media")
    ask("GET", url)
    ask("GET", url, key="", x_api_key=KEY)
    ask("GET", f"{url}?key={KEY}", key="")
    ask("GET", url, key="nobody:knows")
    ask("GET", url, key="", authorization="Bearer something")

    assert ask.vendor.leaks == (
        Leak("GET", path, "authorization"),
        Leak("GET", path, "x-api-key"),
        Leak("GET", path, "key"),
        Leak("GET", path, "authorization"),
    )
