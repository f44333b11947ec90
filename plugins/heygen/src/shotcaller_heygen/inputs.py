"""Says media as HeyGen wants them: as objects in v3, by address in the workflows."""

from __future__ import annotations

from urllib.parse import quote, unquote, urldefrag

from shotcaller.plugin import JSON, Media, Refused

MARK = "heygen-asset="
"""What the address of an upload bears behind its #, before the asset's id.

The workflows read the address, v3 the id, which needs no look-up.
"""


def uploaded(asset_id: str, url: str) -> str:
    """Returns an upload as a shot's media name it."""
    return f"{urldefrag(url).url}#{MARK}{quote(asset_id, safe='')}"


def asset(item: Media) -> JSON:
    """Returns a picture, video or sound as one of v3's three kinds of object."""
    address, fragment = urldefrag(item.source)
    if fragment.startswith(MARK):
        return {"type": "asset_id", "asset_id": unquote(fragment[len(MARK) :])}
    if item.source.startswith("data:"):
        return _inline(item)
    if not address.startswith("https://"):
        raise _refused(f"reads no address but https, so not {item.source}")
    return {"type": "url", "url": item.source}


def address(item: Media) -> str:
    """Returns where a picture can be fetched by anybody."""
    if not item.source.startswith(("http://", "https://")):
        raise _refused(
            "has to fetch a picture from an address; this one is in the shot"
        )
    plain, fragment = urldefrag(item.source)
    return plain if fragment.startswith(MARK) else item.source


def _inline(item: Media) -> JSON:
    head, _, data = item.source.removeprefix("data:").partition(",")
    kind, _, coding = head.rpartition(";")
    if not kind or coding != "base64":
        raise _refused("takes data in a shot only as base64 with its type")
    return {"type": "base64", "media_type": kind, "data": data}


def _refused(what: str) -> Refused:
    return Refused(f"HeyGen {what}.", "Give the file itself.", reason="media")
