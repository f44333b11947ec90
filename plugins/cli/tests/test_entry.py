"""The command as a whole: help, versions, commands of plugins, what nobody foresaw."""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import pytest

import shotcaller_cli
from shotcaller import Registry
from shotcaller.plugin import hookimpl
from shotcaller_cli.failures import Terminated
from shotcaller_cli.hooks import Session
from shotcaller_cli.making import kept

COMMANDS = (
    "generate",
    "rank",
    "quote",
    "models",
    "gateways",
    "plugins",
    "takes",
    "show",
    "resume",
    "cancel",
    "adopt",
    "retake",
    "discard",
    "spend",
    "verify",
    "doctor",
)


class Extra:
    """Is a plugin that adds a command."""

    @hookimpl
    def shotcaller_commands(self, cli: click.Group) -> None:
        @cli.command()
        @click.option("--fail", is_flag=True)
        @click.pass_obj
        def count(session: Session, fail: bool) -> None:
            """Count the models."""
            if fail:
                raise ZeroDivisionError("\x1b[31mnothing\nto divide")
            with session.caller() as caller:
                click.echo(len(caller.models()))


class Rude:
    """Is a plugin that breaks while it adds commands."""

    @hookimpl
    def shotcaller_commands(self, cli: click.Group) -> None:
        cli.command("generate")(lambda: None)


class Wrong:
    """Is a plugin that asks for what the hook does not have."""

    @hookimpl
    def shotcaller_commands(self, tree: click.Group) -> None:
        raise AssertionError


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_lists_the_commands_in_the_order_of_a_visit(
    command: Any, args: list[str]
) -> None:
    done = command(*args)

    assert (done.code, done.err) == (0, "")
    listed = done.out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert not any(line.endswith("...") for line in listed)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(command: Any, name: str) -> None:
    assert command(name, "--help").out.startswith(f"Usage: shotcaller {name} ")


def test_it_tells_its_version(command: Any) -> None:
    ours, core = metadata.version("shotcaller-cli"), metadata.version("shotcaller")

    assert command("--version").out.startswith(f"shotcaller {ours} (library {core}, ")


def test_calling_main_ends_the_process(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        shotcaller_cli.main(["models", "--json"], registry=Registry())

    assert ended.value.code == 0
    assert capsys.readouterr().out == "[]\n"


def test_a_plugin_adds_a_command(command: Any) -> None:
    command.install(studio=command.studio, extra=Extra())

    assert "count     Count the models.\n" in command("--help").out
    assert command("count").out == "1\n"
    assert command("count").out == "1\n"  # and again, in the same process


def test_what_a_plugin_adds_stays_with_its_registry(command: Any) -> None:
    command.install(extra=Extra())
    command("count")

    assert "count" not in shotcaller_cli.main.commands


def test_a_plugin_that_breaks_harms_nothing(command: Any) -> None:
    command.install(rude=Rude(), extra=Extra(), studio=command.studio)
    done = command("generate", "A fox")

    assert done.code == 0
    assert done.err.startswith(
        "note: plugin rude failed in shotcaller_commands"
        " (ValueError: there is a command 'generate' already)\n"
    )
    assert "Traceback" not in done.err
    assert command("count").out == "1\n"


def test_a_plugin_with_other_arguments_harms_nothing(command: Any) -> None:
    command.install(wrong=Wrong(), extra=Extra())
    done = command("count")
    rows = {row["name"]: row for row in command("plugins", "--json").document}

    assert (done.code, done.out, done.err) == (0, "0\n", "")
    assert rows["wrong"]["broken"] == "shotcaller_commands has no argument tree"


def test_debugging_shows_why_a_plugin_breaks(
    command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_DEBUG", "1")
    command.install(rude=Rude())

    assert "Traceback" in command("models").err


def test_what_nobody_foresaw_is_one_sentence(command: Any) -> None:
    command.install(extra=Extra())
    done = command("count", "--fail")

    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: Sorry, this should not happen: ZeroDivisionError:"
        " \\x1b[31mnothing to divide\n"
        "next: `shotcaller takes` shows what is on record;"
        " SHOTCALLER_DEBUG=1 shows where it broke.\n"
    )


def test_debugging_shows_where_it_broke(
    command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_DEBUG", "1")
    command.install(extra=Extra())
    err = command("count", "--fail").err

    assert err.startswith("Traceback")
    assert "\x1b" not in err


def test_a_notice_is_given_once(command: Any) -> None:
    class Watcher:
        @hookimpl
        def shotcaller_observe(self, take: object) -> None:
            raise OSError("no disk")

    command.install(studio=command.studio, watcher=Watcher())
    done = command("generate", "A fox")

    assert done.code == 0
    assert done.err.count("note: plugin watcher failed in shotcaller_observe") == 1


def test_what_the_library_warns_of_is_a_notice(command: Any) -> None:
    class Watcher:
        @hookimpl
        def shotcaller_observe(self, take: object) -> None:
            logging.getLogger("shotcaller.watcher").warning("this looks odd")

    command.install(studio=command.studio, watcher=Watcher())

    assert command("generate", "A fox").err.count("note: this looks odd\n") == 1


def test_it_answers_on_any_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)

    assert shotcaller_cli.run(["models", "--json"], registry=Registry()) == 0
    assert json.loads(out.getvalue()) == []


def test_arguments_are_those_of_the_process_where_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["shotcaller", "plugins", "--json"])

    assert shotcaller_cli.run(registry=Registry()) == 0
    assert capsys.readouterr().out == "[]\n"


def in_process(*args: str, **kwargs: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shotcaller_cli", *args]
    return subprocess.run(command, text=True, check=False, **kwargs)


def test_it_runs_as_a_module_and_help_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "shotcaller_cli", "--help"]
    measured = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=measured
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    heavy = {"rich", "httpx", "cattrs", "anyio", "sqlite3", "stamina", "asyncio"}

    assert done.returncode == 0
    assert done.stdout.startswith("Usage: shotcaller [OPTIONS]")
    assert loaded & heavy == set()


@pytest.mark.parametrize(
    ("args", "said"),
    [(["models", "--json"], ""), (["show", "x", "--json"], "error: take: ")],
)
def test_a_reader_that_leaves_is_no_error(args: list[str], said: str) -> None:
    read, write = os.pipe()
    os.close(read)
    done = in_process(*args, stdout=write, stderr=subprocess.PIPE)
    os.close(write)

    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_importing_the_module_that_runs_it_runs_nothing() -> None:
    module = importlib.import_module("shotcaller_cli.__main__")

    assert module.run is shotcaller_cli.run


def test_a_plugin_that_prints_to_a_reader_that_left_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    program = (
        "import sys; from shotcaller import Registry; from shotcaller_cli import run;"
        "from shotcaller.plugin import hookimpl\n"
        "class Talker:\n"
        "    @hookimpl\n"
        "    def shotcaller_commands(self, cli):\n"
        "        cli.command('talk')(lambda: print('hello'))\n"
        "sys.exit(run(['talk'], registry=Registry({'talker': Talker()})))"
    )
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("asked", [[signal.SIGTERM], [signal.SIGHUP] * 3])
def test_a_request_to_end_keeps_the_take(asked: list[signal.Signals]) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import conftest;"
        "from shotcaller import Registry; from shotcaller.plugin import Running;"
        "from shotcaller_cli import run;"
        "studio = conftest.Studio(script=[Running(wait=60)] * 999);"
        "registry = Registry({'studio': studio});"
        "sys.exit(run(['generate', 'A fox'], registry=registry))"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines: list[str] = []
        while not lines or "submitted" not in lines[-1]:
            lines.append(process.stderr.readline())
        time.sleep(0.2)
        for each in asked:  # a terminal that is closed says so up to three times
            process.send_signal(each)
        out, err = process.communicate(timeout=10)

    take = lines[0].split()[2].rstrip(":")
    assert (process.returncode, out) == (143, "")
    assert f"error: Asked to end; take {take} on studio/one is kept (submitted)." in err
    assert f"next: `shotcaller resume {take}` goes on with it" in err


@pytest.fixture
def hangups() -> Iterator[None]:
    """Puts back what becomes of a closed terminal."""
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangups")
def test_a_closed_terminal_interrupts_once() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    told = r"^Asked to end before anything was sent\."
    with pytest.raises(Terminated, match=told), kept(lambda: None):
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.usefixtures("hangups")
def test_a_closed_terminal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    before = signal.getsignal(signal.SIGTERM)
    with kept(lambda: None):
        signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is before


def test_ctrl_c_elsewhere_is_130(command: Any, impatient: Any) -> None:
    command.install(studio=command.studio, impatient=impatient(votes=1))
    done = command("rank", "A fox")

    assert done.code == 130
    assert done.err.strip() == (
        "error: Interrupted.\nnext: `shotcaller takes` shows what is on record."
    )


def test_settings_that_cannot_be_read_are_told_with_the_trace(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_DEBUG", "1")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text("budget = [")

    done = command("takes")

    assert done.code == 2
    assert done.err.startswith("Traceback (most recent call last):")
