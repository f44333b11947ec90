"""Writes what came of looking at a clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shotcaller.documents.basics import Document
from shotcaller.documents.installation import Found, findings


class Looked(Protocol):
    """Is what came of looking at a clip."""

    @property
    def path(self) -> str:
        """Where the clip is."""

    @property
    def receipt(self) -> str | None:
        """Where its receipt is, if there is one."""

    @property
    def take(self) -> str | None:
        """The take that made it, if that is known."""

    @property
    def good(self) -> bool:
        """Whether it is what it is said to be."""

    @property
    def findings(self) -> Sequence[Found]:
        """Each check."""


def verification(looked: Looked) -> Document:
    """Returns what came of looking at a clip.

    Keys: ``path``, ``receipt`` or null, ``take`` or null, ``verified``, ``findings``
    (each ``about``, ``grade``, ``message``).
    """
    return {
        "path": looked.path,
        "receipt": looked.receipt,
        "take": looked.take,
        "verified": looked.good,
        "findings": findings(looked.findings),
    }
