"""A clip passes through memory in little pieces, however large it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def measured(most: float) -> subprocess.CompletedProcess[str]:
    # Measured as users run it: what counts coverage takes memory as well.
    ours = ("PATH", "LANG", "HOME", "TMPDIR")
    env = {name: os.environ[name] for name in ours if name in os.environ}
    command = [sys.executable, "-m", "benchmarks.download", "64", str(most)]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


SEEN = """
from benchmarks.download import forget_peak, peak
forget_peak()
before = peak()
taken = b"x" * (20 * 2**20)
del taken
print(round(peak() - before))
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells how much")


@linux
@pytest.mark.parametrize(("most", "kept"), [(8, True), (-1, False)])
def test_a_clip_of_64_mib_takes_less_than_8_of_memory(most: float, kept: bool) -> None:
    """As strict as 64 MiB are for a clip of half a GiB."""
    done = measured(most)

    assert done.stderr == ""
    assert done.stdout.startswith("clips of 64 MiB: ")
    assert done.returncode == (0 if kept else 1)


@linux
def test_the_measure_sees_what_is_taken_and_given_back() -> None:
    seen = subprocess.check_output([sys.executable, "-c", SEEN], cwd=ROOT, text=True)

    assert 19 <= int(seen) <= 21
