"""Specifies the hooks: what a plugin may be asked, and what it returns.

Each Protocol here is at once what pluggy validates against, what type checkers hold
a plugin module to, and the reference page. Implementations take every argument.
A hook that is asked of an owner has one answer, which other plugins may wrap with
``hookimpl(wrapper=True)``: their ``yield`` gives it to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import pluggy

from shotcaller.catalog import Gateway, Model, Veto, Vote
from shotcaller.secret import Secret
from shotcaller.shot import Brief, Media, Shot
from shotcaller.take import Cancellation, Status, Take, Ticket
from shotcaller.wire import Exchange, Request

hookspec = pluggy.HookspecMarker("shotcaller")
hookimpl = pluggy.HookimplMarker("shotcaller")
"""Marks a function of a plugin as the implementation of the hook of its name."""


class GatewayHooks(Protocol):
    """Is what a plugin offers that owns a gateway."""

    @hookspec
    def shotcaller_gateways(self) -> Sequence[Gateway]:
        """Returns the gateways this plugin owns; data, asked once at loading."""

    @hookspec(firstresult=True)
    def shotcaller_poll(self, ticket: Ticket) -> Exchange[Status]:
        """Asks once how a take stands; the loop, pace and repeats are the core's.

        Asked of the owner of the ticket's gateway. A reply of 401, 403, 408, 425, 429
        or 5xx never arrives here: the core asks again later. Only one that bears one
        of the gateway's ``verdicts`` does, once it has stayed for several questions.
        """


class ModelHooks(Protocol):
    """Is what a plugin offers that has models, of its own or another's gateway."""

    @hookspec
    def shotcaller_models(self) -> Sequence[Model]:
        """Returns the models this plugin owns; data, asked once at loading."""

    @hookspec(firstresult=True)
    def shotcaller_submit(self, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        """Turns the shot into the one request that spends, and its reply into a ticket.

        Asked of the model's owner, with local media already uploaded where the
        gateway wants URLs. Yields at most one ``Request``. ``key`` is the take's
        idempotency key. Raise ``Refused`` before yielding to say no uncharged, or
        after a reply whose status is among the gateway's ``refusals``.
        """


class ResolveHook(Protocol):
    """Is for gateways with models that no plugin lists."""

    @hookspec(firstresult=True)
    def shotcaller_resolve(self, id: str) -> Model | None:  # noqa: A002  the word
        """Returns a model for an id that is not listed, or None; its price is unknown.

        Asked of the owner of the gateway that the id begins with.
        """


class ScoreHook(Protocol):
    """Is for opinions: a gateway's about its models, or a policy's about all."""

    @hookspec
    def shotcaller_score(
        self, model: Model, shot: Shot, brief: Brief
    ) -> Vote | Veto | None:
        """Returns an opinion of a model that can take the shot, or None for none.

        A ``Veto`` refuses the model, with its reason, whatever others think of it.
        """


class CancelHook(Protocol):
    """Is for gateways that can stop a running take."""

    @hookspec(firstresult=True)
    def shotcaller_cancel(self, ticket: Ticket) -> Exchange[Cancellation]:
        """Asks the gateway to stop a take; asked of the gateway's owner."""


class FindHook(Protocol):
    """Is for gateways where a submit whose reply was lost can be looked up."""

    @hookspec(firstresult=True)
    def shotcaller_find(self, take: Take) -> Exchange[Sequence[Ticket]]:
        """Returns all jobs at the gateway that the uncertain take could be.

        Oldest first. The core takes away those it knows, and goes on only where as
        many are left as takes could own them; that none is left never leads to a second
        submit.
        """


class TicketHook(Protocol):
    """Is for gateways whose jobs can be adopted by their id alone."""

    @hookspec(firstresult=True)
    def shotcaller_ticket(self, take: Take, remote_id: str) -> Ticket:
        """Returns the ticket that a submit answered with ``remote_id`` would have had.

        Asked of the gateway's owner where the user names the job of an uncertain take;
        pure: the core polls the ticket before it believes it. What else a ticket needs
        stands in the take's ``request``. Raise ``Refused`` for what can be no id.
        """


class UploadHook(Protocol):
    """Is for gateways that take local files."""

    @hookspec(firstresult=True)
    def shotcaller_upload(self, gateway: Gateway, media: Media) -> Exchange[str]:
        """Makes a local file available to the gateway and returns its URL.

        Asked before the submit, for kinds that the gateway's ``uploads`` declares;
        ``media`` has its ``sha256`` and ``bytes``.
        """


class CheckHook(Protocol):
    """Is for gateways that say for free how an account stands."""

    @hookspec(firstresult=True)
    def shotcaller_check(self, gateway: Gateway) -> Exchange[str]:
        """Asks whether the account can be used; returns it in a few words.

        Asked of the gateway's owner by ``shotcaller doctor --online``. Every reply
        arrives here, whatever its status. Raise ``Refused`` where nothing could be
        made with this account.
        """


class AuthorizeHook(Protocol):
    """Is for gateways with credentials."""

    @hookspec(firstresult=True)
    def shotcaller_authorize(
        self,
        gateway: Gateway,
        request: Request,
        secrets: Mapping[str, Secret],
        now: datetime,
    ) -> Request:
        """Returns the request with credentials: pure, asked last, for API hosts only.

        ``secrets`` holds one of the gateway's declared alternatives by name; ``now``
        is the time in UTC, for signatures that hold it.
        """


class ObserveHook(Protocol):
    """Is for whoever wants to know: logs, metrics, notifications."""

    @hookspec
    def shotcaller_observe(self, take: Take) -> None:
        """Is told of every take as it changes; what it raises is logged, never felt."""


class Hooks(
    GatewayHooks,
    ModelHooks,
    ResolveHook,
    ScoreHook,
    CancelHook,
    FindHook,
    TicketHook,
    UploadHook,
    CheckHook,
    AuthorizeHook,
    ObserveHook,
    Protocol,
):
    """Is all hooks of the core together."""
