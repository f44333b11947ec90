"""``python -m shotcaller`` is the command, or says where to get it."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from shotcaller import __main__ as module


class Point:
    """Stands for an installed console script."""

    def __init__(self, result: int | None) -> None:
        self.result = result

    def load(self) -> object:
        return lambda: self.result


@pytest.mark.parametrize(("result", "code"), [(None, 0), (6, 6)])
def test_the_installed_command_is_run(
    monkeypatch: pytest.MonkeyPatch, result: int | None, code: int
) -> None:
    monkeypatch.setattr(metadata, "entry_points", lambda **_: [Point(result)])
    assert module.main() == code


def test_it_is_a_program_of_its_own() -> None:
    command = [sys.executable, "-m", "shotcaller", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    installed = metadata.entry_points(group="console_scripts", name="shotcaller")
    assert ran.returncode == (0 if installed else 2)
    assert "shotcaller" in ran.stdout + ran.stderr


def test_without_the_command_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metadata, "entry_points", lambda **_: [])
    assert module.main() == 2
    assert capsys.readouterr().err == (
        "error: The command is a package of its own: pip install shotcaller-cli\n"
    )
