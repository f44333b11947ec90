"""Describes what is on offer and how it compares.

Everything here is data, from which fitting, tables, docs and tests derive.
"""

from __future__ import annotations

from shotcaller.catalog.capabilities import (
    Capabilities,
    Lengths,
    Operation,
    Sound,
    operation,
    starts,
)
from shotcaller.catalog.choices import Candidate, Quote, Ranking, Vote, dollars
from shotcaller.catalog.gateways import Gateway, Safety, Upload
from shotcaller.catalog.models import Evidence, Lifecycle, Model
from shotcaller.catalog.options import Form, Option, strays
from shotcaller.catalog.prices import FREE, GIVEN, Price, Rate, Surcharge, Unit
from shotcaller.catalog.quoted import VALID_FOR, Quoted

__all__ = [
    "FREE",
    "GIVEN",
    "VALID_FOR",
    "Candidate",
    "Capabilities",
    "Evidence",
    "Form",
    "Gateway",
    "Lengths",
    "Lifecycle",
    "Model",
    "Operation",
    "Option",
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
    "Vote",
    "dollars",
    "operation",
    "starts",
    "strays",
]
