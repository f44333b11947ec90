"""Puts the key on requests; pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from shotcaller.plugin import Request, Secret
from shotcaller_fal.gateway import GATEWAY


def signed(request: Request, secrets: Mapping[str, Secret]) -> Request:
    """Returns the request with the key, as it is, in front of which fal wants Key.

    Only for addresses that are written in this plugin: fal's own hosts, without a
    query, as parameters are kept apart. An address from an answer is signed or at a
    media host, and sees no key, even where one address replaces all hosts.
    """
    parts = urlsplit(request.url)
    if parts.hostname not in GATEWAY.api_hosts or parts.query:
        return request
    return request.with_headers(Authorization=_key(secrets).formatted("Key {}"))


def _key(secrets: Mapping[str, Secret]) -> Secret:
    if "FAL_KEY" in secrets:
        return secrets["FAL_KEY"]
    name, secret = secrets["FAL_KEY_ID"], secrets["FAL_KEY_SECRET"]
    return Secret(f"{name.reveal()}:{secret.reveal()}")
