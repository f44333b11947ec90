"""Addresses hooks: each question goes to the plugin that owns its subject.

pluggy's own first-result rule would not do: a generator function always returns a
generator, so the plugin registered last would answer for everybody's models.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from types import GeneratorType
from typing import Any

from pluggy import HookImpl

from shotcaller.catalog import Gateway, Model, Veto, Vote
from shotcaller.errors import PluginError
from shotcaller.redaction import Redacting
from shotcaller.registry.catalogue import GROUP, Catalogue, Plugin
from shotcaller.secret import Secret
from shotcaller.shot import Brief, Media, Shot
from shotcaller.take import (
    Cancellation,
    Done,
    Failed,
    Running,
    Status,
    Take,
    Ticket,
)
from shotcaller.wire import Exchange, Request

_log = logging.getLogger("shotcaller.registry")
_log.addFilter(Redacting())


class Registry:
    """Knows the plugins and asks the right one.

    A registry is an object: tests and embedding tools make their own, from modules
    or objects by name.
    """

    def __init__(self, plugins: Mapping[str, object] | None = None) -> None:
        self._catalogue = Catalogue()
        for name, plugin in (plugins or {}).items():
            self._catalogue.add(Plugin(name, "", ""), plugin)

    @classmethod
    def installed(
        cls, allow: Iterable[str] | None = None, disable: Iterable[str] = ()
    ) -> Registry:
        """Returns a registry of the installed plugins, found by entry point.

        ``allow`` names the only ones to load, ``disable`` those not to. One that
        cannot be loaded becomes a row with its reason; the others live.
        """
        registry = cls()
        allowed = None if allow is None else set(allow)
        blocked = set(disable)
        points = metadata.entry_points(group=GROUP)
        for point in sorted(points, key=lambda point: (point.name, point.value)):
            listed = allowed is None or point.name in allowed
            wanted = listed and point.name not in blocked
            registry._catalogue.load(point, wanted=wanted)
        return registry

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins by name, the broken and disabled ones too."""
        rows = self._catalogue.rows
        return tuple(sorted(rows, key=lambda row: (row.name, row.distribution)))

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        """All gateways, by id."""
        owned = self._catalogue.gateways
        return tuple(owned[id_][0] for id_ in sorted(owned))

    @property
    def models(self) -> tuple[Model, ...]:
        """All listed models, by id."""
        owned = self._catalogue.models
        return tuple(owned[id_][0] for id_ in sorted(owned))

    def model(self, id_: str) -> Model | None:
        """Returns a model by id: a listed one, or one that its gateway resolves."""
        listed = self._catalogue.models.get(id_)
        if listed is not None:
            return listed[0]
        owner = self._gateway_owner(id_)
        if owner is None:
            return None
        try:
            found = self._ask("shotcaller_resolve", owner, id=id_)
        except Exception as error:
            raise _broken(owner, f"shotcaller_resolve raised {error!r}") from error
        if found is None or (isinstance(found, Model) and found.id == id_):
            return found
        raise _broken(owner, f"shotcaller_resolve returned {found!r} for {id_!r}")

    def source(self, model: Model) -> str:
        """Returns name and version of the plugin that a model's takes go through."""
        row = self._catalogue.owners[self._model_owner(model)]
        return f"{row.distribution or row.name} {row.version}".strip()

    def add_specs(self, specs: type) -> None:
        """Adds hooks of another distribution's, such as the command's.

        A plugin that implements them with other arguments becomes a broken row.
        """
        self._catalogue.add_specs(specs)

    def tell(self, hook: str, **arguments: object) -> None:
        """Calls a hook of every plugin in turn; what one raises is logged."""
        for impl in getattr(self._catalogue.pm.hook, hook).get_hookimpls():
            try:
                impl.function(**{name: arguments[name] for name in impl.argnames})
            except (Exception, SystemExit):  # noqa: BLE001  it harms nobody
                _log.exception("plugin %s failed in %s", impl.plugin_name, hook)

    @property
    def opinionated(self) -> bool:
        """Whether any plugin may cast votes of its own."""
        return bool(self._catalogue.pm.hook.shotcaller_score.get_hookimpls())

    def score(self, model: Model, shot: Shot, brief: Brief) -> tuple[Vote | Veto, ...]:
        """Returns every plugin's vote on a model, or veto; one that raises has none."""
        asked = {"model": model, "shot": shot, "brief": brief}
        said: list[Vote | Veto] = []
        for impl in self._catalogue.pm.hook.shotcaller_score.get_hookimpls():
            try:
                vote = impl.function(**{name: asked[name] for name in impl.argnames})
            except Exception:  # noqa: BLE001  one broken plugin harms nobody
                _log.exception("plugin %s failed to vote", impl.plugin_name)
                continue
            if isinstance(vote, Vote | Veto):
                said.append(vote)
        return tuple(sorted(said, key=_said))

    def submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        """Asks the model's owner for the submit."""
        owner = self._model_owner(model)
        asked = {"model": model, "shot": shot, "key": key}
        return self._exchange("shotcaller_submit", owner, asked, (Ticket,))

    def poll(self, ticket: Ticket) -> Exchange[Status]:
        """Asks the gateway's owner how a take stands."""
        owner = self._gateway_owner(ticket.gateway)
        statuses = (Running, Done, Failed)
        return self._exchange("shotcaller_poll", owner, {"ticket": ticket}, statuses)

    def upload(self, gateway: Gateway, media: Media) -> Exchange[str]:
        """Asks the gateway's owner to make a local file available by URL."""
        owner = self._gateway_owner(gateway.id)
        asked = {"gateway": gateway, "media": media}
        return self._exchange("shotcaller_upload", owner, asked, (str,))

    def check(self, gateway: Gateway) -> Exchange[str] | None:
        """Asks the gateway's owner how the account stands; None if it cannot."""
        owner = self._gateway_owner(gateway.id)
        return self._optional("shotcaller_check", owner, {"gateway": gateway}, (str,))

    def cancel(self, ticket: Ticket) -> Exchange[Cancellation] | None:
        """Asks the gateway's owner to stop a take; None if it cannot."""
        owner = self._gateway_owner(ticket.gateway)
        asked = {"ticket": ticket}
        return self._optional("shotcaller_cancel", owner, asked, (Cancellation,))

    def find(self, take: Take) -> Exchange[Sequence[Ticket]] | None:
        """Asks the gateway's owner to look a take up; None if it cannot."""
        owner = self._gateway_owner(take.gateway)
        return self._optional("shotcaller_find", owner, {"take": take}, (list, tuple))

    def ticket(self, take: Take, remote_id: str) -> Ticket | None:
        """Asks the gateway's owner for the ticket of a job; None if it makes none."""
        owner = self._gateway_owner(take.gateway)
        asked = {"take": take, "remote_id": remote_id}
        answer = self._ask("shotcaller_ticket", owner, **asked)
        if answer is None or isinstance(answer, Ticket):
            return answer
        raise _broken(owner, f"shotcaller_ticket returned {answer!r}, no ticket")

    def authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: Mapping[str, Secret],
        now: datetime,
    ) -> Request:
        """Asks the gateway's owner to add credentials to a request."""
        owner = self._gateway_owner(gateway.id)
        asked = {"gateway": gateway, "request": request, "secrets": secrets}
        answer = self._ask("shotcaller_authorize", owner, **asked, now=now)
        if isinstance(answer, Request):
            return answer
        raise _broken(owner, "shotcaller_authorize returned no request")

    def _gateway_owner(self, id_: str) -> str | None:
        gateway = id_.replace(":", "/").split("/", 1)[0]
        owned = self._catalogue.gateways.get(gateway)
        return None if owned is None else owned[1]

    def _model_owner(self, model: Model) -> str:
        owned = self._catalogue.models.get(model.id)
        owner = self._gateway_owner(model.id) if owned is None else owned[1]
        if owner is None:
            message = f"No installed plugin offers {model.id}."
            raise PluginError(message, "Install the one that does.")
        return owner

    def _ask(self, hook: str, owner: str | None, **arguments: object) -> Any:
        """Calls the owner's implementation, and the wrappers of others around it."""
        caller = getattr(self._catalogue.pm.hook, hook)
        impls = caller.get_hookimpls()
        owned = [impl for impl in impls if impl.plugin_name == owner]
        if not any(_answers(impl) for impl in owned):
            return None
        others = [
            impl.plugin
            for impl in impls
            if impl.plugin_name != owner and _answers(impl)
        ]
        return self._catalogue.pm.subset_hook_caller(hook, others)(**arguments)

    def _optional(
        self,
        hook: str,
        owner: str | None,
        asked: Mapping[str, Any],
        returns: tuple[type, ...],
    ) -> Exchange[Any] | None:
        answer = self._ask(hook, owner, **asked)
        return None if answer is None else _checked(hook, owner, answer, returns)

    def _exchange(
        self,
        hook: str,
        owner: str | None,
        asked: Mapping[str, Any],
        returns: tuple[type, ...],
    ) -> Exchange[Any]:
        if owner is None:
            message = "The plugin of this take's gateway is not installed."
            raise PluginError(message, "Install it again, then resume.")
        return _checked(hook, owner, self._ask(hook, owner, **asked), returns)


def _said(one: Vote | Veto) -> tuple[str, float, str]:
    """Returns by what opinions are ordered, whatever the order of the plugins."""
    value = one.value if isinstance(one, Vote) else -1.0
    return (one.by, value, one.reason)


def _answers(impl: HookImpl) -> bool:
    return not (impl.wrapper or impl.hookwrapper)


def _checked(
    hook: str, owner: str | None, answer: object, returns: tuple[type, ...]
) -> Exchange[Any]:
    if not isinstance(answer, GeneratorType):
        raise _broken(owner, f"{hook} returned {answer!r}, not a generator")
    return _delegated(hook, owner, answer, returns)


def _delegated(
    hook: str, owner: str | None, exchange: Exchange[Any], returns: tuple[type, ...]
) -> Exchange[Any]:
    """Goes through an exchange and holds it to what it may return."""
    result = yield from exchange
    if isinstance(result, returns):
        return result
    names = " or ".join(cls.__name__ for cls in returns)
    raise _broken(owner, f"{hook} ended with {result!r}, not with {names}")


def _broken(owner: str | None, why: str) -> PluginError:
    return PluginError(f"Plugin {owner}: {why}.", plugin=owner or "")
