"""Files come to HeyGen in a form, or by a signed address."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from shotcaller.plugin import File, Multipart, Response
from shotcaller_emulator.heygen import KEY

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}


def code(said: Response) -> Any:
    told: Any = said.json()
    return told["error"]["code"]


def form(content: bytes, kind: str = "image/png", name: str = "file") -> Any:
    file = File("", 0, len(content), "")
    made = Multipart(name, file, "a.png", kind)
    return made.content_type, made.head + content + made.tail


def test_a_file_in_a_form_is_an_asset(ask: Any) -> None:
    kind, body = form(b"picture")
    asset = ask.data("POST", f"{API}/v3/assets", body, Content_Type=kind)

    assert (asset["mime_type"], asset["size_bytes"]) == ("image/png", 7)
    stored = ask("GET", asset["url"], key="")
    assert (stored.body, stored.headers["content-type"]) == (b"picture", "image/png")
    shown = {"type": "asset_id", "asset_id": asset["asset_id"]}
    image = {**WISH, "mode": "image_to_video", "image": shown}
    assert ask("POST", VIDEOS, image).status == 202
    linked = {**image, "image": {"type": "url", "url": asset["url"]}}
    assert ask("POST", VIDEOS, linked).status == 202


@pytest.mark.parametrize(
    ("upload", "error"),
    [
        (form(b"x", name="files"), "invalid_parameter"),
        (form(b"x", kind="image/webp"), "invalid_parameter"),
        (("text/plain", b"x"), "invalid_parameter"),
        (form(bytes(32_000_001)), "payload_too_large"),
    ],
)
def test_a_form_without_a_good_file_is_refused(
    ask: Any, upload: Any, error: str
) -> None:
    kind, body = upload
    said = ask("POST", f"{API}/v3/assets", body, Content_Type=kind)

    assert (said.status, code(said)) == (400, error)


def begun(ask: Any, content: bytes) -> Any:
    wish = {
        "filename": "a.mp4",
        "content_type": "video/mp4",
        "size_bytes": len(content),
        "checksum_sha256": hashlib.sha256(content).hexdigest(),
    }
    return ask.data("POST", f"{API}/v3/assets/direct-uploads", wish)


def test_a_file_is_put_to_a_signed_address_and_then_confirmed(ask: Any) -> None:
    place = begun(ask, b"film")
    complete = f"{API}/v3/assets/{place['asset_id']}/complete"
    headers = place["upload_headers"]

    early = ask("POST", complete, {})
    put = ask("PUT", place["upload_url"], b"film", key="", **headers)
    asset = ask.data("POST", complete, {})

    digest = base64.b64encode(hashlib.sha256(b"film").digest()).decode()
    assert headers == {"Content-Type": "video/mp4", "x-amz-checksum-sha256": digest}
    assert (early.status, code(early)) == (409, "resource_not_ready")
    assert put.status == 200
    assert asset["asset_id"] == place["asset_id"]
    assert ask("GET", asset["url"], key="").body == b"film"
    assert ask("POST", f"{API}/v3/assets/none/complete", {}).status == 404
    assert ask.vendor.leaks == ()


def test_what_was_not_announced_is_denied(ask: Any) -> None:
    place = begun(ask, b"film")
    url, headers = place["upload_url"], place["upload_headers"]

    assert ask("PUT", url, b"mlif", key="", **headers).status == 403
    assert ask("PUT", url, b"film!", key="").status == 403
    assert ask("PUT", url + "0", b"film", key="", **headers).status == 403
    assert ask("PUT", url.replace("/store/", "/store/0"), b"", key="").status == 403


@pytest.mark.parametrize(
    "wish",
    [
        {"content_type": "image/webp", "size_bytes": 1},
        {"content_type": 5, "size_bytes": 1},
        {"content_type": "image/png", "size_bytes": 0},
        {"content_type": "image/png", "size_bytes": "1"},
        {"content_type": "image/png", "size_bytes": 10**10},
    ],
)
def test_an_upload_of_something_else_is_not_begun(ask: Any, wish: Any) -> None:
    assert ask("POST", f"{API}/v3/assets/direct-uploads", wish).status == 400


def test_an_upload_needs_no_digest(ask: Any) -> None:
    wish = {"filename": "a", "content_type": "image/png", "size_bytes": 1}
    place = ask.data("POST", f"{API}/v3/assets/direct-uploads", wish)

    assert place["upload_headers"] == {"Content-Type": "image/png"}


def test_a_key_where_none_belongs_is_noted(ask: Any) -> None:
    place = begun(ask, b"film")
    ask("PUT", place["upload_url"], b"film")
    ask("GET", f"https://resource2.heygen.ai/media/a.mp4?k={KEY}", key="")
    ask("GET", "https://resource2.heygen.ai/media/a.mp4", key="", x_api_key="old")

    found = [(leak.method, leak.where) for leak in ask.vendor.leaks]
    assert found == [("PUT", "x-api-key"), ("GET", "k"), ("GET", "x-api-key")]
