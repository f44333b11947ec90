"""Whatever is done with takes, in any order, the ledgers agree with the journal."""

from __future__ import annotations

import pytest
from hypothesis import Phase

from tests.simulation.machine import proven
from tests.simulation.planted import PLANTED

SOON_FOUND = (
    "a dead owner is obeyed",
    "a time-out is an end",
)


def test_nothing_is_bought_twice_or_lost_whatever_is_done() -> None:
    account = proven(seed=1, runs=30)

    assert account.wrong == ""
    assert account.runs >= 30
    assert account.jobs > 10
    assert account.troubles > 5


@pytest.mark.parametrize("name", SOON_FOUND)
def test_a_machine_comes_upon_a_planted_bug_and_says_how(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name](patch)
        account = proven(seed=1, runs=500, phases=[Phase.generate])

    assert "state = Counted()" in account.wrong
    assert "state.teardown()" in account.wrong
