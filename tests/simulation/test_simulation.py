"""Whatever goes wrong, nothing is bought twice and nothing that was bought is lost."""

from __future__ import annotations

import pytest

from tests.simulation.planted import PLANTED
from tests.simulation.proving import hunted, judged, tallied
from tests.simulation.schedule import scenario

QUICK = range(10_000, 10_120)


def test_no_scenario_ends_badly() -> None:
    tally = tallied(QUICK)

    assert tally.failed == (), "python -m tests.simulation --one SEED tells more"
    assert tally.scenarios == len(QUICK)
    assert tally.faults > len(QUICK)
    assert tally.crashes > len(QUICK) / 2
    assert tally.jobs > len(QUICK) / 2


def test_a_seed_is_the_same_scenario_each_time() -> None:
    first, second = judged(scenario(7)), judged(scenario(7))

    assert first.outcome.troubles == second.outcome.troubles
    assert first.outcome.steps == second.outcome.steps
    assert [take.state for take in first.outcome.takes] == [
        take.state for take in second.outcome.takes
    ]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str) -> None:
    assert hunted(name) is not None
