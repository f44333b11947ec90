"""Holds what drivers share: the journal's effects, keys at the last moment, folders."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import anyio
from attrs import frozen

from shotcaller import accounts
from shotcaller.accounts import Account
from shotcaller.effects import Chain, Claim, Do, Join, Known, Move, Open, Send
from shotcaller.errors import PluginError
from shotcaller.journal import Journal
from shotcaller.registry import Registry
from shotcaller.secret import Secret
from shotcaller.take import Take
from shotcaller.wire import Effect, Request

JITTER = 0.1


class Clock(Protocol):
    """Tells the time and waits; a test's may do so without waiting."""

    def now(self) -> float:
        """Returns seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Waits."""

    async def asleep(self, seconds: float) -> None:
        """Waits, letting others run."""


class SystemClock:
    """Is the clock of this machine."""

    def now(self) -> float:
        """Returns seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Waits, letting others run."""
        await anyio.sleep(seconds)


@frozen
class World:
    """Is all that a driver acts on."""

    registry: Registry
    accounts: Mapping[str, Account]
    keys: Mapping[str, Secret]
    journal: Journal
    scratch: Path
    clock: Clock


def recorded(journal: Journal, effect: Effect[Any]) -> Any:
    """Performs one of the journal's effects."""
    match effect:
        case Join(digest):
            return journal.join(digest)
        case Open(draft):
            return journal.open(draft)
        case Claim(take, at_once):
            return journal.claim(take, at_once=at_once)
        case Move():
            return journal.move(effect)
        case Known(gateway):
            return journal.known(gateway)
        case Chain(take):
            return journal.chain(take)
        case _:
            raise TypeError(effect)


def authorized(world: World, send: Send) -> Request:
    """Returns a request as it goes on the wire: with a key only for API hosts."""
    account = world.accounts[send.gateway]
    if not accounts.is_ours(account, send.request.url):
        return send.request
    request = send.request
    if account.names:
        secrets = {name: world.keys[name] for name in account.names}
        now = datetime.fromtimestamp(world.clock.now(), UTC)
        request = world.registry.authorize(account.gateway, request, secrets, now)
        if not accounts.is_ours(account, request.url):
            message = f"The plugin of {send.gateway} sent a key elsewhere."
            raise PluginError(message, "Report this to its author.")
    return accounts.addressed(account, request)


def done(world: World, effect: Do) -> Any:
    """Performs work on this machine, in the take's folder."""
    folder = world.scratch / (effect.take or "no-take")
    if effect.take is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return effect.work.call(folder, *effect.work.args)


def jittered(seconds: float) -> float:
    """Returns a wait that no other process keeps in step with."""
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  no secret


class Held:
    """Knows which take a run owns right now, so that it can be let go."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._take: Take | None = None

    def after(self, effect: Effect[Any], answer: Any) -> Take | None:
        """Notes what an effect did; returns the take if it changed."""
        if isinstance(effect, Claim):
            self._take = answer.take if answer.mine else None
            return None
        if isinstance(effect, Move):
            self._take = answer if effect.keep else None
        if not isinstance(effect, Move | Open):
            return None
        take: Take = answer
        self._world.registry.tell("shotcaller_observe", take=take)
        return take

    def forget(self) -> None:
        """Leaves the take to whoever now works on it."""
        self._take = None

    def release(self) -> None:
        """Lets go of the take as it stands, if one is owned."""
        if self._take is not None:
            self._world.journal.release(self._take)
            self._take = None
