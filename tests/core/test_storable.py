"""What a vendor says badly is no reason to lose a clip, or a journal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from shotcaller import Brief, Settings, Shot, Shotcaller, State
from shotcaller.errors import JournalError
from shotcaller.plugin import Exchange, Failed, Running, Status, Ticket, hookimpl
from shotcaller.take import Problem
from tests.core.paper import Paper

HALF = "\ud800"
SHOT, BRIEF = Shot("A paper boat"), Brief(model="paper/one")


class Odd(Paper):
    """Says odd things at first, and then goes on as usual."""

    def __init__(self, said: Status) -> None:
        super().__init__()
        self.said = [said]

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        if self.said:
            yield from ()
            return self.said.pop()
        return (yield from super().shotcaller_poll(ticket))


@pytest.mark.parametrize(
    "said",
    [
        Running(fraction=float("nan")),
        Running(wait=float("inf")),
        Running(wait=10**400),
        Running(ahead=10**400),
        Running(note=f"half a character: {HALF}"),
    ],
    ids=["nan", "inf", "huge", "a long queue", "half a character"],
)
def test_whatever_is_said_of_a_take_it_is_made_and_others_too(
    make_caller: Callable[..., Shotcaller], said: Status
) -> None:
    caller = make_caller(Odd(said))

    clip = caller.generate(SHOT, BRIEF)
    other = caller.generate(Shot("Another"), BRIEF)

    assert {take.id for take in caller.takes((State.DONE,))} == {
        clip.receipt.take,
        other.receipt.take,
    }
    assert caller.rank(SHOT).candidates


def test_numbers_that_are_none_are_unknown() -> None:
    odd = Running(fraction=float("nan"), wait=float("-inf"), ahead=3)

    assert (odd.fraction, odd.wait, odd.ahead) == (None, None, 3)
    assert Running(fraction=0.5, wait=2).fraction == 0.5
    assert Running(ahead=10**400).ahead == 10**15


def test_a_ticket_can_be_recorded_whatever_is_in_it() -> None:
    data: dict[str, Any] = {"a": [float("nan"), 1.5, HALF], "b": {"c": None}}
    ticket = Ticket("paper", "paper/one", f"job{HALF}", data)

    assert ticket.remote_id == r"job\ud800"
    assert ticket.data == {"a": [None, 1.5, r"\ud800"], "b": {"c": None}}
    json.dumps(ticket.data, allow_nan=False)


def test_half_characters_are_spelled_out() -> None:
    assert Failed(f"because {HALF}", "no").reason == r"because \ud800"
    assert Problem("x", f"because {HALF}", "no").message == r"because \ud800"


def test_a_record_that_is_cut_short_is_in_nobodys_way(
    make_caller: Callable[..., Shotcaller], settings: Settings
) -> None:
    caller = make_caller()
    broken = caller.generate(SHOT, BRIEF).receipt.take
    with sqlite3.connect(settings.home / "journal.db") as db:
        db.execute("UPDATE take SET body = substr(body, 1, 40) WHERE id = ?", (broken,))
    db.close()

    other = make_caller()
    clip = other.generate(Shot("Another"), BRIEF)
    with pytest.raises(JournalError) as caught:
        other.resume(broken)

    assert [take.id for take in other.takes()] == [clip.receipt.take]
    assert caught.value.message.startswith(f"The record of take {broken} cannot be")
