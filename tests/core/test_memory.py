"""A clip passes through memory in little pieces, however large it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "download.py"


def measured(most: float) -> subprocess.CompletedProcess[str]:
    # Measured as users run it: what counts coverage takes memory as well.
    ours = ("PATH", "LANG", "HOME", "TMPDIR")
    env = {name: os.environ[name] for name in ours if name in os.environ}
    command = [sys.executable, "-I", str(SCRIPT), "64", str(most)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells how much it was")
@pytest.mark.parametrize(("most", "kept"), [(8, True), (0, False)])
def test_a_clip_of_64_mib_takes_less_than_8_of_memory(most: float, kept: bool) -> None:
    """As strict as 64 MiB are for 1 GiB, and it can fail."""
    done = measured(most)

    assert done.stderr == ""
    assert done.stdout.startswith("clips of 64 MiB: ")
    assert done.returncode == (0 if kept else 1)
