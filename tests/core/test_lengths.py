from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shotcaller.catalog import (
    Lengths,
)
from tests.core import offerings


@pytest.mark.parametrize(
    ("lengths", "inside", "outside"),
    [
        (Lengths(1, 10), [1, 1.5, 9.99, 10], [0.99, 10.01, -1, math.nan, math.inf]),
        (Lengths(4, 12, 1), [4, 5, 12, 11.0000000001], [3, 4.5, 13]),
        (Lengths(2, 8, 0.5), [2, 2.5, 8], [2.25, 8.5]),
        (Lengths.of(5, 10), [5, 10.0], [6, 7.5, 4]),
        (Lengths.of(8), [8], [7, 9]),
        (Lengths(4, 8, asked=False), [], [4, 5, 8]),
    ],
)
def test_a_length_is_offered_or_not(
    lengths: Lengths, inside: list[float], outside: list[float]
) -> None:
    assert [seconds for seconds in inside if seconds not in lengths] == []
    assert [seconds for seconds in outside if seconds in lengths] == []


@given(offerings.offered_lengths(), st.floats(0, 100))
def test_what_is_offered_lies_between_the_ends(
    lengths: Lengths, seconds: float
) -> None:
    assert lengths.low in lengths
    if seconds in lengths:
        assert lengths.low <= seconds <= lengths.high


@given(st.floats(0.5, 20), st.sampled_from([0.1, 0.5, 1.0, 3.0]), st.integers(0, 30))
def test_every_step_of_a_range_is_offered_and_nothing_between(
    low: float, step: float, count: int
) -> None:
    lengths = Lengths(low, low + step * 30, step)
    seconds = low + step * count
    assume(seconds <= lengths.high)

    assert seconds in lengths
    assert seconds + step / 2 not in lengths


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        (Lengths(1, 60), "1 to 60"),
        (Lengths(4, 12, 1), "4 to 12 in steps of 1"),
        (Lengths(2, 8, 0.5), "2 to 8 in steps of 0.5"),
        (Lengths.of(10, 5), "5 or 10"),
        (Lengths.of(4, 6, 8), "4, 6 or 8"),
        (Lengths.of(8), "8"),
        (Lengths(4, 8, asked=False), "what it decides, 4 to 8"),
    ],
)
def test_lengths_read_as_a_person_would_say_them(lengths: Lengths, text: str) -> None:
    assert str(lengths) == text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((5, 1), "no clip has a length from 5 to 1 s"),
        ((0, 1), "no clip has a length from 0 to 1 s"),
        ((-1, 1), "no clip has a length from -1 to 1 s"),
        ((1, math.inf), "no clip has a length from 1 to inf s"),
        ((math.nan, 1), "no clip has a length from nan to 1 s"),
        ((1, 2, -1), "-1 s is no step"),
        ((1, 2, math.nan), "nan s is no step"),
        ((1, 2, 1e-300), "1e-300 s is no step"),
        ((1, 9, 0, (1, 8)), "(1, 8) are not choices from 1 to 9"),
        ((1, 9, 0, (2, 9)), "(2, 9) are not choices from 1 to 9"),
    ],
)
def test_lengths_that_hold_nothing_are_refused(fields: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  compared below
        Lengths(*fields)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("lengths", "count"),
    [
        (Lengths.of(4, 6, 8), 3),
        (Lengths(4, 15, 1), 12),
        (Lengths(1, 2, 0.1), 11),
        (Lengths(4, 9, 2), 3),
        (Lengths(5, 5), 1),
        (Lengths(5, 6), math.inf),
    ],
)
def test_lengths_are_counted(lengths: Lengths, count: float) -> None:
    assert lengths.count == count


@pytest.mark.parametrize(
    ("lengths", "low", "high", "there"),
    [
        (Lengths.of(4, 8), 5, 7, False),
        (Lengths.of(4, 8), 5, 8, True),
        (Lengths(4, 8), 1, 4, True),
        (Lengths(4, 8), 8, 9, True),
        (Lengths(4, 8), 1, 3.9, False),
        (Lengths(4, 8), 8.1, 9, False),
        (Lengths(4, 8, 2), 4.5, 5.5, False),
        (Lengths(4, 8, 2), 4.5, 6, True),
        (Lengths(1, 2, 0.1), 1.3, 1.3, True),
    ],
)
def test_a_length_between_two_is_offered_or_not(
    lengths: Lengths, low: float, high: float, there: bool
) -> None:
    assert lengths.between(low, high) is there


@given(offerings.offered_lengths(), st.floats(0, 80), st.floats(0, 80))
def test_what_is_offered_is_between_itself_and_anything(
    lengths: Lengths, one: float, other: float
) -> None:
    low, high = sorted([one, other])

    assert lengths.between(lengths.low, lengths.low)
    if low in lengths or high in lengths:
        assert lengths.between(low, high)
    if high < lengths.low - 1 or low > lengths.high + 1:
        assert not lengths.between(low, high)


@pytest.mark.parametrize(
    ("lengths", "asked", "nearest"),
    [
        (Lengths.of(4, 6, 8), 12, (8,)),
        (Lengths.of(4, 6, 8), 3, (4,)),
        (Lengths.of(4, 6, 8), 5, (4, 6)),
        (Lengths(4, 15, 1), 7.5, (7, 8)),
        (Lengths(4, 15, 1), 1, (4,)),
        (Lengths(4, 15, 2), 15, (14,)),
        (Lengths(4, 15, 2), 20, (14,)),
        (Lengths(4, 15), 20, (15,)),
        (Lengths(4, 15), 1, (4,)),
    ],
)
def test_the_nearest_lengths_are_the_next_on_either_side(
    lengths: Lengths, asked: float, nearest: tuple[float, ...]
) -> None:
    assert lengths.nearest(asked) == nearest


@given(offerings.offered_lengths(), st.floats(0.1, 100))
def test_the_nearest_lengths_are_offered(lengths: Lengths, asked: float) -> None:
    if asked in lengths:
        return

    found = lengths.nearest(asked)

    assert found
    assert all(one in lengths for one in found)
    assert found == tuple(sorted(found))


@pytest.mark.parametrize(
    ("lengths", "than", "below"),
    [
        (Lengths.of(4, 6, 8), 8, (6, 4)),
        (Lengths.of(4, 6, 8), 4, ()),
        (Lengths(4, 7, 1), 7, (6, 5, 4)),
        (Lengths(4, 7, 1), 30, (7, 6, 5, 4)),
        (Lengths(1.5, 4), 4, (3.5, 2.5, 1.5)),
        (Lengths(4, 15, 2), 9, (8, 6, 4)),
    ],
)
def test_shorter_lengths_come_the_longest_first(
    lengths: Lengths, than: float, below: tuple[float, ...]
) -> None:
    assert lengths.below(than) == below


@given(offerings.offered_lengths(), st.floats(0.1, 100))
def test_shorter_lengths_are_offered_and_shorter(lengths: Lengths, than: float) -> None:
    assert all(one in lengths and one < than for one in lengths.below(than))
