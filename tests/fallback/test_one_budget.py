"""Two real processes spend from one daily budget, and never more than it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from shotcaller import Settings, Shotcaller
from shotcaller_emulator.command import environment
from shotcaller_emulator.fal import Fal, Pace
from shotcaller_emulator.serving import serve
from tests.heygen.conftest import sketched

SPENDER = """
import sys
from shotcaller import Brief, OverBudget, Shot, Shotcaller
name, accepted = sys.argv[1], 0
brief = Brief(model="fal/veo-3.1-fast")
with Shotcaller() as caller:
    for number in range(8):
        try:
            caller.submit(Shot(f"Boat {number} of {name}", seconds=4), brief)
        except OverBudget as error:
            assert error.exit_code == 7
        else:
            accepted += 1
print(accepted)
"""


def test_two_processes_with_one_budget_of_five_dollars_never_exceed_it(
    tmp_path: Path,
) -> None:
    fal = Fal(sketched, pace=Pace(queued=0, running=0))
    with serve(fal) as server:
        known = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        env = {
            **known,
            **environment(server.url),
            "SHOTCALLER_HOME": str(tmp_path / "home"),
            "SHOTCALLER_BUDGET_DAY": "5",
        }
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", SPENDER, name],
                env=env,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two")
        ]
        accepted = [int(each.communicate(timeout=120)[0]) for each in processes]
        ledger = fal.ledger_at(datetime.now(UTC) + timedelta(hours=1))

    settings = Settings.load(environ=env)
    with Shotcaller(settings=settings) as caller:
        (left,) = caller.budgets()
    assert sum(accepted) == len(ledger) == 8  # at sixty cents each
    assert sum(line.billed for line in ledger) == Decimal("4.80")
    assert left.reserved + left.spent == Decimal("4.80")
