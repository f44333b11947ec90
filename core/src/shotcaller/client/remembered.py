"""Finds what the journal remembers that keeps takes from being made."""

from __future__ import annotations

from collections.abc import Iterator

from shotcaller.availability import Memory
from shotcaller.client.setup import Setup
from shotcaller.errors import BadInput, JournalError
from shotcaller.journal import SQLiteJournal


def told(setup: Setup) -> Iterator[tuple[str, str]]:
    """Yields what is left alone, or nearly spent, and why; nothing where none is."""
    try:
        outages = setup.outages(lambda project: _recalled(setup, project))
        left = setup.memory(
            setup.settings.project, lambda project: _recalled(setup, project)
        ).allowances
    except (BadInput, JournalError) as error:
        yield "budgets", error.message
        return
    for id_, outage in outages.items():
        yield f"gateway {id_}", outage.reason().message
    for one in left:
        yield "budgets", str(one)


def _recalled(setup: Setup, project: str | None) -> Memory:
    settings = setup.settings
    journal = SQLiteJournal(settings.home, budgets=settings.budgets)
    try:
        return journal.recall(project)
    finally:
        journal.close()
