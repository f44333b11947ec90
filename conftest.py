"""What every test and every example of the documentation stands on.

No socket but to this machine, no key and no setting of whoever runs the tests, and a
home of one's own.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import Traceback
from sybil import Example, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

pytest_plugins = ["tests.profiles"]

KEYS = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET", "HEYGEN_API_KEY")


def is_here(host: object) -> bool:
    """Tells whether a host is this machine."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def stay_here(event: str, details: tuple[Any, ...]) -> None:
    """Refuses to look up or to reach any machine but this one."""
    match event, details:
        case "socket.getaddrinfo", (host, *_):
            pass
        case "socket.connect" | "socket.sendto", (_, (host, *_)):
            pass
        case _:
            return
    if not is_here(host):
        # A failure, not an error: no `except Exception` on the way may swallow it.
        pytest.fail(f"a test wanted to reach {host!r}; tests stay on this machine")


sys.addaudithook(stay_here)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Takes away keys, settings and proxies; gives the test a home of its own."""
    for name in list(os.environ):
        if name in KEYS or name.startswith("SHOTCALLER_") or name.endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Runs the examples of a page in a folder and with a home of their own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("page")
        for name in KEYS:
            patch.setenv(name, "")  # so that what a page sets is taken back
            patch.delenv(name)
        patch.setenv("SHOTCALLER_HOME", str(folder / "home"))
        patch.chdir(folder)
        yield folder


def run_console(example: Example) -> None:
    """Runs each `$ shotcaller …` of a block; what it prints must be what stands there.

    `$ export NAME=value` holds for the rest of the page; other commands are not run.
    `...` stands for anything; a command that is shown without what it prints must end
    well.
    """
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    for part in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        program, *arguments = shlex.split(command)
        if program == "export":
            name, _, value = arguments[0].partition("=")
            os.environ[name] = value
        if program != "shotcaller":
            continue
        script = Path(sys.executable).with_name(program)
        done = subprocess.run(
            [script, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        checker = doctest.OutputChecker()
        met = checker.check_output(expected, done.stdout, flags)
        if not (met if expected.strip() else done.returncode == 0):
            message = f"$ {command}\nexpected:\n{expected}\ngot:\n{done.stdout}"
            raise AssertionError(message + done.stderr)


def traceback(item: SybilItem, error: pytest.ExceptionInfo[BaseException]) -> Traceback:
    """Shortens a traceback to the example, if the error was raised in it at all."""
    try:
        return shortened(item, error)
    except IndexError:  # a warning, such as that of a file left open, comes after it
        return error.traceback


shortened = SybilItem._traceback_filter  # noqa: SLF001  it cannot be set otherwise
SybilItem._traceback_filter = traceback  # type: ignore[assignment,method-assign]  # noqa: SLF001

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser("console", run_console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/**/*.md", "docs/*.md"],
    fixtures=["own_folder"],
).pytest()
