"""Keeps a spend and its record in one piece, whatever becomes of who waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from shotcaller.drivers.world import Held
from shotcaller.effects import Program
from shotcaller.errors import JournalError
from shotcaller.take import Take
from shotcaller.wire import Effect

T = TypeVar("T")


@frozen
class Outcome:
    """Is what an effect came to: an answer, or what is thrown into the program."""

    answer: Any = None
    failure: Exception | None = None


def resumed(program: Program[Any], outcome: Outcome) -> Effect[Any]:
    """Gives a program the outcome of its effect and returns its next one."""
    if outcome.failure is not None:
        return program.throw(outcome.failure)
    return program.send(outcome.answer)


def abandoned(program: Program[Any], held: Held) -> None:
    """Lets go of the take that a program owns, and of the program."""
    held.release()
    program.close()


def unbegun(error: RuntimeError) -> JournalError:
    """Returns in words that there was no thread to record and to spend in."""
    message = f"The journal cannot be written: this process gets no thread ({error})."
    return JournalError(message, "Try again with fewer at once.")


class Uninterrupted(Generic[T]):
    """Runs a call in a thread of its own, out of reach of Ctrl-C and cancellation.

    No daemon: a program that ends waits for it.
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._mutex = threading.Lock()
        self._begun = threading.Event()
        self._over = threading.Event()
        self._ended = False
        self._results: list[T] = []
        self._errors: list[BaseException] = []
        self._afterwards: list[Callable[[], object]] = []

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self._over.is_set()

    def wait(self) -> None:
        """Waits until the call has ended."""
        self._over.wait()

    def afterwards(self, call: Callable[[], object]) -> None:
        """Makes another call as soon as this one is over, in whose thread it may be."""
        with self._mutex:
            if not self._ended:
                self._afterwards.append(call)
                return
        call()

    def attend(self) -> None:
        """Makes the call here, or waits for the thread that makes it already."""
        self._perform()
        self.wait()

    def start(self) -> None:
        """Begins the call and does not wait for it; without a thread it has failed."""
        thread = threading.Thread(target=self._perform, name="shotcaller-spend")
        try:
            thread.start()
        except RuntimeError as error:  # at a limit, or as Python ends
            if self._is_first():
                self._errors.append(unbegun(error))
                self._end()

    def run(self) -> T:
        """Returns what the call returns, and raises what it raises.

        A first Ctrl-C is raised when the call is over, a second at once.
        """
        interrupt: KeyboardInterrupt | None = None
        while not self._over.is_set():
            try:
                if not self._begun.is_set():
                    self.start()
                self._over.wait()  # a join that is interrupted thinks it has ended
            except KeyboardInterrupt as error:
                if interrupt is not None:
                    raise
                interrupt = error
        if interrupt is not None:
            raise interrupt
        return self.result()

    def result(self) -> T:
        """Returns what the call has returned, and raises what it has raised."""
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def _perform(self) -> None:
        if not self._is_first():  # Ctrl-C came while a thread was being started
            return
        try:
            self._results.append(self._call())
        except BaseException as error:  # noqa: BLE001  handed to the caller
            self._errors.append(error)
        self._end()

    def _is_first(self) -> bool:
        """Whether nobody has begun the call before, which nobody else may now."""
        with self._mutex:
            first = not self._begun.is_set()
            self._begun.set()
        return first

    def _end(self) -> None:
        with self._mutex:
            self._ended = True
        with ExitStack() as stack:  # whatever one of them raises
            stack.callback(self._over.set)
            for call in reversed(self._afterwards):
                stack.callback(call)


Spend: TypeAlias = Uninterrupted[tuple[Outcome, list[Take]]]
"""Is a spend under way, from the record before it to the record of its reply."""
