"""Holds the commands that list what is installed: models, gateways, plugins, health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from shotcaller import Shotcaller, documents
from shotcaller.accounts import Account, unavailable
from shotcaller.availability import Outage
from shotcaller.catalog import Model, Operation
from shotcaller.errors import BadInput, JournalError
from shotcaller.registry import Plugin
from shotcaller_cli import screen, words
from shotcaller_cli.asking import as_json
from shotcaller_cli.session import Session

if TYPE_CHECKING:  # it loads the journal
    from shotcaller.client.doctor import Finding

UNHEALTHY = 2
"""The exit code of ``doctor`` where something is bad."""


@click.command()
@as_json
@click.pass_obj
def models(session: Session) -> None:
    """List the models, and which can be used."""
    today = datetime.now(UTC).date()
    with session.caller() as caller:
        offered = caller.models()
        accounts = {account.gateway.id: account for account in caller.accounts()}
        outages = _outages(caller)
    if session.json:
        screen.answer_document(documents.models(offered, accounts, today, outages))
    elif not offered:
        screen.say("No model is installed; see `shotcaller plugins`.")
    else:
        headings = ("model", "makes", "price", "ready")
        rows = [
            _model(one, accounts.get(one.gateway), outages.get(one.gateway), today)
            for one in offered
        ]
        screen.answer_table(headings, rows)
        for account in accounts.values():
            if account.missing:
                screen.say(f"{account.missing}.")
        for id_, outage in outages.items():
            screen.say(f"{id_}: {outage.reason().message}.")


def _model(
    one: Model, account: Account | None, outage: Outage | None, today: date
) -> Sequence[str]:
    can = one.capabilities
    offers = ", ".join(each for each in Operation if each in can.operations)
    makes = [f"from {offers}", words.lengths(can.seconds)]
    if can.resolutions:
        makes.append(", ".join(can.resolutions))
    if not one.artificial:
        makes.append("no AI model")
    ready = documents.why_not(one, account, today) or "yes"
    if account is not None and ready == account.missing:
        ready = "no key"  # which one is said once, below the table
    elif ready == "yes" and outage is not None:
        ready = "left alone"  # and so is why
    retires = one.lifecycle.retires_on
    if retires is not None and retires > today:
        ready += f"; retires on {retires}"
        ready += f", then {one.lifecycle.successor}" if one.lifecycle.successor else ""
    return (one.id, "; ".join(makes), words.price(one.price), ready)


@click.command()
@as_json
@click.pass_obj
def gateways(session: Session) -> None:
    """List the gateways, and which key each wants."""
    with session.caller() as caller:
        accounts, outages = caller.accounts(), _outages(caller)
    if session.json:
        screen.answer_document(documents.gateways(accounts, outages))
    elif not accounts:
        screen.say("No gateway is installed; try `pip install shotcaller-animatic`.")
    else:
        headings = ("gateway", "title", "ready", "address")
        screen.answer_table(headings, [_gateway(one, outages) for one in accounts])


def _outages(caller: Shotcaller) -> Mapping[str, Outage]:
    with suppress(JournalError):  # of which `doctor` tells
        return caller.outages()
    return {}


def _gateway(account: Account, outages: Mapping[str, Outage]) -> Sequence[str]:
    gateway = account.gateway
    reason = unavailable(account, outages.get(gateway.id))
    keys = " and ".join(account.names) or "no key needed"
    ready = reason.message if reason else f"yes ({keys})"
    address = ", ".join(gateway.api_hosts) or "this machine"
    if account.base_url is not None:
        address = f"{account.base_url} instead of {address}"
    return (gateway.id, gateway.title, ready, address)


@click.command()
@as_json
@click.pass_obj
def plugins(session: Session) -> None:
    """List the installed plugins, and why one is not in use."""
    with session.caller() as caller:
        rows = caller.plugins()
    if session.json:
        screen.answer_document(documents.plugins(rows))
    elif not rows:
        screen.say("No plugin is installed; try `pip install shotcaller-animatic`.")
    else:
        headings = ("plugin", "distribution", "offers", "state")
        screen.answer_table(headings, [_plugin(row) for row in rows])


def _plugin(row: Plugin) -> Sequence[str]:
    counted = {"gateway": len(row.gateways), "model": len(row.models)}
    offers = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for word, count in counted.items()
        if count
    ]
    state = f"not in use: {row.broken}" if row.broken else "in use"
    origin = f"{row.distribution} {row.version}".strip()
    return (row.name, origin, ", ".join(offers), state)


@click.command()
@click.option(
    "--online", is_flag=True, help="Ask the gateways how the accounts stand, too."
)
@as_json
@click.pass_obj
def doctor(session: Session, *, online: bool) -> int:
    """Check the installation, and say what is wrong with it.

    It looks at journal, plugins, keys, addresses and models, and sends nothing but
    with --online, which costs nothing. Ends with 2 if something is bad.
    """
    found = (*_examined(session), *(_asked(session) if online else ()))
    if session.json:
        screen.answer_document(documents.findings(found))
    else:
        rows = [(str(one.grade), one.about, one.message) for one in found]
        screen.answer_table(("grade", "about", "finding"), rows, whole=2)
    return UNHEALTHY if any(one.grade == "bad" for one in found) else 0


def _asked(session: Session) -> Sequence[Finding]:
    # what keeps it from asking was found by the examination as well
    with suppress(BadInput, JournalError), session.caller() as caller:
        return caller.check()
    return ()


def _examined(session: Session) -> Sequence[Finding]:
    from shotcaller.client.doctor import Finding, Grade

    try:
        settings = session.settings
    except BadInput as error:  # without them nothing else can be looked at
        return [Finding("settings", Grade.BAD, error.message)]
    with Shotcaller(settings=settings, registry=session.registry) as caller:
        return caller.doctor()
