"""Makes local files available to fal: in the request where small, else uploaded.

The two steps of fal's JavaScript client: ask for a signed address, put the bytes there.
That address is at the media hosts and sees no key.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from attrs import frozen

from shotcaller.plugin import (
    JSON,
    Exchange,
    File,
    Media,
    Refused,
    Request,
    Response,
    Work,
)
from shotcaller_fal import ids, words

SMALL = 32 * 2**10
"""Up to how many bytes a file goes into the request itself.

Stored inputs and echoed errors grow with it, and some endpoints choke on large ones.
"""

WHOLE = 90 * 10**6
"""Up to how many bytes a file goes in one piece."""

PIECE = 10 * 10**6

LIFETIME = json.dumps({"expiration_duration_seconds": 7 * 24 * 3_600})
"""How long fal is to keep an upload; a job may wait in the queue for a while."""


@frozen
class Place:
    """Is where a file is to be put, and where it can then be read."""

    file_url: str
    upload_url: str


@frozen
class Piece:
    """Is the receipt for one piece of a file."""

    etag: str


def upload(media: Media) -> Exchange[str]:
    """Makes a local file available; returns its URL, a data URI where it is small."""
    size = media.bytes or 0
    if size <= SMALL:
        uri: str = yield from Work(_data_uri, media.source, _type(media))
        return uri
    if size > WHOLE:
        return (yield from _in_pieces(media, size))
    place = yield from _place(media, "initiate")
    whole = File(media.source, 0, size, media.sha256 or "")
    yield from _put(place.upload_url, whole, {"Content-Type": _type(media)})
    return place.file_url


def _in_pieces(media: Media, size: int) -> Exchange[str]:
    place = yield from _place(media, "initiate-multipart")
    parts: list[JSON] = []
    for number, start in enumerate(range(0, size, PIECE), 1):
        length = min(PIECE, size - start)
        piece = File(media.source, start, length, media.sha256 or "")
        url = _below(place.upload_url, str(number))
        reply = yield from _put(url, piece, {})
        parts.append({"partNumber": number, "etag": reply.into(Piece).etag})
    url = _below(place.upload_url, "complete")
    _checked((yield from Request("POST", url, json={"parts": parts})))
    return place.file_url


def _place(media: Media, step: str) -> Exchange[Place]:
    named: dict[str, JSON] = {
        "file_name": PurePath(media.source).name,
        "content_type": _type(media),
    }
    asked = Request(
        "POST",
        f"{ids.REST}/storage/upload/{step}",
        params={"storage_type": "fal-cdn-v3"},
        # one client of fal's sends this header, the other that; only one is read
        headers={
            "X-Fal-Object-Lifecycle": LIFETIME,
            "X-Fal-Object-Lifecycle-Preference": LIFETIME,
        },
        json=named,
    )
    return _checked((yield from asked)).into(Place)


def _put(url: str, file: File, headers: Mapping[str, str]) -> Exchange[Response]:
    return _checked((yield from Request("PUT", url, content=file, headers=headers)))


def _checked(reply: Response) -> Response:
    if not 200 <= reply.status < 300:  # noqa: PLR2004  any 2xx
        message = f"the upload failed: {words.said(reply).sentence}"
        raise Refused(message, reason="upload")
    return reply


def _below(url: str, step: str) -> str:
    """Returns a step of an upload: under its path, before its signature."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{step}").geturl()


def _type(media: Media) -> str:
    return media.type or "application/octet-stream"


def _data_uri(_: Path, source: str, type_: str) -> str:
    coded = base64.b64encode(Path(source).read_bytes()).decode()
    return f"data:{type_};base64,{coded}"
