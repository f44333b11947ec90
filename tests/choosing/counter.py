"""Every gateway's real catalogue behind one counter, with the keys that are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import shotcaller_fal
import shotcaller_fal_kling
import shotcaller_fal_minimax
import shotcaller_fal_seedance
import shotcaller_fal_veo
import shotcaller_heygen
from shotcaller import Registry, Settings
from shotcaller.client.setup import Setup
from shotcaller.programs.context import Context
from shotcaller_animatic import hooks as animatic

TODAY = date(2026, 11, 25)
"""The day of the table: who has retired by then is in the catalogues."""

PLUGINS: Mapping[str, Any] = {
    "animatic": animatic,
    "fal": shotcaller_fal,
    "fal-kling": shotcaller_fal_kling,
    "fal-minimax": shotcaller_fal_minimax,
    "fal-seedance": shotcaller_fal_seedance,
    "fal-veo": shotcaller_fal_veo,
    "heygen": shotcaller_heygen,
}

KEYS = {"fal": "FAL_KEY", "heygen": "HEYGEN_API_KEY"}


def counter(
    *gateways: str, more: Mapping[str, object] | None = None, **changes: Any
) -> Context:
    """Returns what decides, with keys for some gateways and plugins besides ours."""
    variables = {KEYS[name]: "a:key" for name in gateways}
    settings = Settings.load(Path("nowhere"), variables)
    registry = Registry({**PLUGINS, **(more or {})})
    context = Setup.load(settings, registry).context()
    known = {
        "registry": context.registry,
        "accounts": context.accounts,
        "profiles": context.profiles,
        "today": TODAY,
    }
    return Context(**{**known, **changes})
