"""Files get to the media host by signed links, or with a token of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shotcaller_emulator.fal import Leak

REST = "https://rest.fal.ai/storage"
INITIATE = f"{REST}/upload/initiate?storage_type=fal-cdn-v3"
MULTIPART = f"{REST}/upload/initiate-multipart?storage_type=fal-cdn-v3"
TOKEN = f"{REST}/auth/token?storage_type=fal-cdn-v3"
CAT = {"file_name": "a cat.png", "content_type": "image/png"}


def initiated(ask: Any, url: str = INITIATE, **headers: str) -> dict[str, str]:
    said = ask("POST", url, CAT, **headers)
    assert said.status == 200
    found: dict[str, str] = said.json()
    return found


def bearer(ask: Any) -> dict[str, str]:
    told = ask("POST", TOKEN, {}).json()
    return {"authorization": f"{told['token_type']} {told['token']}"}


def test_a_file_is_put_to_a_signed_link_without_a_key(ask: Any) -> None:
    said = initiated(ask)
    done = ask("PUT", said["upload_url"], b"png", key="")
    there = ask("GET", said["file_url"], key="")

    assert said["file_url"].startswith("https://v3b.fal.media/files/b/")
    assert said["file_url"].endswith("_a_cat.png")
    assert said["upload_url"].startswith(said["file_url"] + "?signature=")
    assert (done.status, done.body) == (200, b"")
    assert (there.body, there.headers["content-type"]) == (b"png", "image/png")
    assert ask.vendor.leaks == ()


def test_an_uploaded_file_can_be_used(ask: Any) -> None:
    said = initiated(ask)
    job = ask.submit(
        "bytedance/seedance-2.0/image-to-video", image_url=said["file_url"]
    )
    ask("PUT", said["upload_url"], b"png", key="")
    later = ask.submit(
        "bytedance/seedance-2.0/image-to-video", image_url=said["file_url"]
    )
    ask.pass_(100)

    assert ask("GET", job["response_url"]).status == 422  # it was not there in time
    assert ask("GET", later["response_url"]).status == 200


def test_on_this_machine_everything_is_on_one_host(ask: Any) -> None:
    here = "http://127.0.0.1:8642"
    said = ask("POST", f"{here}/storage/upload/initiate", CAT).json()
    ask("PUT", said["upload_url"], b"png", key="")

    assert said["upload_url"].startswith(f"{here}/files/b/")
    assert ask("GET", said["file_url"], key="").body == b"png"


def test_a_key_at_a_signed_link_is_a_leak(ask: Any) -> None:
    said = initiated(ask)
    ask("PUT", said["upload_url"], b"png")

    path = said["file_url"].removeprefix("https://v3b.fal.media")
    assert ask.vendor.leaks == (Leak("PUT", path, "authorization"),)


def test_initiating_needs_a_key_and_two_fields(ask: Any) -> None:
    assert ask("POST", INITIATE, CAT, key="").status == 401
    assert ask("POST", TOKEN, {}, key="").status == 401
    for body in ({}, {"file_name": "a", "content_type": 1}, b"", b"[]"):
        refused = ask("POST", INITIATE, body)
        assert refused.status == 422
        assert {each["loc"][-1] for each in refused.json()["detail"]} == set(CAT)


def test_other_stores_are_refused(ask: Any) -> None:
    refused = ask("POST", f"{REST}/upload/initiate?storage_type=floppy", CAT)

    assert (refused.status, refused.json()) == (
        400,
        {"detail": "Unsupported storage type"},
    )


def test_the_server_for_storage_does_nothing_else(ask: Any) -> None:
    asked = [
        ask("GET", INITIATE),
        ask("POST", f"{REST}/upload"),
        ask("DELETE", "https://v3.fal.media/files/b/0/a"),
    ]

    assert {said.status for said in asked} == {405}


@pytest.mark.parametrize("query", ["", "?signature=0123"])
def test_a_wrong_signature_is_refused(ask: Any, query: str) -> None:
    said = initiated(ask)
    refused = ask("PUT", said["file_url"] + query, b"png", key="")

    assert (refused.status, refused.json()) == (
        403,
        {"detail": "Invalid signature or token."},
    )
    assert ask("GET", said["file_url"], key="").status == 404


def test_nobody_can_put_what_was_not_initiated(ask: Any) -> None:
    there = "https://v3b.fal.media/files/b/0/a"
    asked = [
        ask("PUT", there, b"png", key=""),
        ask("PUT", f"{there}/1", b"png", key=""),
        ask("POST", f"{there}/complete", {"parts": []}, key=""),
    ]

    assert {said.status for said in asked} == {404}
    assert asked[0].json() == {"detail": "Upload not found"}


def test_an_upload_goes_when_it_was_wished(ask: Any) -> None:
    wish = json.dumps({"expiration_duration_seconds": 60})
    for name in ("x_fal_object_lifecycle", "x_fal_object_lifecycle_preference"):
        said = initiated(ask, **{name: wish})
        ask("PUT", said["upload_url"], b"png", key="")
        there = ask("GET", said["file_url"], key="").status
        ask.pass_(60)
        assert (there, ask("GET", said["file_url"], key="").status) == (200, 404)


def test_large_files_come_in_parts_in_any_order(ask: Any) -> None:
    said = initiated(ask, MULTIPART)
    path, _, query = said["upload_url"].partition("?")
    parts = [
        ask("PUT", f"{path}/{number}?{query}", body, key="")
        for number, body in [(2, b"two"), (1, b"one")]
    ]
    listed = {"parts": [part.json() for part in parts]}
    done = ask("POST", f"{path}/complete?{query}", listed, key="")

    assert [part.json()["partNumber"] for part in parts] == [2, 1]
    assert all(part.headers["etag"] == part.json()["etag"] for part in parts)
    assert done.status == 200
    assert ask("GET", said["file_url"], key="").body == b"onetwo"


@pytest.mark.parametrize(
    "listed",
    [
        {"parts": [{"partNumber": 1, "etag": '"wrong"'}]},
        {"parts": []},
        {"parts": [1]},
        {"parts": 1},
        {},
        b"no JSON",
    ],
)
def test_parts_that_are_not_those_that_came_are_refused(ask: Any, listed: Any) -> None:
    said = initiated(ask, MULTIPART)
    path, _, query = said["upload_url"].partition("?")
    ask("PUT", f"{path}/1?{query}", b"one", key="")
    refused = ask("POST", f"{path}/complete?{query}", listed, key="")

    assert refused.status == 400
    assert refused.json() == {"detail": "The parts do not match what was uploaded."}


def test_no_parts_are_no_file(ask: Any) -> None:
    said = initiated(ask, MULTIPART)
    path, _, query = said["upload_url"].partition("?")

    assert ask("POST", f"{path}/complete?{query}", {"parts": []}, key="").status == 400


def test_parts_need_the_signature(ask: Any) -> None:
    said = initiated(ask, MULTIPART)
    path = said["file_url"]

    assert ask("PUT", f"{path}/1", b"one", key="").status == 403
    assert ask("POST", f"{path}/complete", {"parts": []}, key="").status == 403


def test_a_token_is_good_for_an_hour(ask: Any) -> None:
    told = ask("POST", TOKEN, {}).json()
    headers = {"authorization": f"Bearer {told['token']}"}
    upload = "https://v3.fal.media/files/upload"
    good = ask("POST", upload, b"png", key="", **headers)
    ask.pass_(3600)
    late = ask("POST", upload, b"png", key="", **headers)

    assert told["token_type"] == "Bearer"
    assert told["base_url"] == "https://v3b.fal.media"
    assert told["expires_at"] == "2026-11-25T13:00:00+00:00"
    assert good.status == 200
    assert late.status == 403


def test_a_file_is_posted_with_a_token(ask: Any) -> None:
    upload = "https://v3.fal.media/files/upload"
    headers = {"x_fal_file_name": "cat.png", "content_type": "image/png"}
    said = ask("POST", upload, b"png", key="", **bearer(ask), **headers).json()
    there = ask("GET", said["access_url"], key="")

    assert said["access_url"].endswith("_cat.png")
    assert (there.body, there.headers["content-type"]) == (b"png", "image/png")
    assert ask.vendor.leaks == ()


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic x"}]
)
def test_nothing_is_posted_without_a_token(ask: Any, header: dict[str, str]) -> None:
    refused = ask("POST", "https://v3.fal.media/files/upload", b"", key="", **header)

    assert refused.status == 403


def test_large_files_come_in_parts_with_a_token(ask: Any) -> None:
    base = "https://v3.fal.media/files/upload/multipart"
    token = bearer(ask)
    said = ask("POST", base, b"", key="", **token).json()
    there = f"{said['access_url']}/multipart/{said['uploadId']}"
    parts = []
    for number, body in [(2, b"two"), (1, b"one")]:
        part = ask("PUT", f"{there}/{number}", body, key="", **token)
        parts.append({"partNumber": number, "etag": part.headers["etag"]})
    ask("POST", f"{there}/complete", {"parts": parts}, key="", **token)

    stored = ask("GET", said["access_url"], key="")
    assert stored.body == b"onetwo"
    assert stored.headers["content-type"] == "application/octet-stream"
    assert ask("PUT", f"{said['access_url']}/multipart/x/1", b"", key="").status == 403
