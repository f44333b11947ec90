"""Catches what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shotcaller.errors import BadInput


def refused(call: Callable[..., object], **fields: Any) -> BadInput:
    """Returns the error that a call ends with."""
    with pytest.raises(BadInput) as caught:
        call(**fields)
    return caught.value
