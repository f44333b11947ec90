from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from shotcaller.registry import Plugin, Registry
from shotcaller.take import Running, Ticket
from tests.core import offers
from tests.core.plugins import broken, run

MODULE = """
from shotcaller.plugin import *

@hookimpl
def shotcaller_gateways():
    return [Gateway(id="{id}", title="{id}", homepage="")]

@hookimpl
def shotcaller_poll(ticket):
    yield from ()
    return Running("{id}")
"""


@pytest.fixture
def install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Installs distributions of one module each, on a path of their own."""
    site = tmp_path / "site"
    site.mkdir()
    core = [path for path in sys.path if "site-packages" not in path]
    monkeypatch.setattr(sys, "path", [str(site), *core])
    made: set[str] = set()

    def make(
        distribution: str, code: str, version: str = "1.2", name: str = ""
    ) -> None:
        module = distribution.replace("-", "_")
        made.add(module)
        (site / f"{module}.py").write_text(code)
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        )
        point = f"[shotcaller]\n{name or distribution} = {module}\n"
        (info / "entry_points.txt").write_text(point)

    yield make
    for module in made:
        sys.modules.pop(module, None)


def rows(registry: Registry, prefix: str = "tp-") -> tuple[Plugin, ...]:
    return tuple(row for row in registry.plugins if row.name.startswith(prefix))


def test_plugins_are_found_by_entry_point(install: Callable[..., None]) -> None:
    install("tp-paper", MODULE.format(id="tpaper"))

    registry = Registry.installed()

    assert rows(registry) == (Plugin("tp-paper", "tp-paper", "1.2", ("tpaper",)),)
    assert "tpaper" in [gateway.id for gateway in registry.gateways]
    assert run(registry.poll(Ticket("tpaper", "m", "r")))[1] == Running("tpaper")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise RuntimeError('the spirits are silent')",
         "RuntimeError: the spirits are silent"),
        ("import sys; sys.exit('no')", "SystemExit: no"),
        ("import no_such_module_at_all",
         "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("def", "SyntaxError: invalid syntax (tp_bad.py, line 1)"),
        (MODULE.format(id="Bad"), ("ValueError: gateway id 'Bad' is not lower-case "
         "letters, digits and dashes")),
    ],
)  # fmt: skip
def test_a_plugin_that_cannot_be_loaded_is_a_row_with_its_reason(
    install: Callable[..., None], code: str, why: str
) -> None:
    install("tp-bad", code)
    install("tp-paper", MODULE.format(id="tpaper"))

    registry = Registry.installed()

    assert rows(registry) == (
        Plugin("tp-bad", "tp-bad", "1.2", broken=why),
        Plugin("tp-paper", "tp-paper", "1.2", ("tpaper",)),
    )


def test_what_is_disabled_is_not_even_imported(install: Callable[..., None]) -> None:
    install("tp-bad", "raise AssertionError('imported')")
    install("tp-paper", MODULE.format(id="tpaper"))

    registry = Registry.installed(disable=["tp-bad"])

    assert rows(registry)[0] == Plugin("tp-bad", "tp-bad", "1.2", broken="disabled")
    assert rows(registry)[1].broken == ""


def test_only_what_is_allowed_is_imported(install: Callable[..., None]) -> None:
    install("tp-bad", "raise AssertionError('imported')")
    install("tp-paper", MODULE.format(id="tpaper"))

    registry = Registry.installed(allow=["tp-paper", "tp-absent"])

    assert [row.name for row in registry.plugins if not row.broken] == ["tp-paper"]
    assert rows(registry)[0].broken == "disabled"
    assert (
        rows(Registry.installed(allow=["tp-paper"], disable=["tp-paper"]))[1].broken
        == "disabled"
    )


def test_an_id_of_two_distributions_is_refused_by_the_name_of_the_other(
    install: Callable[..., None],
) -> None:
    install("tp-one", MODULE.format(id="tpaper"))
    install("tp-two", MODULE.format(id="tpaper"), version="3.4")

    registry = Registry.installed()

    why = "ValueError: tpaper is already offered by tp-one"
    assert rows(registry) == (
        Plugin("tp-one", "tp-one", "1.2", ("tpaper",)),
        Plugin("tp-two", "tp-two", "3.4", broken=why),
    )


def test_two_distributions_may_use_one_name(install: Callable[..., None]) -> None:
    install("tp-a", "raise RuntimeError('no')", name="tp-same")
    install("tp-b", MODULE.format(id="tpaper"), name="tp-same")
    install("tp-c", MODULE.format(id="tother"), name="tp-same")

    registry = Registry.installed()

    first, second, third = rows(registry)
    assert (first.distribution, first.broken) == ("tp-a", "RuntimeError: no")
    assert (second.distribution, second.gateways) == ("tp-b", ("tpaper",))
    assert third.distribution == "tp-c"
    assert third.broken.startswith(
        "ValueError: Plugin name already registered: tp-same"
    )
    assert registry.source(offers.model(id="tpaper:x")) == "tp-b 1.2"


def test_one_module_of_two_distributions_is_in_use_once(
    install: Callable[..., None],
) -> None:
    install("tp-a", MODULE.format(id="tpaper"), name="tp-same")
    install("tp-b", "from tp_a import *", name="tp-same")
    sys.modules["tp_b"] = __import__("tp_a")  # as an old install beside a new one

    registry = Registry.installed()

    assert [row.broken == "" for row in rows(registry)] == [True, False]
    assert run(registry.poll(Ticket("tpaper", "m", "r")))[1] == Running("tpaper")


def test_an_entry_point_of_no_distribution_has_no_origin() -> None:
    from importlib.metadata import EntryPoint

    from shotcaller.registry.catalogue import Catalogue

    catalogue = Catalogue()
    catalogue.load(EntryPoint("x", "no_such_module_at_all", "shotcaller"), wanted=True)

    why = "ModuleNotFoundError: No module named 'no_such_module_at_all'"
    assert catalogue.rows == [Plugin("x", "", "", broken=why)]


def test_a_module_can_be_a_plugin() -> None:
    module = ModuleType("tp_module")
    exec(MODULE.format(id="tpaper"), module.__dict__)

    registry = Registry({"tp": module})

    assert broken(registry) == {}
    assert [gateway.id for gateway in registry.gateways] == ["tpaper"]
