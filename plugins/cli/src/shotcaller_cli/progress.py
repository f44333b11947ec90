"""Shows how a take goes on: a live bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from shotcaller.programs import outcomes
from shotcaller.registry import Registry
from shotcaller.take import Take
from shotcaller_cli import screen, words

Watch: TypeAlias = Callable[[Take], None]
"""Is what a client tells of each change."""


@contextmanager
def progress(registry: Registry) -> Iterator[Watch]:
    """Shows what it is told of on stderr, for as long as the block runs."""
    if not _lively():
        yield Lines().watch
        return
    from shotcaller_cli.bar import Bar

    with Bar(screen.console(sys.stderr), registry) as bar:
        yield bar.watch


def _lively() -> bool:
    dumb = os.environ.get("TERM", "") in {"dumb", "unknown"}
    return screen.on_terminal(sys.stderr) and not dumb


PARTS = 4
"""How often a gateway that says how far it is gets a line for it: every quarter."""


class Lines:
    """Prints a line for each change of a take's state or note, and for each quarter."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._take = ""
        self._seen = "", 0

    def watch(self, take: Take) -> None:
        """Prints what is new, and which model it is with each new take."""
        if take.id != self._take:
            self._take = take.id
            cost = words.cost(outcomes.cost(take))
            self._say(f"take {take.id}: {take.title} ({take.model}), {cost}")
        note = words.note(take)
        line = f"{take.state}: {note}" if note else str(take.state)
        share = words.share(take) or 0.0
        seen = line, int(PARTS * share)
        if seen != self._seen:
            self._seen = seen
            self._say(f"{line}, {share:.0%}" if 0 < share < 1 else line)

    def _say(self, line: str) -> None:
        screen.say(f"[{words.span(time.monotonic() - self._began)}] {line}")
