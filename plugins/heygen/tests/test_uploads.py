"""Uploads: through the API where small, past it where large, named for no one."""

from __future__ import annotations

from typing import Any

import pytest

import shotcaller_heygen as plugin
from shotcaller.plugin import (
    BadReply,
    File,
    Kind,
    Media,
    Multipart,
    Refused,
    Request,
    Secret,
)
from shotcaller_heygen import keys
from shotcaller_heygen.gateway import GATEWAY

ASSETS = "https://api.heygen.com/v3/assets"
SHA = "ab" * 32
STORED = {
    "data": {
        "asset_id": "as/1",
        "url": "https://resource.heygen.ai/a.png#x",
        "mime_type": "image/png",
        "size_bytes": 9,
    }
}


def media(size: int, type_: str | None = "image/png") -> Media:
    return Media("/secret/name.png", Kind.IMAGE, SHA, size, type=type_)


def test_a_small_file_is_sent_in_a_form(converse: Any, say: Any) -> None:
    talk = converse(
        plugin.shotcaller_upload(GATEWAY, media(32_000_000)), say(200, STORED)
    )

    file = File("/secret/name.png", 0, 32_000_000, SHA)
    form = Multipart("file", file, "abababababababab.png", "image/png")
    assert talk.asked == [Request("POST", ASSETS, content=form)]
    assert talk.result == "https://resource.heygen.ai/a.png#heygen-asset=as%2F1"


def test_a_large_file_is_put_into_the_store(converse: Any, say: Any) -> None:
    place = {
        "asset_id": "as/1",
        "upload_url": "https://store.test/put?sig=1",
        "upload_headers": {
            "x-amz-checksum": "abc",
            "Content-Type": "video/mp4",
            "Content-Length": "9",
            "Host": "store.test",
        },
        "expires_in_seconds": 600,
        "max_bytes": 32_000_001,
    }
    size = 32_000_001

    talk = converse(
        plugin.shotcaller_upload(GATEWAY, media(size, "video/mp4")),
        say(200, {"data": place}),
        say(200, b""),
        say(200, STORED),
    )

    file = File("/secret/name.png", 0, size, SHA)
    assert talk.asked == [
        Request(
            "POST",
            f"{ASSETS}/direct-uploads",
            json={
                "filename": "abababababababab.mp4",
                "content_type": "video/mp4",
                "size_bytes": size,
                "checksum_sha256": SHA,
            },
        ),
        Request(
            "PUT",
            "https://store.test/put?sig=1",
            content=file,
            headers={"x-amz-checksum": "abc", "Content-Type": "video/mp4"},
        ),
        Request("POST", f"{ASSETS}/as%2F1/complete", json={"checksum_sha256": SHA}),
    ]
    assert talk.result == "https://resource.heygen.ai/a.png#heygen-asset=as%2F1"


def test_a_file_that_the_store_has_no_room_for_is_refused(
    converse: Any, say: Any
) -> None:
    place = {"asset_id": "a", "upload_url": "https://s.test/", "max_bytes": 5}

    with pytest.raises(Refused) as caught:
        converse(
            plugin.shotcaller_upload(GATEWAY, media(32_000_001)),
            say(200, {"data": place}),
        )

    assert caught.value.message == (
        "/secret/name.png has 32000001 bytes; HeyGen takes 5."
    )


@pytest.mark.parametrize("type_", ["image/webp", "video/quicktime", None])
def test_a_type_that_heygen_does_not_take_is_refused_unasked(
    converse: Any, type_: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_upload(GATEWAY, media(9, type_)))

    assert caught.value.reason == "media"
    assert caught.value.message.startswith("HeyGen takes no ")


def test_a_file_without_a_digest_has_a_name_all_the_same(
    converse: Any, say: Any
) -> None:
    nameless = Media("a.png", Kind.IMAGE, type="image/png")

    talk = converse(plugin.shotcaller_upload(GATEWAY, nameless), say(200, STORED))

    assert talk.asked[0].content.filename == "file.png"


@pytest.mark.parametrize("body", [{"error": {"code": "payload_too_large"}}, None])
def test_an_upload_that_fails_says_so(converse: Any, say: Any, body: Any) -> None:
    with pytest.raises(Refused, match="the upload failed: HeyGen answered 400") as e:
        converse(plugin.shotcaller_upload(GATEWAY, media(9)), say(400, body))

    assert e.value.reason == "upload"


def test_an_upload_without_an_address_cannot_be_read(converse: Any, say: Any) -> None:
    with pytest.raises(BadReply, match="asset_id"):
        converse(plugin.shotcaller_upload(GATEWAY, media(9)), say(200, {"data": {}}))


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        (ASSETS, True),
        ("https://api.heygen.com/v1/workflows/executions", True),
        ("http://127.0.0.1:8642/store/abc?sig=1", False),
    ],
)
def test_only_the_apis_own_paths_see_the_key(*, url: str, signed: bool) -> None:
    secret = Secret("s3cret")
    request = Request("PUT", url)

    found = keys.signed(request, {"HEYGEN_API_KEY": secret})

    assert found.headers == ({"X-Api-Key": secret} if signed else {})
