"""Keeps what is wrong with accounts, as the moves of their takes tell."""

from __future__ import annotations

import sqlite3

from attrs import astuple

from shotcaller import availability, pacing
from shotcaller.availability import Outage, Sign, Trouble
from shotcaller.effects import Judge
from shotcaller.take import State, Take

_HARD = {"key": Trouble.KEY, "credit": Trouble.CREDIT}
_SOFT = frozenset({"unreachable", "lost-reply", "unclear-reply", "unanswered"})
_UNREAD = "unanswered"
_ANSWERED = Sign()
_ACCEPTED = Sign(accepted=True)


def outages(db: sqlite3.Connection) -> dict[str, Outage]:
    """Returns all that is known to be wrong, by account."""
    rows = db.execute("SELECT * FROM outage").fetchall()
    found = (
        Outage(**{**dict(row), "trouble": Trouble(row["trouble"])}) for row in rows
    )
    return {one.account: one for one in found}


def notice(db: sqlite3.Connection, before: Take, after: Take) -> None:
    """Remembers what a move tells of the take's account, if anything."""
    sign = told(before, after)
    if sign is not None:
        effect = Judge(after.gateway, after.account, after.mark, sign)
        judge(db, effect, after.updated)


def judge(db: sqlite3.Connection, effect: Judge, now: float) -> None:
    """Remembers a sign."""
    fresh = Outage(
        account=effect.account,
        gateway=effect.gateway,
        mark=effect.mark,
        trouble=effect.sign.trouble or Trouble.FAILING,
        message=effect.sign.message,
        since=now,
        until=now,
    )
    known = outages(db).get(effect.account)
    found = availability.after(known, effect.sign, fresh, now)
    if found == known:
        return
    db.execute("DELETE FROM outage WHERE account = ?", (effect.account,))
    if found is not None:
        row = (*astuple(found)[:3], str(found.trouble), *astuple(found)[4:])
        db.execute("INSERT INTO outage VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def told(before: Take, after: Take) -> Sign | None:
    """Returns what a move tells of an account; a refusal of content tells nothing bad.

    A gateway that does not answer about the takes it has is failing, which keeps new
    ones away from it and ends none of those.
    """
    problem = after.problem
    if after.state is State.SUBMITTED and before.state is not State.READY:
        return _asked(before, after)
    if problem is None or not _happened(before, after):
        return None
    if after.state.settled and problem.code in _HARD:
        return Sign(_HARD[problem.code], problem.message)
    if after.state is State.REFUSED and problem.code not in _SOFT:
        return None if before.reply is None else _ANSWERED
    if problem.code == "busy":
        reply = before.reply
        wait = None if reply is None else pacing.retry_after(reply.headers)
        return Sign(Trouble.BUSY, problem.message, wait=wait) if wait else None
    soft = problem.code in _SOFT and before.ticket is None
    return Sign(Trouble.FAILING, problem.message) if soft else None


def _asked(before: Take, after: Take) -> Sign | None:
    """Returns what a gateway's word on a take tells, or that there was none."""
    problem = after.problem
    if problem is None:
        return _ANSWERED if before.state is State.SUBMITTED else _ACCEPTED
    unread = problem.code == _UNREAD and _happened(before, after)
    return Sign(Trouble.FAILING, problem.message) if unread else None


def _happened(before: Take, after: Take) -> bool:
    """Whether the problem is of this move: others carry an old one along."""
    moved = after.state is not before.state and after.state is not State.SENDING
    return moved or after.misses > before.misses
