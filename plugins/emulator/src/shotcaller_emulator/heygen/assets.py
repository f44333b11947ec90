"""Is how files come to HeyGen: in a form, or to a signed address and then confirmed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from email import message_from_bytes, policy
from email.message import MIMEPart

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.heygen import errors
from shotcaller_emulator.heygen.account import Account, Place, Stored
from shotcaller_emulator.heygen.asking import Asked, table

ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
WHOLE = 32 * 10**6
LARGEST = 10**9
DENIED = Response(403, {"content-type": "application/xml"}, b"<Error/>")
DONE = Response(200)


def upload(account: Account, asked: Asked, now: datetime) -> Response:
    """Takes a whole file, which is the field ``file`` of a form."""
    part = _field(asked)
    if part is None:
        return errors.invalid("file", "A file is needed.")
    content = part.get_payload(decode=True)
    kind = part.get_content_type()
    if not isinstance(content, bytes) or kind not in ENDINGS:
        return errors.invalid("file", f"Unsupported type {kind}.")
    if len(content) > WHOLE:
        return errors.TOO_LARGE
    put = Place(account.chance(16).hex(), kind, len(content), "", content)
    return _kept(account, asked, put, now)


def _field(asked: Asked) -> MIMEPart | None:
    kind = asked.headers.get("content-type", "")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    whole = message_from_bytes(head + asked.body, policy=policy.HTTP)
    if whole.get_content_type() != "multipart/form-data":
        return None
    named = (part for part in whole.iter_parts() if _name(part) == "file")
    return next(named, None)


def _name(part: MIMEPart) -> str:
    return str(part["content-disposition"].params.get("name", ""))


def _kept(account: Account, asked: Asked, put: Place, now: datetime) -> Response:
    content = put.content or b""
    path = f"/media/{put.id}.{ENDINGS[put.type]}"
    account.files[path] = Stored(put.type, content, now)
    account.assets[put.id] = path
    data: JSON = {
        "asset_id": put.id,
        "url": asked.url("media", path),
        "mime_type": put.type,
        "size_bytes": len(content),
        "status": "processing",
    }
    return errors.say(200, {"data": data})


def place(account: Account, asked: Asked, now: datetime) -> Response:  # noqa: ARG001
    """Answers with a signed address for a file, and the headers that must go there."""
    wish = table(asked) or {}
    kind, size = wish.get("content_type"), wish.get("size_bytes")
    if kind not in ENDINGS or not isinstance(kind, str):
        return errors.invalid("content_type", "Unsupported type.")
    if not isinstance(size, int) or not 0 < size <= LARGEST:
        return errors.invalid("size_bytes", f"From 1 to {LARGEST}.")
    id_ = account.chance(16).hex()
    account.places[id_] = Place(id_, kind, size, account.chance(16).hex())
    headers = {"Content-Type": kind}
    if isinstance(digest := wish.get("checksum_sha256"), str):
        checked = base64.b64encode(bytes.fromhex(digest)).decode()
        headers["x-amz-checksum-sha256"] = checked
    path = f"/store/{id_}?signature={account.places[id_].secret}"
    data: JSON = {
        "asset_id": id_,
        "upload_url": asked.url("store", path),
        "upload_headers": headers,
        "expires_in_seconds": 3_600,
        "max_bytes": LARGEST,
        "status": "pending_upload",
    }
    return errors.say(200, {"data": data})


def store(account: Account, asked: Asked, now: datetime) -> Response:  # noqa: ARG001
    """Takes what is put to a signed address, if it is what was announced."""
    account.watch(asked)
    found = account.places.get(asked.parts[-1])
    given = (asked.first("signature") or "").encode()
    if found is None or not hmac.compare_digest(found.secret.encode(), given):
        return DENIED
    digest = base64.b64encode(hashlib.sha256(asked.body).digest()).decode()
    if asked.headers.get("x-amz-checksum-sha256", digest) != digest:
        return DENIED
    if len(asked.body) != found.size:
        return DENIED
    found.content = asked.body
    return DONE


def complete(account: Account, asked: Asked, now: datetime) -> Response:
    """Makes an asset of what was put to a signed address."""
    found = account.places.get(asked.parts[-2])
    if found is None:
        return errors.NOT_FOUND
    if found.content is None:
        return errors.NOT_READY
    return _kept(account, asked, found, now)


def download(account: Account, asked: Asked, now: datetime) -> Response:
    """Answers with a file: a clip only while its link is good, and once it is made."""
    account.watch(asked)
    file = account.files.get(asked.path)
    if file is None or now < file.since:
        return errors.NOT_FOUND
    headers = {"content-type": file.type}
    if isinstance(file.content, bytes):
        return Response(200, headers, file.content)
    film = account.render(file.content)
    if not _good(account, asked, now) or film is None:
        return DENIED
    return Response(200, headers, film)


def _good(account: Account, asked: Asked, now: datetime) -> bool:
    expires = asked.first("expires") or ""
    if not expires.isdecimal() or now.timestamp() >= int(expires):
        return False
    signature = account.signature(asked.path, int(expires))
    given = asked.first("signature") or ""
    return hmac.compare_digest(signature.encode(), given.encode())
