"""Puts the key on requests; pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from shotcaller.plugin import Request, Secret

OWN = ("/v1/", "/v3/")
"""How the paths of the API begin.

Uploads go to signed addresses of a store, which must never see the key. Hosts tell
them apart; where one address replaces all hosts, only paths do.
"""


def signed(request: Request, secrets: Mapping[str, Secret]) -> Request:
    """Returns the request with the key, unless it goes to a store."""
    if not urlsplit(request.url).path.startswith(OWN):
        return request
    return request.with_headers(X_Api_Key=secrets["HEYGEN_API_KEY"])
