"""Why models cannot take a shot is told on one screen: alike ones together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import NothingFits
from shotcaller.refusals import MOST, Reason, Refusal, grouped, summary

LONG = Reason("seconds", "cannot make 20 s; it makes 4 to 15 s")
SHORT = Reason("seconds", "cannot make 20 s; it makes 6 s")
SQUARE = Reason("ratio", "does not offer 1:1 (only 16:9, 9:16)")
KEY = Reason("no-key", "no key for fal: set FAL_KEY")
GONE = Reason("retired", "retired on 2026-09-24; use heygen/video-1")
DEAR = Reason("budget", "may cost $2.00, more than the budget of $1.00")
DEARER = Reason("budget", "may cost $3.00, more than the budget of $1.00")
AVOIDED = Reason("avoided", "you asked to avoid fal")

reasons = st.sampled_from([LONG, SHORT, SQUARE, KEY, GONE, DEAR, DEARER, AVOIDED])
refusals = st.lists(
    st.lists(reasons, min_size=1, max_size=3, unique=True).map(tuple), max_size=30
).map(lambda each: tuple(Refusal(f"g/{n:02}", why) for n, why in enumerate(each)))


def out(*each: tuple[Reason, ...]) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(f"fal/{name}", why) for name, why in zip("abcdef", each, strict=False)
    )


@pytest.mark.parametrize(
    ("refused", "lines"),
    [
        ((), []),
        (out((LONG,)), [f"fal/a: {LONG.message}"]),
        (out((LONG,), (LONG,)), [f"2 models: {LONG.message} (fal/a, fal/b)"]),
        (
            out(*[(LONG,)] * 6),
            [f"6 models: {LONG.message} (fal/a, fal/b, fal/c, fal/d and 2 more)"],
        ),
        (
            out((LONG,), (SHORT,)),
            [f"fal/a: {LONG.message}", f"fal/b: {SHORT.message}"],
        ),
        (
            out((KEY, LONG), (KEY, SHORT), (SQUARE,)),
            [
                f"fal/c: {SQUARE.message}",
                f"2 models: {KEY.message}; cannot make 20 s (fal/a, fal/b)",
            ],
        ),
        (
            out((GONE, KEY, LONG), (KEY, SQUARE)),
            [f"fal/b: {KEY.message}; {SQUARE.message}", f"fal/a: {GONE.message}"],
        ),
        (
            out((DEAR,), (DEARER,)),
            ["2 models: may cost more than the budget (fal/a, fal/b)"],
        ),
        (out((DEAR,), (LONG,), (LONG,))[:1], [f"fal/a: {DEAR.message}"]),
        (out((AVOIDED,), (LONG,)), [f"fal/b: {LONG.message}"]),
        (out((AVOIDED, LONG)), [f"fal/a: {AVOIDED.message}; {LONG.message}"]),
    ],
)
def test_models_that_are_alike_share_a_line(
    refused: tuple[Refusal, ...], lines: list[str]
) -> None:
    assert summary(refused) == lines


def test_a_bigger_group_goes_before_a_smaller_one_that_is_as_near() -> None:
    assert [str(one)[:8] for one in grouped(out((LONG,), (SHORT,), (SHORT,)))] == [
        "2 models",
        "fal/a: c",
    ]


def test_what_does_not_fit_on_the_screen_is_counted_and_stays_with_the_error() -> None:
    many = tuple(
        Refusal(f"fal/{number}", (Reason("seconds", f"makes {number} s"),))
        for number in range(1, MOST + 4)
    )
    error = NothingFits("No model can take the shot.", "Ask for less.", refused=many)

    first, *lines, pointer, hint = str(error).splitlines()

    assert (first, hint) == ("No model can take the shot.", "Ask for less.")
    assert lines == [f"  fal/{n}: makes {n} s" for n in range(1, MOST + 1)]
    assert pointer == "  and 3 more models; `shotcaller rank --all` has every reason"
    assert error.refused == many
    assert summary(many[: MOST + 1])[-1].startswith("and 1 more model; ")


@given(refusals)
def test_every_model_is_in_one_group_unless_it_was_set_aside(
    refused: tuple[Refusal, ...],
) -> None:
    named = [model for group in grouped(refused) for model in group.models]

    aside = [one.model for one in refused if AVOIDED in one.reasons]
    told = [one.model for one in refused if one.model not in aside]
    assert sorted(named) == (told or aside)
    assert len(summary(refused)) <= MOST + 1
