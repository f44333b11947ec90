from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import pacing
from shotcaller.catalog import History


@pytest.mark.parametrize(
    ("elapsed", "wait"), [(0, 1), (20, 1), (40, 2), (100, 5), (200, 10), (9_999, 10)]
)
def test_a_poll_waits_for_a_twentieth_of_what_has_passed(
    elapsed: float, wait: float
) -> None:
    assert pacing.next_poll(elapsed, local=False) == pytest.approx(0.8 * wait)


@pytest.mark.parametrize(
    ("elapsed", "wait"), [(-1, 0.05), (0, 0.05), (1, 0.05), (2, 0.1), (9_999, 0.2)]
)
def test_this_machine_is_asked_often(elapsed: float, wait: float) -> None:
    assert pacing.next_poll(elapsed, local=True, asked=60) == wait


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, 0.0),
        (0.5, 0.5),
        (7.0, 7.0),
        (86_400.0, 3_600.0),
        (math.inf, 3_600.0),
        (math.nan, 0.0),
        (-5.0, 0.0),
    ],
)
def test_what_the_gateway_asks_for_is_a_floor_within_reason(
    asked: float | None, wait: float
) -> None:
    assert pacing.next_poll(0, local=False, asked=asked) == max(0.8, wait)
    assert pacing.backoff(0, asked=asked) == max(1.0, wait)


@pytest.mark.parametrize(
    ("misses", "wait"), [(0, 1), (1, 2), (5, 32), (6, 60), (7, 60), (10**9, 60)]
)
def test_failures_in_a_row_double_the_wait_up_to_a_minute(
    misses: int, wait: float
) -> None:
    assert pacing.backoff(misses) == wait


@given(st.floats(0, 1e9), st.floats() | st.none())
def test_no_wait_is_ever_much_shorter_than_a_second_or_longer_than_an_hour(
    elapsed: float, asked: float | None
) -> None:
    assert 0.8 <= pacing.next_poll(elapsed, local=False, asked=asked) <= 3_600
    assert 1 <= pacing.backoff(int(elapsed), asked=asked) <= 3_600


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("9" * 400, 3_600.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
        ("nan", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_seconds_only(value: str, seconds: float | None) -> None:
    assert pacing.retry_after({"retry-after": value}) == seconds


@pytest.mark.parametrize(
    ("history", "wait"),
    [
        (None, 2.0),
        (History(), 2.0),
        (History(done=4, p5=30.0), 2.0),
        (History(done=5, p5=30.0), 30.0),
        (History(done=50, p5=0.3), 1.0),
    ],
)
def test_nothing_is_asked_before_a_model_was_ever_ready(
    history: History | None, wait: float
) -> None:
    assert pacing.first_poll(history) == wait


def test_a_reply_may_ask_for_nothing() -> None:
    assert pacing.retry_after({}) is None
