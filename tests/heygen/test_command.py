"""The command itself, against an emulated HeyGen: real files, real exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOTCALLER = str(Path(sys.executable).with_name("shotcaller"))


def emulated(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of Shotcaller's, led to the emulator, with one thing wrong."""
    fault, *command = arguments
    lead = [SHOTCALLER, "emulate", "--speed", "300", "--fault", f"heygen-{fault}", "--"]
    return subprocess.run(
        [*lead, SHOTCALLER, *command],
        cwd=folder,
        env=os.environ | {"SHOTCALLER_HOME": str(folder / "home")},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_lost_reply_brings_the_clip_and_one_bill(tmp_path: Path) -> None:
    wish = ["A fox", "--model", "heygen/video-1", "--resolution", "480p", "--yes"]
    done = emulated(tmp_path, "accept-then-drop", "generate", *wish)

    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path.read_bytes()[4:8] == b"ftyp"
    assert "1 job, 1 done; heygen would have billed $0.10.\n" in done.stderr


def test_a_lost_reply_of_the_old_call_ends_with_5(tmp_path: Path) -> None:
    wish = ["A fox", "--model", "heygen/sora-2", "--yes"]
    done = emulated(tmp_path, "execute-then-drop", "generate", *wish)

    assert done.returncode == 5
    assert done.stdout == ""
    assert "warning: heygen/sora-2 retired on 2026-09-24; then use heygen/video-1" in (
        done.stderr
    )
    assert "may or may not have been accepted" in done.stderr
    assert "1 job, " in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("fault", ["execute-404", "execute-410"])
def test_a_path_that_is_gone_ends_with_4(tmp_path: Path, fault: str) -> None:
    wish = ["A fox", "--model", "heygen/veo-3.1", "--yes"]
    done = emulated(tmp_path, fault, "generate", *wish)

    assert done.returncode == 4
    assert "HeyGen does not serve this any more" in done.stderr
    assert "Nothing was charged" in done.stderr


def test_models_tell_their_ends_plainly(tmp_path: Path) -> None:
    done = emulated(tmp_path, "slow-queue", "models")

    lines = [line for line in done.stdout.splitlines() if line.startswith("heygen/")]
    assert len(lines) == 15
    (sora,) = (line for line in lines if line.startswith("heygen/sora-2 "))
    assert sora.endswith("retired on 2026-09-24; use heygen/video-1")


def test_the_doctor_asks_for_the_account(tmp_path: Path) -> None:
    done = emulated(tmp_path, "slow-queue", "doctor", "--online")

    (line,) = (row for row in done.stdout.splitlines() if "account heygen" in row)
    assert line.split("account heygen")[1].strip() == (
        "the key is good; it pays for what is used"
    )
