"""Asks gateways how the accounts stand that are set up here; free, and of no take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from shotcaller.accounts import Account
from shotcaller.availability import Sign, Trouble
from shotcaller.effects import Judge, Program, Send
from shotcaller.errors import PluginError, Refused, ShotcallerError, Unanswered
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import onward
from shotcaller.wire import Exchange, Request, Response

Standing: TypeAlias = str | ShotcallerError
"""How an account stands, in a few words, or why it is of no use."""


def check(context: Context) -> Program[Mapping[str, Standing]]:
    """Returns how each account stands whose gateway can be asked, by gateway."""
    found: dict[str, Standing] = {}
    for id_, account in context.accounts.items():
        standing = yield from looked_at(context, account)
        if standing is not None:
            found[id_] = standing
    return found


def looked_at(context: Context, account: Account) -> Program[Standing | None]:
    """Returns how one account stands, and remembers it; None where none can be asked.

    That an account is good lifts whatever kept it from new work.
    """
    gateway = account.gateway
    exchange = context.registry.check(gateway) if account.ready else None
    if exchange is None:
        return None
    standing = yield from _told(gateway.id, exchange)
    sign = _sign(standing)
    if sign is not None:
        yield from Judge(gateway.id, account.fingerprint, account.mark, sign)
    return standing


def _sign(standing: Standing) -> Sign | None:
    """Returns what an answer tells of the account; a broken plugin tells nothing."""
    if isinstance(standing, str):
        return Sign(accepted=True)
    troubles = {"key": Trouble.KEY, "credit": Trouble.CREDIT}
    if isinstance(standing, Refused) and standing.reason in troubles:
        return Sign(troubles[standing.reason], standing.message)
    if isinstance(standing, Unanswered):
        return Sign(Trouble.FAILING, standing.message)
    return None


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
