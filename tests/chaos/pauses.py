"""Stops the command between the record of a submit and its first byte, and wakes it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from shotcaller import State
from tests.chaos.judging import Verdict
from tests.chaos.kinds import Kind
from tests.chaos.stage import Stage, alone
from tests.chaos.tracing import Hold, Point, held_at

DEADLINE = 5.0
"""How many seconds after its record a submit may still begin."""

ASLEEP = DEADLINE + 2
"""How long the command is stopped."""

CONNECTS = Point("connect", 0, 1)
"""Is where a submit is on record, and no byte of it has left."""

LEEWAY = 1.0
"""How many seconds more a byte may take from us to the vendor."""


def slept(kind: Kind, folder: Path) -> Verdict:
    """Stops a command at its submit for longer than it may wait, and wakes it.

    Whatever it does then, nothing is sent on the strength of the old record.
    """
    with alone(kind, folder) as stage:
        shot = f"{folder.name}: asleep"
        with held_at(stage, stage.generate(shot), CONNECTS) as hold:
            missed = tuple(_stopped(stage, hold))
        wrong = (*missed, *_late(stage))
        stage.calmed(shot)
        return stage.judged() + Verdict(wrong=wrong)


def replaced(kind: Kind, folder: Path) -> Verdict:
    """Stops a command at its submit, lets another take over, and wakes the first.

    Its lock is taken away, as file systems have done that lose locks: else no other
    would take over from it while it is stopped.
    """
    with alone(kind, folder) as stage:
        assert stage.vendor is not None
        shot = f"{folder.name}: replaced"
        with held_at(stage, stage.generate(shot), CONNECTS) as hold:
            if hold.process is not None:
                os.kill(hold.process, signal.SIGSTOP)
            missed = tuple(_missed(stage, hold))
            began = time.monotonic()
            for lock in (stage.home / "owners").iterdir():
                lock.unlink()
            stage.calmed(shot)
            time.sleep(max(0.0, began + ASLEEP - time.monotonic()))
            before = len(stage.vendor.posts)
            if hold.process is not None:
                os.kill(hold.process, signal.SIGCONT)
        sent = len(stage.vendor.posts) - before
        told = f"what was replaced woke and sent {sent} submits"
        wrong = missed if sent == 0 else (*missed, told)
        stage.calmed(shot)
        return stage.judged() + Verdict(wrong=wrong)


def _missed(stage: Stage, hold: Hold) -> Iterator[str]:
    """Tells where nothing is proven: it is not between record and first byte."""
    assert stage.vendor is not None
    states = [take.state for take in stage.takes()]
    if hold.process is None or states != [State.SENDING] or stage.vendor.posts:
        told = ", ".join(states) or "not on record"
        yield f"the command was not stopped at its submit, but when it was {told}"


def _stopped(stage: Stage, hold: Hold) -> Iterator[str]:
    """Lets what is held sleep, and wakes it; tells where that proves nothing."""
    if hold.process is not None:
        os.kill(hold.process, signal.SIGSTOP)
    yield from _missed(stage, hold)
    if hold.process is not None:
        time.sleep(ASLEEP)
        os.kill(hold.process, signal.SIGCONT)


def _late(stage: Stage) -> Iterator[str]:
    """Returns the submits that came too long after the last record of one."""
    assert stage.vendor is not None
    records = stage.records(State.SENDING)
    for post in stage.vendor.posts:
        came = post.timestamp()
        since = min((came - at for at in records if at <= came), default=None)
        if since is None or since > DEADLINE + LEEWAY:
            told = "without a record" if since is None else f"{since:.1f} s after it"
            yield f"a submit was sent {told}"
