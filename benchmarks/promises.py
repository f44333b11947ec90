"""Measures how soon the library, the command and a draft are there.

Every pair is measured in turns, in fresh processes, so that whatever else the machine
does meets both sides alike.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.running import environment, in_turns, run, timed
from benchmarks.tables import Row, Table, compared

PROMPTS = (
    "A drone shot over a coastal city at sunset",
    "Slow dolly through a snowy forest at night",
    "Handheld pan across a desert market in the morning",
)
SECONDS = 8

IMPORT = "from time import perf_counter as t; s = t(); {}; print(t() - s)"
# The second pair is what a program really does; a module may load its parts late.
IMPORTS = (
    ("import shotcaller", "import fal_client"),
    ("from shotcaller import Shot, Shotcaller", "from fal_client import SyncClient"),
)
RENDER = """
import sys
from time import perf_counter
from shotcaller import Shot, Shotcaller

with Shotcaller() as caller:
    shot = Shot(sys.argv[1], seconds={seconds}, ratio="16:9", resolution="720p")
    start = perf_counter()
    clip = caller.generate(shot)
    took = perf_counter() - start
assert (clip.width, clip.height) == (1280, 720), clip
assert abs(clip.seconds - {seconds}) < 0.1, clip
print(took)
"""


def imports(ours: str, theirs: str, env: dict[str, str]) -> tuple[float, float]:
    """Measures one import against another."""

    def one(statement: str) -> float:
        return float(run(sys.executable, "-c", IMPORT.format(statement), env=env))

    return in_turns(lambda: one(ours), lambda: one(theirs))


def helps(env: dict[str, str]) -> tuple[float, float]:
    """Measures `shotcaller --help` against `llm --help`."""

    def one(program: str) -> float:
        script = Path(sys.executable).with_name(program)
        return timed(lambda: run(str(script), "--help", env=env))

    return in_turns(lambda: one("shotcaller"), lambda: one("llm"))


def renders(env: dict[str, str], home: Path) -> float:
    """Returns the median seconds of a draft, from asking to the finished file."""
    program = home / "render.py"
    program.write_text(RENDER.format(seconds=SECONDS), "utf-8")
    return median(
        float(run(sys.executable, str(program), prompt, env=env, cwd=home).split()[-1])
        for prompt in PROMPTS
    )


def table() -> Table:
    """Returns what was measured, beside fal's own client and ``llm``."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = environment(home)
        rows = [Row(*pair, *imports(*pair, env), "s", ratio=1.0) for pair in IMPORTS]
        shown, drawn = helps(env), renders(env, home)
    rows += [
        Row("shotcaller --help", "llm --help", *shown, "s", ratio=0.5),
        Row(
            f"draft of {SECONDS} s, 720p", "real time", drawn, SECONDS, "s", ratio=0.25
        ),
    ]
    return compared("How soon it is there", rows)
