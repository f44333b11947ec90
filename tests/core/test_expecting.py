"""How long a clip takes is expected by its length and size, and said to be assumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import Brief, Shot, State
from shotcaller.catalog import History
from shotcaller.effects import Move
from shotcaller.expecting import seconds
from shotcaller.fitting import warnings
from shotcaller.journal import SQLiteJournal
from shotcaller.plugin import Evidence, Model
from shotcaller.programs.choosing import rank
from shotcaller.ranking import own_votes
from shotcaller.take import Footage
from tests.choosing.counter import counter
from tests.core.drafts import draft
from tests.core.offers import TODAY, model, offer

FILM = Footage("a.mp4", 9, "0" * 64, seconds=8.0)


def timed(value: float) -> Model:
    return model(evidence=[Evidence("speed", value, "a test", TODAY)])


@pytest.mark.parametrize(
    ("told", "length", "size", "expected"),
    [
        (100, None, None, 100),
        (100, 5, "720p", 100),
        (100, 20, "720p", 400),
        (100, 4, None, 80),
        (100, 5, "480p", 75),
        (100, 5, "768p", 100),
        (100, 5, "1080p", 140),
        (100, 5, "2k", 140),
        (100, 5, "4k", 200),
        (100, 10, "1080p", 280),
        (100, 0.5, "720p", 15),
        (9, 1, "720p", 9),
        (9, 10, "720p", 18),
    ],
)
def test_a_longer_or_larger_clip_takes_longer(
    told: float, length: float | None, size: str | None, expected: float
) -> None:
    assert seconds(timed(told), History(), length, size) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (History(done=4, timed=4, p50=60, clip=10), 65),  # 30 s of 5 s, four times each
        (History(done=4, timed=4, p50=60), 80),
        (History(done=4, p50=60), 100),
    ],
)
def test_what_took_its_time_here_is_scaled_by_its_own_length(
    known: History, expected: float
) -> None:
    assert seconds(timed(100), known, 5, "720p") == expected


def test_what_nobody_timed_elsewhere_goes_by_what_was_timed_here() -> None:
    known = History(done=1, timed=1, p50=60, clip=10)

    assert seconds(model(), known, 20) == 120
    assert seconds(model(), History(), 20) is None


@given(st.floats(0, 900), st.floats(0.1, 60), st.floats(0.1, 60))
def test_it_never_takes_less_to_make_more(
    told: float, one: float, other: float
) -> None:
    short, long = sorted([one, other])

    assert (seconds(timed(told), History(), short) or 0) <= (
        seconds(timed(told), History(), long) or 0
    )


@pytest.mark.parametrize(
    ("length", "size", "reason"),
    [
        (5, None, "about 100 s (a test)"),
        (
            7.123,
            None,
            "about 142 s (a test; taken to grow with the length, to 7.123 s)",
        ),
        (20, None, "about 400 s (a test; taken to grow with the length, to 20 s)"),
        (
            10,
            "1080p",
            (
                "about 280 s (a test; taken to grow with the length, to 10 s;"
                " taken to be 1.4 times as long at 1080p)"
            ),
        ),
    ],
)
def test_the_reason_says_what_is_assumed(
    length: float, size: str | None, reason: str
) -> None:
    shot = Shot("a", seconds=length)
    made = offer(timed(100), length=length, size=size)

    votes = own_votes(made, shot, Brief(), None, {})

    (found,) = [vote for vote in votes if vote.by == "speed"]
    assert found.reason == reason


def test_what_was_timed_here_says_of_how_many_and_for_how_long() -> None:
    known = History(done=12, timed=12, p50=74, p90=100, clip=8)
    made = offer(model(), history=known, length=8.0)

    votes = own_votes(made, Shot("a", seconds=8), Brief(), None, {})

    (found,) = [vote for vote in votes if vote.by == "speed"]
    assert found.reason == (
        "about 74 s (12 takes here: p50 74 s, p90 100 s for 8 s;"
        " taken to grow with the length, to 8 s)"
    )


def test_models_are_timed_at_one_length_where_a_shot_leaves_it_open() -> None:
    long = offer(timed(100), length=15)

    votes = own_votes(long, Shot("a"), Brief(), None, {})

    (found,) = [vote for vote in votes if vote.by == "speed"]
    assert found.reason == "about 100 s (a test)"
    assert long.seconds == 300


def test_a_long_clip_comes_later_than_a_wait_that_a_short_one_keeps() -> None:
    short, long = (offer(timed(100), length=seconds) for seconds in (5, 20))

    assert warnings(short, Brief(deadline=120)) == ()
    assert warnings(long, Brief(deadline=120)) == (
        (
            "paper/one takes about 400 s, longer than the wait of 120 s;"
            " it goes on and can be resumed"
        ),
    )


def test_a_ranking_expects_the_length_and_size_that_are_asked_for() -> None:
    context, brief = counter("fal"), Brief(model="fal/veo-3.1")

    def expected(**shot: object) -> float | None:
        found = rank(context, Shot("a", **shot), brief)  # type: ignore[arg-type]
        return found.candidates[0].seconds_expected

    assert expected(seconds=4) == 80
    assert expected(seconds=8) == 160
    assert expected(seconds=8, resolution="1080p") == 224


def test_the_journal_knows_how_long_the_usual_clip_lasts(tmp_path: Path) -> None:
    journal = SQLiteJournal(tmp_path)
    for took, lasts in ((10.0, 4.0), (20.0, 8.0), (90.0, 15.0)):
        take = journal.open(draft(str(took), model="paper/one"))
        for state in (State.SUBMITTED, State.READY, State.DONE):
            footage = evolve(FILM, seconds=lasts) if state is State.DONE else None
            to = evolve(take, state=state, took=took, footage=footage)
            take = journal.move(Move(take, to, f"to {state}"))

    known = journal.histories()["paper/one"]

    assert (known.p50, known.clip) == (20.0, 8.0)
    journal.close()
