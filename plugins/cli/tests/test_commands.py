from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from shotcaller.plugin import (
    Cancellation,
    Exchange,
    Failed,
    Gateway,
    Lifecycle,
    Model,
    Running,
    Status,
    Ticket,
    hookimpl,
)

ERROR_KEYS = {"code", "message", "charged", "repeat_safe", "next", "take"}
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


def made(command: Any, prompt: str = "A fox") -> str:
    take: str = command("generate", prompt, "--json").document["take"]
    return take


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


def test_quote_shows_amounts_and_their_source(
    command: Any, studio: Any, vendor: Any
) -> None:
    command.install(studio=studio(), dark=studio("dark", price=None), vendor=vendor)
    done = command("quote", "A fox", "--yes", "--seconds", "4")

    rows = {line.split()[0]: line.split()[1:] for line in done.out.splitlines()}
    assert rows["model"] == ["rate", "low", "expected", "high", "as", "of", "quote"]
    assert rows["studio/one"][:5] == [
        "$0.00/clip",
        "$0.00",
        "$0.00",
        "$0.00",
        "2026-01-01*",
    ]
    assert rows["dark/one"][:3] == ["unknown", "unknown", "unknown"]
    assert rows["vendor/film"][:5] == [
        "$0.25/s",
        "$1.00",
        "$1.00",
        "$1.00",
        "2026-01-01*",
    ]
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


def test_models_as_json(command: Any, keyless: Any) -> None:
    command.install(studio=command.studio, vendor=keyless)
    done = command("models", "--json")

    studio, vendor = done.document
    assert list(studio) == [
        "id",
        "gateway",
        "title",
        "maker",
        "operations",
        "seconds",
        "ratios",
        "resolutions",
        "sound",
        "references",
        "price",
        "lifecycle",
        "ready",
        "why_not",
    ]
    assert (studio["ready"], studio["why_not"]) == (True, None)
    assert studio["references"] == {"image": 3, "video": 3, "sound": 3}
    assert vendor["seconds"] == {
        "low": 4,
        "high": 8,
        "step": 0.0,
        "choices": [4, 8],
        "asked": True,
    }
    assert vendor["price"]["rates"][0] == {
        "usd": 0.25,
        "per": "second",
        "when": {},
        "pixels": None,
        "input_seconds": None,
    }
    assert vendor["lifecycle"] == {
        "retires_on": "2999-01-01",
        "successor": "vendor/next",
        "note": "",
        "source": "",
        "missing_since": None,
    }
    assert (vendor["ready"], vendor["why_not"]) == (
        False,
        "no key for vendor: set VENDOR_KEY",
    )


def test_models_as_a_table(
    command: Any, studio: Any, keyless: Any, today: date
) -> None:
    gone = Lifecycle(retires_on=today, successor="old/two")
    going = Lifecycle(retires_on=today + timedelta(days=9))
    lost = Lifecycle(successor="old/two", missing_since=today)
    command.install(
        dark=studio("dark", price=None, lifecycle=going),
        lost=studio("lost", lifecycle=lost),
        old=studio("old", price="0.40", lifecycle=gone),
        studio=command.studio,
        vendor=keyless,
    )
    done = command("models")

    rows = {line.split()[0]: line for line in done.out.splitlines()}
    soon = today + timedelta(days=9)
    assert rows["model"].split() == ["model", "makes", "price", "ready"]
    assert re.search(rf" unknown +yes; retires on {soon}$", rows["dark/one"])
    assert "$0.40 per clip" in rows["old/one"]
    assert rows["old/one"].endswith(f"retired on {today}; use old/two")
    assert rows["lost/one"].endswith(
        f"has not been listed by its gateway since {today}; use old/two"
    )
    assert "free " in rows["studio/one"]
    assert rows["studio/one"].endswith(" yes")
    makes = "from text, image, frames, references, extend; 1 to 60 s; 720p"
    assert makes in rows["studio/one"]
    assert "from text; 4 or 8 s" in rows["vendor/film"]
    assert "$0.10 to $0.25 per second" in rows["vendor/film"]
    assert rows["vendor/film"].endswith(
        " no key; retires on 2999-01-01, then vendor/next"
    )
    assert done.err == "no key for vendor: set VENDOR_KEY.\n"


def test_models_tell_which_is_no_ai(command: Any, studio: Any) -> None:
    class Draughtsman(studio):  # type: ignore[misc]
        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            return [evolve(m, artificial=False) for m in super().shotcaller_models()]

    command.install(drawn=Draughtsman("drawn"))
    row = command("models").out.splitlines()[1]

    assert row.startswith("drawn/one  from ")
    assert "; no AI model" in row


def test_a_model_without_its_gateway_is_not_ready(command: Any, studio: Any) -> None:
    class Models(studio):  # type: ignore[misc]
        shotcaller_gateways = None

    command.install(orphan=Models("orphan"))

    assert command("models", "--json").document[0]["why_not"] == (
        "the plugin of gateway orphan is not installed"
    )


def test_gateways(command: Any, vendor: Any) -> None:
    command.install(studio=command.studio, vendor=vendor)
    rows = command("gateways", "--json").document
    table = command("gateways").out

    assert list(rows[0]) == [
        "id",
        "title",
        "homepage",
        "local",
        "credentials",
        "safety",
        "base_url",
        "ready",
        "why_not",
        "availability",
        "until",
    ]
    assert rows[1]["credentials"] == [["VENDOR_KEY"]]
    assert rows[1]["base_url"].startswith("http://127.0.0.1:")
    assert "yes (no key needed)  this machine\n" in table
    assert re.search(
        r"yes \(VENDOR_KEY\) +http://127.0.0.1:\d+ instead of api.vendor.example\n",
        table,
    )
    assert "a-key" not in table + json.dumps(rows)


def test_plugins(command: Any, keyless: Any) -> None:
    command.install(studio=command.studio, broken=Broken(), vendor=keyless)
    rows = command("plugins", "--json").document
    table = command("plugins").out

    assert rows[0] == {
        "name": "broken",
        "distribution": "",
        "version": "",
        "gateways": [],
        "models": [],
        "broken": "RuntimeError: it broke",
    }
    assert rows[1]["broken"] is None
    assert "not in use: RuntimeError: it broke\n" in table
    assert "1 gateway, 1 model  in use\n" in table


def test_several_models_are_counted(command: Any, studio: Any) -> None:
    class Two(studio):  # type: ignore[misc]
        @hookimpl
        def shotcaller_models(self) -> Any:
            (one,) = super().shotcaller_models()
            return [one, evolve(one, id="studio/two")]

    command.install(studio=Two())

    assert "1 gateway, 2 models  in use\n" in command("plugins").out


class Broken:
    """Is a plugin that breaks as soon as it is asked."""

    @hookimpl
    def shotcaller_gateways(self) -> Any:
        raise RuntimeError("it broke")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("models", "No model is installed; see `shotcaller plugins`.\n"),
        (
            "gateways",
            "No gateway is installed; try `pip install shotcaller-animatic`.\n",
        ),
        ("plugins", "No plugin is installed; try `pip install shotcaller-animatic`.\n"),
        ("takes", "No take is on record.\n"),
    ],
)
def test_an_empty_list_says_so(command: Any, name: str, said: str) -> None:
    command.install()
    done = command(name)
    listed = command(name, "--json")

    assert (done.code, done.out, done.err) == (0, "", said)
    assert (listed.out, listed.err) == ("[]\n", "")


def test_takes(command: Any, place: Path, failed: Any) -> None:
    take = made(command)
    command.studio.script = [failed]
    command("generate", "A hare")
    rows = command("takes", "--json").document
    done = command("takes", "--state", "done")
    only = command("takes", "--limit", "1", "--json").document

    assert [row["state"] for row in rows] == ["failed", "done"]
    assert list(rows[1]) == [
        "take",
        "state",
        "model",
        "remote_id",
        "created",
        "cost",
        "path",
    ]
    assert rows[1]["take"] == take
    assert rows[1]["remote_id"].startswith("job-")
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\+00:00", rows[1]["created"])
    assert (rows[0]["path"], Path(rows[1]["path"]).parent) == (None, place)
    assert only == rows[:1]
    header, row = done.out.splitlines()
    assert header.split() == ["take", "state", "model", "created", "cost", "path"]
    assert re.fullmatch(
        rf"{take}  done   studio/one  [\d-]{{10}} [\d:]{{5}}  free"
        rf"  {place}/a-fox-\w+.mp4",
        row,
    )


@pytest.mark.parametrize(
    ("charged", "text"),
    [
        ("no", "not charged"),
        ("unknown", "charge unknown"),
        ("yes", "$0.40 quoted"),
    ],
)
def test_a_take_that_failed_tells_whether_it_was_charged(
    command: Any, studio: Any, charged: Any, text: str
) -> None:
    command.install(studio=studio(price="0.40", script=[Failed("it rained", charged)]))
    assert command("generate", "A fox", "--yes", "--json").code == 4
    row = command("takes").out.splitlines()[1]

    assert row.rstrip().endswith(f"  {text}")
    (cost,) = re.findall(r"(?m)^cost +(.*)$", command("show", row[:6]).out)
    assert cost == text


def test_takes_of_a_state_that_none_has(command: Any) -> None:
    made(command)

    assert command("takes", "--state", "failed").err == "No such take.\n"


def test_show_tells_the_whole_story(command: Any, place: Path) -> None:
    take = made(command, "A fox\n\x1b[31mruns")
    out = command("show", take[:4]).out

    facts = dict(line.split(None, 1) for line in out.splitlines())
    assert facts["take"] == take
    assert facts["state"] == "done"
    assert facts["model"] == "studio/one: Studio One"
    assert facts["prompt"] == "A fox \\x1b[31mruns"
    assert facts["cost"] == "free"
    assert facts["clip"].startswith(str(place))
    assert facts["when"].split() == ["take", "state", "what"]
    assert out.endswith("done       clip on disk\n")


def test_show_as_json_has_the_events(command: Any) -> None:
    take = made(command)
    document = command("show", take, "--json").document

    assert document["take"] == take
    assert list(document["events"][0]) == ["take", "at", "state", "note"]
    assert document["events"][-1]["note"] == "clip on disk"


def test_show_says_what_to_do_next(command: Any, studio: Any, failed: Any) -> None:
    command.install(studio=studio(price="0.40", script=[failed]))
    command("generate", "A fox", "--yes")
    take = command("takes", "--json").document[0]["take"]
    out = command("show", take).out

    assert "failed: the render farm burned down\n" in out
    assert "It was charged; asking again pays again.\n" in out
    assert "\nclip " not in out


def test_show_of_a_cancelled_take_says_whether_it_cost_anything(command: Any) -> None:
    command.studio.script = [Running(wait=60)]
    take = command("generate", "A fox", "--detach").out.strip()
    command("cancel", take)
    out = command("show", take).out

    assert "state   cancelled: cancelled on request\n" in out
    assert "\nnext    Nothing was charged; it is safe to ask again.\n" in out


def test_show_of_earlier_attempts(command: Any, studio: Any) -> None:
    command.install(first=studio("first", refuses="no foxes"), second=studio("second"))
    take = made(command)
    out = command("show", take).out

    assert "earlier  first/one refused: no foxes (charged: no)\n" in out


def test_show_of_a_take_that_was_never_accepted(command: Any, studio: Any) -> None:
    command.install(studio=studio(refuses="no foxes"))
    command("generate", "A fox")
    take = command("takes", "--json").document[0]["take"]
    out = command("show", take).out

    assert "\njob " not in out
    assert "refused: no foxes" in out


def test_cancel(command: Any) -> None:
    command.studio.script = [Running(wait=60)] * 2
    first = command("generate", "A fox", "--detach").out.strip()
    second = command("generate", "A hare", "--detach").out.strip()
    done = command("cancel", first)
    document = command("cancel", second, "--json").document

    assert (done.code, done.out) == (0, f"Take {first} is cancelled.\n")
    assert document["state"] == "cancelled"
    assert document["cancellation"] == "cancelled"


@pytest.mark.parametrize(
    ("outcome", "code", "word", "said"),
    [
        (
            Cancellation.REQUESTED,
            6,
            "still-running",
            "Take {0} on studio/one was asked to stop, but may still finish, and bill.",
        ),
        (
            Cancellation.UNSUPPORTED,
            4,
            "refused",
            "studio cannot cancel Take {0} on studio/one; it goes on.",
        ),
    ],
)
def test_cancel_says_what_became_of_it(
    command: Any, outcome: Cancellation, code: int, word: str, said: str
) -> None:
    command.studio.script = [Running(wait=60)]
    command.studio.cancels = outcome
    take = command("generate", "A fox", "--detach").out.strip()
    done = command("cancel", take, "--json")

    assert done.code == code
    assert set(done.document["error"]) == ERROR_KEYS
    assert done.document["error"]["code"] == word
    assert done.document["error"]["message"] == said.format(take)


def test_cancel_of_a_take_of_which_nobody_knows(command: Any, vendor: Any) -> None:
    command.install(vendor=vendor)
    lost = command("generate", "A fox", "--yes", "--json", "--wait", "5")
    take = lost.document["error"]["take"]
    done = command("cancel", take)

    assert done.code == 4
    assert done.err == (
        f"error: Take {take} on vendor/film cannot be cancelled while it is"
        " uncertain.\n"
        f"next: `shotcaller resume {take}` follows it.\n"
    )


@pytest.mark.parametrize(("price", "paid"), [("0", ""), ("0.40", " and billed")])
def test_what_is_finished_is_not_cancelled_any_more(
    command: Any, studio: Any, price: str, paid: str
) -> None:
    command.install(studio=studio(price=price))
    take = command("generate", "A fox", "--yes", "--json").document["take"]
    done = command("cancel", take)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"error: Take {take} on studio/one is finished{paid}: there is nothing left to"
        " cancel.\n"
        f"next: `shotcaller resume {take}` brings the clip.\n"
    )


def test_cancel_comes_too_late(command: Any, studio: Any, failed: Any) -> None:
    command.install(studio=studio(script=[failed]))
    take = command("generate", "A fox", "--json").document["error"]["take"]
    done = command("cancel", take)

    assert (done.code, done.out) == (4, "")
    assert done.err == (
        f"error: Take {take} on studio/one is over already: it is failed.\n"
        f"next: `shotcaller show {take}` says more.\n"
    )


@pytest.mark.parametrize("name", ["show", "resume", "cancel"])
def test_an_unknown_take_is_named(command: Any, name: str) -> None:
    done = command(name, "beef")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: take: the journal has no take 'beef'.\n"
        "next: `shotcaller takes` lists them.\n"
    )


def test_doctor_finds_nothing_bad(command: Any) -> None:
    done = command("doctor")
    rows = command("doctor", "--json").document

    assert done.code == 0
    assert list(rows[0]) == ["about", "grade", "message"]
    assert {row["grade"] for row in rows} <= {"good", "note"}
    assert re.search(r"(?m)^good +gateway studio +ready", done.out)


def test_doctor_ends_with_2_where_something_is_bad(command: Any) -> None:
    command.install(broken=Broken())
    done = command("doctor")

    assert done.code == 2
    assert "bad    plugin broken  not a distribution: RuntimeError: it broke\n" in (
        done.out
    )


def test_doctor_shows_an_address_that_is_replaced(command: Any, vendor: Any) -> None:
    command.install(vendor=vendor)
    out = command("doctor").out

    assert re.search(r"note +gateway vendor +http://127.0.0.1:\d+ replaces", out)


def test_verify_says_that_a_clip_is_the_one(command: Any, tmp_path: Path) -> None:
    clip = command("generate", "A boat").out.strip()
    done = command("verify", clip)
    document = command("verify", clip, "--json").document

    assert done.code == 0
    assert re.search(r"(?m)^good +file +it is a clip \(video/mp4\)$", done.out)
    assert re.search(rf"(?m)^good +journal +take {document['take']}", done.out)
    assert list(document) == ["path", "receipt", "take", "verified", "findings"]
    assert document["verified"] is True


def test_verify_ends_with_2_where_a_clip_is_another(command: Any) -> None:
    clip = Path(command("generate", "A boat").out.strip())
    clip.write_bytes(clip.read_bytes() + b"more")
    done = command("verify", str(clip))
    missing = command("verify", "gone.mp4", "--json")

    assert done.code == 2
    assert re.search(r"(?m)^bad +receipt +it has \d+ bytes, the receipt says", done.out)
    assert missing.code == 2
    assert missing.document["error"]["message"] == "clip: 'gone.mp4' is no file."


class Teller:
    """Is a gateway that says how its account stands."""

    @hookimpl
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        return [Gateway(id="teller", title="The teller")]

    @hookimpl
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        raise NotImplementedError

    @hookimpl
    def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
        yield from ()
        return "12 rolls of film are left"


def test_doctor_asks_gateways_only_when_it_is_told_to(command: Any) -> None:
    command.install(teller=Teller())

    assert "12 rolls" not in command("doctor").out
    assert "good   account teller  12 rolls of film are left\n" in (
        command("doctor", "--online").out
    )


@pytest.mark.parametrize("online", [[], ["--online"]])
def test_doctor_names_a_journal_that_cannot_be_used(
    command: Any, tmp_path: Path, online: list[str]
) -> None:
    command.install(teller=Teller())
    (tmp_path / "home").write_text("not a folder")
    done = command("doctor", *online)

    assert (done.code, done.err) == (2, "")
    assert re.search(r"(?m)^bad +journal .*cannot be used", done.out)


@pytest.mark.parametrize("broken", ["file", "variable"])
def test_doctor_names_settings_that_cannot_be_read(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    home = tmp_path / "home"
    if broken == "file":
        home.mkdir()
        (home / "settings.toml").write_text("colour = 'red'")
        message = "has an unknown setting 'colour'"
    else:
        monkeypatch.setenv("SHOTCALLER_STUDIO_URL", "ftp://x")
        message = "SHOTCALLER_STUDIO_URL: 'ftp://x' is not an https address"
    done = command("doctor", "--online")
    document = command("doctor", "--json")

    assert (done.code, document.code, done.err) == (2, 2, "")
    header, row = done.out.splitlines()
    assert header.split() == ["grade", "about", "finding"]
    assert row.startswith("bad    settings  ")
    assert message in row
    (finding,) = document.document
    assert (finding["about"], finding["grade"]) == ("settings", "bad")
    assert message in finding["message"]


def test_what_is_no_ai_model_stands_behind_for_that(command: Any, studio: Any) -> None:
    class Draughtsman(studio):  # type: ignore[misc]
        @hookimpl
        def shotcaller_models(self) -> Sequence[Model]:
            return [evolve(m, artificial=False) for m in super().shotcaller_models()]

    command.install(drawn=Draughtsman("drawn"), studio=studio())
    rows = command("rank", "A fox").out.splitlines()

    (row,) = (line for line in rows if "drawn/one" in line and "no AI model" in line)
    assert rows.index(row) > 1
