"""Bounds how long a blocking call may take as a whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def bounded(seconds: float, call: Callable[[], T]) -> T:
    """Returns what a call returns; raises ``TimeoutError`` if it takes longer.

    A blocking read cannot be cut short from outside: the call is left to itself then,
    in a thread that keeps no program from ending.
    """
    results: Future[T] = Future()

    def perform() -> None:
        try:
            results.set_result(call())
        except BaseException as error:  # noqa: BLE001  handed to the caller
            results.set_exception(error)

    threading.Thread(target=perform, name="shotcaller-http", daemon=True).start()
    return results.result(seconds)
