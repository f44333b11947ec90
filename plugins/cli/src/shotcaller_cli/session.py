"""Holds what a command is given: the installation, and how to answer."""

from __future__ import annotations

from functools import cached_property

from shotcaller import Registry, Settings, Shotcaller


class Session:
    """Is one run of the command: its settings and plugins, read when first needed.

    ``json`` says that the answer is to be one JSON document on stdout, ``debug`` that
    tracebacks are wanted.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        registry: Registry | None = None,
        json: bool = False,
        debug: bool = False,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self.json = json
        self.debug = debug

    @cached_property
    def settings(self) -> Settings:
        """The settings of this machine, where none were given."""
        return Settings.load() if self._settings is None else self._settings

    @cached_property
    def registry(self) -> Registry:
        """The plugins of this machine, where none were given."""
        if self._registry is not None:
            return self._registry
        return Registry.installed(self.settings.plugins, self.settings.disable)

    def caller(self) -> Shotcaller:
        """Returns a client to be used in a ``with`` block."""
        return Shotcaller(settings=self.settings, registry=self.registry)
