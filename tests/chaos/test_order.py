"""The order in which a lifecycle becomes durable, and that a wrong one is seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos import order, tracing
from tests.chaos.kinds import HEYGEN
from tests.chaos.order import Event, broken, events
from tests.chaos.stage import alone

JOURNAL = "3</home/journal.db>"
LOG = "4</home/journal.db-journal>"


def committed(text: str) -> list[Event]:
    return [
        Event("pwrite64", f'{JOURNAL}, "…{text}…", 4096, 0) = 4096'),
        Event("fdatasync", f"{JOURNAL}) = 0"),
        Event("ftruncate", f"{LOG}, 0) = 0"),
        Event("fdatasync", f"{LOG}) = 0"),
    ]


POST = Event("sendto", '5<TCP>, "POST /jobs"..., 9) = 9')
GET = Event("sendto", '5<TCP>, "GET /jobs/1"..., 9) = 9')
BYTES = Event("fsync", "6</clips/.1.part>) = 0")
PLACE = Event("link", '"/clips/.1.part", "/clips/1.mp4") = 0')
FOLDER = Event("fsync", "7</clips>) = 0")
RECORDED = committed("recorded")
SENDING = committed("sending, attempt 1")
ANSWERED = committed("answered 200")
DONE = committed("clip on disk")
BEFORE = [*RECORDED, *SENDING]
GOOD = [*BEFORE, POST, *ANSWERED, GET, BYTES, PLACE, FOLDER, *DONE]

INTENT = "'recorded' was not durable before the submit was sent"
SENT = "'sending, attempt 1' was not durable before the submit was sent"
REPLY = "the reply was not durable before the next request was sent"
CLIP = "the clip was put in its place before its bytes were durable"
PLACED = "the clip was recorded before its place in the folder was durable"

WRONG: dict[str, tuple[Sequence[Event], list[str]]] = {
    "no submit": ([], ["no POST was sent"]),
    "two": ([*BEFORE, POST, *GOOD[8:]], ["POST was sent more than once"]),
    "no intent": (GOOD[4:], [INTENT]),
    "sent too early": ([*RECORDED, POST, *SENDING, *GOOD[9:]], [SENT]),
    "not synced": ([*RECORDED, *SENDING[:3], *GOOD[8:]], [SENT]),
    "asked too early": (
        [*BEFORE, POST, GET, *ANSWERED, *GOOD[14:]],
        [REPLY],
    ),
    "not flushed": ([*GOOD[:14], PLACE, BYTES, FOLDER, *DONE], [CLIP]),
    "folder not synced": ([*GOOD[:16], *DONE, FOLDER], [PLACED]),
    "not done": (
        [*GOOD[:17], DONE[0]],
        ["'clip on disk' was not durable at the end"],
    ),
}


def test_a_good_order_is_good_with_either_log() -> None:
    log = Event("pwrite64", '3</home/journal.db-wal>, "recorded sending, attempt 1"')
    other = Event("fdatasync", "3</home/journal.db-wal>) = 0")

    assert list(broken(GOOD, "POST")) == []
    assert list(broken([log, other, *GOOD[8:]], "POST")) == []
    assert list(broken([log, POST, other, *GOOD[9:]], "POST")) == [INTENT, SENT]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_order_is_told(name: str) -> None:
    story, sentences = WRONG[name]

    assert list(broken(story, "POST")) == sentences


def test_calls_between_which_others_came_are_put_together() -> None:
    lines = [
        "7 fdatasync(4</home/journal.db-journal> <unfinished ...>",
        '8 sendto(5<TCP>, "GET /"..., 5) = 5',
        "7 <... fdatasync resumed>) = 0",
        "7 +++ exited with 0 +++",
    ]

    sent, synced = events(lines)

    assert (sent.call, synced.call) == ("sendto", "fdatasync")
    assert synced.said == "4</home/journal.db-journal> <unfinished ...>) = 0"


@pytest.mark.skipif(tracing.missing() != "", reason=tracing.missing())
def test_a_lifecycle_is_durable_in_its_order(tmp_path: Path) -> None:
    with alone(HEYGEN, tmp_path / "stage") as stage:
        story = order.story(stage, "A paper boat")

    assert list(broken(story, "POST")) == []
