"""Writes what is installed: models, gateways, plugins, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from shotcaller.accounts import Account, unavailable
from shotcaller.availability import Outage
from shotcaller.catalog import Gateway, Lengths, Model, Price, Rate
from shotcaller.documents.basics import Document, day, moment, money
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
    offered: Iterable[Model],
    accounts: Mapping[str, Account],
    today: date,
    outages: Mapping[str, Outage] | None = None,
) -> list[Document]:
    """Returns all models; see :func:`model` and :func:`gateways`."""
    wrong = outages or {}
    return [
        model(one, accounts.get(one.gateway), today, wrong.get(one.gateway))
        for one in offered
    ]


def model(
    one: Model, account: Account | None, today: date, outage: Outage | None = None
) -> Document:
    """Returns a model: what it can do, what it costs, and whether it can be used.

    Keys: ``id``, ``gateway``, ``title``, ``maker``, ``operations``, ``seconds``,
    ``ratios``, ``resolutions``, ``sound``, ``references``, ``price``, ``lifecycle``,
    ``ready``, ``why_not``.
    """
    can = one.capabilities
    missing = why_not(one, account, today, outage)
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
            "missing_since": day(one.lifecycle.missing_since),
        },
        "ready": not missing,
        "why_not": missing or None,
    }


def why_not(
    one: Model, account: Account | None, today: date, outage: Outage | None = None
) -> str:
    """Says why a model is not used here today; empty if it is."""
    if account is None:
        return f"the plugin of gateway {one.gateway} is not installed"
    reason = unavailable(account, outage)
    return one.lifecycle.over(today) or ("" if reason is None else reason.message)


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
    """Returns a price: ``rates``, ``surcharges``, ``source``, ``as_of``.

    Keys of a rate: ``usd``, ``per``, ``when``, ``pixels``, ``input_seconds`` (``low``,
    ``high``) or null; of a surcharge: ``usd``, ``kind``, ``beyond``.
    """
    surcharges = [
        {"usd": money(one.usd), "kind": str(one.kind), "beyond": one.beyond}
        for one in listed.surcharges
    ]
    return {
        "rates": [_rate(one) for one in listed.rates],
        "surcharges": surcharges,
        "source": listed.source,
        "as_of": day(listed.as_of),
    }


def _rate(one: Rate) -> Document:
    span = one.input_seconds
    return {
        "usd": money(one.usd),
        "per": str(one.per),
        "when": dict(one.when),
        "pixels": one.pixels,
        "input_seconds": None if span is None else {"low": span[0], "high": span[1]},
    }


def gateways(
    accounts: Iterable[Account], outages: Mapping[str, Outage] | None = None
) -> list[Document]:
    """Returns all gateways; see :func:`gateway`.

    ``outages`` are what keeps gateways from new work, by their id.
    """
    wrong = outages or {}
    return [
        gateway(account.gateway, account, wrong.get(account.gateway.id))
        for account in accounts
    ]


def gateway(one: Gateway, account: Account, outage: Outage | None = None) -> Document:
    """Returns a gateway as it is set up here; names of keys, never a key.

    Keys: ``id``, ``title``, ``homepage``, ``local``, ``credentials`` (alternatives),
    ``safety``, ``base_url`` or null, ``ready``, ``why_not``, ``availability`` (ready,
    no-key, key-refused, no-credit, cooling-down), ``until`` or null.
    """
    reason = unavailable(account, outage)
    return {
        "id": one.id,
        "title": one.title,
        "homepage": one.homepage,
        "local": one.local,
        "credentials": [list(names) for names in one.credentials],
        "safety": str(one.safety),
        "base_url": account.base_url,
        "ready": reason is None,
        "why_not": None if reason is None else reason.message,
        "availability": "ready" if reason is None else reason.code,
        "until": None if outage is None else moment(outage.until),
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
