"""Whether all is well with the installation, and with a clip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shotcaller.plugin import (
    Exchange,
    Gateway,
    Status,
    Ticket,
    hookimpl,
)


class Broken:
    """Is a plugin that breaks as soon as it is asked."""

    @hookimpl
    def shotcaller_gateways(self) -> Any:
        raise RuntimeError("it broke")


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
