"""Describes what is on offer and how it compares.

Everything here is data, from which fitting, tables, docs and tests derive.
"""

from __future__ import annotations

from shotcaller.catalog.choices import Candidate, Quote, Ranking, Vote, dollars
from shotcaller.catalog.gateways import Gateway, Safety, Upload
from shotcaller.catalog.models import (
    FREE,
    Capabilities,
    Evidence,
    Lengths,
    Lifecycle,
    Model,
    Operation,
    Option,
    Price,
    Rate,
    Sound,
    Unit,
)

__all__ = [
    "FREE",
    "Candidate",
    "Capabilities",
    "Evidence",
    "Gateway",
    "Lengths",
    "Lifecycle",
    "Model",
    "Operation",
    "Option",
    "Price",
    "Quote",
    "Ranking",
    "Rate",
    "Safety",
    "Sound",
    "Unit",
    "Upload",
    "Vote",
    "dollars",
]
