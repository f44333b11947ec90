"""The documentation names everything that can be used, and nothing that cannot."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from attrs import fields

import shotcaller
import shotcaller.plugin
import shotcaller_cli
from shotcaller import budgets, errors, ranking
from shotcaller.hookspecs import Hooks
from shotcaller.programs import circumstances
from shotcaller.settings import Settings
from shotcaller_cli import failures
from shotcaller_cli.hooks import CommandsHook

ROOT = Path(__file__).parents[1]
RECEIPT = "reference/receipt.md"
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]

VARIABLE = r"\bSHOTCALLER_(?!\w*_URL\b)[A-Z]+(?:_[A-Z]+)*\b"

HOOKS = [
    f"{name}({', '.join(list(inspect.signature(hook).parameters)[1:])})"
    for hooks in (Hooks, CommandsHook)
    for name, hook in inspect.getmembers(hooks, inspect.isfunction)
    if name.startswith("shotcaller_")
]
NAMES = [
    f"{module.__name__}.{name}"
    for module in (shotcaller, shotcaller.plugin)
    for name in module.__all__
]


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def headings(name: str) -> list[str]:
    return re.findall(r"^## (.*)$", page(name), re.MULTILINE)


def table(name: str, heading: str) -> list[list[str]]:
    """Returns the cells of the first table under a heading, row by row."""
    section = page(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def kinds(root: type[errors.ShotcallerError]) -> Iterator[type[errors.ShotcallerError]]:
    for kind in root.__subclasses__():
        if kind.__module__ == "shotcaller.errors":
            yield kind
            yield from kinds(kind)


def commands() -> dict[str, click.Command]:
    """Returns every command of ours, without what other plugins add."""
    found: dict[str, click.Command] = {}
    group = shotcaller_cli.main
    assert isinstance(group, click.Group)
    context = click.Context(group, info_name="shotcaller")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found[name] = command
    return found


def test_every_hook_has_a_heading_with_its_exact_arguments() -> None:
    assert sorted(HOOKS) == sorted(headings("reference/hooks.md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_in_the_reference(name: str) -> None:
    module, _, short = name.rpartition(".")
    text = page("reference/api.md")
    section = text.partition(f"\n## {module}\n")[2].partition("\n## ")[0]

    described = rf"^\.\. auto\w+:: {short}$|\{{class\}}`~shotcaller\.{short}`"

    assert re.search(described, section, re.MULTILINE), name


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_says_what_it_is(name: str) -> None:
    module, _, short = name.rpartition(".")
    thing = getattr({"shotcaller": shotcaller}.get(module, shotcaller.plugin), short)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert thing.__doc__, name
        assert thing.__doc__.strip().split("\n")[0].endswith("."), name


def test_every_error_is_in_the_table_with_its_codes() -> None:
    rows = {
        match[1]: (code.strip("`"), int(exit_code))
        for cell, code, exit_code, _ in table("reference/errors.md", "The errors")
        if (match := re.fullmatch(r"\{class\}`~shotcaller\.errors\.(\w+)`", cell))
    }
    expected = {
        kind.__name__: (kind.code, kind.exit_code)
        for kind in kinds(errors.ShotcallerError)
    }

    assert expected == rows


def test_every_exit_code_is_explained() -> None:
    codes = {int(row[0]) for row in table("reference/errors.md", "Exit codes")}
    raised = {kind.exit_code for kind in kinds(errors.ShotcallerError)}
    raised |= {failures.Interrupted.exit_code, failures.Terminated.exit_code}

    assert raised | {0, failures.UNFORESEEN} == codes


def test_every_variable_of_the_environment_is_explained() -> None:
    used: set[str] = set()
    for path in ROOT.glob("*/src/**/*.py"), ROOT.glob("plugins/*/src/**/*.py"):
        for source in path:
            used |= set(re.findall(VARIABLE, source.read_text("utf-8")))
    rows = table("reference/settings.md", "Environment variables")
    explained = {row[0].strip("`") for row in rows} - {"SHOTCALLER_<GATEWAY>_URL"}

    assert used == explained


def test_every_setting_of_the_file_is_explained() -> None:
    rows = table("reference/settings.md", "The settings file")
    given = {attribute.name for attribute in fields(Settings)} - {"home", "keys"}

    assert given == {row[0].strip("`") for row in rows}


def test_every_command_is_explained() -> None:
    expected = sorted(f"shotcaller {name}" for name in commands())

    assert expected == sorted(headings("reference/cli.md"))


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_argument_and_option_is_explained(name: str) -> None:
    command = commands()[name]
    spelled = {
        "/".join((*option.opts, *option.secondary_opts))
        for option in command.params
        if isinstance(option, click.Option)
    }
    arguments = {
        option.human_readable_name
        for option in command.params
        if isinstance(option, click.Argument)
    }
    rows = table("reference/cli.md", f"shotcaller {name}")
    explained = {row[0].strip("`").partition(" ")[0] for row in rows}

    assert spelled | arguments == explained
    assert command.help


def documented_keys(heading: str) -> set[str]:
    if rows := table("reference/json.md", heading):
        return {row[0].strip("`") for row in rows}
    section = page("reference/json.md").partition(f"\n## {heading}\n\n")[2]
    return set(re.findall(r"`(\w+)`", section.partition("\n")[0]))


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder and home in which a draft was made."""
    folder = tmp_path_factory.mktemp("used")
    done = shotcaller_in(folder, "generate", "A fox", "--seconds", "1")
    assert done.returncode == 0, done.stderr
    return folder


def shotcaller_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = str(Path(sys.executable).with_name("shotcaller"))
    return subprocess.run(
        [script, *arguments],
        cwd=folder,
        env=os.environ | {"SHOTCALLER_HOME": str(folder / "home")},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("heading", "command"),
    [
        ("generate, show, resume", ["generate", "A fox", "--seconds", "1"]),
        ("A failure", ["generate", ""]),
        ("rank, quote", ["rank", "A fox"]),
        ("rank, quote", ["quote", "A fox"]),
        ("models", ["models"]),
        ("takes", ["takes"]),
        ("gateways", ["gateways"]),
        ("plugins", ["plugins"]),
        ("doctor", ["doctor"]),
        ("spend", ["spend"]),
    ],
)
def test_json_documents_have_the_keys_that_the_reference_lists(
    heading: str, command: list[str], used: Path
) -> None:
    answer = shotcaller_in(used, *command, "--json")
    document = json.loads(answer.stdout)
    rows = document if isinstance(document, list) else [document]

    assert rows
    assert [documented_keys(heading)] * len(rows) == [set(row) for row in rows]


def test_the_document_of_verify_has_the_keys_that_the_reference_lists(
    used: Path,
) -> None:
    (clip,) = used.glob("*.mp4")
    document = json.loads(shotcaller_in(used, "verify", str(clip), "--json").stdout)

    assert document["verified"] is True
    assert set(document) == documented_keys("verify")


def test_the_receipt_has_the_keys_that_the_reference_lists(used: Path) -> None:
    (receipt,) = used.glob("*.mp4.receipt.json")
    document = json.loads(receipt.read_text("utf-8"))
    rows = {row[0].strip("`"): row[1] for row in table(RECEIPT, "What is in it")}

    assert set(document) == set(rows)
    for key in ("clip", "cost", "quote", "times", "versions"):
        assert set(document[key]) <= set(re.findall(r"`(\w+)`", rows[key])), key
    named = set(re.findall(r"`(\w+)`", rows["attempts"]))
    assert set(document["attempts"][0]) <= named


def test_the_story_of_a_take_has_the_events_that_the_reference_lists(
    used: Path,
) -> None:
    (row,) = json.loads(shotcaller_in(used, "takes", "--json").stdout)
    story = json.loads(shotcaller_in(used, "show", row["take"], "--json").stdout)
    text = page("reference/json.md")
    listed = re.search(r"`show` adds `events`, (.*)\.$", text, re.MULTILINE)

    more = re.search(r"`show` has more: (.*)\.$", text, re.MULTILINE)

    assert listed is not None
    assert more is not None
    own = set(re.findall(r"`(\w+)`", more[1])) - {"null"}
    both = documented_keys("generate, show, resume") | own
    assert set(story) == both | {"events"}
    assert set(story["events"][0]) == set(re.findall(r"`(\w+)`", listed[1]))


def test_every_intent_is_in_the_table_with_its_words() -> None:
    lines = page("reference/cli.md").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| intent |"))
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in lines[start + 2 : lines.index("", start)]
    ]
    explained = [
        (name.strip("`"), about, re.findall("`(.*?)`", also), profile.strip("`"))
        for name, about, also, profile in rows
    ]

    assert explained == [
        (one.name, one.about, list(one.also), one.profile)
        for one in ranking.INTENTS.values()
    ]


def test_every_reason_for_which_a_model_is_out_is_explained() -> None:
    sources = (ROOT / "core/src/shotcaller").rglob("*.py")
    given = {
        code
        for source in sources
        for code in re.findall(r'Reason\(\s*"([a-z-]+)"', source.read_text("utf-8"))
    }
    rows = table("reference/json.md", "Why a model is out")

    given |= budgets.CODES | circumstances.OUT
    assert given == {row[0].strip("`") for row in rows}


def test_every_profile_is_in_the_table_with_its_weights() -> None:
    lines = page("reference/cli.md").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| profile |"))
    heading, _, *rows = (
        [cell.strip(" `") for cell in line.split("|")[1:-1]]
        for line in lines[start : lines.index("", start)]
    )
    explained = {
        row[0]: {
            name: float(cell)
            for name, cell in zip(heading[1:], row[1:], strict=True)
            if cell
        }
        for row in rows
    }

    assert explained == ranking.PROFILES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    local = [target for target in targets if not target.startswith("http")]
    dead = [target for target in local if not (path.parent / target).exists()]

    assert dead == []
