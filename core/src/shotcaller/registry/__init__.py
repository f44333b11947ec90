"""Finds plugins by entry point, each in isolation, and addresses their hooks."""

from __future__ import annotations

from shotcaller.registry.catalogue import Plugin
from shotcaller.registry.registry import Registry

__all__ = ["Plugin", "Registry"]
