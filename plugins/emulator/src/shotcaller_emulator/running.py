"""Runs the emulator for the command: until it is told to end, or a program ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from types import FrameType

from shotcaller_emulator.serving import clock
from shotcaller_emulator.vendors import Vendor


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """Gives an event that Ctrl-C and SIGTERM set, instead of what they do otherwise."""
    ended = threading.Event()
    with _signals(ended.set, ended.set):
        yield ended


def run(program: Sequence[str], variables: Mapping[str, str]) -> int:
    """Runs a program; returns its exit code.

    Ctrl-C reaches it as it reaches us: it decides what that means. Raises ``OSError``
    if it cannot be run.
    """
    # What is installed beside us is found too, after all that is found anyway.
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join([*os.get_exec_path(), beside])
    environment = {**os.environ, **variables, "PATH": path}
    with (
        subprocess.Popen(program, env=environment) as running,  # noqa: S603  whose it is
        _signals(_nothing, running.terminate),
    ):
        code = running.wait()
    return code if code >= 0 else 128 - code


def _nothing() -> None:
    """Lets a signal pass."""


@contextmanager
def _signals(
    interrupted: Callable[[], None], terminated: Callable[[], None]
) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM do what they are to do, where it is ours to say."""
    deeds = {signal.SIGINT: interrupted, signal.SIGTERM: terminated}

    def received(number: int, _frame: FrameType | None) -> None:
        deeds[signal.Signals(number)]()

    before = {number: signal.getsignal(number) for number in deeds}
    with suppress(ValueError):  # signals are the main thread's
        for number in deeds:
            signal.signal(number, received)
    try:
        yield
    finally:
        with suppress(ValueError):
            for number, handler in before.items():
                signal.signal(number, handler)


def summary(name: str, vendor: Vendor) -> str:
    """Returns in a sentence what was asked for, and what it would have billed."""
    lines = vendor.ledger_at(clock())
    done = sum(line.state == "done" for line in lines)
    billed = sum((line.billed for line in lines), Decimal(0))
    jobs = "1 job" if len(lines) == 1 else f"{len(lines)} jobs"
    told = f"{jobs}, {done} done; {name} would have billed ${billed:.2f}"
    leaks = f"; a key was sent to where none belongs, {len(vendor.leaks)} times"
    return told + (leaks if vendor.leaks else "") + "."


__all__ = ["run", "summary", "told_to_end"]
