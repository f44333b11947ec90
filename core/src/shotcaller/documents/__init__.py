"""Turns values into the JSON documents that commands, agents and servers hand out.

Every function returns plain dicts and lists, with the same keys every time; later
versions may add keys, and never lose one. Amounts are numbers in USD, times are ISO
8601 in UTC, lengths are in seconds; null is unknown, which is not zero.
"""

from __future__ import annotations

from shotcaller.documents.basics import (
    Document,
    day,
    moment,
    money,
)
from shotcaller.documents.choices import (
    candidate,
    change,
    quote,
    quoted,
    ranking,
    refusal,
)
from shotcaller.documents.installation import (
    Found,
    findings,
    gateway,
    gateways,
    lengths,
    model,
    models,
    plugins,
    price,
    why_not,
)
from shotcaller.documents.spending import allowance, spend, spending
from shotcaller.documents.takes import (
    Told,
    attempt,
    chain,
    clip,
    cost,
    error,
    receipt,
    shot,
    story,
    takes,
)
from shotcaller.documents.verifications import verification

__all__ = [
    "Document",
    "Found",
    "Told",
    "allowance",
    "attempt",
    "candidate",
    "chain",
    "change",
    "clip",
    "cost",
    "day",
    "error",
    "findings",
    "gateway",
    "gateways",
    "lengths",
    "model",
    "models",
    "moment",
    "money",
    "plugins",
    "price",
    "quote",
    "quoted",
    "ranking",
    "receipt",
    "refusal",
    "shot",
    "spend",
    "spending",
    "story",
    "takes",
    "verification",
    "why_not",
]
