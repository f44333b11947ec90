from __future__ import annotations

import io
from decimal import Decimal

from rich.console import Console

from shotcaller import Brief, Registry, Shot, Take
from shotcaller.catalog import Quote
from shotcaller.take import Running
from shotcaller_cli.bar import Bar

PRICE = Quote(Decimal(1), Decimal(1), Decimal(1))


def test_a_take_whose_model_is_gone_is_drawn_without_a_time_to_expect() -> None:
    take = Take(
        digest="d",
        brief=Brief(),
        asked=Shot("A fox"),
        model="gone/model",
        title="Gone Model",
        gateway="gone",
        account="gone",
        plugin="gone",
        quote=PRICE,
        folder="",
        id="1",
        key="k",
        status=Running(fraction=0.5),
    )
    drawn = io.StringIO()

    with Bar(Console(file=drawn, force_terminal=True, width=80), Registry({})) as bar:
        bar.watch(take)
        bar._progress.refresh()

    assert "Gone Model" in drawn.getvalue()
    assert "50%" in drawn.getvalue()
    assert "of about" not in drawn.getvalue()
