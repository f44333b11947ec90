from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shotcaller.errors import BadInput
from shotcaller.take import (
    DEAD,
    MOVES,
    SETTLED,
    Cost,
    Done,
    Failed,
    Running,
    State,
    Ticket,
)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)


def test_settled_takes_move_no_more_but_to_fetch_what_is_or_may_be_there() -> None:
    moving = {state for state in SETTLED if MOVES[state]}

    assert moving == {State.DONE, State.CANCELLED}
    assert MOVES[State.DONE] == MOVES[State.CANCELLED] == {State.SUBMITTED}


def test_what_is_not_settled_can_be_settled() -> None:
    reached = set(SETTLED)
    while more := {s for s in State if MOVES[s] & reached} - reached:
        reached |= more

    assert reached == set(State)


def test_a_take_is_never_sent_again_once_it_was_accepted() -> None:
    accepted = {State.SUBMITTED, State.READY, State.DONE}
    after = {target for state in accepted for target in MOVES[state]}

    assert after.isdisjoint({State.QUEUED, State.SENDING, State.UNCERTAIN})


def test_money_that_may_have_moved_is_never_called_failed_or_unsent() -> None:
    assert State.QUEUED not in MOVES[State.UNCERTAIN]
    assert State.CANCELLED not in MOVES[State.SENDING]


def test_a_repeated_request_joins_all_but_the_dead() -> None:
    expected = {State.REFUSED, State.FAILED, State.CANCELLED, State.OUTPUT_LOST}

    assert expected == DEAD
    assert {state for state in State if state.settled} == DEAD | {State.DONE}


@pytest.mark.parametrize(
    "fields",
    [{}, {"url": "https://a.test/c", "path": "/c"}],
)
def test_a_clip_is_at_a_url_or_in_a_file(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^Done needs either a url or a path$"):
        Done(**fields)


@pytest.mark.parametrize(
    ("cls", "fields", "message"),
    [
        (Ticket, {"remote_id": 5}, "'remote_id' must be <class 'str'> (got 5 "),
        (Ticket, {"gateway": None}, "'gateway' must be <class 'str'> (got None "),
        (Ticket, {"model": b"m"}, "'model' must be <class 'str'> (got b'm' "),
        (Running, {"note": None}, "'note' must be <class 'str'> (got None "),
        (Running, {"ahead": "3"}, "'ahead' must be <class 'int'> (got '3' "),
        (Running, {"fraction": "half"}, "'fraction' must be (<class 'int'>, <class "),
        (Running, {"wait": "5"}, "'wait' must be (<class 'int'>, <class 'float'>) "),
        (Done, {"url": 5}, "'url' must be <class 'str'> (got 5 "),
        (Done, {"url": "u", "billed": 0.1}, "'billed' must be <class 'decimal.Deci"),
        (Failed, {"reason": None}, "'reason' must be <class 'str'> (got None "),
    ],
)
def test_what_a_plugin_tells_has_the_types_that_the_journal_reads_back(
    cls: Any, fields: dict[str, object], message: str
) -> None:
    whole = {"gateway": "g", "model": "m", "remote_id": "r"} if cls is Ticket else {}

    with pytest.raises(TypeError) as caught:
        cls(**{**whole, **fields})

    assert str(caught.value.args[0]).startswith(message)


def test_a_failure_is_charged_or_not_or_unknown() -> None:
    assert Failed("no").charged == "unknown"
    with pytest.raises(ValueError, match=r"'charged' must be in \('yes', 'no', 'unk"):
        Failed("no", "perhaps")  # type: ignore[arg-type]


def test_a_tickets_data_survive_json_or_are_refused() -> None:
    ticket = Ticket("g", "m", "r", {"at": ("a", "b")})

    assert ticket.data == {"at": ["a", "b"]}
    with pytest.raises(BadInput) as caught:
        Ticket("g", "m", "r", {"at": b"x"})
    assert caught.value.message == "data.at: b'x' cannot be written as JSON."
    with pytest.raises(BadInput) as caught:
        Done(url="u", facts=[])  # type: ignore[arg-type]
    assert caught.value.message == "data: [] is not a table."


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(Decimal("1.5"), Decimal("1.234")), "$1.234 billed"),
        (Cost(Decimal("0.2"), Decimal("0.20000001")), "$0.20 billed"),
        (Cost(Decimal("1.5"), Decimal(0)), "$0.00 billed"),
        (Cost(Decimal("1.5")), "$1.50 quoted"),
        (Cost(Decimal(0)), "free"),
        (Cost(None), "unknown"),
    ],
)
def test_a_cost_reads_as_what_is_known_best(cost: Cost, text: str) -> None:
    assert str(cost) == text


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-1000", "-0.01", "1e13"])
def test_what_can_be_no_bill_is_taken_for_unknown(amount: str) -> None:
    assert Done(url="https://x.test/a.mp4", billed=Decimal(amount)).billed is None


@pytest.mark.parametrize("amount", ["0", "0.25", "1000000"])
def test_what_can_be_a_bill_is_kept(amount: str) -> None:
    done = Done(url="https://x.test/a.mp4", billed=Decimal(amount))

    assert done.billed == Decimal(amount)
