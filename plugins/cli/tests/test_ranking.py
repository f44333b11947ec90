"""What the command tells of a choice before it is made: rank and quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from shotcaller.catalog import Candidate, Quote, Ranking
from shotcaller.plugin import (
    Lifecycle,
    Model,
    hookimpl,
)
from shotcaller_cli.choosing import answer_quotes

RANKING_KEYS = {
    "model",
    "title",
    "score",
    "quote",
    "seconds_expected",
    "votes",
    "warnings",
    "behind",
    "stand_in",
}


@pytest.mark.parametrize("name", ["rank", "quote"])
def test_a_ranking_as_json(command: Any, keyless: Any, name: str) -> None:
    command.install(studio=command.studio, vendor=keyless)
    done = command(name, "A fox", "--json")

    assert (done.code, done.err) == (0, "")
    assert set(done.document) == {"ranking", "refused", "changes"}
    (row,) = done.document["ranking"]
    assert set(row) == RANKING_KEYS
    assert (row["quote"].pop("id", None) is not None) is (name == "quote")
    assert (row["quote"].pop("until", None) is not None) is (name == "quote")
    assert row["quote"] == {
        "low": 0.0,
        "expected": 0.0,
        "high": 0.0,
        "currency": "USD",
        "rate": 0.0,
        "per": "clip",
        "seconds": 2.0,
        "source": "a list",
        "as_of": "2026-01-01",
        "stale": True,
    }
    assert set(row["votes"][0]) == {"by", "value", "weight", "reason"}
    assert done.document["refused"][0]["model"] == "vendor/film"


def test_rank_shows_votes_and_refusals(command: Any, keyless: Any) -> None:
    command.install(studio=command.studio, vendor=keyless)
    done = command("rank", "A fox", "--for", "draft", "--all")

    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "1. studio/one: Studio One"
    assert "   time         about 30 s" in lines
    assert "   fit          1.00 x 0.20, made for draft" in lines
    assert "   quality" not in done.out  # it has no weight in a draft
    assert lines[-2:] == [
        "cannot take it:",
        "  vendor/film  no key for vendor: set VENDOR_KEY",
    ]


@pytest.mark.parametrize("name", ["rank", "quote"])
def test_where_nothing_fits_the_answer_is_the_reasons(command: Any, name: str) -> None:
    done = command(name, "A fox", "--seconds", "600")
    document = command(name, "A fox", "--seconds", "600", "--json").document

    assert done.code == 3
    assert done.out.startswith(
        "cannot take it:\n  studio/one  cannot make 600 s; it makes 1 to 60 s\n"
    )
    assert document["ranking"] == []
    assert document["refused"][0]["reasons"][0]["code"] == "seconds"


def test_rank_without_any_gateway_says_what_to_install(command: Any) -> None:
    command.install()
    done = command("rank", "A fox")
    document = command("rank", "A fox", "--json").document

    assert done.code == 3
    assert "no gateway is installed" in done.err
    assert document == {"ranking": [], "refused": [], "changes": []}


def test_where_a_price_is_a_range_its_ends_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = Quote(Decimal(1), Decimal(2), Decimal(3))
    answer_quotes(Ranking((Candidate("a/b", "B", 1.0, known, ()),), ()))

    header, row = capsys.readouterr().out.splitlines()
    assert header.split() == ["model", "rate", "low", "expected", "high", "as", "of"]
    assert row.split() == ["a/b", "$1.00", "$2.00", "$3.00"]


def test_quote_shows_amounts_and_their_source(
    command: Any, studio: Any, vendor: Any
) -> None:
    command.install(studio=studio(), dark=studio("dark", price=None), vendor=vendor)
    done = command("quote", "A fox", "--yes", "--seconds", "4")

    rows = {line.split()[1]: line.split()[2:] for line in done.out.splitlines()}
    assert done.out.split()[:6] == ["quote", "model", "rate", "high", "as", "of"]
    assert rows["studio/one"] == ["$0.00/clip", "$0.00", "2026-01-01*"]
    assert rows["dark/one"] == ["unknown"]
    assert rows["vendor/film"] == ["$0.25/s", "$1.00", "2026-01-01*"]
    assert re.findall(r"(?m)^source +(.*)$", done.out) == [
        "a list",
        "https://vendor.example/prices: vendor/film",
    ]
    assert re.findall(r"(?m)^\* old +(.*)$", done.out) == [
        "looked up more than 180 days ago, and may have changed"
    ]


def test_a_source_of_all_prices_names_no_model(command: Any) -> None:
    assert command("quote", "A fox").out.splitlines()[-2] == "source  a list"


def test_a_refusal_tells_what_matters(
    command: Any, studio: Any, vendor: Any, today: date
) -> None:
    gone = Lifecycle(retires_on=today, successor="new/two")
    command.install(
        dark=studio("dark", price=None),
        old=studio("old", price=None, lifecycle=gone),
        vendor=vendor,
    )
    shown = command("rank", "A fox", "--ratio", "1:1", "--avoid", "vendor")
    alone = command("rank", "A fox", "--ratio", "1:1", "--avoid", "vendor", "--all")

    assert shown.out.splitlines() == [
        "cannot take it:",
        "  dark/one  does not offer 1:1 (only 16:9, 9:16)",
        f"  old/one   retired on {today}; use new/two",
    ]
    assert "vendor/film  you asked to avoid vendor; " in alone.out


def test_rank_warns_and_words_costs(command: Any, studio: Any, vendor: Any) -> None:
    command.install(dark=studio("dark", price=None), vendor=vendor)
    done = command("rank", "A fox", "--yes", "--all")

    assert re.search(r"(?m)^   cost +price unknown$", done.out)
    assert re.search(
        r"(?m)^   warning +vendor/film retires on 2999-01-01; then use vendor/next$",
        done.out,
    )


def test_rank_is_a_table_with_what_put_the_first_in_front(
    command: Any, studio: Any, vendor: Any
) -> None:
    command.install(studio=studio(), dark=studio("dark", price=None), vendor=vendor)
    done = command("rank", "A fox", "--for", "draft", "--yes", "--seconds", "4")

    order, why = done.out.split("\n\n")
    rows = [line.split() for line in order.splitlines()]
    assert rows[0] == ["model", "score", "cost", "clip", "time", "behind", "by"]
    assert rows[1] == ["1", "studio/one", "0.81", "free", "4", "s", "60", "s"]
    assert [row[:2] for row in rows[2:]] == [["2", "vendor/film"], ["3", "dark/one"]]
    assert rows[2][-2:] == ["cost", "0.225"]
    assert rows[3][-2:] == ["cost", "0.450"]
    facts = dict(line.strip().split("  ", 1) for line in why.splitlines()[1:])
    assert why.splitlines()[0] == "why studio/one is first:"
    assert facts["fit"].strip() == "1.00 x 0.20, made for draft"
    assert facts["cost"].strip() == "1.00 x 0.45, free"
    assert facts["before vendor/film"].startswith("cost +0.225, fit +0.160")


def test_rank_says_who_takes_longer_than_the_wait(command: Any, studio: Any) -> None:
    command.install(studio=studio())
    usual = command("rank", "A fox", "--seconds", "5")
    done = command("rank", "A fox", "--seconds", "5", "--wait", "60")

    warning = "studio/one takes about 75 s, longer than the wait of 60 s"
    assert (done.code, done.err) == (0, "")
    assert warning in " ".join(done.out.split())
    assert warning not in " ".join(usual.out.split())


def test_rank_shows_ten_and_counts_the_others(command: Any, studio: Any) -> None:
    many = {f"s{n}": studio(f"studio{n:02}") for n in range(12)}
    command.install(**many)

    done = command("rank", "A fox")
    whole = command("rank", "A fox", "--all")

    assert "and 2 more, below; --all shows them" in done.out.splitlines()
    assert "10  studio09/one" in done.out
    assert "studio11/one" not in done.out
    assert "12. studio11/one: Studio11 One" in whole.out
    assert "before studio01/one  level; the id decides" in done.out
    assert "its id" in done.out


def test_models_that_are_out_for_the_same_reason_share_a_line(
    command: Any, studio: Any
) -> None:
    command.install(**{f"s{n}": studio(f"studio{n}") for n in range(6)})

    done = command("rank", "A fox", "--ratio", "1:1")
    whole = command("rank", "A fox", "--ratio", "1:1", "--all")

    lines = done.out.splitlines()
    assert lines[1] == (
        "  6 models  does not offer 1:1 (only 16:9, 9:16) (studio0/one, studio1/one,"
        " studio2/one, studio3/one and 2 more)"
    )
    assert len(lines) == 2
    assert "  studio5/one  does not offer 1:1 (only 16:9, 9:16)" in whole.out


def test_what_costs_too_much_is_said_at_once(command: Any, studio: Any) -> None:
    prices = {"a": "0.30", "b": "0.40", "c": "0"}
    command.install(**{name: studio(name, price=usd) for name, usd in prices.items()})
    ask = ("rank", "A fox", "--budget", "0.20")

    both = command(*ask, "--avoid", "c").out
    one = command(*ask, "--avoid", "c", "--avoid", "b").out
    whole = command(*ask, "--avoid", "c", "--all").out

    assert "  2 models  may cost more than the budget (a/one, b/one)\n" in both
    assert "  a/one  may cost $0.30, more than the budget of $0.20\n" in one
    assert "  b/one  may cost $0.40, more than the budget of $0.20\n" in whole


def test_many_reasons_are_counted_unless_all_are_asked_for(
    command: Any, studio: Any, today: date
) -> None:
    ended = {
        f"s{n}": studio(f"s{n:02}", lifecycle=Lifecycle(today, f"new/{n}"))
        for n in range(12)
    }
    command.install(**ended)

    done = command("rank", "A fox")

    assert done.out.splitlines()[-1] == "  and for 2 more reasons; --all shows them"
    assert "s11/one" in command("rank", "A fox", "--all").out


def test_rank_says_what_would_change_it(command: Any, studio: Any, vendor: Any) -> None:
    command.install(dark=studio("dark", price=None), vendor=vendor)
    rank = ("rank", "A fox", "--yes", "--avoid", "dark", "--seconds", "6")

    shown = command(*rank).out
    document = command(*rank, "--json").document

    assert shown.endswith(
        "another would lead:\n"
        "  -  at 4 s, vendor/film would lead\n"
        "  -  at 8 s, vendor/film would lead\n"
    )
    assert document["changes"][0] == {
        "about": "seconds",
        "value": "4",
        "model": "vendor/film",
        "message": "at 4 s, vendor/film would lead",
    }


def test_what_is_no_ai_model_stands_behind_for_that(command: Any, studio: Any) -> None:
    class Draughtsman(studio):  # type: ignore[misc]
        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            return [evolve(m, artificial=False) for m in super().shotcaller_models()]

    command.install(drawn=Draughtsman("drawn"), studio=studio())
    rows = command("rank", "A fox").out.splitlines()

    (row,) = (line for line in rows if "drawn/one" in line and "no AI model" in line)
    assert rows.index(row) > 1
