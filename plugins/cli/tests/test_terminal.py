"""What a person sees: the bar, the question, tables as wide as the terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C in it is a signal to us
sys.path.insert(0, {tests!r})
import conftest
from shotcaller import Registry
from shotcaller.plugin import Running
from shotcaller_cli import run
studio = conftest.Studio({how})
plugins = {{"studio": studio, {more}}}
sys.exit(run(sys.argv[1:], registry=Registry(plugins)))
"""


class Terminal:
    """Is a terminal with the command in it."""

    def __init__(
        self, *args: str, how: str = "", more: str = "", width: int = 80
    ) -> None:
        tests = str(Path(__file__).parent)
        program = PROGRAM.format(tests=tests, how=how, more=more)
        self.text = ""
        self.silent = False
        self.fd, inside = pty.openpty()
        size = struct.pack("HHHH", 24, width, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *args],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            # Not what readline put into the environment behind Python's back.
            env=dict(os.environ),
        )
        os.close(inside)

    def until(self, seen: Callable[[str], object]) -> None:
        """Reads until something is to be seen."""
        end = time.monotonic() + 20
        while not seen(self.text):
            if time.monotonic() > end or not self._read(0.2):
                self.process.kill()
                raise AssertionError(self.text)

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self.fd, keys.encode())

    def end(self, again: str = "") -> int:
        """Reads to the end and returns the exit code.

        ``again`` is pressed after a silence: a key that comes in the moment before
        it is waited for may be lost.
        """
        end = time.monotonic() + 20
        while self._read(3):
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError(self.text)
            if self.silent:
                self.type(again)
        code = self.process.wait(10)
        os.close(self.fd)
        return code

    def _read(self, patience: float) -> bool:
        if not select.select([self.fd], [], [], patience)[0]:
            self.silent = True
            return True
        self.silent = False
        try:
            data = os.read(self.fd, 65_536)
        except OSError:  # the other side is gone
            return False
        self.text += data.decode(errors="replace")
        return bool(data)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", text).replace("\r\n", "\n")


@pytest.fixture(autouse=True)
def term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


FOREVER = "script=[Running(note='drawing [b]', fraction=0.42)] * 9999"


def test_a_bar_shows_how_it_goes_and_ctrl_c_keeps_the_take() -> None:
    terminal = Terminal("generate", "A fox", how=FOREVER, width=100)
    terminal.until(lambda text: "42%" in text and "0:01" in text)
    terminal.type("\x03")
    code = terminal.end()
    shown = plain(terminal.text)

    assert code == 130
    assert re.search(
        r"submitted: drawing \[b\] *\n"
        r"Studio One +[━╸╺ ]+ 42% 0:0\d of about 0:30 free",
        shown,
    )
    take = re.findall(r"`shotcaller resume (\w{12})`", shown)
    assert len(take) == 1
    assert f"error: Interrupted; take {take[0]} on studio/one is kept" in shown


def test_the_title_is_whole_at_80_columns() -> None:
    terminal = Terminal("generate", "A fox", how=FOREVER, width=80)
    terminal.until(lambda text: "42%" in text)
    terminal.process.send_signal(signal.SIGINT)
    terminal.end()

    lines = plain(terminal.text).replace("\r", "\n").splitlines()
    assert "Studio One" in max(lines, key=len)
    assert max(map(len, lines)) <= 80


def test_the_state_is_whole_at_80_columns() -> None:
    how = "script=[Running(note='drawing on this machine, hard', ahead=12)] * 9999"
    terminal = Terminal("generate", "A fox", how=how)
    state = "submitted: drawing on this machine, hard, 12 ahead in the queue"
    terminal.until(lambda text: state in plain(text))
    terminal.process.send_signal(signal.SIGINT)

    assert terminal.end() == 130


def test_a_state_longer_than_the_line_is_cut() -> None:
    terminal = Terminal("generate", "A fox", how="script=[Running('x' * 99)] * 9999")
    terminal.until(lambda text: "xxx…" in plain(text))
    terminal.process.send_signal(signal.SIGINT)
    terminal.end()

    lines = plain(terminal.text).replace("\r", "\n").splitlines()
    assert "submitted: " + 68 * "x" + "…" in lines
    assert max(map(len, lines)) <= 80


def test_the_path_is_the_last_line() -> None:
    terminal = Terminal("generate", "A fox", how="script=[Running()]")

    assert terminal.end() == 0
    assert re.fullmatch(r"/.*/a-fox-\w{8}\.mp4", plain(terminal.text).split("\n")[-2])


@pytest.mark.parametrize(
    ("answer", "code"),
    [("y\n", 0), ("\n", 7), ("\x03", 130), ("\x04", 130)],
)
def test_a_price_is_asked_about(answer: str, code: int) -> None:
    terminal = Terminal("generate", "A fox", how="price='0.40'")
    question = "This may cost up to $0.40 on studio/one. Go on? [y/N]"
    terminal.until(lambda text: question in plain(text))
    terminal.type(answer)

    assert terminal.end(again=answer) == code
    shown = plain(terminal.text)
    assert ("The price was not agreed to, so nothing was sent." in shown) == (code == 7)
    assert ("error: Interrupted before anything was sent." in shown) == (code == 130)


def test_who_may_step_in_is_asked_with_all_that_it_may_cost() -> None:
    how = "'a', refuses='no foxes'"
    more = "'b': conftest.Studio('b', price='0.1'), "
    more += "'c': conftest.Studio('c', price='0.4')"
    ask = ("generate", "A fox", "--fallback", "ask", "--yes")
    terminal = Terminal(*ask, how=how, more=more)
    question = "it may cost up to $0.10 on b/one, and if that cannot be had it may cost"
    terminal.until(lambda text: question in " ".join(plain(text).split()))
    terminal.type("\n")

    assert terminal.end(again="\n") == 4


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 4)])
def test_who_may_step_in_is_asked_about(answer: str, code: int) -> None:
    how, more = "'first', refuses='no foxes'", "'more': conftest.Studio('second')"
    ask = ("generate", "A fox", "--fallback", "ask")
    terminal = Terminal(*ask, how=how, more=more)
    question = "Another can step in: it is free on second/one. Go on? [y/N]"
    terminal.until(lambda text: question in plain(text))
    terminal.type(answer)

    assert terminal.end(again=answer) == code
    shown = plain(terminal.text)
    assert "on first/one was refused: no foxes." in shown
    assert ("earlier attempt: first/one refused" in shown) == (code == 0)


@pytest.mark.parametrize("option", [["--yes"], ["--budget", "1"]])
def test_who_agreed_already_is_not_asked(option: list[str]) -> None:
    terminal = Terminal("generate", "A fox", *option, how="price='0.40'")

    assert terminal.end() == 0
    assert "This may cost up to $0.40 on studio/one.\n" in plain(terminal.text)
    assert "Go on?" not in terminal.text


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal("generate", "A fox")

    assert terminal.end() == 0
    assert "\x1b" not in terminal.text
    assert "[0:00] queued\n" in plain(terminal.text)


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal("generate", "A fox", how="script=[Running(fraction=0.5)] * 2")

    assert terminal.end() == 0
    assert not re.search(r"\x1b\[[\d;]*3\d[\d;]*m", terminal.text)


@pytest.mark.parametrize("width", [80, 120])
def test_tables_keep_to_the_width(command: Any, width: int) -> None:
    command("generate", "A fox")
    shown = ""
    for args in (["takes"], ["rank", "A fox"]):
        terminal = Terminal(*args, width=width)
        assert terminal.end() == 0
        shown += plain(terminal.text)

    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [72, 80])
def test_each_take_is_a_line_whose_prompt_is_cut(command: Any, width: int) -> None:
    prompt = "A fox that runs through the snow and over the hills"
    for _ in range(2):
        command("generate", prompt, "--new")
    terminal = Terminal("takes", width=width)
    terminal.end()

    header, *rows = plain(terminal.text).splitlines()
    assert header.split() == ["take", "state", "model", "created", "cost", "prompt"]
    assert len(rows) == 2
    for row in rows:
        assert re.match(
            r"\w{12}  done   studio/one  [\d-]{10} [\d:]{5}  free  A f", row
        )
        assert row.endswith("…")
        assert len(row) == width


def test_the_id_of_a_quote_is_never_broken(command: Any) -> None:
    terminal = Terminal(
        "quote", "A fox", how="'a-rather-long-name-of-a-studio', price='9'"
    )
    terminal.end()

    header, row, *_ = plain(terminal.text).splitlines()
    assert header.split() == ["quote", "model", "rate", "high", "as", "of"]
    assert re.match(
        r"[0-9a-f]{12}  a-rather-long-name-of-a-studi.*  \$9.00/clip  \$9.00  2026", row
    )


@pytest.mark.parametrize("width", [53, 60])
def test_where_there_is_no_room_the_model_is_cut_and_no_id(
    command: Any, width: int
) -> None:
    take = command("generate", "A fox", "--json").document["take"]
    terminal = Terminal("takes", width=width)
    terminal.end()

    header, row = plain(terminal.text).splitlines()
    assert header.split() == ["take", "state", "model", "created", "cost"]
    model = "studio/one" if width == 60 else "studio/…"
    assert re.match(
        rf"{take}  done   {model} +[\d-]{{10}} [\d:]{{5}}  free$", row.rstrip()
    )
