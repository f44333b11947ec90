"""Looks after the renderer: starts it, reads how far it is, stops it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from shotcaller.plugin import Cancellation, Done, Failed, Running, Status
from shotcaller_animatic import files
from shotcaller_animatic.order import Spec

MOST_STARTS = 3
PATIENCE = 5.0
"""How many seconds a renderer has to notice that it was cancelled."""

NEEDED = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "LANGUAGE", "VIRTUAL_ENV", "SYSTEMROOT"}
)
NEEDED_PREFIXES = ("LC_", "PYTHON")


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables that a renderer needs: no key is among them."""
    kept = {
        name: value
        for name, value in variables.items()
        if name in NEEDED or name.startswith(NEEDED_PREFIXES)
    }
    # It does no linear algebra; threads for it would only cost time at its start.
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def _over(folder: Path) -> Status | None:
    clip = folder / files.CLIP
    if clip.exists():
        return Done(path=str(clip))
    failed = files.read(folder / files.FAILED)
    if failed is not None:
        return Failed(str(failed["reason"]), "no", str(failed["code"]))
    if (folder / files.CANCELLED).exists():
        return Failed("The draft was cancelled.", "no", "cancelled")
    return None


def _running(folder: Path) -> Running:
    progress = files.read(folder / files.PROGRESS) or {"frame": 0, "frames": 1}
    share = progress["frame"] / progress["frames"]
    return Running(note="drawing on this machine", fraction=share, wait=0.2)


def _given_up(folder: Path) -> Failed:
    log = files.ending(folder / files.LOG, 3) or "it wrote nothing"
    reason = f"The renderer died {MOST_STARTS} times without a clip; its log: {log}"
    files.write(folder / files.FAILED, {"reason": reason, "code": "renderer"})
    return Failed(reason, "no", "renderer")


def _start(folder: Path, order: Spec, lock: int) -> Status:
    folder = folder.resolve()  # the renderer starts elsewhere: in it
    starts = files.read(folder / files.STARTS) or 0
    if starts >= MOST_STARTS:
        return _given_up(folder)
    files.write(folder / files.SPEC, order)
    files.write(folder / files.STARTS, starts + 1)
    command = [sys.executable, "-m", "shotcaller_animatic.render"]
    with (folder / files.LOG).open("ab") as log:
        # It holds the lock from its first moment on, for it is born with it.
        renderer = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [*command, str(folder), str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(os.environ),
            cwd=folder,
            pass_fds=(lock,),
            start_new_session=True,
        )
    # Where this process lives on, nobody else would see the renderer off.
    threading.Thread(target=renderer.wait, daemon=True).start()
    return _running(folder)


def look(folder: Path, order: Spec) -> Status:
    """Says how a draft stands, and starts a renderer if none runs and none has ended.

    ``folder`` is the job's own. Any number of processes may look at once.
    """
    over = _over(folder)
    if over is not None:
        return over
    with files.locked(folder) as lock:
        if lock is None:
            return _running(folder)
        # It may have ended between the two questions.
        return _over(folder) or _start(folder, order, lock)


def _cancelled(folder: Path) -> Cancellation:
    over = _over(folder)
    cancelled = isinstance(over, Failed) and over.code == "cancelled"
    return Cancellation.CANCELLED if cancelled else Cancellation.TOO_LATE


def stop(folder: Path) -> Cancellation:
    """Ends the renderer, which looks out for the wish, and says whether it did."""
    if _over(folder):
        return _cancelled(folder)
    (folder / files.CANCELLED).touch()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with files.locked(folder) as lock:
            if lock is not None:
                return _cancelled(folder)
        time.sleep(0.02)
    return Cancellation.REQUESTED


__all__ = ["environment", "look", "stop"]
