"""Tells what went wrong beside the matter: a line on stderr, and no traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from shotcaller_cli import screen


class Notices(logging.Handler):
    """Prints each warning of the library once."""

    def __init__(self, *, traces: bool) -> None:
        super().__init__(logging.WARNING)
        self._traces = traces
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Prints a record; with its traceback where tracebacks are wanted."""
        text = record.getMessage()
        trace = record.exc_text or ""  # redacted where it was logged
        if trace:
            text += f" ({trace.splitlines()[-1]})"
        if text in self._told:
            return
        self._told.add(text)
        screen.say(f"note: {text}")
        if self._traces and trace:
            screen.say_as_is(trace)


@contextmanager
def noticed(*, traces: bool) -> Iterator[None]:
    """Prints the library's warnings as notices for as long as the block runs."""
    library = logging.getLogger("shotcaller")
    handler = Notices(traces=traces)
    before = library.propagate
    library.addHandler(handler)
    library.propagate = False
    try:
        yield
    finally:
        library.propagate = before
        library.removeHandler(handler)
