"""What there is: models, gateways and plugins."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from shotcaller.plugin import (
    Lifecycle,
    Model,
    hookimpl,
)


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
