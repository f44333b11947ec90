"""Is how files come to the media host: by a signed link, or with a token of its own.

The links need no key, which has no business there; clients in JavaScript use them.
The Python client asks for a token and uploads to the media host itself.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.accepting import expiry
from shotcaller_emulator.fal.account import Account, Stored, Upload
from shotcaller_emulator.fal.asking import Asked

TOKEN_LIFE = timedelta(hours=1)

LIFECYCLES = ("x-fal-object-lifecycle", "x-fal-object-lifecycle-preference")
"""The headers that may say how long an uploaded file is to be kept."""

STORES = (None, "fal-cdn-v3", "gcs")
"""Kinds of storage; the Python client falls back on the last, in which all is alike."""

WANTED = ("content_type", "file_name")
"""What must be said of a file that is to be uploaded."""

DONE = Response(200)
FORBIDDEN = errors.refuse(403, "Invalid signature or token.")
NO_UPLOAD = errors.refuse(404, "Upload not found")
BAD_PARTS = errors.refuse(400, "The parts do not match what was uploaded.")


def initiate(account: Account, asked: Asked, now: datetime) -> Response:
    """Answers with the link that a file will have, and a signed one to send it to."""
    if (no := account.refusal(asked)) is not None:
        return no
    if asked.first("storage_type") not in STORES:
        return errors.refuse(400, "Unsupported storage type")
    wish = _object(asked)
    if wish is None or not all(isinstance(wish.get(key), str) for key in WANTED):
        complaints = [
            errors.detail("missing", "Field required", "body", key) for key in WANTED
        ]
        return errors.refuse(422, complaints)
    name, kind = str(wish["file_name"]), str(wish["content_type"])
    upload = _begun(account, asked, name, kind, now)
    link = asked.url("media", upload.path)
    signed = f"{link}?signature={upload.secret}"
    return errors.say(200, {"file_url": link, "upload_url": signed})


def token(account: Account, asked: Asked, now: datetime) -> Response:
    """Answers with a token for the media host."""
    if (no := account.refusal(asked)) is not None:
        return no
    told = account.chance(24).hex()
    account.tokens[told] = now + TOKEN_LIFE
    return errors.say(
        200,
        {
            "token": told,
            "token_type": "Bearer",
            "base_url": asked.url("media", ""),
            "expires_at": account.tokens[told].isoformat(),
        },
    )


def store(account: Account, asked: Asked, now: datetime) -> Response:
    """Takes what is sent to the media host: a file, a part, the word that it is all."""
    account.watch(asked)
    match asked.method, asked.parts:
        case "POST", ["files", "upload", *rest]:
            return _with_token(account, asked, rest, now)
        case "POST", [*there, "complete"]:
            return _completed(account, asked, there, now)
        case "PUT", [*there, number] if number.isdecimal():
            return _part(account, asked, there, int(number))
        case "PUT", there:
            return _put(account, asked, there, now)
        case _:
            return errors.NOT_ALLOWED


def _with_token(
    account: Account, asked: Asked, rest: Sequence[str], now: datetime
) -> Response:
    """Takes a whole file, or begins an upload in parts."""
    kind, _, told = asked.headers.get("authorization", "").partition(" ")
    until = account.tokens.get(told, now)
    if kind != "Bearer" or until <= now:
        return FORBIDDEN
    name = asked.headers.get("x-fal-file-name", "file")
    type_ = asked.headers.get("content-type", "application/octet-stream")
    upload = _begun(account, asked, name, type_, now)
    link = asked.url("media", upload.path)
    if rest:
        return errors.say(200, {"access_url": link, "uploadId": upload.secret})
    _keep(account, upload, asked.body, now)
    return errors.say(200, {"access_url": link})


def _put(
    account: Account, asked: Asked, there: Sequence[str], now: datetime
) -> Response:
    """Takes a whole file."""
    upload = _known(account, asked, there)
    if isinstance(upload, Response):
        return upload
    _keep(account, upload, asked.body, now)
    return DONE


def _part(
    account: Account, asked: Asked, there: Sequence[str], number: int
) -> Response:
    """Takes a part; who sends it gets its tag in the body and in a header."""
    upload = _known(account, asked, there)
    if isinstance(upload, Response):
        return upload
    upload.parts[number] = asked.body
    etag = _etag(asked.body)
    return errors.say(200, {"partNumber": number, "etag": etag}, etag=etag)


def _completed(
    account: Account, asked: Asked, there: Sequence[str], now: datetime
) -> Response:
    """Puts the parts together, if they are those that the client means."""
    upload = _known(account, asked, there)
    if isinstance(upload, Response):
        return upload
    listed = (_object(asked) or {}).get("parts")
    parts = {number: _etag(part) for number, part in upload.parts.items()}
    if not parts or _numbered(listed) != parts:
        return BAD_PARTS
    whole = b"".join(part for _, part in sorted(upload.parts.items()))
    _keep(account, upload, whole, now)
    return DONE


def _numbered(listed: JSON) -> Mapping[int, JSON]:
    """Returns the tags of the parts that a client lists, by number."""
    parts = listed if isinstance(listed, list) else []
    return {
        part["partNumber"]: part.get("etag")
        for part in parts
        if isinstance(part, dict) and isinstance(part.get("partNumber"), int)
    }


def _object(asked: Asked) -> Mapping[str, JSON] | None:
    try:
        body = asked.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _begun(
    account: Account, asked: Asked, name: str, kind: str, now: datetime
) -> Upload:
    until = expiry(asked, now, *LIFECYCLES)
    plain = "".join(each if each.isalnum() or each in ".-" else "_" for each in name)
    path = account.path(plain)
    account.uploads[path] = Upload(path, kind, account.chance(16).hex(), until)
    return account.uploads[path]


def _known(account: Account, asked: Asked, there: Sequence[str]) -> Upload | Response:
    """Returns the upload that a path and its secret belong to, or fal's no."""
    secret = asked.first("signature") or ""
    if len(there) > 2 and there[-2] == "multipart":  # noqa: PLR2004  its last two parts
        *there, _, secret = there
    upload = account.uploads.get("/" + "/".join(there))
    if upload is None:
        return NO_UPLOAD
    good = hmac.compare_digest(upload.secret.encode(), secret.encode())
    return upload if good else FORBIDDEN


def _keep(account: Account, upload: Upload, content: bytes, now: datetime) -> None:
    account.files[upload.path] = Stored(upload.type, content, now, upload.until)


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


__all__ = ["initiate", "store", "token"]
