"""Keeps what takes count for, and refuses one that no budget leaves enough for.

All of it happens inside the transaction that records, or moves, the take.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import ROUND_UP, Decimal

from shotcaller import budgets
from shotcaller.budgets import DAY, Allowance, Limit, Spending
from shotcaller.effects import NoMoney
from shotcaller.take import SETTLED, Draft, State, Take

_MICRO = 1_000_000
_OVER = ", ".join(f"'{state}'" for state in sorted(SETTLED))


def require(
    db: sqlite3.Connection, draft: Draft, limits: Sequence[Limit], now: float
) -> None:
    """Raises ``NoMoney`` where a limit does not leave what a draft reserves."""
    if not all(one.fits(draft.reserved) for one in allowances(db, limits, now)):
        raise NoMoney(draft.digest)


def record(db: sqlite3.Connection, take: Take) -> None:
    """Reserves what a new take may cost."""
    sql = "INSERT INTO spend VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    values = (
        take.id,
        take.created,
        str(take.state),
        take.brief.project or "",
        take.gateway,
        take.model,
        micros(take.quote.expected),
        micros(take.billed),
        micros(budgets.held(take)),
    )
    db.execute(sql, values)


def settle(db: sqlite3.Connection, before: Take, after: Take) -> None:
    """Counts a take for what it is now: reserved, billed, or released.

    It counts on the day on which it was last sent; until then on every day.
    """
    sent = after.state is State.SENDING and before.state is State.QUEUED
    sql = (
        "UPDATE spend SET state = ?, billed = ?, held = ?, at = COALESCE(?, at)"
        " WHERE take = ?"
    )
    billed, held = micros(after.billed), micros(budgets.held(after))
    at = after.updated if sent else None
    db.execute(sql, (str(after.state), billed, held, at, after.id))


def allowances(
    db: sqlite3.Connection, limits: Sequence[Limit], now: float
) -> tuple[Allowance, ...]:
    """Returns how much of each limit is gone."""
    return tuple(_allowance(db, limit, now) for limit in limits)


def _allowance(db: sqlite3.Connection, limit: Limit, now: float) -> Allowance:
    today = now - now % DAY
    rules, values = ["held IS NOT 0"], list[str | float]()
    if limit.project is not None:
        rules.append("project = ?")
        values.append(limit.project)
    if limit.daily:
        rules.append("(at >= ? OR state = 'queued')")
        values.append(today)
    sql = (
        f"SELECT state IN ({_OVER}) AS over, sum(held) AS held,"  # noqa: S608  our words
        " sum(held IS NULL) AS unknown FROM spend"
        f" WHERE {' AND '.join(rules)} GROUP BY over"
    )
    rows = db.execute(sql, values).fetchall()
    amounts = {bool(row["over"]): usd(row["held"] or 0) for row in rows}
    return Allowance(
        limit,
        spent=amounts.get(True, Decimal(0)),
        reserved=amounts.get(False, Decimal(0)),
        unknown=sum(row["unknown"] for row in rows),
        resets=today + DAY if limit.daily else None,
    )


def spending(db: sqlite3.Connection, since: float) -> tuple[Spending, ...]:
    """Returns what was spent since a time, by day, project, gateway and model."""
    sql = (
        "SELECT CAST(at / ? AS INTEGER) AS day, project, gateway, model,"  # noqa: S608  our words
        " count(*) AS takes, sum(quoted) AS quoted, sum(billed) AS billed,"
        f" sum(held) FILTER (WHERE billed IS NULL AND state IN ({_OVER})) AS unbilled,"
        " sum(held) FILTER (WHERE billed IS NULL"
        f" AND state NOT IN ({_OVER})) AS reserved,"
        " sum(held IS NULL) AS unknown FROM spend"
        " WHERE at >= ? AND held IS NOT 0"
        " GROUP BY day, project, gateway, model ORDER BY day DESC, project, model"
    )
    return tuple(
        Spending(
            day=row["day"] * DAY,
            project=row["project"] or None,
            gateway=row["gateway"],
            model=row["model"],
            takes=row["takes"],
            quoted=usd(row["quoted"] or 0),
            reserved=usd(row["reserved"] or 0),
            billed=usd(row["billed"] or 0),
            unbilled=usd(row["unbilled"] or 0),
            unknown=row["unknown"],
        )
        for row in db.execute(sql, (DAY, since)).fetchall()
    )


def micros(amount: Decimal | None) -> int | None:
    """Returns an amount in millionths of a dollar, rounded up.

    What a gateway's arithmetic leaves behind the ninth digit is no part of it.
    """
    if amount is None:
        return None
    exact = round(amount, 9) * _MICRO
    return int(exact.to_integral_value(ROUND_UP))


def usd(count: int) -> Decimal:
    """Returns millionths of a dollar as an amount."""
    return Decimal(count) / _MICRO
