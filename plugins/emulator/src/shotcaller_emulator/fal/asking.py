"""Knows fal's servers, by their names and by what their paths begin with."""

from __future__ import annotations

from typing import Literal, TypeAlias

from shotcaller_emulator import arriving

Server: TypeAlias = Literal["queue", "run", "rest", "media", "platform"]
Asked: TypeAlias = arriving.Asked[Server]

SERVERS: arriving.Servers[Server] = arriving.Servers(
    homes={
        "queue": "https://queue.fal.run",
        "run": "https://fal.run",
        "rest": "https://rest.fal.ai",
        "media": "https://v3b.fal.media",
        "platform": "https://api.fal.ai",
    },
    hosts={
        "queue.fal.run": "queue",
        "queue.falrun.com": "queue",
        "fal.run": "run",
        "falrun.com": "run",
        "rest.fal.ai": "rest",
        "v3.fal.media": "media",
        "v3b.fal.media": "media",
        "api.fal.ai": "platform",
        # For clients that know the synchronous server by its own name only.
        "run.localhost": "run",
    },
    paths={"v1": "platform", "files": "media", "storage": "rest", "tokens": "rest"},
    usual="queue",
)

__all__ = ["SERVERS", "Asked", "Server"]
