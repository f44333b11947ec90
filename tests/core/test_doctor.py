"""The doctor says what is wrong, what is odd and what is well, and sends nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from shotcaller import Registry, Settings, Shot, Shotcaller, Uncertain
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.opening import wal_is_safe
from shotcaller.plugin import Lifecycle
from tests.core.paper import Paper
from tests.core.paper_server import PaperServer, accept_then_drop


def told(caller: Shotcaller) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in caller.doctor():
        found.setdefault(finding.about, []).append((finding.grade, finding.message))
    return found


def test_all_is_well(
    caller: Shotcaller, server: PaperServer, settings: Settings
) -> None:
    found = told(caller)

    assert found["journal"] == [("good", f"{settings.home} is sound")]
    assert found["plugin paper"] == [("good", "not a distribution")]
    assert found["gateway paper"] == [
        ("good", "ready (PAPER_KEY)"),
        ("note", f"{server.url} replaces its API hosts"),
    ]
    assert server.asked == []


def test_an_unsafe_sqlite_is_named(caller: Shotcaller) -> None:
    unsafe = not wal_is_safe(sqlite3.sqlite_version_info)
    assert ("sqlite" in told(caller)) is unsafe


def test_a_safe_sqlite_is_not_worth_a_word(
    caller: Shotcaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 52, 0))
    assert "sqlite" not in told(caller)


def test_what_is_missing_or_broken_is_named(settings: Settings) -> None:
    bare = evolve(settings, keys={}, urls={"fal": "https://fal.example"})
    registry = Registry({"paper": Paper(), "torn": Torn()})
    found = told(Shotcaller(settings=bare, registry=registry))

    assert found["gateway paper"] == [("note", "no key for paper: set PAPER_KEY")]
    assert found["plugin torn"] == [
        ("bad", "not a distribution: ValueError: shotcaller_submit is missing")
    ]
    assert found["settings"] == [
        ("note", "an address is set for fal, which no plugin offers")
    ]


class Torn(Paper):
    """Is a plugin that cannot submit."""

    shotcaller_submit = None  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.gateway = evolve(self.gateway, id="torn")
        self.models = [evolve(m, id=m.id.replace("paper", "torn")) for m in self.models]


def test_without_a_gateway_nothing_can_be_made(settings: Settings) -> None:
    found = told(Shotcaller(settings=settings, registry=Registry()))

    assert found["plugins"] == [
        ("bad", "no gateway is installed; `pip install shotcaller-animatic` for one")
    ]


def test_uncertain_takes_are_named(caller: Shotcaller, server: PaperServer) -> None:
    server.script["POST /jobs"] = [accept_then_drop]
    with pytest.raises(Uncertain) as caught:
        caller.generate(Shot("A boat"))

    take = caught.value.take
    assert told(caller)["takes"] == [
        ("note", f"money may have moved for {take}; `shotcaller resume` looks again")
    ]


def test_a_journal_that_cannot_be_used_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    lost = evolve(settings, home=tmp_path / "file")
    found = told(Shotcaller(settings=lost, registry=Registry({"paper": Paper()})))

    assert found["journal"][0][0] == "bad"
    assert "cannot be used: File exists" in found["journal"][0][1]


def test_a_damaged_journal_is_named(
    caller: Shotcaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SQLiteJournal, "check", lambda self: ("page 5 is torn",))

    assert told(caller)["journal"] == [("bad", "is damaged: page 5 is torn")]


def test_the_dying_and_the_dead_are_named(
    make_caller: Callable[..., Shotcaller], paper: Paper
) -> None:
    today = datetime.now(UTC).date()
    soon, past = today + timedelta(days=9), today - timedelta(days=1)
    far = today + timedelta(days=90)
    one, two = paper.models
    paper.models = [
        evolve(one, lifecycle=Lifecycle(soon, "paper/two")),
        evolve(two, lifecycle=Lifecycle(past)),
        evolve(two, id="paper/three", lifecycle=Lifecycle(far)),
        evolve(
            two,
            id="paper/four",
            lifecycle=Lifecycle(far, "paper/one", missing_since=past),
        ),
        evolve(two, id="paper/five", lifecycle=Lifecycle(soon)),
    ]
    found = told(make_caller(paper))

    assert found["model paper/one"] == [("note", f"retires on {soon}; use paper/two")]
    assert found["model paper/two"] == [("note", f"retired on {past}")]
    assert "model paper/three" not in found
    assert found["model paper/four"] == [
        ("note", f"has not been listed by its gateway since {past}; use paper/one")
    ]
    assert found["model paper/five"] == [("note", f"retires on {soon}")]


def test_names_of_plugins_that_nothing_bears_are_told(settings: Settings) -> None:
    meant = evolve(settings, plugins=("paper", "papr"), disable=("torn", "qqqq"))
    found = told(Shotcaller(settings=meant, registry=Registry({"paper": Paper()})))

    assert found["settings"] == [
        (
            "note",
            "plugins names 'papr', which is no installed plugin; did you mean paper?",
        ),
        ("note", "disable names 'torn', which is no installed plugin"),
        ("note", "disable names 'qqqq', which is no installed plugin"),
    ]
