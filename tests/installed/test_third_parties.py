"""Plugins of other people, a good one and a broken one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.installed.environments import DRAFT, Environment


@pytest.fixture(scope="module")
def crowded(complete: Environment) -> Environment:
    complete.install("shotcaller_postcard", "shotcaller_seance")
    return complete


LISTED = """
import json
from attrs import asdict
from shotcaller import Shotcaller

with Shotcaller() as caller:
    print(json.dumps([asdict(row) for row in caller.plugins()]))
"""


def plugin(environment: Environment, name: str) -> dict[str, Any]:
    done = environment.code(LISTED)
    assert done.returncode == 0, done.stderr
    (row,) = [row for row in json.loads(done.stdout) if row["name"] == name]
    found: dict[str, Any] = row
    return found


def test_a_third_partys_plugin_is_found(crowded: Environment) -> None:
    expected = {
        "name": "postcard",
        "distribution": "shotcaller-postcard",
        "version": "1.2.3",
        "gateways": ["postcard"],
        "models": ["postcard/view-1"],
        "broken": "",
    }

    assert expected == plugin(crowded, "postcard")


def test_a_plugin_that_raises_at_import_is_listed_with_its_reason(
    crowded: Environment,
) -> None:
    expected = {
        "name": "seance",
        "distribution": "shotcaller-seance",
        "version": "0.0.7",
        "gateways": [],
        "models": [],
        "broken": "RuntimeError: the spirits are silent",
    }

    assert expected == plugin(crowded, "seance")


def test_a_broken_plugin_harms_no_other(crowded: Environment) -> None:
    done = crowded.code(DRAFT)

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()


def test_the_command_lists_them_all(crowded: Environment) -> None:
    done = crowded.shotcaller("plugins")

    assert done.returncode == 0, done.stderr
    assert "shotcaller-postcard" in done.stdout
    assert "the spirits are silent" in done.stdout


def test_a_plugin_can_be_switched_off(crowded: Environment) -> None:
    done = crowded.shotcaller("models", "--json", SHOTCALLER_DISABLE="postcard")

    assert done.returncode == 0, done.stderr
    assert "animatic/draft" in done.stdout
    assert "postcard/view-1" not in done.stdout
