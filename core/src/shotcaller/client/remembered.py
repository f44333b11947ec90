"""Finds what the journal remembers that keeps takes from being made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from shotcaller.availability import Memory
from shotcaller.client.setup import Setup
from shotcaller.errors import BadInput, JournalError
from shotcaller.journal import SQLiteJournal


def told(setup: Setup) -> Iterator[tuple[str, str]]:
    """Yields what is left alone, or nearly spent, and why; nothing where none is."""

    def recall(project: str | None) -> Memory:
        return _recalled(setup, project)

    with suppress(JournalError):  # which is a finding of its own
        for id_, outage in setup.outages(recall).items():
            yield f"gateway {id_}", outage.reason().message
        try:
            left = setup.memory(setup.settings.project, recall).allowances
        except BadInput as error:  # the project has a budget by another name
            yield "budgets", error.message
        else:
            yield from (("budgets", str(one)) for one in left)


def _recalled(setup: Setup, project: str | None) -> Memory:
    settings = setup.settings
    journal = SQLiteJournal(settings.home, budgets=settings.budgets)
    try:
        return journal.recall(project)
    finally:
        journal.close()
