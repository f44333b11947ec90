"""fal's Python client brings files to the emulator by each of its three ways."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fal_client import SyncClient
from fal_client.client import (
    FalClientHTTPError,
    MultipartUpload,
    StorageACL,
    StorageSettings,
)
from PIL import Image

from shotcaller_emulator.faults import Say
from tests.clients.stage import INPUT, VEO, Stage

PICTURE = b"\x89PNG, or so it says"
LARGE = bytes(range(251)) * 418_000
"""Over 100 MB, of which no two pieces are the same."""

BROKEN = Say(500, {"detail": "The disk is full."})

pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Collects connections to the media host, which the client never closes."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_bytes_are_stored_with_a_token_that_is_asked_for_once(
    fal: SyncClient, stage: Stage
) -> None:
    urls = [fal.upload(PICTURE, "image/png", f"{n}.png") for n in range(2)]

    assert [httpx.get(url).content for url in urls] == [PICTURE, PICTURE]
    assert [stage.stored(url).type for url in urls] == ["image/png"] * 2
    assert [each.path for each in stage.sent("POST", "rest")] == ["/storage/auth/token"]
    assert [each.path for each in stage.sent("POST", "media")] == ["/files/upload"] * 2
    assert stage.fal.leaks == ()


def test_a_file_keeps_its_name_and_its_type(
    fal: SyncClient, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "my still.jpg"
    path.write_bytes(PICTURE)

    url = fal.upload_file(path)

    assert url.startswith("https://v3b.fal.media/files/b/")
    assert url.endswith("_my_still.jpg")
    assert httpx.get(url).headers["content-type"] == "image/jpeg"


def test_a_picture_in_memory_is_stored(fal: SyncClient, stage: Stage) -> None:
    url = fal.upload_image(Image.new("RGB", (8, 8)), format="png")

    stored = stage.stored(url)
    assert stored.type == "image/png"
    assert isinstance(stored.content, bytes)
    assert stored.content.startswith(b"\x89PNG")


def test_an_uploaded_picture_can_be_the_first_frame(
    fal: SyncClient, stage: Stage
) -> None:
    url = fal.upload(PICTURE, "image/png", "still.png")

    result = fal.subscribe(f"{VEO}/image-to-video", {**INPUT, "image_url": url})

    assert result["video"]["content_type"] == "video/mp4"


def test_a_picture_that_was_never_uploaded_cannot(fal: SyncClient) -> None:
    url = "https://v3b.fal.media/files/b/0/nothing.png"

    with pytest.raises(FalClientHTTPError) as caught:
        fal.subscribe(f"{VEO}/image-to-video", {**INPUT, "image_url": url})

    assert caught.value.status_code == 422
    (complaint,) = caught.value.response.json()["detail"]
    assert (
        complaint["type"],
        complaint["loc"],
    ) == ("file_download_error", ["body", "image_url"])


@pytest.mark.parametrize("repository", ["fal_v3", "fal"])
def test_a_file_may_be_stored_for_a_while_only(
    fal: SyncClient, stage: Stage, repository: str
) -> None:
    settings = StorageSettings(expires_in="1h", initial_acl=StorageACL("allow"))

    url = fal.upload(
        PICTURE,
        "image/png",
        repository=repository,  # type: ignore[arg-type]
        lifecycle=settings,
    )

    stored = stage.stored(url)
    assert stored.until is not None
    assert pytest.approx((stored.until - stored.since).total_seconds(), abs=9) == 3600


def test_what_the_media_host_does_not_take_goes_by_a_signed_link(
    fal: SyncClient, stage: Stage
) -> None:
    stage.fal.script("upload", BROKEN)

    url = fal.upload(PICTURE, "image/png", "still.png")

    assert httpx.get(url).content == PICTURE
    initiate = stage.sent("POST", "rest")[-1]
    assert initiate.path == "/storage/upload/initiate"
    assert initiate.query == (("storage_type", "gcs"),)
    (put,) = stage.sent("PUT", "media")
    assert put.headers["content-type"] == "image/png"
    # The client sends the key along, to where none belongs; the emulator notices.
    assert [(leak.method, leak.where) for leak in stage.fal.leaks] == [
        ("PUT", "authorization")
    ]


def test_an_upload_that_was_lost_is_sent_again(fal: SyncClient, stage: Stage) -> None:
    stage.let("upload-drop")

    url = fal.upload(PICTURE, "image/png", "still.png")

    assert httpx.get(url).content == PICTURE
    assert [each.path for each in stage.sent("POST", "media")] == ["/files/upload"] * 2


def test_more_than_its_limit_goes_in_pieces(fal: SyncClient, stage: Stage) -> None:
    url = fal.upload(LARGE, "video/mp4", "long.mp4")

    begin, *_, complete = stage.sent("POST", "media")
    assert begin.path == "/files/upload/multipart"
    assert complete.path.endswith("/complete")
    pieces = {each.parts[-1] for each in stage.sent("PUT", "media")}
    assert {str(number) for number in range(1, 12)} <= pieces
    stored = stage.stored(url)
    assert stored.type == "video/mp4"
    assert stored.content == LARGE


def test_a_file_goes_in_pieces_of_any_size(
    fal: SyncClient, stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp4"
    path.write_bytes(LARGE[:100_000])

    url = MultipartUpload.save_file(
        file_path=path,
        client=fal._get_cdn_client(),
        token_manager=fal._token_manager,
        chunk_size=3_000,
        content_type="video/mp4",
    )

    assert len(stage.sent("PUT", "media")) == 34
    assert LARGE[:100_000] == stage.stored(url).content


@pytest.mark.usefixtures("reached")
def test_a_wrong_key_uploads_nothing(stage: Stage) -> None:
    client = SyncClient(key="not:mine")

    with pytest.raises(httpx.HTTPStatusError, match="401 Unauthorized"):
        client.upload(PICTURE, "image/png")

    assert stage.fal.account.files == {}
