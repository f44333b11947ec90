"""The ledger says how every job stands, whatever its fate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shotcaller_emulator.fal import Ending, Fate


def test_a_fate_is_one_jobs_only(ask: Any) -> None:
    ask.vendor.script("job", Fate(Ending(500, {"detail": "broken"})))
    first, second = ask.result(), ask.result()

    assert (first.status, first.json()) == (500, {"detail": "broken"})
    assert second.status == 200


def test_no_fate_makes_a_good_job_of_a_bad_input(ask: Any) -> None:
    ask.vendor.script("job", Fate(Ending(500, {"detail": "broken"})))

    assert ask.result(duration=4).status == 422


def test_the_ledger_says_how_every_job_stands(ask: Any) -> None:
    ask.vendor.script("job", Fate(), Fate(Ending(500, {"detail": "broken"})))
    ask.submit(duration="4s")
    ask.submit()
    third = ask.submit(prompt="late")
    states = [[line.state for line in ask.vendor.ledger]]
    for seconds in (2, 60):
        ask.pass_(seconds)
        ask.status(third)
        states.append([line.state for line in ask.vendor.ledger])

    assert states == [["queued"] * 3, ["running"] * 3, ["done", "failed", "done"]]
    line = ask.vendor.ledger[2]
    assert line.request_id == third["request_id"]
    assert line.endpoint == "fal-ai/veo3.1/fast"
    assert line.input == {"prompt": "late"}
    assert [line.billed for line in ask.vendor.ledger] == [
        Decimal("0.6"),
        Decimal(0),
        Decimal("1.2"),
    ]
    assert ask.vendor.billed == Decimal("1.8")
