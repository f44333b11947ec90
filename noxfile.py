"""Every check of the project, the same on a desk and in CI.

`nox` runs the default sessions; `nox --list` shows all of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nox
from packaging.requirements import Requirement

ROOT = Path(__file__).parent
CORE = ROOT / "core"
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
DISTRIBUTIONS = [CORE, *PLUGINS]
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
SUPPORTED = nox.project.python_versions(nox.project.load_toml(CORE / "pyproject.toml"))
MEASURED = SUPPORTED[0]


def installed_by_pyenv() -> list[str]:
    """Names every version that pyenv has installed, those in use first."""
    if not shutil.which("pyenv"):
        return []
    names: list[str] = []
    for question in (["version-name"], ["versions", "--bare"]):
        answer = subprocess.run(
            ["pyenv", *question], capture_output=True, text=True, check=False
        )
        names += answer.stdout.replace(":", "\n").split()
    return [name for name in dict.fromkeys(names) if "/" not in name]


def is_final(command: str) -> bool:
    """Tells whether a command runs a finished Python, no preview and no empty shim."""
    program = "import sys; sys.exit(sys.version_info.releaselevel != 'final')"
    return (
        shutil.which(command) is not None
        and subprocess.run(
            [command, "-c", program], capture_output=True, check=False
        ).returncode
        == 0
    )


# A shim of pyenv finds only the versions that are in use: put all of them in use.
if versions := installed_by_pyenv():
    os.environ["PYENV_VERSION"] = ":".join(versions)

# Thousands of processes are started: what they import is compiled for the first one.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

NEWER = [f"3.{minor}" for minor in range(int(SUPPORTED[-1].split(".")[1]) + 1, 20)]
PYTHONS = [*SUPPORTED, *(name for name in NEWER if is_final(f"python{name}"))]

# What no Python changes is asked once: how packages install, how the vendors' clients
# fare, what the pages show, how a whole life goes by a clock that is not the machine's.
# Newer ones also see fewer examples of a property.
ONCE = (
    "plugins/*/README.md",
    "plugins/emulator/tests/test_documentation.py",
    "tests/clients",
    "tests/installed",
    "tests/simulation",
    "tests/test_documentation.py",
    "tests/test_packaging.py",
)
BRIEF = ["-p", "tests.profiles", "--hypothesis-profile=brief"]
NEWER_STILL = [
    *BRIEF,
    *(f"--ignore-glob={ROOT / path}" for path in ONCE),
    "tests",  # and no pages: what pytest is told to collect it does not ignore
    "plugins",
]

# Many tests wait for another process, so there are more workers than most machines have
# cores. The examples of a page build on each other: a file stays in one worker. Files
# come in the order in which they stand: xdist's own leaves those of few, long tests to
# the end, when all workers but one have nothing to do.
PYTEST = ["pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]

MEMORY = Path("/dev/shm")  # noqa: S108  it is asked for its room, not for a name
ROOM = 2 * 2**30
"""Where tests keep their files if there are so many bytes of room: each of their many
takes is written through to the disk several times, and nobody needs it afterwards."""

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "types", "layers", "docs", "isolated", "tests"]


def group(*names: str) -> list[str]:
    """Lists what one or more dependency groups ask for."""
    return list(nox.project.dependency_groups(PROJECT, *names))


def editable() -> list[str]:
    """Lists the arguments that install every distribution from where it stands."""
    return [part for path in DISTRIBUTIONS for part in ("--editable", str(path))]


def within_workspace(path: Path) -> list[Path]:
    """Lists a distribution and those of this workspace that it requires."""
    names = {f"shotcaller-{plugin.name}": plugin for plugin in PLUGINS}
    names["shotcaller"] = CORE
    needed = [path]
    for folder in needed:
        project = nox.project.load_toml(folder / "pyproject.toml")["project"]
        for requirement in project["dependencies"]:
            other = names.get(Requirement(requirement).name)
            if other and other not in needed:
                needed.append(other)
    return needed


def has_tests(path: Path) -> bool:
    """Tells whether a distribution has tests beside it."""
    return any(path.glob("tests/**/test_*.py"))


@cache
def emptied(folder: Path) -> Path:
    """Returns a folder that was emptied when it was first asked for in this run."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def build(session: nox.Session, *paths: Path) -> list[str]:
    """Lists the wheels of distributions; each is built once in a run of nox."""
    wheels = emptied(session.cache_dir / "wheels")
    found = []
    for path in paths:
        name = nox.project.load_toml(path / "pyproject.toml")["project"]["name"]
        pattern = f"{name.replace('-', '_')}-*.whl"
        if not any(wheels.glob(pattern)):
            if session.venv_backend == "uv":
                command = ["uv", "build", "--quiet", "--wheel", "--out-dir"]
            else:
                command = ["python", "-m", "pip", "wheel", "--quiet", "--no-deps", "-w"]
            session.run_install(*command, str(wheels), str(path), external=True)
        found += [str(wheel) for wheel in wheels.glob(pattern)]
    return found


def scratch() -> dict[str, str]:
    """Returns the variable that leads temporary files to memory, if it has room."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return {}
    return {"TMPDIR": str(MEMORY)}


@nox.session(python=MEASURED)
def lint(session: nox.Session) -> None:
    """Style, spelling and the shape of every pyproject.toml."""
    session.install(*group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    projects = [str(path / "pyproject.toml") for path in (ROOT, *DISTRIBUTIONS)]
    session.run("validate-pyproject", *projects)


@nox.session(python=MEASURED)
def types(session: nox.Session) -> None:
    """The strict readings of mypy and pyright."""
    session.install(*editable(), *group("bench", "dev", "docs", "tests", "types"))
    sources = [str(path / "src") for path in DISTRIBUTIONS]
    tests = [str(path / "tests") for path in PLUGINS if has_tests(path)]
    scripts = ["noxfile.py", "conftest.py", "docs/conf.py", "benchmarks", "tests"]
    with_sources = {"MYPYPATH": os.pathsep.join(sources)}
    readings = (("mypy", *sources, *tests, *scripts), ("pyright",))
    with ThreadPoolExecutor() as both:  # each keeps to one core
        list(both.map(lambda each: session.run(*each, env=with_sources), readings))


@nox.session(python=MEASURED)
def layers(session: nox.Session) -> None:
    """Who may import whom."""
    session.install(*editable(), *group("layers"))
    session.run("lint-imports")


@nox.session(python=MEASURED)
def docs(session: nox.Session) -> None:
    """The documentation, with no warning and no dangling reference."""
    session.install(*editable(), *group("docs"))
    pages = Path(session.create_tmp()) / "html"
    session.run("sphinx-build", "-W", "-n", "--keep-going", "-q", "docs", str(pages))
    session.log("The pages are in %s", pages)


@nox.session(python=MEASURED)
@nox.parametrize("plugin", [nox.param(path.name, id=path.name) for path in PLUGINS])
def isolated(session: nox.Session, plugin: str) -> None:
    """One plugin with nothing but what it requires, tested away from its sources."""
    folder = ROOT / "plugins" / plugin
    session.install(*build(session, *within_workspace(folder)))
    session.run("python", "-c", f"import shotcaller_{plugin.replace('-', '_')}")
    if not has_tests(folder):
        session.log("%s has no tests of its own", plugin)
        return
    session.install("hypothesis", "pytest", "pytest-xdist")
    with tempfile.TemporaryDirectory() as elsewhere:
        tests = Path(elsewhere) / "tests"
        shutil.copytree(folder / "tests", tests)
        # The one file beside them that they need; all examples are seen in `tests`.
        shutil.copy(ROOT / "tests" / "profiles.py", tests)
        found = {"PYTHONPATH": elsewhere, **scratch()}
        options = ["--import-mode=importlib", "-W", "error", *BRIEF, "."]
        with session.chdir(tests):
            session.run(*PYTEST, *options, env=found)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests; on one Python all of them, with the documentation's and coverage."""
    session.install(*editable(), *group("tests"))
    session.env.update(scratch())
    pytest = [*PYTEST, *session.posargs]
    if session.python != MEASURED:
        session.run(*pytest, *NEWER_STILL)
        return
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp()) / "coverage")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", *pytest)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=MEASURED)
def chaos(session: nox.Session) -> None:
    """Never twice, never lost: simulated, and with real processes that are killed."""
    session.install(*editable(), *group("tests"))
    session.run("python", "-m", "tests.chaos", *session.posargs)


@nox.session(python=MEASURED)
def lowest(session: nox.Session) -> None:
    """The tests with the oldest versions that the distributions say they accept."""
    if session.venv_backend != "uv":
        session.skip("only uv can resolve to the lowest versions")
    session.install("--resolution", "lowest-direct", *editable())
    oldest = session.run("uv", "pip", "freeze", external=True, silent=True)
    session.log("The oldest versions:\n%s", oldest)
    session.install(*group("tests"))
    used = session.run("uv", "pip", "freeze", external=True, silent=True)
    if raised := set(str(oldest).splitlines()) - set(str(used).splitlines()):
        session.error(f"the tests' own tools need newer than {sorted(raised)}")
    session.run(*PYTEST, *session.posargs, env=scratch())


@nox.session(name="build", python=MEASURED)
def build_all(session: nox.Session) -> None:
    """An sdist and a wheel of every distribution, each with what belongs in it."""
    session.install(*group("build"))
    into = Path(session.create_tmp()) / "dist"
    shutil.rmtree(into, ignore_errors=True)
    for path in DISTRIBUTIONS:
        command = ["python", "-m", "build", "--installer", "uv", "--outdir"]
        session.run(*command, str(into), str(path))
    for sdist in sorted(into.glob("*.tar.gz")):
        with tarfile.open(sdist) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        wanted = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO"}
        if missing := wanted - names:
            session.error(f"{sdist.name} lacks {', '.join(sorted(missing))}")
    for wheel in sorted(into.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        module = wheel.name.partition("-")[0]
        strangers = {n for n in names if not n.startswith((f"{module}/", f"{module}-"))}
        if f"{module}/py.typed" not in names or strangers:
            session.error(f"{wheel.name} holds {sorted(strangers)}, or has no py.typed")
        if not any(name.endswith("/licenses/LICENSE") for name in names):
            session.error(f"{wheel.name} has no licence")
    session.log("Built in %s", into)


@nox.session(python=MEASURED)
def bench(session: nox.Session) -> None:
    """The promises about money, time and memory, measured beside what else there is."""
    session.install(*build(session, *DISTRIBUTIONS), *group("bench"))
    session.chdir(session.create_tmp())
    # the folder of the benchmarks, and of what the tests put beside the emulator
    found = {"PYTHONPATH": str(ROOT)}
    session.run("python", "-m", "benchmarks", *session.posargs, env=found)


@nox.session(python=False)
def dev(session: nox.Session) -> None:
    """An environment to work in: `.venv`, with everything installed in place."""
    session.run("uv", "sync", "--all-packages", "--all-groups", external=True)
