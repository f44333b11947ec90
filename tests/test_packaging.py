"""The distributions agree with each other, and with what they say of themselves."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
CORE = ROOT / "core"
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
FOLDERS = [CORE, *PLUGINS]

# What each distribution may require. Add a row for a new plugin, and think twice
# before making a row longer: whoever installs it gets all of that.
REQUIRED = {
    "shotcaller": {
        "anyio",
        "attrs",
        "cattrs",
        "httpcore",
        "httpx",
        "platformdirs",
        "pluggy",
        "stamina",
    },
    "shotcaller-animatic": {"av", "numpy", "pillow", "shotcaller"},
    "shotcaller-cli": {"attrs", "click", "rich", "shotcaller"},
    "shotcaller-emulator": {
        "aiohttp",
        "attrs",
        "click",
        "jsonschema",
        "shotcaller",
        "shotcaller-animatic",
        "shotcaller-fal",
    },
    "shotcaller-fal": {"attrs", "jsonschema", "shotcaller"},
    **{
        f"shotcaller-fal-{family}": {"shotcaller", "shotcaller-fal"}
        for family in ("kling", "minimax", "seedance", "veo")
    },
    "shotcaller-heygen": {"attrs", "shotcaller"},
}

# What a part that not everybody wants may require, by the name of the extra.
EXTRAS = {
    "shotcaller-emulator": {"pytest": {"pytest"}},
    "shotcaller-fal": {"testing": {"hypothesis"}},
}

# What is too heavy to load before it is needed; start-up time is a promise.
HEAVY = {"anyio", "asyncio", "cattrs", "httpx", "sqlite3", "stamina"}


def load(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))


def project(folder: Path) -> dict[str, Any]:
    table: dict[str, Any] = load(folder)["project"]
    return table


def package(folder: Path) -> Path:
    name: str = project(folder)["name"]
    return folder / "src" / name.replace("-", "_")


def tracked() -> list[Path]:
    """Lists the files that are, or would be, in git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.splitlines()
    return [path for path in map(ROOT.joinpath, names) if path.is_file()]


each_distribution = pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.name)
each_plugin = pytest.mark.parametrize("folder", PLUGINS, ids=lambda f: f.name)


@each_distribution
def test_its_name_is_that_of_its_folder_and_its_module(folder: Path) -> None:
    expected = "shotcaller" if folder == CORE else f"shotcaller-{folder.name}"

    assert expected == project(folder)["name"]
    assert (package(folder) / "__init__.py").is_file()


@each_distribution
def test_it_says_that_it_is_typed(folder: Path) -> None:
    assert (package(folder) / "py.typed").is_file()
    assert "Typing :: Typed" in project(folder)["classifiers"]


@each_distribution
def test_it_runs_on_the_same_pythons_as_the_core(folder: Path) -> None:
    def pythons(where: Path) -> tuple[str, set[str]]:
        own = project(where)
        prefix = "Programming Language :: Python :: "
        return own["requires-python"], {
            name for name in own["classifiers"] if name.startswith(prefix)
        }

    assert pythons(CORE) == pythons(folder)
    assert project(ROOT)["requires-python"] == project(folder)["requires-python"]


@each_distribution
def test_every_python_it_names_is_one_it_accepts(folder: Path) -> None:
    own = project(folder)
    named = [
        match[1]
        for name in own["classifiers"]
        if (match := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", name))
    ]

    assert named
    assert all(SpecifierSet(own["requires-python"]).contains(name) for name in named)


@each_distribution
def test_it_carries_the_licence(folder: Path) -> None:
    expected = (ROOT / "LICENSE").read_text("utf-8")

    assert project(folder)["license"] == "Apache-2.0"
    assert project(folder)["license-files"] == ["LICENSE"]
    assert expected == (folder / "LICENSE").read_text("utf-8")


@each_distribution
def test_its_changelog_has_its_version(folder: Path) -> None:
    changelog = (folder / "CHANGELOG.md").read_text("utf-8")

    assert f"## [{project(folder)['version']}]" in changelog
    assert changelog.index("## [Unreleased]") < changelog.index("## [0")


@each_distribution
def test_its_readme_names_it(folder: Path) -> None:
    own = project(folder)

    assert own["readme"] == "README.md"
    assert (folder / "README.md").read_text("utf-8").startswith(f"# {own['name']}\n")


@each_distribution
def test_what_is_installed_here_is_what_stands_here(folder: Path) -> None:
    own = project(folder)
    installed = distribution(own["name"])
    entry_points = {
        (point.group, point.name, point.value) for point in installed.entry_points
    }
    declared = {
        (group, name, value)
        for group, points in own.get("entry-points", {}).items()
        for name, value in points.items()
    }
    declared |= {("console_scripts", *item) for item in own.get("scripts", {}).items()}

    assert own["version"] == installed.version
    assert declared == entry_points


@each_distribution
def test_its_entry_points_load(folder: Path) -> None:
    for point in distribution(project(folder)["name"]).entry_points:
        assert point.load() is not None


def names(lines: Iterable[str]) -> set[str]:
    """Names what lines of requirements ask for."""
    return {canonicalize_name(Requirement(line).name) for line in lines}


@each_distribution
def test_it_requires_what_it_may_and_nothing_else(folder: Path) -> None:
    own = project(folder)
    extras = own.get("optional-dependencies", {})

    assert REQUIRED[own["name"]] == names(own["dependencies"])
    assert EXTRAS.get(own["name"], {}) == {
        extra: names(lines) for extra, lines in extras.items()
    }


@each_distribution
def test_every_requirement_has_a_lower_end_and_only_ours_an_upper(folder: Path) -> None:
    for line in project(folder)["dependencies"]:
        requirement = Requirement(line)
        operators = sorted(part.operator for part in requirement.specifier)
        ours = requirement.name.startswith("shotcaller")

        assert (["<", ">="] if ours else [">="]) == operators, line


@each_plugin
def test_a_plugin_accepts_this_core_and_not_the_next_minor(folder: Path) -> None:
    version = Version(project(CORE)["version"])
    requirements = map(Requirement, project(folder)["dependencies"])
    (accepted,) = [r.specifier for r in requirements if r.name == "shotcaller"]

    assert accepted.contains(version)
    assert not accepted.contains(Version(f"{version.major}.{version.minor + 1}"))
    assert not accepted.contains(Version(f"{version.major}.{version.minor + 1}.dev0"))


def imported(folder: Path) -> set[str]:
    """Names the top-level modules that a distribution's sources import."""
    names: set[str] = set()
    for path in package(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").partition(".")[0])
    return names - set(sys.stdlib_module_names) - {package(folder).name}


@each_distribution
def test_it_requires_exactly_what_it_imports(folder: Path) -> None:
    providers = packages_distributions()  # does not know what is installed in place
    used = {
        canonicalize_name(providers.get(module, [module])[0])
        for module in imported(folder)
    }

    name = project(folder)["name"]
    assert REQUIRED[name].union(*EXTRAS.get(name, {}).values()) == used


@each_plugin
def test_a_plugin_is_known_to_every_tool(folder: Path) -> None:
    tool = load(ROOT)["tool"]
    module = package(folder).name

    assert module in tool["importlinter"]["root_packages"]
    assert module in tool["coverage"]["run"]["source_pkgs"]
    assert module in tool["ruff"]["lint"]["isort"]["known-first-party"]


def test_a_clone_runs_the_command_without_the_tools_of_the_checks() -> None:
    own = load(ROOT)
    expected = {"shotcaller", "shotcaller-animatic", "shotcaller-cli"}

    assert expected == set(own["project"]["dependencies"])
    assert {project(folder)["name"] for folder in FOLDERS} == {
        name for name, source in own["tool"]["uv"]["sources"].items() if source
    }
    assert own["tool"]["uv"]["package"] is False
    assert {"nox", "packaging"} == {
        Requirement(line).name for line in own["dependency-groups"]["dev"]
    }


def test_ci_runs_what_the_readme_says() -> None:
    script = ROOT / ".ci" / "run"
    first_screen = "\n".join((ROOT / "README.md").read_text("utf-8").split("\n")[:40])

    assert os.access(script, os.X_OK)
    assert "exec uv run nox <" in script.read_text("utf-8")
    assert "uv run nox" in first_screen
    assert "pip install uv && uv run shotcaller generate" in first_screen


def test_no_lock_is_tracked() -> None:
    locks = re.compile(r"(uv|poetry|pdm)\.lock|package-lock\.json|pylock.*\.toml")

    assert [str(path) for path in tracked() if locks.fullmatch(path.name)] == []


def test_no_file_names_a_registry_or_a_folder_of_someones_machine() -> None:
    registry = r"""https?://[^\s"]*(/simple(/|"|\b)|/packages/[0-9a-f]{2}/)"""
    hosted = r"\bfiles\.python" + r"hosted\.org\b"
    machine = r"(?<![\w.:/])/(root|Users|home)/\w"
    unwanted = re.compile(f"{registry}|{hosted}|{machine}")
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.name}: {match[0]}" for match in unwanted.finditer(text)]

    assert found == []


def loaded_by(statement: str) -> set[str]:
    """Names the top-level modules that are loaded after a statement was run."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    # What measures coverage in a process has modules of its own.
    kept = {name: value for name, value in os.environ.items() if "COV" not in name}
    command = [sys.executable, "-c", program]
    shown = subprocess.run(
        command, env=kept, capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(shown.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("module", ["shotcaller", "shotcaller.plugin"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    assert set() == loaded_by(f"import {module}") & HEAVY


def test_a_clip_made_on_this_machine_takes_neither_http_nor_an_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTCALLER_HOME", str(tmp_path / "shots"))
    monkeypatch.chdir(tmp_path)
    loaded = loaded_by(
        "from shotcaller import Shot, Shotcaller\n"
        "with Shotcaller() as caller:\n"
        "    caller.generate(Shot('a hill', seconds=1, resolution='480p'))"
    )

    assert loaded & HEAVY == {"cattrs", "sqlite3"}
    assert len(list(tmp_path.glob("a-hill-*.mp4"))) == 1


@each_plugin
def test_importing_a_plugin_loads_neither_network_nor_journal(folder: Path) -> None:
    heavy = HEAVY | {"av", "numpy", "PIL", "rich"}

    points = f"distribution({project(folder)['name']!r}).entry_points"
    loaded = loaded_by(
        f"import {package(folder).name}\n"
        "from importlib.metadata import distribution\n"
        f"[each.load() for each in {points} if each.group == 'shotcaller']"
    )

    assert loaded & heavy == set()
