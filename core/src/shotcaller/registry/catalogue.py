"""Loads plugins one by one and keeps what they declare, the broken with a reason."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from typing import Any, TypeVar

import pluggy
from attrs import evolve, frozen

from shotcaller.catalog import Gateway, Model, Safety
from shotcaller.hookspecs import Hooks

T = TypeVar("T")

GROUP = "shotcaller"
"""The entry-point group, and pluggy's name for the project."""


@frozen
class Plugin:
    """Is a row of what is installed; ``broken`` says why it is not in use."""

    name: str
    distribution: str
    version: str
    gateways: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    broken: str = ""


class Catalogue:
    """Holds the plugins of one registry, and who declared which gateway and model.

    ``rows`` are all plugins, ``owners`` those in use by the name that pluggy knows.
    """

    def __init__(self) -> None:
        self.pm = pluggy.PluginManager(GROUP)
        self.pm.add_hookspecs(Hooks)
        self.rows: list[Plugin] = []
        self.owners: dict[str, Plugin] = {}
        self.gateways: dict[str, tuple[Gateway, str]] = {}
        self.models: dict[str, tuple[Model, str]] = {}

    def load(self, point: metadata.EntryPoint, *, wanted: bool) -> None:
        """Loads the plugin of an entry point, or notes why it is not in use."""
        row = Plugin(point.name, *_origin(point))
        if not wanted:
            self.rows.append(evolve(row, broken="disabled"))
            return
        loaded: list[object] = []
        if self._tried(row, lambda: loaded.append(point.load())):
            self.add(row, loaded[0])

    def add(self, row: Plugin, plugin: object) -> None:
        """Registers a plugin and takes in what it declares, or notes what is wrong."""
        if not self._tried(row, lambda: self.pm.register(plugin, row.name)):
            return
        if not self._tried(row, lambda: self._take_in(row, plugin)):
            self.pm.unregister(plugin)

    def add_specs(self, specs: type) -> None:
        """Adds hooks of another distribution's; who implements them wrongly is out."""
        for hook, function in inspect.getmembers(specs, inspect.isfunction):
            if not hook.startswith(f"{GROUP}_"):
                continue  # what Protocol itself brings
            asked = inspect.signature(function).parameters
            caller = getattr(self.pm.hook, hook, None)
            for impl in caller.get_hookimpls() if caller else ():
                unknown = [name for name in impl.argnames if name not in asked]
                if unknown:
                    why = f"{hook} has no argument {', '.join(unknown)}"
                    self._drop(impl.plugin_name, why)
        self.pm.add_hookspecs(specs)

    def _tried(self, row: Plugin, act: Callable[[], object]) -> bool:
        """Does something with a plugin; notes what it raises, which harms nobody."""
        try:
            act()
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it raises
            self.rows.append(evolve(row, broken=_worded(error)))
            return False
        return True

    def _take_in(self, row: Plugin, plugin: object) -> None:
        gateways = self._declared(plugin, "shotcaller_gateways", Gateway)
        models = self._declared(plugin, "shotcaller_models", Model)
        self._require_hooks(plugin, gateways, models)
        offers: tuple[Gateway | Model, ...] = (*gateways, *models)
        seen: set[str] = set()
        for item in offers:
            self._require_new(item.id, seen)
            seen.add(item.id)
        self.gateways |= {gateway.id: (gateway, row.name) for gateway in gateways}
        self.models |= {model.id: (model, row.name) for model in models}
        ids = tuple(gateway.id for gateway in gateways)
        offered = tuple(model.id for model in models)
        self.owners[row.name] = evolve(row, gateways=ids, models=offered)
        self.rows.append(self.owners[row.name])

    def _require_hooks(
        self, plugin: object, gateways: Sequence[Gateway], models: Sequence[Model]
    ) -> None:
        hooks = {hook.name for hook in self.pm.get_hookcallers(plugin) or ()}
        keyed = [gateway for gateway in gateways if gateway.credentials]
        taking = [gateway for gateway in gateways if gateway.uploads]
        sought = {Safety.CORRELATED, Safety.LISTABLE}
        found = [gateway for gateway in gateways if gateway.safety in sought]
        needs: dict[str, Sequence[object]] = {
            "shotcaller_find": found,
            "shotcaller_poll": gateways,
            "shotcaller_authorize": keyed,
            "shotcaller_upload": taking,
            "shotcaller_submit": models,
        }
        for hook, items in needs.items():
            if items and hook not in hooks:
                msg = f"{hook} is missing"
                raise ValueError(msg)

    def _require_new(self, id_: str, seen: set[str]) -> None:
        if id_ in seen:
            msg = f"{id_} is offered twice"
            raise ValueError(msg)
        taken = {**self.gateways, **self.models}
        if id_ in taken:
            other = self.owners[taken[id_][1]]
            msg = f"{id_} is already offered by {other.distribution or other.name}"
            raise ValueError(msg)

    def _declared(self, plugin: object, hook: str, cls: type[T]) -> tuple[T, ...]:
        caller = getattr(self.pm.hook, hook)
        for impl in caller.get_hookimpls():
            if impl.plugin is plugin:
                return _each(hook, impl.function(), cls)
        return ()

    def _drop(self, name: str, why: str) -> None:
        row = self.owners.pop(name)
        self.pm.unregister(name=name)
        self.rows.remove(row)
        self.rows.append(evolve(row, gateways=(), models=(), broken=why))
        for id_ in row.gateways:
            del self.gateways[id_]
        for id_ in row.models:
            del self.models[id_]


def _each(hook: str, found: Any, cls: type[T]) -> tuple[T, ...]:
    items = tuple(found) if isinstance(found, Iterable) else (found,)
    for item in items:
        if not isinstance(item, cls):
            msg = f"{hook} returned {item!r}, not a sequence of {cls.__name__}"
            raise TypeError(msg)
    return items


def _worded(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  an error that cannot even be printed
        return type(error).__name__


def _origin(point: metadata.EntryPoint) -> tuple[str, str]:
    dist = point.dist
    return (dist.name, dist.version) if dist is not None else ("", "")
