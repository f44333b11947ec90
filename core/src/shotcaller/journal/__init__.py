"""Records all takes: the one truth for the API, the command, agents and servers."""

from __future__ import annotations

from shotcaller.journal.protocol import Event, Journal
from shotcaller.journal.sqlite import SQLiteJournal

__all__ = ["Event", "Journal", "SQLiteJournal"]
