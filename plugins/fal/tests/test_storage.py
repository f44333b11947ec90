"""How local files come to fal: in the request, in one piece, in several."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import shotcaller_fal
from shotcaller.plugin import (
    BadReply,
    Exchange,
    File,
    Kind,
    Media,
    Refused,
    Request,
    Response,
)
from shotcaller_fal import storage

Says = Callable[..., Response]
Talks = Callable[..., Any]

FILE = "https://v3b.fal.media/files/b/0a/x_cat.jpg"
SIGNED = f"{FILE}?signature=abc"
PLACE = {"file_url": FILE, "upload_url": SIGNED}
WEEK = '{"expiration_duration_seconds": 604800}'


def picture(bytes_: int | None, source: str = "/home/me/cat.jpg") -> Media:
    return Media(source, Kind.IMAGE, sha256="ab", bytes=bytes_, type="image/jpeg")


def upload(media: Media) -> Exchange[str]:
    return shotcaller_fal.shotcaller_upload(shotcaller_fal.GATEWAY, media)


def initiate(step: str, type_: str = "image/jpeg") -> Request:
    return Request(
        "POST",
        f"https://rest.fal.ai/storage/upload/{step}",
        params={"storage_type": "fal-cdn-v3"},
        headers={
            "X-Fal-Object-Lifecycle": WEEK,
            "X-Fal-Object-Lifecycle-Preference": WEEK,
        },
        json={"file_name": "cat.jpg", "content_type": type_},
    )


@pytest.mark.parametrize(
    ("type_", "named"), [("image/png", "image/png"), (None, "application/octet-stream")]
)
def test_a_small_file_goes_into_the_request(
    type_: str | None, named: str, talk: Talks, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG")
    media = Media(str(path), Kind.IMAGE, sha256="ab", bytes=4, type=type_)

    assert talk(upload(media)) == ([], f"data:{named};base64,iVBORw==")


def test_the_largest_small_file_is_not_uploaded(talk: Talks, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bytes(storage.SMALL))

    asked, url = talk(upload(picture(storage.SMALL, str(path))))

    assert asked == []
    assert url.startswith("data:image/jpeg;base64,AAAA")


@pytest.mark.parametrize("size", [storage.SMALL + 1, storage.WHOLE])
def test_a_file_is_put_in_one_piece_where_fal_says(
    size: int, talk: Talks, say: Says
) -> None:
    put = Request(
        "PUT",
        SIGNED,
        content=File("/home/me/cat.jpg", 0, size, "ab"),
        headers={"Content-Type": "image/jpeg"},
    )

    assert talk(upload(picture(size)), say(200, PLACE), Response(200)) == (
        [initiate("initiate"), put],
        FILE,
    )


def test_a_large_file_is_put_in_pieces(talk: Talks, say: Says) -> None:
    size = storage.WHOLE + 1
    places = [(n * 10**7, 10**7) for n in range(9)] + [(9 * 10**7, 1)]
    pieces = [
        Request(
            "PUT",
            f"{FILE}/{number}?signature=abc",
            content=File("/home/me/cat.jpg", start, length, "ab"),
        )
        for number, (start, length) in enumerate(places, 1)
    ]
    receipts = [say(200, {"partNumber": n, "etag": f'"e{n}"'}) for n in range(1, 11)]
    complete = Request(
        "POST",
        f"{FILE}/complete?signature=abc",
        json={"parts": [{"partNumber": n, "etag": f'"e{n}"'} for n in range(1, 11)]},
    )

    asked, url = talk(upload(picture(size)), say(200, PLACE), *receipts, Response(200))

    assert asked == [initiate("initiate-multipart"), *pieces, complete]
    assert url == FILE


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            [(413, {"detail": "Too large"})],
            "the upload failed: fal answered 413: Too large",
        ),
        ([(302, None)], "the upload failed: fal answered 302 without a reason"),
        (
            [(200, PLACE), (404, None)],
            "the upload failed: fal answered 404 without a reason",
        ),
    ],
)
def test_an_upload_that_fails_is_a_refusal_that_cost_nothing(
    answers: list[tuple[int, Any]], message: str, talk: Talks, say: Says
) -> None:
    with pytest.raises(Refused) as refused:
        talk(upload(picture(10**6)), *(say(*answer) for answer in answers))

    assert (refused.value.reason, refused.value.message) == ("upload", message)


def test_a_piece_without_a_receipt_is_no_upload(talk: Talks, say: Says) -> None:
    with pytest.raises(BadReply):
        talk(upload(picture(10**8)), say(200, PLACE), say(200, {}))


def test_every_kind_that_is_declared_has_a_limit() -> None:
    limits = {one.kind: one.max_bytes for one in shotcaller_fal.GATEWAY.uploads}

    assert set(limits) == set(Kind)
    assert max(limits.values()) > storage.WHOLE
    assert json.loads(storage.LIFETIME) == json.loads(WEEK)
