"""Installs fal's JavaScript client once, and runs programs that use it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from shotcaller_emulator.fal import KEY

HERE = Path(__file__).parent
PACKAGE = HERE / "package.json"
CLIENT = "@fal-ai/client"
UNREACHABLE = (
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
)
"""How npm names it that there is no way to a registry."""

PATIENCE = (
    "--fetch-retries=2",
    "--fetch-retry-factor=2",
    "--fetch-retry-mintimeout=300",
    "--fetch-retry-maxtimeout=3000",
)
"""How npm is told to wait for a registry: a second, in which a hiccup is over."""


class JavaScriptError(Exception):
    """Is what a program threw: ``said`` is how the client words it."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__(said["message"])
        self.said = said


@frozen
class Node:
    """Is Node, with the client in a folder that is for it alone."""

    program: str
    folder: Path

    def run(
        self, hosts: Mapping[str, str], scenario: str, *, key: str = KEY, **given: Any
    ) -> Any:
        """Returns what a scenario returns; raises what it throws.

        ``hosts`` says where each of fal's hosts is; there are no others.
        """
        told = {"folder": str(self.folder), "hosts": hosts, "given": given}
        command = [self.program, str(HERE / "driver.mjs"), scenario, json.dumps(told)]
        done = subprocess.run(
            command,
            env={"PATH": os.environ["PATH"], "FAL_KEY": key},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        if "thrown" in said:
            raise JavaScriptError(said["thrown"])
        return said.get("returned")


def programs() -> tuple[str, str] | None:
    """Returns where Node and npm are, if both are installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return None if node is None or npm is None else (node, npm)


def version() -> str:
    """Returns the version of the client that is run."""
    pinned: str = json.loads(PACKAGE.read_text("utf-8"))["dependencies"][CLIENT]
    return pinned


def found(cache: Path) -> Node:
    """Returns Node with the client, which is installed if it is not in the cache yet.

    Skips, and says why, where there is no Node, no npm, or no way to a registry.
    """
    where = programs()
    if where is None:
        pytest.skip(f"Node or npm is not installed, so {CLIENT} is not run")
    folder = cache / version()
    if not folder.exists():
        _install(where[1], folder)
    return Node(where[0], folder)


def _install(npm: str, folder: Path) -> None:
    """Makes a folder with the client in it, at once or not at all."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        place = Path(name) / "client"
        place.mkdir()
        for file in (PACKAGE, PACKAGE.with_name(".npmrc")):
            shutil.copy(file, place)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(
            [*command, "--prefer-offline", *PATIENCE],
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and any(word in done.stderr for word in UNREACHABLE):
            pytest.skip(f"npm reaches no registry, and {CLIENT} is not in its cache")
        assert done.returncode == 0, done.stderr
        try:
            place.rename(folder)
        except OSError:  # another worker was faster
            assert folder.is_dir()
