"""Plants bugs that the simulation must find: what others do wrong, and what we might.

Each is a small patch of a step or of the journal. One that nothing finds shows that
the simulation is too weak.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import pytest
from attrs import evolve

from shotcaller import Shot, State, Take
from shotcaller.catalog import Gateway, Model
from shotcaller.drivers import world as drivers
from shotcaller.effects import (
    Known,
    Lost,
    Move,
    Program,
    Send,
    Sleep,
    ended,
    unsent,
)
from shotcaller.errors import Unanswered
from shotcaller.journal import SQLiteJournal, budgets, moving, reading, schema
from shotcaller.journal.spool import Spool
from shotcaller.plugin import Exchange, Request, Response, Ticket
from shotcaller.programs import advancing, finding, following, sending
from shotcaller.programs.context import Context
from shotcaller.programs.exchanges import question
from shotcaller.registry import Registry
from shotcaller.take import DEAD, Draft, Problem

PATIENCE = 30.0

Sending: TypeAlias = Callable[[Take, Request, int | None], Move]
Claims: TypeAlias = Mapping[str, Collection[str]]
Plant: TypeAlias = Callable[[pytest.MonkeyPatch], None]


def _sent_again_when_lost(patch: pytest.MonkeyPatch) -> None:
    def lost(gateway: Gateway, take: Take, answer: Lost) -> Program[Take]:
        problem = Problem("lost-reply", f"{gateway.id}: {answer.reason}", "no")
        return (yield from unsent(take, problem, 1.0))

    patch.setattr(sending, "_lost", lost)


def _sent_again_after_a_crash(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sending, "key_lives", lambda *_: True)


def _recorded_late(patch: pytest.MonkeyPatch) -> None:
    original = sending.heard  # type: ignore[attr-defined]

    def late(take: Take, reply: Response) -> Program[Take]:
        yield from Sleep(1.0)
        return (yield from original(take, reply))

    patch.setattr(sending, "heard", late)


def _no_shield(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(drivers, "begins_spend", lambda _: False)


def _no_fence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(drivers, "fenced", lambda _, effect, __: effect)


def _reply_not_kept_aside(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Spool, "told", lambda _, __, ___, error: error)


def _owner_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SQLiteJournal, "_free", lambda *_: True)


def _dead_owner_obeyed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SQLiteJournal, "_free", lambda _, take: take.owner is None)


def _let_go_while_sending(patch: pytest.MonkeyPatch) -> None:
    original: Sending = sending.sending  # type: ignore[attr-defined]

    def let_go(take: Take, request: Request, limit: int | None) -> Move:
        return evolve(original(take, request, limit), keep=False)

    patch.setattr(sending, "sending", let_go)


def _absence_trusted(patch: pytest.MonkeyPatch) -> None:
    def step(context: Context, take: Take) -> Program[Take]:
        exchange = context.registry.find(take)
        if exchange is None:
            return (yield from finding.step_uncertain(context, take))
        try:
            found = yield from question(take.gateway, exchange, take.id)
        except Exception:  # noqa: BLE001  as the original
            return take
        known = yield from Known(take.gateway)
        if not {ticket.remote_id for ticket in found} - known:
            problem = Problem("absent", "it is not in the list", "no")
            return (yield from ended(take, State.REFUSED, problem))
        return (yield from finding.step_uncertain(context, take))

    patch.setitem(_steps(patch), State.UNCERTAIN, step)


def _fallback_while_alive(patch: pytest.MonkeyPatch) -> None:
    original = advancing.succeeded  # type: ignore[attr-defined]

    def succeeded(context: Context, take: Take, *, agreed: bool) -> Program[str | None]:
        if take.state is State.UNCERTAIN and take.candidates:
            problem = Problem("slow", "it took too long", "no")
            take = yield from ended(take, State.REFUSED, problem)
        heir: str | None = yield from original(context, take, agreed=agreed)
        return heir

    patch.setattr(advancing, "succeeded", succeeded)


def _time_out_is_an_end(patch: pytest.MonkeyPatch) -> None:
    def step(context: Context, take: Take) -> Program[Take]:
        if take.updated - take.created > PATIENCE:
            problem = Problem("slow", "it took too long", "no")
            return (yield from ended(take, State.FAILED, problem))
        return (yield from following.step_submitted(context, take))

    patch.setitem(_steps(patch), State.SUBMITTED, step)


def _poll_of_429_is_death(patch: pytest.MonkeyPatch) -> None:
    def step(context: Context, take: Take) -> Program[Take]:
        program = following.step_submitted(context, take)
        effect = next(program)
        while True:
            answer = yield effect
            limited = isinstance(answer, Response) and answer.status == 429
            if isinstance(effect, Send) and limited:
                problem = Problem("failed", "the gateway answered 429", "no")
                return (yield from ended(take, State.FAILED, problem))
            try:
                effect = program.send(answer)
            except StopIteration as stop:
                moved: Take = stop.value
                return moved

    patch.setitem(_steps(patch), State.SUBMITTED, step)


def _lost_poll_is_death(patch: pytest.MonkeyPatch) -> None:
    def step(context: Context, take: Take) -> Program[Take]:
        assert take.ticket is not None
        try:
            asked = context.registry.poll(take.ticket)
            status = yield from question(take.gateway, asked, take.id)
        except Unanswered as error:
            problem = Problem("failed", error.message, "no")
            return (yield from ended(take, State.FAILED, problem))
        except Exception:  # noqa: BLE001  as the original
            return (yield from following.step_submitted(context, take))
        return (yield from following._recorded(context, take, status))

    patch.setitem(_steps(patch), State.SUBMITTED, step)


def _key_of_the_prompt(patch: pytest.MonkeyPatch) -> None:
    original = Registry.submit

    def submit(self: Registry, model: Model, shot: Shot, key: str) -> Exchange[Ticket]:
        same = hashlib.sha256(shot.prompt.encode()).hexdigest()[:32]
        return original(self, model, shot, same)

    patch.setattr(Registry, "submit", submit)


def _uncertain_not_joined(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "DEAD", DEAD | {State.UNCERTAIN})


def _two_heirs(patch: pytest.MonkeyPatch) -> None:
    free = [step.replace("parent TEXT UNIQUE", "parent TEXT") for step in schema.STEPS]
    patch.setattr(schema, "STEPS", tuple(free))
    original = SQLiteJournal.open

    def opened(self: SQLiteJournal, draft: Draft) -> Take:
        if draft.parent is None:
            return original(self, draft)
        with self._transaction():
            take = self._opened(draft)
            sql = "UPDATE take SET heir = ? WHERE id = ?"
            self._db.execute(sql, (take.id, draft.parent))
            return take

    patch.setattr(SQLiteJournal, "open", opened)


def _doubt_forgotten(patch: pytest.MonkeyPatch) -> None:
    original: Sending = sending.sending  # type: ignore[attr-defined]

    def certain(take: Take, request: Request, limit: int | None) -> Move:
        move = original(take, request, limit)
        return evolve(move, to=evolve(move.to, doubted=False))

    patch.setattr(sending, "sending", certain)


def _any_error_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    def unusable(
        gateway: Gateway, take: Take, reply: Response, error: Exception
    ) -> Program[Take]:
        problem = Problem("refused", f"{gateway.id}: {reply.status}, {error}", "no")
        return (yield from ended(take, State.REFUSED, problem))

    patch.setattr(sending, "_unusable", unusable)


def _job_of_another_adopted(patch: pytest.MonkeyPatch) -> None:
    def share(take: str, claims: Claims, _: object) -> str | None:
        return next(iter(claims[take]), None)

    patch.setattr(finding, "share", share)
    patch.setattr(moving, "require_unowned", lambda *_: None)


def _uncertain_dropped_as_free(patch: pytest.MonkeyPatch) -> None:
    original = advancing.cancel

    def cancel(context: Context, take_id: str) -> Program[Any]:
        claimed = yield from advancing.owned(take_id)
        if claimed.take.state is State.UNCERTAIN:
            return (yield from advancing._dropped(claimed.take, "no"))
        if claimed.mine:
            yield from unsent_as_it_was(claimed.take)
        return (yield from original(context, take_id))

    patch.setattr(advancing, "cancel", cancel)


def unsent_as_it_was(take: Take) -> Program[Take]:
    """Lets go of a take that was only looked at."""
    return (yield from Move(take, take, "looked at"))


def _clip_taken_on_trust(patch: pytest.MonkeyPatch) -> None:
    def step(_: Context, take: Take) -> Program[Take]:
        from shotcaller.effects import Fetch, Missed, delivered
        from shotcaller.take import Footage

        answer = yield from Fetch(take, take.status)  # type: ignore[arg-type]
        if isinstance(answer, Missed):
            answer = Footage(f"{take.folder}/{take.id}.mp4", 0, "")
        return (yield from delivered(take, answer, ()))

    patch.setitem(_steps(patch), State.READY, step)


def _budget_not_reserved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(budgets, "require", lambda *_: None)


def _budget_forgotten_while_sent(patch: pytest.MonkeyPatch) -> None:
    original = budgets.settle

    def settle(db: sqlite3.Connection, before: Take, after: Take) -> None:
        original(db, before, after)
        if after.state in {State.SENDING, State.UNCERTAIN}:
            db.execute("UPDATE spend SET held = 0 WHERE take = ?", (after.id,))

    patch.setattr(budgets, "settle", settle)


def _steps(patch: pytest.MonkeyPatch) -> dict[State, Any]:
    """Returns a table of steps that may be changed, in place of the real one."""
    steps = dict(advancing.STEPS)
    patch.setattr(advancing, "STEPS", steps)
    return steps


PLANTED: Mapping[str, Plant] = MappingProxyType(
    {
        "a lost submit is sent again": _sent_again_when_lost,
        "a submit is sent again after a crash": _sent_again_after_a_crash,
        "the id is recorded late": _recorded_late,
        "a spend can be interrupted": _no_shield,
        "a spend that was held up is sent": _no_fence,
        "a reply is not kept aside": _reply_not_kept_aside,
        "the owner is ignored": _owner_ignored,
        "a dead owner is obeyed": _dead_owner_obeyed,
        "a take is let go while it is sent": _let_go_while_sending,
        "absence in a list is trusted": _absence_trusted,
        "a fallback is bought for a take in doubt": _fallback_while_alive,
        "a time-out is an end": _time_out_is_an_end,
        "a 429 to a poll is read as death": _poll_of_429_is_death,
        "a poll without an answer is read as death": _lost_poll_is_death,
        "the key is made of the prompt": _key_of_the_prompt,
        "a take in doubt is not joined": _uncertain_not_joined,
        "a take has two heirs": _two_heirs,
        "an earlier doubt is forgotten": _doubt_forgotten,
        "any error is a refusal": _any_error_is_a_refusal,
        "the job of another take is adopted": _job_of_another_adopted,
        "a take in doubt is dropped as free": _uncertain_dropped_as_free,
        "a clip is taken on trust": _clip_taken_on_trust,
        "a budget is not reserved": _budget_not_reserved,
        "a budget forgets what is being sent": _budget_forgotten_while_sent,
    }
)
"""Every bug, by what it does."""
