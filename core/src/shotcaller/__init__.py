"""Makes video clips through every AI-video gateway: you describe the shot.

``Shotcaller`` and ``AsyncShotcaller`` are where to begin; plugin authors begin with
:mod:`shotcaller.plugin`. Importing this loads no HTTP library and touches no network.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # each name is loaded on first use: start-up time is a promise
    from shotcaller.budgets import Allowance, Budgets, ProjectBudget, Spending
    from shotcaller.catalog import Change, Gateway, Model, Quote, Quoted, Ranking
    from shotcaller.client.asynchronous import AsyncShotcaller
    from shotcaller.client.sync import Shotcaller
    from shotcaller.client.verification import Verification
    from shotcaller.errors import (
        BadInput,
        Cancelled,
        GatewayError,
        JournalError,
        NothingFits,
        OverBudget,
        PluginError,
        Refused,
        ShotcallerError,
        StillRunning,
        TakeFailed,
        Uncertain,
        Undelivered,
    )
    from shotcaller.registry import Plugin, Registry
    from shotcaller.secret import Secret
    from shotcaller.settings import Settings
    from shotcaller.shot import Brief, Cut, Fallback, Kind, Media, Shot
    from shotcaller.take import Cancellation, Clip, Receipt, State, Take

__all__ = [
    "Allowance",
    "AsyncShotcaller",
    "BadInput",
    "Brief",
    "Budgets",
    "Cancellation",
    "Cancelled",
    "Change",
    "Clip",
    "Cut",
    "Fallback",
    "Gateway",
    "GatewayError",
    "JournalError",
    "Kind",
    "Media",
    "Model",
    "NothingFits",
    "OverBudget",
    "Plugin",
    "PluginError",
    "ProjectBudget",
    "Quote",
    "Quoted",
    "Ranking",
    "Receipt",
    "Refused",
    "Registry",
    "Secret",
    "Settings",
    "Shot",
    "Shotcaller",
    "ShotcallerError",
    "Spending",
    "State",
    "StillRunning",
    "Take",
    "TakeFailed",
    "Uncertain",
    "Undelivered",
    "Verification",
]

_HOMES = {
    "budgets": ("Allowance", "Budgets", "ProjectBudget", "Spending"),
    "catalog": ("Change", "Gateway", "Model", "Quote", "Quoted", "Ranking"),
    "client.asynchronous": ("AsyncShotcaller",),
    "client.sync": ("Shotcaller",),
    "client.verification": ("Verification",),
    "registry": ("Plugin", "Registry"),
    "secret": ("Secret",),
    "settings": ("Settings",),
    "shot": ("Brief", "Cut", "Fallback", "Kind", "Media", "Shot"),
    "take": ("Cancellation", "Clip", "Receipt", "State", "Take"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    home = next((home for home, names in _HOMES.items() if name in names), "errors")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # asked for once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
