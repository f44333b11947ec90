"""Measures what the journal adds to a take, beside as many commits of bare SQLite.

Both write to the same disk, in turns, with the same settings: each commit waits until
the disk has it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from time import perf_counter, process_time

from attrs import evolve

from benchmarks.running import in_turns, timed
from benchmarks.tables import Row, Table, compared
from shotcaller import Brief, Shot
from shotcaller.catalog import Quote
from shotcaller.effects import (
    delivered,
    heard,
    polled,
    prepared,
    ready,
    sending,
    submitted,
)
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Request, Response, Ticket
from shotcaller.take import Done, Draft, Footage, Running

MODEL = "fal/veo-3.1-fast"
QUEUE = "https://queue.fal.run/fal-ai/veo3.1/fast"
ROUNDS = 60
MOST = 5.0
"""What the journal may add to a take, in ms."""

DRAFT = Draft(
    digest="",
    brief=Brief(model=MODEL, budget="5"),
    asked=Shot("a lighthouse at dusk", seconds=8, ratio="16:9", resolution="720p"),
    model=MODEL,
    title="Veo 3.1 fast",
    gateway="fal",
    account="fal:FAL_KEY@queue.fal.run",
    plugin="shotcaller-fal-veo 0.1.0",
    quote=Quote(Decimal("0.8"), Decimal("0.8"), Decimal("0.8")),
    reserved=Decimal("0.8"),
    folder="clips",
)
REQUEST = Request("POST", QUEUE, json={"prompt": "a lighthouse at dusk"})
REPLY = Response(200, {"content-type": "application/json"}, b'{"request_id": "0"}')
FOOTAGE = Footage("clips/a-lighthouse.mp4", 2_000_000, "0" * 64, 8.0, 1280, 720)

NOTE = f"""\
A take from its record to its clip: opened, prepared, sending, answered, accepted, asked
about once, ready, delivered, each owned by a process meanwhile. The least of {ROUNDS}
takes: other work only ever adds. Where the journal adds less than its processor time,
or less than nothing, the disk is too busy for the first figure to tell anything.
SQLite alone inserts a row of the same size once for each of these commits."""


def lifecycle(journal: SQLiteJournal, number: int) -> None:
    """Records a take from beginning to end."""
    take = journal.open(evolve(DRAFT, digest=str(number)))
    take = journal.claim(take.id, at_once=True).take
    take = journal.move(prepared(take, take.asked))
    take = journal.move(sending(take, REQUEST, None))
    take = journal.move(heard(take, REPLY))
    ticket = Ticket("fal", MODEL, str(number), {"endpoint": "fal-ai/veo3.1/fast"})
    take = journal.move(submitted(take, ticket, 0.0, None))
    take = journal.claim(take.id, at_once=True).take
    take = journal.move(polled(take, Running("IN_PROGRESS"), 0.0))
    take = journal.claim(take.id, at_once=True).take
    take = journal.move(ready(take, Done("https://v3b.fal.media/files/0.mp4")))
    take = journal.claim(take.id, at_once=True).take
    journal.move(delivered(take, FOOTAGE, ()))


def commits(journal: SQLiteJournal) -> int:
    """Returns how many commits a take takes."""
    seen: list[str] = []
    journal._db.set_trace_callback(seen.append)  # noqa: SLF001  it is what is measured
    lifecycle(journal, -1)
    journal._db.set_trace_callback(None)  # noqa: SLF001
    return seen.count("COMMIT")


@contextmanager
def bare(path: Path, journal: SQLiteJournal, rows: int) -> Iterator[Callable[[], None]]:
    """Gives a call that inserts so many rows with SQLite alone, each by itself."""
    (mode,) = journal._db.execute("PRAGMA journal_mode").fetchone()  # noqa: SLF001
    (size,) = journal._db.execute("SELECT avg(length(body)) FROM take").fetchone()  # noqa: SLF001
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA journal_mode = {mode}")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE plain (body TEXT)")
    body = "x" * round(size)

    def insert() -> None:
        for _ in range(rows):
            db.execute("INSERT INTO plain VALUES (?)", (body,))

    try:
        yield insert
    finally:
        db.close()


def table() -> Table:
    """Returns what was measured."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        journal = SQLiteJournal(Path(folder))
        rows = commits(journal)
        numbers = count()
        with bare(Path(folder) / "plain.db", journal, rows) as insert:

            def measured(clock: Callable[[], float]) -> tuple[float, float]:
                def ours() -> float:
                    return timed(lambda: lifecycle(journal, next(numbers)), clock)

                return in_turns(ours, lambda: timed(insert, clock), ROUNDS, min)

            waited, worked = measured(perf_counter), measured(process_time)
        journal.close()
    name = f"{rows} commits of bare SQLite"
    told = ("a take's records", "... processor time of them")
    found = [
        row
        for what, (ours, theirs) in zip(told, (waited, worked), strict=True)
        for row in (
            Row(what, name, 1_000 * ours, 1_000 * theirs, "ms"),
            Row(
                "... added by the journal",
                "",
                1_000 * (ours - theirs),
                None,
                "ms",
                MOST,
            ),
        )
    ]
    return compared("What the journal adds to a take", found, NOTE)
