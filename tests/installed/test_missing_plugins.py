"""Plugins that were there and are gone."""

from __future__ import annotations

import json
from pathlib import Path

from tests.installed.environments import DRAFT, Environment


def test_without_the_gateway_generate_says_what_to_install(
    complete: Environment,
) -> None:
    complete.uninstall("shotcaller-animatic")
    done = complete.shotcaller("generate", "A fox", "--seconds", "1")
    complete.install("shotcaller_animatic")

    assert done.returncode == 3
    assert done.stdout == ""
    assert "shotcaller-animatic" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_take_says_whose_plugin_is_gone(complete: Environment) -> None:
    made = complete.shotcaller("generate", "A hare", "--seconds", "1", "--json")
    take = json.loads(made.stdout)["take"]
    complete.uninstall("shotcaller-animatic")
    shown = complete.shotcaller("show", take)
    complete.install("shotcaller_animatic")

    assert shown.returncode == 0, shown.stderr
    assert "animatic/draft" in shown.stdout


def test_without_the_command_the_library_works(complete: Environment) -> None:
    complete.uninstall("shotcaller-cli")
    done = complete.code(DRAFT)
    gone = not complete.python.with_name("shotcaller").exists()
    complete.install("shotcaller_cli")

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()
    assert gone


def test_the_command_works_again_with_all_plugins_back(complete: Environment) -> None:
    done = complete.shotcaller("generate", "An otter", "--seconds", "1")

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()
