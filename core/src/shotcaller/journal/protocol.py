"""Says what a journal does; each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from attrs import frozen

from shotcaller.availability import Memory
from shotcaller.budgets import Spending
from shotcaller.catalog import History, Quoted
from shotcaller.effects import Claimed, Judge, Move
from shotcaller.take import Draft, State, Take


@frozen
class Event:
    """Is one line of a take's story; ``at`` is in seconds since 1970.

    ``who`` is the process that wrote it, as ``pid@host``; nothing in old records.
    """

    take: str
    at: float
    state: State
    note: str
    who: str = ""


class Journal(Protocol):
    """Keeps takes; says whether one may be paid for, never when it is looked at."""

    @property
    def forked(self) -> bool:
        """Whether another process opened it, of which this one is a copy."""

    def join(self, digest: str) -> Take | None:
        """Returns the newest take of a digest that lives or is done."""

    def open(self, draft: Draft) -> Take:
        """Records a take with a new id and key, or returns the one to join.

        Reserves what it may cost in the same transaction; raises ``NoMoney``.
        """

    def claim(self, take: str, *, at_once: bool) -> Claimed:
        """Owns a take for one step if it is due and nobody living has it."""

    def move(self, move: Move) -> Take:
        """Performs one transition; raises ``Overtaken`` or ``NoSlot``."""

    def release(self, take: Take) -> None:
        """Lets go of a take whose step was abandoned, as it stands."""

    def known(self, gateway: str) -> frozenset[str]:
        """Returns the remote ids that takes of a gateway have."""

    def alike(self, take: Take) -> tuple[Take, ...]:
        """Returns the takes that may own the same job as one in doubt, oldest first."""

    def in_flight(self, account: str) -> tuple[str, ...]:
        """Returns the ids of an account's takes in flight that are due and nobody's."""

    def histories(self) -> Mapping[str, History]:
        """Returns how the takes of each model went, as of at most a minute ago."""

    def chain(self, take: str) -> tuple[Take, ...]:
        """Returns a take with its parents and heirs, oldest first."""

    def takes(self, states: Collection[State], limit: int) -> tuple[Take, ...]:
        """Returns the newest takes in any of the states, newest first."""

    def ids(self, prefix: str) -> tuple[str, ...]:
        """Returns the ids that begin so."""

    def events(self, take: str) -> tuple[Event, ...]:
        """Returns a take's story, oldest first."""

    def recall(self, project: str | None) -> Memory:
        """Returns what is left of the budgets of a project, and what is wrong."""

    def judge(self, effect: Judge) -> None:
        """Remembers what a free question told of an account."""

    def promise(self, quotes: Sequence[Quoted]) -> tuple[Quoted, ...]:
        """Keeps quotes, and returns them with an id and a time."""

    def promised(self, quote: str) -> Quoted | None:
        """Returns a quote that is kept and not over."""

    def spending(self, since: float) -> tuple[Spending, ...]:
        """Returns what was spent since a time, newest day first."""

    def check(self) -> tuple[str, ...]:
        """Returns what is wrong with the record itself; nothing if it is sound."""

    def together(self, calls: Iterable[Callable[[], object]]) -> None:
        """Makes calls of this journal's methods, and commits all of them at once.

        A call that raises is to see to that itself; what it did alone is undone.
        Where this raises, nothing of any of them is kept.
        """

    def close(self) -> None:
        """Lets go of the file."""
