"""What is public: its names, its docstrings, its weight."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

import shotcaller
from shotcaller import hookspecs, plugin
from shotcaller.hookspecs import Hooks

HEAVY = {"anyio", "cattrs", "httpx", "sqlite3", "stamina"}
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(shotcaller.__path__, "shotcaller.")
    if not info.name.endswith("__main__")
)
PROMISED = {
    "Cancellation", "Capabilities", "Done", "Evidence", "Exchange", "Failed", "File",
    "Form", "Gateway", "Kind", "Lengths", "Lifecycle", "Media", "Model", "Operation",
    "Option", "Price", "Rate", "Refused", "Request", "Response", "Running", "Secret",
    "Shot", "Sound", "Status", "Surcharge", "Take", "Ticket", "Unit", "Upload", "Vote",
    "Work", "hookimpl",
}  # fmt: skip


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yields the classes and functions that are a module's own and public."""
    for name, value in vars(module).items():
        own = getattr(value, "__module__", None) == module.__name__
        if (
            not name.startswith("_")
            and own
            and (inspect.isclass(value) or inspect.isfunction(value))
        ):
            yield name, value


def methods(cls: type) -> Iterator[tuple[str, object]]:
    """Yields the methods and properties that are a class's own and public."""
    for name, value in vars(cls).items():
        if not name.startswith("_") and (
            inspect.isfunction(value)
            or isinstance(value, property | classmethod | staticmethod)
        ):
            yield name, value


@pytest.mark.parametrize("module", [shotcaller, plugin], ids=lambda m: m.__name__)
def test_all_lists_the_public_names_in_order(module: ModuleType) -> None:
    listed = module.__all__

    assert len(listed) == len(set(listed))
    assert all(hasattr(module, name) for name in listed)
    capitals = [name for name in listed if name.isupper()]
    classes = [name for name in listed if name[0].isupper() and not name.isupper()]
    functions = [name for name in listed if name[0].islower()]
    assert listed == [*sorted(capitals), *sorted(classes), *sorted(functions)]


@pytest.mark.parametrize("module", [shotcaller, plugin], ids=lambda m: m.__name__)
def test_what_all_does_not_list_is_a_submodule_or_private(module: ModuleType) -> None:
    other = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "").startswith("shotcaller")
    }

    assert other <= set(module.__all__)


def test_a_plugins_author_finds_all_that_is_needed_in_one_place() -> None:
    specs = {
        name
        for name, value in inspect.getmembers(hookspecs, inspect.isclass)
        if name.endswith(("Hook", "Hooks"))
    }

    assert PROMISED | specs <= set(plugin.__all__)


def test_what_is_offered_twice_is_the_same() -> None:
    both = set(plugin.__all__) & set(shotcaller.__all__)

    assert {"Shot", "Model", "Refused"} <= both
    assert all(getattr(plugin, name) is getattr(shotcaller, name) for name in both)


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_says_what_it_is(name: str) -> None:
    module = importlib.import_module(name)
    silent = [] if module.__doc__ else [name]
    for own, value in public(module):
        silent += [] if value.__doc__ else [own]
        if inspect.isclass(value):
            silent += [
                f"{own}.{method}"
                for method, found in methods(value)
                if not found.__doc__
            ]

    assert silent == []


@pytest.mark.parametrize("name", shotcaller.__all__)
def test_every_name_of_the_library_says_what_it_is(name: str) -> None:
    assert (getattr(shotcaller, name).__doc__ or "").strip()


def test_a_name_that_is_none_is_no_attribute() -> None:
    message = r"^module 'shotcaller' has no attribute 'Nonesuch'$"
    with pytest.raises(AttributeError, match=message):
        _ = shotcaller.Nonesuch


def test_every_public_name_is_listed_before_it_is_loaded() -> None:
    assert set(shotcaller.__all__) <= set(dir(shotcaller))


def test_the_async_client_is_loaded_when_it_is_asked_for() -> None:
    from shotcaller.client.asynchronous import AsyncShotcaller

    assert shotcaller.AsyncShotcaller is AsyncShotcaller


def run(program: str) -> dict[str, list[str]]:
    """Runs a program in a process of its own and returns what it prints as JSON."""
    environ = {name: value for name, value in os.environ.items() if "COV" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


WATCHED = """
import json, sys
opened = []
sys.addaudithook(
    lambda event, _: opened.append(event) if event.startswith("socket.") else None
)
import {module}
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps({{"loaded": loaded, "opened": opened}}))
"""


@pytest.mark.parametrize("module", ["shotcaller", "shotcaller.plugin"])
def test_importing_it_loads_nothing_heavy_and_opens_no_socket(module: str) -> None:
    told = run(WATCHED.format(module=module))

    assert HEAVY & set(told["loaded"]) == set()
    assert told["opened"] == []
    assert "shotcaller" in told["loaded"]


def test_what_watches_sockets_would_see_one() -> None:
    module = "socket; socket.socket(); import attr"

    assert run(WATCHED.format(module=module))["opened"] == ["socket.__new__"]


def test_every_hook_has_the_projects_prefix_and_a_sentence() -> None:
    hooks = {
        name: value
        for name, value in inspect.getmembers(Hooks, inspect.isfunction)
        if hasattr(value, "shotcaller_spec")
    }

    assert set(hooks) == {
        "shotcaller_authorize",
        "shotcaller_cancel",
        "shotcaller_check",
        "shotcaller_find",
        "shotcaller_gateways",
        "shotcaller_models",
        "shotcaller_observe",
        "shotcaller_poll",
        "shotcaller_resolve",
        "shotcaller_score",
        "shotcaller_submit",
        "shotcaller_ticket",
        "shotcaller_upload",
    }
    assert all(hook.__doc__ for hook in hooks.values())
