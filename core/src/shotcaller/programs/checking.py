"""Asks gateways how the accounts stand that are set up here; free, and of no take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from shotcaller.effects import Program, Send
from shotcaller.errors import PluginError, ShotcallerError, Unanswered
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import onward
from shotcaller.wire import Exchange, Request, Response

Standing: TypeAlias = str | ShotcallerError
"""How an account stands, in a few words, or why it is of no use."""


def check(context: Context) -> Program[Mapping[str, Standing]]:
    """Returns how each account stands whose gateway can be asked, by gateway."""
    found: dict[str, Standing] = {}
    for id_, account in context.accounts.items():
        exchange = context.registry.check(account.gateway) if account.ready else None
        if exchange is not None:
            found[id_] = yield from _told(id_, exchange)
    return found


def _told(gateway: str, exchange: Exchange[str]) -> Program[Standing]:
    try:
        return (yield from _asked(gateway, exchange))
    except ShotcallerError as error:
        return error
    except Exception as error:  # noqa: BLE001  a plugin may raise anything
        return PluginError(f"Its plugin failed: {error!r}.")


def _asked(gateway: str, exchange: Exchange[str]) -> Program[str]:
    """Lets the plugin read every answer: a 401 is what it is asked about."""
    step = yield from onward(exchange, None, None, gateway)
    while isinstance(step, Request):
        answer = yield from Send(gateway, step)
        if not isinstance(answer, Response):
            raise Unanswered(f"{gateway} gave no answer ({answer.reason}).")
        step = yield from onward(exchange, answer, None, gateway)
    return step.value
