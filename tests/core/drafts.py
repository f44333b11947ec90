"""Makes drafts of takes for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import evolve

from shotcaller import Brief, Shot
from shotcaller.catalog import Quote
from shotcaller.take import Draft


def draft(digest: str = "d", **changes: Any) -> Draft:
    quote = Quote(Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
    made = Draft(
        digest=digest,
        brief=Brief(),
        asked=Shot("A boat"),
        model="paper/one",
        title="Paper one",
        gateway="paper",
        account="paper:KEY@https://api.paper.test",
        plugin="paper 1",
        quote=quote,
        reserved=Decimal("0.3"),
        folder="clips",
    )
    return evolve(made, **changes)
