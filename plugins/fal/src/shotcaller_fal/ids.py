"""Reads fal's endpoint ids and says which addresses they have; pure.

An id is ``owner/alias``, then perhaps a path; ``workflows`` and ``comfy`` may stand
before it. A submit goes to the whole id, everything after that to owner and alias:
the path there is answered with 405.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

QUEUE = "https://queue.fal.run"
REST = "https://rest.fal.ai"
PLATFORM = "https://api.fal.ai/v1"

NAMESPACES = frozenset({"workflows", "comfy"})
_OLD = re.compile(r"([0-9]+)-([^/]+)")


def parts(endpoint: str) -> list[str]:
    """Returns the segments of an id; ``123-app`` is the old spelling of ``123/app``."""
    first, *rest = endpoint.split("/")
    old = None if rest else _OLD.fullmatch(first)
    return [old[1], old[2]] if old else [first, *rest]


def is_id(endpoint: str) -> bool:
    """Whether a text can be an id at all."""
    found = parts(endpoint)
    return all(found) and len(found) >= (3 if found[0] in NAMESPACES else 2)


def submit_url(endpoint: str) -> str:
    """Returns where a job for an endpoint is submitted."""
    return f"{QUEUE}/{'/'.join(parts(endpoint))}"


def request_path(endpoint: str, request_id: str) -> str:
    """Returns the path of a submitted job, which knows only owner and alias."""
    found = parts(endpoint)
    base = found[: 3 if found[0] in NAMESPACES else 2]
    return f"/{'/'.join(base)}/requests/{request_id}"


def own_path(url: str | None, otherwise: str) -> str:
    """Returns the path of an address that fal answered, or ``otherwise``.

    Only the path: whoever an answer names as host, the key goes to fal's own.
    """
    path = urlsplit(url or "").path
    return path if "/requests/" in path else otherwise
