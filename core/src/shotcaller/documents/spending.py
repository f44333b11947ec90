"""Writes what was spent, and what is left of the budgets."""

from __future__ import annotations

from collections.abc import Iterable

from shotcaller.budgets import Allowance, Spending
from shotcaller.documents.basics import Document, moment, money


def spend(rows: Iterable[Spending], allowances: Iterable[Allowance]) -> Document:
    """Returns what was spent: ``spend``, newest first, and ``budgets``."""
    return {
        "spend": [spending(one) for one in rows],
        "budgets": [allowance(one) for one in allowances],
    }


def spending(one: Spending) -> Document:
    """Returns what takes come to: by day, project, gateway, model, if told apart.

    Keys besides: ``takes``, ``quoted``, ``reserved``, ``billed``, ``unbilled``,
    ``total``, ``unknown``.
    """
    return {
        "day": None if one.day is None else moment(one.day)[:10],
        "project": one.project,
        "gateway": one.gateway,
        "model": one.model,
        "takes": one.takes,
        "quoted": money(one.quoted),
        "reserved": money(one.reserved),
        "billed": money(one.billed),
        "unbilled": money(one.unbilled),
        "total": money(one.total),
        "unknown": one.unknown,
    }


def allowance(one: Allowance) -> Document:
    """Returns how much of a limit is gone.

    Keys: ``project`` or null, ``daily``, ``limit``, ``spent``, ``reserved``, ``left``,
    ``unknown``, ``resets`` or null.
    """
    return {
        "project": one.limit.project,
        "daily": one.limit.daily,
        "limit": money(one.limit.usd),
        "spent": money(one.spent),
        "reserved": money(one.reserved),
        "left": money(one.left),
        "unknown": one.unknown,
        "resets": None if one.resets is None else moment(one.resets),
    }
