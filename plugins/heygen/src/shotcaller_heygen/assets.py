"""Makes local files available to HeyGen: small ones through the API, others past it.

A large file goes to a signed address of HeyGen's store, which sees no key.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from attrs import field, frozen

from shotcaller.plugin import (
    JSON,
    Exchange,
    File,
    Media,
    Multipart,
    Refused,
    Request,
    Response,
)
from shotcaller_heygen import inputs, words
from shotcaller_heygen.gateway import API, MB

WHOLE = 32 * MB
"""Up to how many bytes a file goes through the API."""

ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
"""The types that HeyGen takes, each with the ending that it goes by."""

_SET_BY_US = frozenset({"content-length", "host"})


@frozen
class Asset:
    """Is a file that HeyGen holds."""

    asset_id: str
    url: str


@frozen
class Stored:
    """Is the answer to a whole upload."""

    data: Asset


@frozen
class Place:
    """Is where a file is to be put, and the headers that must go with it."""

    asset_id: str
    upload_url: str
    upload_headers: Mapping[str, str] = field(factory=dict)
    max_bytes: int | None = None


@frozen
class Begun:
    """Is the answer to an upload that was begun."""

    data: Place


def upload(media: Media) -> Exchange[str]:
    """Makes a local file available; returns its address, with its id in it."""
    kind = media.type or ""
    if kind not in ENDINGS:
        taken = ", ".join(ENDINGS)
        message = f"HeyGen takes no {kind or 'file of this kind'} (it takes {taken})."
        raise Refused(message, reason="media")
    whole = File(media.source, 0, media.bytes or 0, media.sha256 or "")
    put = _through if whole.length <= WHOLE else _past
    stored = yield from put(whole, kind)
    return inputs.uploaded(stored.asset_id, stored.url)


def _through(whole: File, kind: str) -> Exchange[Asset]:
    form = Multipart("file", whole, _name(whole, kind), kind)
    reply = yield from Request("POST", f"{API}/v3/assets", content=form)
    return _checked(reply).into(Stored).data


def _past(whole: File, kind: str) -> Exchange[Asset]:
    asked: Mapping[str, JSON] = {
        "filename": _name(whole, kind),
        "content_type": kind,
        "size_bytes": whole.length,
        "checksum_sha256": whole.sha256,
    }
    begun = yield from Request("POST", f"{API}/v3/assets/direct-uploads", json=asked)
    place = _checked(begun).into(Begun).data
    if place.max_bytes is not None and whole.length > place.max_bytes:
        message = f"{whole.path} has {whole.length} bytes; HeyGen takes"
        raise Refused(f"{message} {place.max_bytes}.", reason="media")
    headers = {
        name: value
        for name, value in place.upload_headers.items()
        if name.lower() not in _SET_BY_US
    }
    put = Request("PUT", place.upload_url, content=whole, headers=headers)
    _checked((yield from put))
    url = f"{API}/v3/assets/{quote(place.asset_id, safe='')}/complete"
    ended = yield from Request("POST", url, json={"checksum_sha256": whole.sha256})
    return _checked(ended).into(Stored).data


def _name(whole: File, kind: str) -> str:
    """Returns a name that says the type and nothing of this machine."""
    return f"{whole.sha256[:16] or 'file'}.{ENDINGS[kind]}"


def _checked(reply: Response) -> Response:
    if not words.good(reply):
        text = f"the upload failed: {words.said(reply).text}"
        raise Refused(text, reason="upload")
    return reply
