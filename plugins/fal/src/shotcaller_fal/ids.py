"""Reads fal's endpoint ids and says which addresses they have; pure.

An id is ``owner/alias``, then perhaps a path; ``workflows`` and ``comfy`` may stand
before it. A submit goes to the whole id, everything after that to owner and alias:
the path there is answered with 405.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit
from uuid import UUID

QUEUE = "https://queue.fal.run"
REST = "https://rest.fal.ai"
PLATFORM = "https://api.fal.ai/v1"

NAMESPACES = frozenset({"workflows", "comfy"})
_OLD = re.compile(r"([0-9]+)-([^/]+)")
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")  # so neither empty nor ..
_TIMED = 7


def parts(endpoint: str) -> list[str]:
    """Returns the segments of an id; ``123-app`` is the old spelling of ``123/app``."""
    first, *rest = endpoint.split("/")
    old = None if rest else _OLD.fullmatch(first)
    return [old[1], old[2]] if old else [first, *rest]


def is_id(endpoint: str) -> bool:
    """Whether a text can be an id at all."""
    found = parts(endpoint)
    written = all(_PART.fullmatch(part) for part in found)
    return written and len(found) >= (3 if found[0] in NAMESPACES else 2)


def submit_url(endpoint: str) -> str:
    """Returns where a job for an endpoint is submitted."""
    return f"{QUEUE}/{'/'.join(parts(endpoint))}"


def request_path(endpoint: str, request_id: str) -> str:
    """Returns the path of a submitted job, which knows only owner and alias."""
    found = parts(endpoint)
    base = found[: 3 if found[0] in NAMESPACES else 2]
    return f"/{'/'.join(base)}/requests/{quote(request_id, safe='')}"


def own_path(url: object, request_id: str, otherwise: str) -> str:
    """Returns the path of an address that fal answered for a job, or ``otherwise``.

    Only the path: whoever an answer names as host, the key goes to fal's own.
    """
    try:
        path = urlsplit(url).path if isinstance(url, str) else ""
    except ValueError:  # such as a [ that is not closed
        path = ""
    ours = f"/requests/{quote(request_id, safe='')}"
    begun, found, rest = path.partition(ours)
    owned = begun.startswith("/") and is_id(begun[1:])  # or it would be a host
    plain = owned and rest in {"", "/status", "/response", "/cancel"}
    return path if found and plain else otherwise


def made_at(request_id: str) -> float | None:
    """Returns when fal made an id, in seconds since 1970, or None if it does not tell.

    Those that were seen are UUIDs of version 7, which begin with the time.
    """
    try:
        id_ = UUID(request_id)
    except ValueError:
        return None
    return (id_.int >> 80) / 1_000 if id_.version == _TIMED else None
