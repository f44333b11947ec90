"""Holds what drivers share: the journal's effects, keys at the last moment, folders."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from attrs import evolve, frozen

from shotcaller import accounts, redaction
from shotcaller.accounts import Account
from shotcaller.effects import (
    Alike,
    Chain,
    Claim,
    Do,
    InFlight,
    Join,
    Judge,
    Known,
    Lost,
    Move,
    Open,
    Promise,
    Promised,
    Recall,
    Send,
    Unsent,
)
from shotcaller.errors import JournalError, PluginError
from shotcaller.journal import Journal
from shotcaller.registry import Registry
from shotcaller.secret import Secret
from shotcaller.take import Take
from shotcaller.wire import Effect, Request, Response

JITTER, MOST_JITTER = 0.5, 4.0
"""How much longer a wait may be: a part of it, and seconds. A poll's is 80 % of what is
meant, so that it comes up to a fifth sooner or later.
"""

FENCE = 5.0
"""How long after its record the first byte of a spend may leave, in seconds."""


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
        import anyio  # a synchronous caller needs none of it

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


def recorded(journal: Journal, effect: Effect[Any]) -> Any:  # noqa: C901, PLR0911, PLR0912  a table
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
        case Alike(take):
            return journal.alike(take)
        case InFlight(account):
            return journal.in_flight(account)
        case Chain(take):
            return journal.chain(take)
        case Recall(project):
            return journal.recall(project)
        case Judge():
            return journal.judge(effect)
        case Promise(quotes):
            return journal.promise(quotes)
        case Promised(quote):
            return journal.promised(quote)
        case _:
            raise TypeError(effect)


def authorized(world: World, send: Send) -> Request:
    """Returns a request as it goes on the wire: with a key only for API hosts."""
    account = world.accounts[send.gateway]
    if not accounts.is_ours(account, send.request.url):
        if why := accounts.strange(account, send.request.url):
            message = (
                f"The plugin of {send.gateway} asked for a place it may not: {why}."
            )
            raise PluginError(message, "Nothing was sent there.")
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


def unauthorized(error: Exception) -> Unsent:
    """Returns that nothing was sent, in words that no key can have got into."""
    if isinstance(error, PluginError):
        return Unsent(f"it could not be authorized: {error.message}")
    return Unsent(f"it could not be authorized ({type(error).__name__})")


def redacted(
    world: World, send: Send, answer: Response | Unsent | Lost
) -> Response | Unsent | Lost:
    """Returns an answer without the key, should a gateway echo it, or a plugin."""
    keys = [world.keys[name] for name in world.accounts[send.gateway].names]
    if not isinstance(answer, Response):
        return evolve(answer, reason=redaction.redacted(answer.reason, keys))
    body = redaction.masked(answer.body.decode("latin-1"), keys).encode("latin-1")
    headers = {n: redaction.masked(v, keys) for n, v in answer.headers.items()}
    return evolve(answer, body=body, headers=headers)


def begins_spend(effect: Effect[Any]) -> bool:
    """Whether an effect records that the next byte may spend.

    It, the spend and the record of the reply are performed in one go.
    """
    return isinstance(effect, Move) and effect.spends


def fenced(world: World, effect: Effect[Any], take: Take) -> Effect[Any]:
    """Returns a spend that may begin for :data:`FENCE` seconds from its record on.

    What is held up between the two, by a pause of the machine or of the process, may
    have been given up by others.
    """
    if not isinstance(effect, Send) or not effect.spend:
        return effect
    passed = max(0.0, world.clock.now() - take.updated)
    return evolve(effect, before=time.monotonic() + FENCE - passed)


def done(world: World, effect: Do) -> Any:
    """Performs work on this machine, in the take's folder."""
    folder = world.scratch / (effect.take or "no-take")
    if effect.take is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return effect.work.call(folder, *effect.work.args)


def jittered(seconds: float) -> float:
    """Returns a wait that no other process keeps in step with.

    Never shorter: a take that is looked at before it is due is looked at in vain.
    """
    most = min(JITTER * seconds, MOST_JITTER)
    return seconds + random.uniform(0, most)  # noqa: S311  no secret


class Held:
    """Knows which take a run owns right now, so that it can be let go."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._take: Take | None = None
        self._digest: str | None = None
        self._untold: list[Take] = []

    def after(self, effect: Effect[Any], answer: Any) -> Take | None:
        """Notes what an effect did and tells of it; returns the take if it changed.

        Others, which a program only looks after on its way, are not returned. That a
        spend begins is told with the record of its reply: no observer holds it up.
        """
        if isinstance(effect, Claim):
            self.release()  # a step that failed may have left one behind
            self._take = answer.take if answer.mine else None
            return None
        if isinstance(effect, Move):
            self._take = answer if effect.keep else None
        if not isinstance(effect, Move | Open):
            return None
        take: Take = answer
        self._untold.append(take)
        if not begins_spend(effect):
            self._tell()
        self._digest = self._digest or take.digest
        return take if take.digest == self._digest else None

    def release(self) -> None:
        """Lets go of the take as it stands, if one is owned."""
        take, self._take = self._take, None
        if take is not None:
            with suppress(JournalError):  # what went wrong before is what is to be told
                self._world.journal.release(take)
        self._tell()

    def _tell(self) -> None:
        while self._untold:
            take = self._untold.pop(0)
            self._world.registry.tell("shotcaller_observe", take=take)
