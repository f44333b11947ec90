"""Watches a command's system calls with strace, and holds one of them to kill at it.

strace counts calls for each thread apart, and a signal it injects goes to whichever
thread gets so far first: a submit, which is in a thread of its own, would never be hit.
So a call is named by its thread as well; it is held at its entry, and killed there.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from attrs import define, frozen

from tests.chaos.stage import PATIENCE, Stage

CALLS = (
    "fdatasync",
    "fsync",
    "pwrite64",
    "write",
    "sendto",
    "ftruncate",
    "unlink",
    "link,linkat",
    "rename,renameat,renameat2",
)
"""What changes anything outside of the process; names that are one call by version."""

HELD = 1.0
"""How many seconds a call is held, for us to see it and to kill."""

_ENTRY = re.compile(r"^(\d+) +(\w+)\(")


@frozen
class Point:
    """Is one system call: the n-th of its thread, threads as they first make one."""

    call: str
    thread: int
    number: int

    def __str__(self) -> str:
        return f"{self.call} {self.number} of thread {self.thread}"


def missing() -> str:
    """Returns why no command can be traced here; nothing if it can."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "no strace"
    with tempfile.NamedTemporaryFile() as log:
        tried = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-o", log.name, "true"],
            capture_output=True,
            check=False,
        )
    return "" if tried.returncode == 0 else "strace may not trace here"


def tracer(calls: str, *options: str, output: str) -> list[str]:
    """Returns what a command is put behind to have its calls written down."""
    base = ["strace", "-f", "--seccomp-bpf", "-qq", "-yy", "-e", f"trace={calls}"]
    return [*base, *options, "-o", output]


def traced(stage: Stage, command: Sequence[str], calls: str, length: int) -> list[str]:
    """Runs a command to its end; returns its calls, their texts up to a length."""
    path = stage.folder / "trace.txt"
    options = ["-s", str(length)]
    stage.run([*tracer(calls, *options, output=str(path)), *command])
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def points(lines: Iterable[str], call: str) -> Iterator[Point]:
    """Returns the points of a trace."""
    return (point for _, point in _numbered(lines, call))


def _numbered(lines: Iterable[str], call: str) -> Iterator[tuple[int, Point]]:
    """Returns the points of a trace, each with the system's number of its thread."""
    names = call.split(",")
    threads: list[str] = []
    counted: Counter[str] = Counter()
    for line in lines:
        found = _ENTRY.match(line)
        if found and found[2] in names:
            if found[1] not in threads:
                threads.append(found[1])
            counted[found[1]] += 1
            point = Point(call, threads.index(found[1]), counted[found[1]])
            yield int(found[1]), point


@define
class Hold:
    """Is a process that is about to make a call; None where it never came to it.

    ``passed`` says, once it is over, whether its thread made other such calls after.
    """

    process: int | None = None
    passed: bool = False


@contextmanager
def held_at(stage: Stage, command: Sequence[str], point: Point) -> Iterator[Hold]:
    """Starts a command and holds it at a point; at the end of the block, awaits it.

    The call is made after :data:`HELD` seconds, unless the block does something.
    """
    reading, writing = os.pipe()
    wait = f"{point.call}:delay_enter={int(HELD * 1_000_000)}:when={point.number}"
    options = ["-s", "0", "-e", f"inject={wait}"]
    trace = tracer(point.call, *options, output=f"/dev/fd/{writing}")
    running = stage.start([*trace, *command], (writing,))
    os.close(writing)
    try:
        with os.fdopen(reading, "rb", buffering=0) as said:
            lines, thread = _reached(said, point)
            hold = Hold(None if thread is None else _process(thread))
            yield hold
            rest = said.read().decode(errors="replace")
        running.wait(PATIENCE)
    finally:
        running.kill()
        running.wait()
    made = list(points([*lines, *rest.splitlines()], point.call))
    mine = [each for each in made if each.thread == point.thread]
    hold.passed = hold.process is not None and mine[-1] != point


def _reached(said: IO[bytes], point: Point) -> tuple[list[str], int | None]:
    """Reads until a point comes, or to the end; returns what was said, and by whom."""
    seen = b""
    lines: list[str] = []
    while chunk := said.read(65_536):
        seen += chunk
        lines = seen.decode(errors="replace").splitlines()
        for thread, found in _numbered(lines, point.call):
            if found == point:
                return lines, thread
    return lines, None


def killed_at(stage: Stage, command: Sequence[str], point: Point) -> bool:
    """Kills a command at a point, before the call is made; False if it had none.

    Raises ``TimeoutError`` where we were too slow, and its thread went on.
    """
    with held_at(stage, command, point) as hold:
        if hold.process is not None:
            os.kill(hold.process, signal.SIGKILL)
    if hold.passed:
        raise TimeoutError(f"{point} was passed before it could be killed")
    return hold.process is not None


def _process(thread: int) -> int:
    """Returns the process that a thread is of."""
    status = Path(f"/proc/{thread}/status").read_text(encoding="ascii")
    found = re.search(r"^Tgid:\s+(\d+)", status, re.MULTILINE)
    assert found is not None
    return int(found[1])
