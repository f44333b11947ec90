"""The library with nothing beside it."""

from __future__ import annotations

import pytest

from tests.installed.environments import Environment

NO_GATEWAY = """
from shotcaller import NothingFits, Shot, Shotcaller

with Shotcaller() as caller:
    print(caller.plugins(), caller.gateways(), caller.models())
    try:
        caller.generate(Shot("A fox"))
    except NothingFits as error:
        print(error)
"""


@pytest.fixture(scope="module")
def core(environment: Environment) -> Environment:
    environment.install("shotcaller")
    return environment


def test_it_imports_and_lists_no_gateways(core: Environment) -> None:
    done = core.code(NO_GATEWAY)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("() () ()\n")


def test_it_says_what_to_install(core: Environment) -> None:
    done = core.code(NO_GATEWAY)

    assert "shotcaller-animatic" in done.stdout


def test_it_brings_no_command(core: Environment) -> None:
    assert not core.python.with_name("shotcaller").exists()
