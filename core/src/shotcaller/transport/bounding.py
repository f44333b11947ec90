"""Bounds how long a blocking call may take as a whole."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def bounded(seconds: float, call: Callable[[], T]) -> T:
    """Returns what a call returns; raises ``TimeoutError`` if it takes longer.

    A blocking read cannot be cut short from outside: the call is left to itself then,
    in a thread that keeps no program from ending.
    """
    results: queue.SimpleQueue[tuple[T | None, BaseException | None]]
    results = queue.SimpleQueue()

    def perform() -> None:
        try:
            results.put((call(), None))
        except BaseException as error:  # noqa: BLE001  handed to the caller
            results.put((None, error))

    threading.Thread(target=perform, name="shotcaller-http", daemon=True).start()
    try:
        result, failure = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if failure is not None:
        raise failure
    return result  # type: ignore[return-value]  one of both is set
