"""What many takes record at once shares a commit; each still gets its own answer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from shotcaller import State, Take
from shotcaller.drivers.recording import Recorder
from shotcaller.effects import Claim, Open, Overtaken, heard, sending, waiting
from shotcaller.errors import JournalError
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Request, Response
from shotcaller.take import Draft
from tests.core.drafts import draft

ALL = tuple(State)
REQUEST = Request("POST", "https://api.paper.test/jobs", json={})
REPLY = Response(200, {}, b"{}")

each_loop = pytest.mark.parametrize("loop", ["asyncio", "trio"])


class Stopped(SQLiteJournal):
    """Is a journal whose disk can be held, and that counts its commits."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.free = threading.Event()
        self.free.set()
        self.busy = threading.Event()
        self.written = threading.Event()
        self.commits = 0
        self.full_at = ""
        self._db.set_trace_callback(self._traced)

    def _traced(self, statement: str) -> None:
        self.commits += statement == "COMMIT"

    def open(self, draft: Draft) -> Take:
        take = super().open(draft)
        if draft.digest == self.full_at:  # as SQLite does itself on a full disk
            self._db.execute("ROLLBACK")
        return take

    def together(self, calls: Any) -> None:
        self.busy.set()
        self.free.wait()
        super().together(calls)
        self.written.set()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Stopped]:
    opened = Stopped(tmp_path / "home")
    yield opened
    opened.close()


async def all_at_once(
    journal: Stopped, effects: list[Any], first: Any = None
) -> list[Any]:
    """Records one effect while the disk is held, and the others behind it."""
    recorder, answers = Recorder(journal), [None] * len(effects)

    async def one(place: int) -> None:
        try:
            answers[place] = await recorder.record(effects[place])
        except Exception as error:  # noqa: BLE001  an answer too
            answers[place] = error  # type: ignore[call-overload]

    journal.free.clear()
    async with anyio.create_task_group() as group:
        group.start_soon(recorder.record, first or Open(draft("first")))
        await anyio.wait_all_tasks_blocked()
        for place in range(len(effects)):
            group.start_soon(one, place)
        await anyio.wait_all_tasks_blocked()
        journal.free.set()
    return answers


@each_loop
def test_what_waits_while_the_disk_is_busy_shares_a_commit(
    journal: Stopped, loop: str
) -> None:
    effects = [Open(draft(str(number))) for number in range(20)]
    before = journal.commits

    takes = anyio.run(all_at_once, journal, effects, backend=loop)

    assert journal.commits - before == 2
    assert [take.digest for take in takes] == [str(number) for number in range(20)]
    assert all(journal.chain(take.id) == (take,) for take in takes)


def test_one_that_fails_is_undone_alone(journal: Stopped) -> None:
    old = journal.open(draft("mine"))
    mine = journal.claim(old.id, at_once=True).take
    effects = [Open(draft("a")), waiting(old, "stale", 1), waiting(mine, "true", 1)]

    opened, failure, moved = anyio.run(all_at_once, journal, effects)

    assert isinstance(failure, Overtaken)
    assert journal.chain(opened.id) == (opened,)
    assert journal.chain(old.id) == (moved,)
    assert [event.note for event in journal.events(old.id)] == ["recorded", "true"]


def test_where_the_commit_fails_nothing_is_kept_and_all_are_told(
    journal: Stopped,
) -> None:
    journal.full_at = "b"
    effects = [Open(draft("a")), Open(draft("b")), Open(draft("c"))]

    answers = anyio.run(all_at_once, journal, effects)

    assert [type(answer) for answer in answers] == [JournalError] * 3
    assert [take.digest for take in journal.takes(ALL, 9)] == ["first"]


def test_a_reply_kept_aside_stays_there_until_the_shared_commit_is_done(
    tmp_path: Path,
) -> None:
    journal = SQLiteJournal(tmp_path, patience=0.05)
    take = journal.claim(journal.open(draft()).id, at_once=True).take
    take = journal.move(sending(take, REQUEST, None))
    holder = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError):
        journal.move(heard(take, REPLY))
    holder.execute("ROLLBACK")
    holder.close()
    journal.release(take)
    spool = tmp_path / "spool"
    kept = {path: path.read_bytes() for path in spool.iterdir()}
    assert kept

    with pytest.raises(JournalError):
        journal.together(
            [
                lambda: journal.claim(take.id, at_once=True),
                lambda: journal._db.execute("ROLLBACK"),
            ]
        )

    assert {path: path.read_bytes() for path in spool.iterdir()} == kept
    assert journal.chain(take.id)[0].reply is None
    journal.together([lambda: journal.claim(take.id, at_once=True)])
    assert journal.chain(take.id)[0].reply == REPLY
    assert {path: path.read_bytes() for path in spool.iterdir()} != kept
    journal.close()


@each_loop
def test_who_is_cancelled_in_the_queue_is_recorded_and_hears_of_it(
    journal: Stopped, loop: str
) -> None:
    take = journal.open(draft())

    async def main() -> Callable[[], bool]:
        recorder, answers = Recorder(journal), []

        async def claim() -> None:
            answers.append(await recorder.record(Claim(take.id)))
            await anyio.lowlevel.checkpoint()
            answers.append("went on")

        journal.free.clear()
        async with anyio.create_task_group() as group:
            group.start_soon(recorder.record, Open(draft("first")))
            await anyio.wait_all_tasks_blocked()
            async with anyio.create_task_group() as inner:
                inner.start_soon(claim)
                await anyio.wait_all_tasks_blocked()
                inner.cancel_scope.cancel()
                journal.free.set()
        return lambda: len(answers) == 1 and answers[0].mine

    assert anyio.run(main, backend=loop)()


def test_who_is_cancelled_before_is_not_recorded(journal: Stopped) -> None:
    async def main() -> None:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await Recorder(journal).record(Open(draft()))

    anyio.run(main)

    assert journal.takes(ALL, 9) == ()


def test_a_task_that_is_cancelled_over_a_record_keeps_no_other_waiting(
    journal: Stopped,
) -> None:
    """``asyncio.wait_for`` cancels the task itself, which no scope keeps off."""

    async def main() -> list[Any]:
        recorder = Recorder(journal)

        def recording(digest: str) -> asyncio.Task[Any]:
            return asyncio.create_task(recorder.record(Open(draft(digest))))

        journal.free.clear()
        writer = recording("writer")
        await asyncio.to_thread(journal.busy.wait)
        tasks = [writer, recording("first"), recording("second")]
        for cancelled in (writer, writer, tasks[1]):
            await asyncio.sleep(0.01)
            cancelled.cancel()
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in tasks)
        journal.free.set()
        async with asyncio.timeout(20):
            return await asyncio.gather(*tasks, return_exceptions=True)

    writer, first, second = asyncio.run(main())

    assert isinstance(writer, asyncio.CancelledError)
    assert isinstance(first, asyncio.CancelledError)
    takes = journal.takes(ALL, 9)
    assert sorted(take.digest for take in takes) == ["first", "second", "writer"]
    assert second in takes


def test_a_task_that_is_cancelled_as_its_record_ends_wakes_the_others(
    journal: Stopped,
) -> None:
    async def main() -> Any:
        recorder = Recorder(journal)
        journal.free.clear()
        writer = asyncio.create_task(recorder.record(Open(draft("writer"))))
        await asyncio.to_thread(journal.busy.wait)
        other = asyncio.create_task(recorder.record(Open(draft("other"))))
        await asyncio.sleep(0.01)
        journal.free.set()
        journal.written.wait()  # the loop stands still: it has not heard of it yet
        threading.Event().wait(0.02)
        writer.cancel()
        async with asyncio.timeout(20):
            return await other

    assert asyncio.run(main()).digest == "other"
