"""Knows HeyGen's servers, by their names and by what their paths begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from shotcaller.plugin import JSON
from shotcaller_emulator import arriving

Server: TypeAlias = Literal["api", "media", "store"]
Asked: TypeAlias = arriving.Asked[Server]

SERVERS: arriving.Servers[Server] = arriving.Servers(
    homes={
        "api": "https://api.heygen.com",
        "media": "https://resource2.heygen.ai",
        "store": "https://heygen-uploads.s3.amazonaws.com",
    },
    hosts={
        "api.heygen.com": "api",
        "resource.heygen.ai": "media",
        "resource2.heygen.ai": "media",
        "heygen-uploads.s3.amazonaws.com": "store",
    },
    paths={"media": "media", "store": "store"},
    usual="api",
)


def table(asked: Asked) -> Mapping[str, JSON] | None:
    """Returns the body as a table of JSON, or None where it is none."""
    try:
        found = asked.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


__all__ = ["SERVERS", "Asked", "Server", "table"]
