"""Distributions that were built and installed as users do it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.installed.environments import UV, Environment, run

ROOT = Path(__file__).parents[2]
PROJECTS = Path(__file__).with_name("projects")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds every distribution that the tests install."""
    into = tmp_path_factory.mktemp("wheels")
    sources = tmp_path_factory.mktemp("sources")
    ours = [ROOT / "core", ROOT / "plugins" / "cli", ROOT / "plugins" / "animatic"]
    for project in (*ours, *sorted(PROJECTS.iterdir())):
        copy = sources / project.name
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("*cache*"))
        done = run(UV, "build", "--wheel", "--out-dir", into, copy)
        assert done.returncode == 0, done.stderr
    return into


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Environment:
    """Makes an empty environment for the tests of one module."""
    folder = tmp_path_factory.mktemp("environment")
    done = run(UV, "venv", "--python", sys.executable, folder / "venv")
    assert done.returncode == 0, done.stderr
    return Environment(folder, wheels)


@pytest.fixture(scope="module")
def complete(environment: Environment) -> Environment:
    """Installs what `uv run shotcaller` has in a clone."""
    environment.install("shotcaller", "shotcaller_cli", "shotcaller_animatic")
    return environment
