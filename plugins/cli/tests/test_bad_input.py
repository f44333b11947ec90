"""Whatever is wrong is said in a sentence, with an exit code, and leaves no trace."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shotcaller.journal import SQLiteJournal, schema

LONG = "a" * 100_000
BEGINS = f"it begins '{LONG[:40]}'."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
def files(place: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "empty.png").touch()
    (folder / "folder.png").mkdir()
    (folder / "cut.png").write_bytes(PNG)
    (folder / "text.png").write_text("not a picture")
    (folder / "there.mp4").write_text("precious")
    (folder / "flat").touch()
    return folder


def refused(done: Any, place: Path, message: str) -> None:
    """Says so in one line, exits with 2, prints no answer and leaves no file."""
    first, *rest = done.err.splitlines()
    assert first == f"error: {message}"
    assert all(line.startswith("next: ") for line in rest)
    assert (done.code, done.out) == (2, "")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("", "prompt: '' is empty; describe what should be seen."),
        (" \n", r"prompt: ' \n' is empty; describe what should be seen."),
        (
            LONG,
            f"prompt: 100000 characters are too many (at most 20000); {BEGINS}",
        ),
    ],
    ids=["empty", "blank", "long"],
)
def test_a_prompt(command: Any, place: Path, prompt: str, message: str) -> None:
    refused(command("generate", prompt), place, message)


KINDS = "could be image, video or sound: its name does not tell."
PROFILES = "balanced, best, cheap, cinematic, draft, fast"
SECONDS = "must be more than 0 and at most 3600 seconds."


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--seconds", "0", f"seconds: 0.0 {SECONDS}"),
        ("--seconds", "-1", f"seconds: -1.0 {SECONDS}"),
        ("--seconds", "nan", f"seconds: nan {SECONDS}"),
        ("--seconds", "1e9", f"seconds: 1000000000.0 {SECONDS}"),
        ("--seconds", "abc", "seconds: 'abc' is not a number of seconds."),
        ("--ratio", "banana", "ratio: 'banana' is not a ratio such as 16:9."),
        (
            "--resolution",
            "huge",
            "resolution: 'huge' is not a resolution such as 720p or 4k.",
        ),
        ("--seed", "x", "seed: 'x' is not a whole number."),
        (
            "--seed",
            "-1",
            "seed: -1 is not a whole number from 0 to 9223372036854775807.",
        ),
        ("--budget", "cheap", "budget: 'cheap' is not an amount in USD."),
        ("--wait", "soon", "wait: 'soon' is not a number of seconds."),
        ("--wait", "-1", "wait: '-1' is not a number of seconds."),
        ("--wait", "nan", "wait: 'nan' is not a number of seconds."),
        ("--image", "", "image: '' is neither a path nor a URL."),
        (
            "--reference",
            "thing.xyz",
            f"references: 'thing.xyz' {KINDS}",
        ),
        ("--extend", " ", "extend: ' ' is neither a path nor a URL."),
        ("--extend", "gone.mp4", "extend: 'gone.mp4' does not exist."),
        ("--option", "slate", "option: 'slate' is not written KEY=VALUE."),
        ("--option", "=1", "option: '=1' is not written KEY=VALUE."),
        (
            "--option",
            "slate=1",
            "option: 'slate=1' belongs to a model, but none is named.",
        ),
        (
            "--option",
            "no:slate=1",
            "option: 'no:slate=1' is for 'no', which is not installed.",
        ),
        (
            "--weights",
            "none",
            f"weights: 'none' is not a profile (there are {PROFILES}).",
        ),
    ],
)
def test_an_option(
    command: Any, place: Path, option: str, value: str, message: str
) -> None:
    refused(command("generate", "A fox", option, value), place, message)
    assert command.studio.submits == 0


def test_a_ratio_that_no_model_offers(command: Any, place: Path) -> None:
    done = command("generate", "A fox", "--ratio", "17:3")

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "error: No model can take the shot.\n"
        "  studio/one: does not offer 17:3 (only 16:9, 9:16)\n"
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("missing.png", "does not exist"),
        ("empty.png", "is empty"),
        ("folder.png", "is a folder, not a file"),
        ("cut.png", "is cut short: its png data has no end"),
        ("text.png", "is not an image that we know"),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["real", "dry"])
def test_an_image(
    command: Any, place: Path, files: Path, *, name: str, what: str, dry: Sequence[str]
) -> None:
    path = str(files / name)

    refused(
        command("generate", "A fox", "--image", path, *dry),
        place,
        f"image: {path!r} {what}.",
    )


@pytest.mark.parametrize("amount", ["$2", "2usd"])
def test_an_amount_is_told_how_to_be_written(command: Any, amount: str) -> None:
    done = command("generate", "A fox", "--budget", amount)

    assert done.code == 2
    assert done.err == (
        f"error: budget: {amount!r} is not an amount in USD.\n"
        "next: Write it as 2, or 2.50.\n"
    )


def test_a_length_is_told_how_to_be_written(command: Any) -> None:
    done = command("generate", "A fox", "--seconds", "4s")

    assert done.code == 2
    assert done.err == (
        "error: seconds: '4s' is not a number of seconds.\n"
        "next: Write it as 4, or 4.5.\n"
    )


def test_a_last_image_alone(command: Any, place: Path) -> None:
    refused(
        command("generate", "A fox", "--last-image", "x.png"),
        place,
        "--last-image: 'x.png' needs a first frame too.",
    )


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("folder.png", "is a folder"),
        ("there.mp4", "exists already"),
        ("nowhere/x.mp4", "cannot be made: {parent} is not a folder"),
        ("flat/x.mp4", "cannot be made: {parent} is not a folder"),
        ("x/", "is a folder"),
    ],
)
def test_an_output(
    command: Any, place: Path, files: Path, name: str, what: str
) -> None:
    output = f"{files}/{name}"
    message = what.format(parent=Path(output).parent)

    refused(
        command("generate", "A fox", "--output", output),
        place,
        f"output: {output!r} {message}.",
    )
    assert (files / "there.mp4").read_text() == "precious"


def test_a_name_made_from_the_prompt_stays_in_the_folder(
    command: Any, place: Path
) -> None:
    done = command("generate", "../../etc/passwd \x00 .. fox")

    assert done.code == 0
    assert Path(done.out.strip()).parent == place


def test_a_journal_from_a_newer_version(
    command: Any, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "journal.db"
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()

    done = command("generate", "A fox")

    refused(
        done,
        place,
        f"The journal {path} is of a newer version"
        f" (schema 99; this one reads {schema.VERSION}).",
    )
    assert done.err.splitlines()[1] == (
        "next: Upgrade shotcaller, or set SHOTCALLER_HOME to another folder."
    )
    assert command("doctor").code == 2


def test_a_journal_that_is_locked(
    command: Any, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("takes").code == 0
    defaults = SQLiteJournal.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "patience", 0.1)
    path = tmp_path / "home" / "journal.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    done = command("generate", "A fox", "--json")
    other.close()

    assert done.code == 2
    assert done.document["error"]["code"] == "journal"
    assert done.document["error"]["message"] == (
        f"The journal {path} cannot be used: another process holds it locked."
    )


def test_a_home_that_cannot_be_made(
    command: Any, place: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_HOME", str(files / "flat" / "home"))

    refused(
        command("generate", "A fox"),
        place,
        f"The journal {files}/flat/home/journal.db cannot be used: Not a directory.",
    )


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are POSIX here")
def test_folders_that_are_read_only(
    command: Any, place: Path, tmp_path: Path, drop_rights: Any
) -> None:
    home, closed = tmp_path / "home", tmp_path / "closed"
    home.mkdir(mode=0o555)
    closed.mkdir(mode=0o555)
    with drop_rights(tmp_path):
        journal = command("takes")
        output = command(
            "generate", "A fox", "--output", f"{closed}/x.mp4", "--dry-run"
        )

    assert journal.code == 2
    assert journal.err.startswith(
        f"error: The journal {home}/journal.db cannot be used:"
    )
    assert output.err.startswith(
        f"error: output: '{closed}/x.mp4' cannot be written: {closed} is read-only.\n"
    )


def test_a_setting(command: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTCALLER_STUDIO_URL", "ftp://x")

    refused(
        command("generate", "A fox"),
        place,
        "SHOTCALLER_STUDIO_URL: 'ftp://x' is not an https address"
        " (http is for this machine only).",
    )


def test_a_broken_settings_file_leaves_help_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from shotcaller_cli import run

    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text("colour = 'red'")

    assert run(["--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "generate" in out
    assert "The commands of plugins are missing: " in out
    assert "has an unknown setting 'colour'" in out
    assert run(["models"]) == 2
    assert "has an unknown setting 'colour'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "message", "next_"),
    [
        (["generate"], "Missing argument 'PROMPT'.", "generate"),
        (["generate", "x", "--bogus"], "No such option", "generate"),
        (["takes", "--limit", "0"], "Invalid value for '--limit'", "takes"),
        (["takes", "--state", "odd"], "Invalid value for '--state'", "takes"),
        (["bogus"], "No such command 'bogus'.", ""),
    ],
)
def test_bad_usage(command: Any, args: list[str], message: str, next_: str) -> None:
    plain = command(*args)
    document = command(*args, "--json").document

    assert (plain.code, plain.out) == (2, "")
    assert plain.err.startswith(f"error: {message}")
    assert plain.err.endswith(f"next: See `{f'shotcaller {next_}'.strip()} --help`.\n")
    assert set(document) == {"error"}
    assert document["error"]["code"] == "bad-input"


def test_an_option_without_its_value_names_the_help_of_its_command(
    command: Any,
) -> None:
    done = command("rank", "A fox", "--image")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: Option '--image' requires an argument.\n"
        "next: See `shotcaller rank --help`.\n"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("true", True), ('{"a": [1]}', {"a": [1]}), ("NaN", "NaN"), ("", "")],
)
def test_an_options_value_is_json_where_it_is_json(
    command: Any, studio: Any, text: str, value: object
) -> None:
    done = command("generate", "A fox", "--option", f"studio:free={text}")

    assert done.code == 3
    assert "has no option 'free' (it has slate)" in done.err
    done = command("generate", "x", "--option", f"studio:slate={text}")
    if value is not True and value != 1:
        assert f"option slate: {value!r} is not one of True, False" in done.err


def test_a_prompt_in_no_encoding(command: Any, place: Path) -> None:
    done = command("generate", "A fox \udcff")

    assert done.code in {0, 2}
    assert "Sorry" not in done.err
