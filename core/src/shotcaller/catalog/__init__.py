"""Describes what is on offer and how it compares.

Everything here is data, from which fitting, tables, docs and tests derive.
"""

from __future__ import annotations

from shotcaller.catalog.capabilities import (
    Capabilities,
    Lengths,
    Operation,
    Pictures,
    Sound,
    operation,
    starts,
)
from shotcaller.catalog.choices import (
    UNPRICED,
    Candidate,
    Change,
    Margin,
    Quote,
    Ranking,
    Veto,
    Vote,
    dollars,
)
from shotcaller.catalog.gateways import Gateway, Safety, Upload
from shotcaller.catalog.histories import NO_HISTORY, History
from shotcaller.catalog.models import Evidence, Lifecycle, Model
from shotcaller.catalog.options import Form, Option, strays
from shotcaller.catalog.prices import FREE, GIVEN, Price, Rate, Surcharge, Unit
from shotcaller.catalog.quoted import VALID_FOR, Quoted

__all__ = [
    "FREE",
    "GIVEN",
    "NO_HISTORY",
    "UNPRICED",
    "VALID_FOR",
    "Candidate",
    "Capabilities",
    "Change",
    "Evidence",
    "Form",
    "Gateway",
    "History",
    "Lengths",
    "Lifecycle",
    "Margin",
    "Model",
    "Operation",
    "Option",
    "Pictures",
    "Price",
    "Quote",
    "Quoted",
    "Ranking",
    "Rate",
    "Safety",
    "Sound",
    "Surcharge",
    "Unit",
    "Upload",
    "Veto",
    "Vote",
    "dollars",
    "operation",
    "starts",
    "strays",
]
