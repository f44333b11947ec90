"""Budgets, quotes by id, and who may step in, as the command has them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from shotcaller.plugin import Running

BUDGETS = """
[budgets]
day = 1

[budgets.projects.film]
total = 0.5
"""


@pytest.fixture
def limited(place: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(BUDGETS)


def test_nothing_was_spent(command: Any) -> None:
    done = command("spend")

    assert (done.code, done.out, done.err) == (0, "", "Nothing was spent.\n")


def test_what_was_spent_is_shown_by_what_is_asked_for(
    command: Any, studio: Any, limited: None
) -> None:
    command.install(studio=studio(price="0.40"))
    command("generate", "A fox", "--yes", "--project", "film")
    command("generate", "A hare", "--yes")
    whole, by_model = command("spend"), command("spend", "--by", "model")
    film = command("spend", "--project", "film")
    document = command("spend", "--json").document

    heading, *rows, total, left = whole.out.splitlines()
    assert heading.split() == [
        *("day", "project", "model"),
        *("takes", "quoted", "reserved", "billed", "unbilled"),
    ]
    assert [row.split()[1:] for row in rows] == [
        ["none", "studio/one", "1", "$0.40", "$0.00", "$0.00", "$0.40"],
        ["film", "studio/one", "1", "$0.40", "$0.00", "$0.00", "$0.40"],
    ]
    named = command("spend", "--by", "gateway", "--by", "project").out
    assert named.split()[:3] == ["project", "gateway", "takes"]
    assert total == (
        "In all $0.80, of which $0.00 is reserved for takes that are not over."
    )
    assert left.startswith("Of the daily budget of $1.00, $0.80 is spent and")
    assert by_model.out.splitlines()[1].split()[:3] == ["studio/one", "2", "$0.80"]
    assert "Of the budget of project film of $0.50" in film.out
    assert len(document["spend"]) == 2
    assert [one["left"] for one in document["budgets"]] == [0.2]


def test_what_nothing_bounds_is_counted(command: Any, studio: Any) -> None:
    command.install(studio=studio(price=None))
    command("generate", "A fox", "--yes")

    assert "What 1 of the takes cost is unknown." in command("spend").out


def test_only_what_is_new_enough_is_shown(command: Any, studio: Any) -> None:
    command.install(studio=studio(price="0.40"))
    command("generate", "A fox", "--yes")

    assert command("spend", "--since", "2999-01-01").err == "Nothing was spent.\n"
    assert "$0.40" in command("spend", "--since", "2026-01-01").out
    done = command("spend", "--since", "soon")
    assert (done.code, done.err) == (
        2,
        "error: since: 'soon' is not a day such as 2026-01-31.\n",
    )


def test_what_the_budgets_leave_is_the_limit(
    command: Any, studio: Any, limited: None
) -> None:
    paid = studio(price="0.40")
    command.install(studio=paid)
    command("generate", "A fox", "--yes", "--project", "film")
    done = command("generate", "A hare", "--yes", "--project", "film", "--json")

    assert (done.code, paid.submits) == (7, 1)
    assert done.document["error"]["code"] == "over-budget"
    (one,) = done.document["refused"]
    assert [each["code"] for each in one["reasons"]] == ["budget-project"]
    assert "$0.10 that is left of the budget of project film" in done.err


def test_a_quote_by_its_id_is_kept_to(command: Any, studio: Any) -> None:
    paid = studio(price="0.40")
    command.install(studio=paid)
    (row,) = command("quote", "A fox", "--seconds", "3", "--json").document["ranking"]
    kept = row["quote"]["id"]
    done = command("generate", "--quote", kept, "--json")

    assert done.code == 0
    assert done.document["shot"]["prompt"] == "A fox"
    assert done.document["shot"]["seconds"] == 3
    again = command("generate", "A fox", "--seconds", "3", "--quote", kept)
    assert "has this shot already" in again.err
    assert command("generate", "--quote", kept[:6], "--json").document == done.document
    paid.price = "0.50"
    command.install(studio=paid)
    unasked = command("generate", "--quote", kept, "--new")
    dearer = command("generate", "--quote", kept, "--new", "--yes")
    assert unasked.code == dearer.code == 7
    assert unasked.err.endswith("--budget sets a limit, --yes agrees without asking.\n")
    assert "The price of studio/one was $0.40 in quote" in dearer.err
    assert paid.submits == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing argument 'PROMPT'."),
        (["--quote", "none"], "quote: there is no quote 'none'; it may be older than"),
    ],
)
def test_a_shot_comes_from_a_prompt_or_a_quote(
    command: Any, args: list[str], message: str
) -> None:
    done = command("generate", *args)

    assert done.code == 2
    assert f"error: {message}" in done.err


def test_a_quoted_shot_is_not_described_anew(command: Any) -> None:
    found = command("quote", "A fox").out
    kept = re.findall(r"[0-9a-f]{12}", found)[0]
    done = command("generate", "--quote", kept, "--seconds", "3")

    assert done.code == 2
    assert (
        "quote: it has the shot already, which is described otherwise here." in done.err
    )


def test_a_gateway_that_is_left_alone_is_shown(command: Any, studio: Any) -> None:
    command.install(studio=studio(refuses="no funds"))
    command("generate", "A fox")
    (row,) = command("gateways", "--json").document
    text = command("gateways").out
    refused = command("generate", "A hare")
    (model,) = command("models", "--json").document
    models = command("models")

    assert model["why_not"].startswith("its account is out of credit (no funds)")
    assert models.out.rstrip().endswith("left alone")
    assert models.err.startswith("studio: its account is out of credit (no funds)")
    assert (row["ready"], row["availability"]) == (False, "no-credit")
    assert row["until"] is not None
    assert "its account is out of credit (no funds)" in text
    assert refused.code == 3
    assert "next: `shotcaller doctor --online` looks again" in refused.err


def test_gateways_are_listed_without_a_journal_that_can_be_read(
    command: Any, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "journal.db").write_bytes(b"no journal at all" * 99)
    (row,) = command("gateways", "--json").document

    assert row["availability"] == "ready"


def test_who_steps_in_on_request_is_agreed_to_first(command: Any, studio: Any) -> None:
    second = studio("second", price="0.40")
    command.install(first=studio("first", refuses="no foxes"), second=second)
    ask = ("generate", "A fox", "--fallback", "ask", "--yes", "--json")
    take = command(*ask).document["error"]["take"]
    unasked = command("resume", take, "--fallback")

    assert (unasked.code, second.submits) == (7, 0)
    assert unasked.err == (
        "Another steps in: it may cost up to $0.40 on second/one.\n"
        "error: The price was not agreed to, so nothing was sent.\n"
        "next: --yes agrees without asking.\n"
    )
    done = command("resume", take, "--fallback", "--yes")
    assert (done.code, second.submits) == (0, 1)
    assert done.err.startswith("Another steps in: it may cost up to $0.40 on second/o")


def test_who_would_step_in_for_a_take_that_runs_is_agreed_to_first(
    command: Any, studio: Any
) -> None:
    first = studio("first", script=[Running(wait=60)] * 9)
    command.install(first=first, second=studio("second", price="0.40"))
    ask = ("generate", "A fox", "--for", "draft", "--detach", "--yes")
    take = command(*ask).out.strip()
    unasked = command("resume", take, "--fallback", "--wait", "0")
    agreed = command("resume", take, "--fallback", "--yes", "--wait", "0")

    assert (unasked.code, agreed.code) == (7, 6)
    assert unasked.err.startswith(
        "If it ends uncharged, another steps in: it may cost up to $0.40 on second/one."
    )


def test_nobody_steps_in_unasked(command: Any, studio: Any) -> None:
    command.install(first=studio("first", refuses="no foxes"), second=studio("second"))
    done = command("generate", "A fox", "--fallback", "ask", "--json")
    take = done.document["error"]["take"]
    clip = command("resume", take, "--fallback", "--json")

    assert done.code == 4
    assert f"`shotcaller resume {take} --fallback` goes on with second/one" in done.err
    assert [one["model"] for one in clip.document["attempts"]] == [
        "first/one",
        "second/one",
    ]
