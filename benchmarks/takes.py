"""Measures a thousand takes at once in one process, beside bare requests in it."""

from __future__ import annotations

import json
import os
import sys

from benchmarks.crowd import Cost
from benchmarks.running import run
from benchmarks.tables import Row, Table, compared
from benchmarks.vendors import sketched
from shotcaller_emulator.fal import Fal, Pace
from shotcaller_emulator.serving import serve

COUNT = 1_000
PACE = Pace(queued=5.0, running=60.0)
MOST_CPU = 1.5
MOST_MEMORY = 150.0

NOTE = f"""\
{COUNT} takes in one process, from the last submit to the first clip; the emulator is
in another. The processor time is that of the whole process, its threads included. What
httpx alone needs for the same request, asked as often at once, is the machine's part: a
busy machine makes both dearer."""


def cost(count: int = COUNT) -> Cost:
    """Returns what a crowd of takes cost a process of its own."""
    with serve(Fal(sketched, pace=PACE)) as server:
        program = (sys.executable, "-m", "benchmarks.crowd", server.url, str(count))
        return Cost(**json.loads(run(*program, env=dict(os.environ))))


def table() -> Table:
    """Returns what was measured."""
    found = cost()
    rows = [
        Row(
            "processor time of a poll",
            "a bare GET by httpx",
            1_000 * found.cpu / found.polls,
            1_000 * found.bare,
            "ms",
            MOST_CPU,
        ),
        Row(
            "most memory",
            "before the first take",
            found.peak,
            found.alone,
            "MB",
            MOST_MEMORY,
        ),
    ]
    note = f"{NOTE}\n{found.polls} polls in {found.seconds:.0f} s."
    return compared("A thousand takes at once", rows, note)
