"""Runs programs and times them, both sides of a pair in turns."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROUNDS = 15


def environment(home: Path) -> dict[str, str]:
    """Returns the environment of a user who has run the programs before."""
    kept = {name: value for name, value in os.environ.items() if "KEY" not in name}
    # Compiled modules are kept between runs, as on any user's machine.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept.pop("PYTHONPATH", None)  # that of the benchmarks themselves
    own = {"SHOTCALLER_HOME": str(home / "shots"), "LLM_USER_PATH": str(home / "llm")}
    return kept | own


def run(*command: str, env: dict[str, str], cwd: Path | None = None) -> str:
    """Runs a program to its end and returns what it printed."""
    return subprocess.run(
        command, env=env, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def timed(
    action: Callable[[], object], clock: Callable[[], float] = perf_counter
) -> float:
    """Returns how many seconds an action took, by a clock."""
    start = clock()
    action()
    return clock() - start


def in_turns(
    ours: Callable[[], float],
    theirs: Callable[[], float],
    rounds: int = ROUNDS,
    among: Callable[[list[float]], float] = median,
) -> tuple[float, float]:
    """Returns the median of each side, after a round that does not count.

    ``among`` says which figure it is instead; the least is what a busy machine spoils
    least.
    """
    _ = ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return among([pair[0] for pair in pairs]), among([pair[1] for pair in pairs])
