"""Reads from a trace of system calls in which order a lifecycle became durable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import frozen

from tests.chaos.stage import Stage
from tests.chaos.tracing import CALLS, traced

PAGE = 5_000
"""How much of each call is read: a page of the journal, and a little more."""

_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")


@frozen
class Event:
    """Is a call that was made, in the order in which they returned."""

    call: str
    said: str


def events(lines: Iterable[str]) -> list[Event]:
    """Returns the calls of a trace, put together where another came between."""
    begun: dict[tuple[str, str], str] = {}
    found: list[Event] = []
    for line in lines:
        if made := _CALL.match(line):
            thread, call, said = made.groups()
            if said.endswith("<unfinished ...>"):
                begun[thread, call] = said
            else:
                found.append(Event(call, said))
        elif ended := _RESUMED.match(line):
            thread, call, rest = ended.groups()
            found.append(Event(call, begun.pop((thread, call), "") + rest))
    return found


def _at(
    story: Sequence[Event], told: Callable[[Event], bool], after: int = -1
) -> int | None:
    """Returns the place of the first event after a place of which something holds."""
    places = range(after + 1, len(story))
    return next((place for place in places if told(story[place])), None)


def _writes(text: str) -> Callable[[Event], bool]:
    """Tells where a page with a text is written to the journal, in either mode."""

    def told(event: Event) -> bool:
        if event.call != "pwrite64" or text not in event.said:
            return False
        return "/journal.db>" in event.said or "/journal.db-wal>" in event.said

    return told


def _commits(event: Event) -> bool:
    """Tells what makes a commit last: the end of the old log, or the new one's sync."""
    logs = ("/journal.db-journal>", "/journal.db-wal>")
    return event.call == "fdatasync" and any(log in event.said for log in logs)


def _calls(call: str, *texts: str) -> Callable[[Event], bool]:
    def told(event: Event) -> bool:
        return event.call.startswith(call) and all(t in event.said for t in texts)

    return told


def broken(story: Sequence[Event], post: str) -> Iterator[str]:
    """Returns each rule of the order that a lifecycle breaks, in a sentence.

    ``post`` is how its one paid request begins.
    """
    sent = _at(story, _calls("sendto", f'"{post}'))
    if sent is None:
        yield f"no {post} was sent"
        return
    if _at(story, _calls("sendto", f'"{post}'), sent) is not None:
        yield f"{post} was sent more than once"
    for text in ("recorded", "sending, attempt 1"):
        durable = _durable(story, text)
        if durable is None or durable > sent:
            yield f"{text!r} was not durable before the submit was sent"
    answered = _durable(story, "answered 2")
    asked = _at(story, _calls("sendto", '"GET '), sent)
    if answered is None or asked is None or answered > asked:
        yield "the reply was not durable before the next request was sent"
    yield from _landing(story)


def _landing(story: Sequence[Event]) -> Iterator[str]:
    synced = _at(story, _calls("fsync", ".part>"))
    placed = _at(story, _places)
    folder = None if placed is None else _at(story, _syncs_folder, placed)
    recorded = _at(story, _writes("clip on disk"))
    if synced is None or placed is None or synced > placed:
        yield "the clip was put in its place before its bytes were durable"
    if folder is None or recorded is None or folder > recorded:
        yield "the clip was recorded before its place in the folder was durable"
    if _durable(story, "clip on disk") is None:
        yield "'clip on disk' was not durable at the end"


def _places(event: Event) -> bool:
    return event.call.startswith(("link", "rename")) and ".part" in event.said


def _syncs_folder(event: Event) -> bool:
    return event.call == "fsync" and ".part>" not in event.said


def _durable(story: Sequence[Event], text: str) -> int | None:
    """Returns the place where a commit lasts that has a text in it."""
    written = _at(story, _writes(text))
    if written is None:
        return None
    if "/journal.db-wal>" in story[written].said:
        return _at(story, _commits, written)
    cut = _at(story, _calls("ftruncate", "/journal.db-journal>"), written)
    return None if cut is None else _at(story, _commits, cut)


def story(stage: Stage, shot: str) -> list[Event]:
    """Returns what a whole lifecycle did, undisturbed."""
    return events(traced(stage, stage.generate(shot), ",".join(CALLS), PAGE))
