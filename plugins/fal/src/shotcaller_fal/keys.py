"""Puts the key on requests; pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from shotcaller.plugin import Request, Secret

MEDIA = "/files/"
"""How the paths of uploads begin, which are signed and must never see the key.

Hosts tell them apart at fal; where one address replaces all hosts, only paths do.
"""


def signed(request: Request, secrets: Mapping[str, Secret]) -> Request:
    """Returns the request with the key, as it is, in front of which fal wants Key."""
    if urlsplit(request.url).path.startswith(MEDIA):
        return request
    return request.with_headers(Authorization=_key(secrets).formatted("Key {}"))


def _key(secrets: Mapping[str, Secret]) -> Secret:
    if "FAL_KEY" in secrets:
        return secrets["FAL_KEY"]
    name, secret = secrets["FAL_KEY_ID"], secrets["FAL_KEY_SECRET"]
    return Secret(f"{name.reveal()}:{secret.reveal()}")
