"""fal and HeyGen side by side on this machine, and callers that are led to both."""

from __future__ import annotations

from tests.heygen.conftest import clock, fal, heygen, make, usual

__all__ = ["clock", "fal", "heygen", "make", "usual"]
