"""Knows what the paths of the queue are made of: apps, endpoints, requests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from shotcaller_fal.catalogue import endpoints

NAMESPACES = ("workflows", "comfy")
"""First parts that are no owner: the owner and the app come after them."""


def app_of(parts: Sequence[str]) -> str:
    """Returns the app: the part of an endpoint's id that the queue's URLs keep."""
    return "/".join(parts[: app_length(parts)])


def app_length(parts: Sequence[str]) -> int:
    """Returns how many parts of a path name the app."""
    return 3 if parts and parts[0] in NAMESPACES else 2


@cache
def known_apps() -> frozenset[str]:
    """Returns the apps of all endpoints that are known."""
    return frozenset(app_of(name.split("/")) for name in endpoints())


__all__ = ["app_length", "app_of", "known_apps"]
