"""Budgets are set in the file of settings and in the environment."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from shotcaller import (
    BadInput,
    Settings,
)
from shotcaller.budgets import Budgets, Limit, ProjectBudget


def test_budgets_are_read_from_the_settings_and_the_environment(
    tmp_path: Path,
) -> None:
    text = """
        project = "film"
        [budgets]
        day = 5.0
        [budgets.projects.film]
        total = 50
        day = "10.50"
        [budgets.projects.ads]
    """
    (tmp_path / "settings.toml").write_text(text)

    read = Settings.load(tmp_path, {})
    changed = Settings.load(
        tmp_path, {"SHOTCALLER_BUDGET_DAY": "7", "SHOTCALLER_PROJECT": "ads"}
    )

    film = ProjectBudget(total=50, day="10.50")
    projects = {"film": film, "ads": ProjectBudget()}
    assert read.budgets == Budgets(day=5, projects=projects)
    assert read.project == "film"
    assert changed.budgets == Budgets(day=7, projects=projects)
    assert changed.project == "ads"
    assert read.budgets.limits("film") == (
        Limit(Decimal(5)),
        Limit(Decimal("10.50"), "film"),
        Limit(Decimal(50), "film", daily=False),
    )
    assert read.budgets.limits(None) == (Limit(Decimal(5)),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("budgets = 5", "budgets: 5 is not a table"),
        (
            "budgets.week = 5",
            "budgets has an unknown setting 'week' (there are day and projects)",
        ),
        ("budgets.day = true", "budgets.day: True is not an amount in USD"),
        ("budgets.day = []", "budgets.day: [] is not an amount in USD"),
        ("budgets.projects = 1", "budgets.projects: 1 is not a table"),
        ("budgets.projects.a = 1", "budgets.projects.a: 1 is not a table"),
        (
            "budgets.projects.a.total = -1",
            "budgets.projects.a.total: -1 is not an amount in USD from 0 to 1000000",
        ),
        ("project = 5", "project: 5 is not a name"),
        ('project = " "', "project: ' ' is not a name"),
    ],
)
def test_a_budget_that_is_wrong_is_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "settings.toml").write_text(text)

    with pytest.raises(BadInput) as caught:
        Settings.load(tmp_path, {})

    assert caught.value.message == f"{tmp_path / 'settings.toml'} {why}."


def test_a_daily_budget_in_the_environment_that_is_none_is_named() -> None:
    with pytest.raises(BadInput, match="SHOTCALLER_BUDGET_DAY: 'lots' is not an"):
        Settings.load("home", {"SHOTCALLER_BUDGET_DAY": "lots"})
