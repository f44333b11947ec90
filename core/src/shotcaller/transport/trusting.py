"""Knows whose word proves who a server is."""

from __future__ import annotations

import os
from functools import lru_cache
from ssl import SSLContext

import httpx


def trusted() -> SSLContext:
    """Returns what proves it, shared by all clients of a process.

    To read all authorities takes as long as some requests do.
    """
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _read(_file: str | None, _folder: str | None) -> SSLContext:
    return httpx.create_ssl_context()


__all__ = ["trusted"]
