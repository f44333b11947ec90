"""Writes what is installed: models, gateways, plugins, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from shotcaller.accounts import Account
from shotcaller.catalog import Gateway, Lengths, Model, Price
from shotcaller.documents.basics import Document, day, money
from shotcaller.registry import Plugin


class Found(Protocol):
    """Is one thing that was looked at in an installation."""

    @property
    def about(self) -> str:
        """What was looked at."""

    @property
    def grade(self) -> str:
        """How it is: ``good``, ``note`` or ``bad``."""

    @property
    def message(self) -> str:
        """How it is, in a sentence."""


def models(
    offered: Iterable[Model], accounts: Mapping[str, Account], today: date
) -> list[Document]:
    """Returns all models; see :func:`model`."""
    return [model(one, accounts.get(one.gateway), today) for one in offered]


def model(one: Model, account: Account | None, today: date) -> Document:
    """Returns a model: what it can do, what it costs, and whether it can be used.

    Keys: ``id``, ``gateway``, ``title``, ``maker``, ``operations``, ``seconds``,
    ``ratios``, ``resolutions``, ``sound``, ``references``, ``price``, ``lifecycle``,
    ``ready``, ``why_not``.
    """
    can = one.capabilities
    missing = why_not(one, account, today)
    return {
        "id": one.id,
        "gateway": one.gateway,
        "title": one.title,
        "maker": one.maker,
        "operations": sorted(str(operation) for operation in can.operations),
        "seconds": lengths(can.seconds),
        "ratios": list(can.ratios),
        "resolutions": list(can.resolutions),
        "sound": str(can.sound),
        "references": {str(kind): most for kind, most in can.references.items()},
        "price": None if one.price is None else price(one.price),
        "lifecycle": {
            "retires_on": day(one.lifecycle.retires_on),
            "successor": one.lifecycle.successor,
            "note": one.lifecycle.note,
            "source": one.lifecycle.source,
        },
        "ready": not missing,
        "why_not": missing or None,
    }


def why_not(one: Model, account: Account | None, today: date) -> str:
    """Says why a model cannot be used here today; empty if it can."""
    if account is None:
        return f"the plugin of gateway {one.gateway} is not installed"
    life = one.lifecycle
    if life.retires_on is not None and life.retires_on <= today:
        after = f"; use {life.successor}" if life.successor else ""
        return f"retired on {life.retires_on}{after}"
    return account.missing


def lengths(offered: Lengths) -> Document:
    """Returns lengths: ``low``, ``high``, ``step`` (0: any), ``choices`` (or none).

    ``asked`` is false where the model decides the length itself.
    """
    return {
        "low": offered.low,
        "high": offered.high,
        "step": offered.step,
        "choices": list(offered.choices),
        "asked": offered.asked,
    }


def price(listed: Price) -> Document:
    """Returns a price: ``rates`` (each ``usd``, ``per``, ``when``) and its source."""
    rates = [
        {"usd": money(rate.usd), "per": str(rate.per), "when": dict(rate.when)}
        for rate in listed.rates
    ]
    return {"rates": rates, "source": listed.source, "as_of": day(listed.as_of)}


def gateways(accounts: Iterable[Account]) -> list[Document]:
    """Returns all gateways; see :func:`gateway`."""
    return [gateway(account.gateway, account) for account in accounts]


def gateway(one: Gateway, account: Account) -> Document:
    """Returns a gateway as it is set up here; names of keys, never a key.

    Keys: ``id``, ``title``, ``homepage``, ``local``, ``credentials`` (alternatives),
    ``safety``, ``base_url`` or null, ``ready``, ``why_not``.
    """
    return {
        "id": one.id,
        "title": one.title,
        "homepage": one.homepage,
        "local": one.local,
        "credentials": [list(names) for names in one.credentials],
        "safety": str(one.safety),
        "base_url": account.base_url,
        "ready": account.ready,
        "why_not": account.missing or None,
    }


def plugins(rows: Iterable[Plugin]) -> list[Document]:
    """Returns all plugins found.

    Keys: ``name``, ``distribution``, ``version``, ``gateways``, ``models``,
    ``broken`` (the reason, or null).
    """
    return [
        {
            "name": row.name,
            "distribution": row.distribution,
            "version": row.version,
            "gateways": list(row.gateways),
            "models": list(row.models),
            "broken": row.broken or None,
        }
        for row in rows
    ]


def findings(found: Iterable[Found]) -> list[Document]:
    """Returns what was looked at: ``about``, ``grade``, ``message``."""
    return [
        {"about": one.about, "grade": str(one.grade), "message": one.message}
        for one in found
    ]
