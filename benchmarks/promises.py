"""Measures what the project promises about speed; exits with 1 if it is not kept.

Every pair is measured in one run, in turns, in fresh processes, so that whatever else
the machine does meets both sides alike. `nox -s bench` runs this in an environment
that holds both sides of each pair.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 15
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


def environment(home: Path) -> dict[str, str]:
    """Returns the environment of a user who has run the programs before."""
    kept = {name: value for name, value in os.environ.items() if "KEY" not in name}
    # Compiled modules are kept between runs, as on any user's machine.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    own = {"SHOTCALLER_HOME": str(home / "shots"), "LLM_USER_PATH": str(home / "llm")}
    return kept | own


def run(*command: str, env: dict[str, str]) -> str:
    """Runs a program to its end and returns what it printed."""
    return subprocess.run(
        command, env=env, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def timed(action: Callable[[], object]) -> float:
    """Returns how many seconds an action took."""
    start = perf_counter()
    action()
    return perf_counter() - start


def in_turns(
    ours: Callable[[], float], theirs: Callable[[], float]
) -> tuple[float, float]:
    """Returns the median of each side in seconds, after a round that does not count."""
    _ = ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(ROUNDS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


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
        float(run(sys.executable, str(program), prompt, env=env).split()[-1])
        for prompt in PROMPTS
    )


def main() -> int:
    """Prints the table; returns 1 if a promise is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = environment(home)
        os.chdir(home)
        imported = [(*pair, *imports(*pair, env), 1.0) for pair in IMPORTS]
        help_shown, drawn = helps(env), renders(env, home)
    rows = [
        *imported,
        ("shotcaller --help", "llm --help", *help_shown, 0.5),
        (f"draft of {SECONDS} s, 720p", "real time", drawn, float(SECONDS), 0.25),
    ]
    print(
        f"{'measured':41}{'against':36}{'ours':>9}{'theirs':>9}{'ratio':>8}{'most':>7}"
    )
    broken = 0
    for ours, theirs, mine, other, most in rows:
        ratio = mine / other
        broken += ratio > most
        verdict = "" if ratio <= most else "   not kept"
        times = f"{mine:8.3f}s{other:8.3f}s{ratio:8.2f}{most:7.2f}"
        print(f"{ours:41}{theirs:36}{times}{verdict}")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
