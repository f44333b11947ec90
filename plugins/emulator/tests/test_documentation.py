"""What is written about the emulator is true, as far as it stands beside it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from shotcaller_emulator.command import emulate
from shotcaller_emulator.vendors import TROUBLES

README = Path(__file__).parents[1] / "README.md"
PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "emulate.md"

pytestmark = pytest.mark.skipif(
    not (README.exists() and PAGE.exists()), reason="the pages are not here"
)


def rows(path: Path, heading: str) -> dict[str, str]:
    """Returns the tables under a heading, by their first columns."""
    section = path.read_text("utf-8").partition(f"\n## {heading}\n")[2]
    lines = section.partition("\n## ")[0].splitlines()
    cells = [line.split("|")[1:3] for line in lines if line.startswith("| `")]
    return {name.strip().strip("`"): says.strip() for name, says in cells}


def blocks(path: Path, heading: str) -> list[str]:
    """Returns the Python under a heading."""
    section = path.read_text("utf-8").partition(f"\n## {heading}\n")[2]
    part = section.partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", part, re.DOTALL)


def test_every_fault_is_in_the_table() -> None:
    expected = {name: trouble.says for name, trouble in TROUBLES.items()}

    assert rows(PAGE, "Let things go wrong") == expected


def test_every_option_is_in_the_table() -> None:
    named = {
        option.opts[0] if isinstance(option, click.Option) else "COMMAND"
        for option in emulate.params
    }

    assert {name.partition(" ")[0] for name in rows(README, "The command")} == named


@pytest.mark.parametrize(
    ("path", "heading"), [(README, "The fixture"), (PAGE, "In your own tests")]
)
def test_the_tests_that_are_shown_pass(
    tmp_path: Path, path: Path, heading: str
) -> None:
    pytest.importorskip("shotcaller_fal_veo")
    conftest, shown = blocks(path, heading)
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_shown.py").write_text(shown)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, str(tmp_path)],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
