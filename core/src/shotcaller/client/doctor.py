"""Examines an installation: home, journal, plugins, accounts, models."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from attrs import frozen

from shotcaller.client import remembered
from shotcaller.client.setup import Setup
from shotcaller.errors import JournalError, near
from shotcaller.journal import SQLiteJournal
from shotcaller.journal.opening import wal_is_safe
from shotcaller.programs.checking import Standing
from shotcaller.take import State

SOON = timedelta(days=30)


class Grade(StrEnum):
    """Says how bad a finding is; ``bad`` keeps takes from being made."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@frozen
class Finding:
    """Is one thing that was looked at: what, how it is, in a sentence."""

    about: str
    grade: Grade
    message: str


def examined(setup: Setup) -> tuple[Finding, ...]:
    """Returns all findings, in a fixed order; sends nothing."""
    today = datetime.now(UTC).date()
    return (
        *_journal(setup),
        *_plugins(setup),
        *_accounts(setup),
        *(Finding(about, Grade.NOTE, told) for about, told in remembered.told(setup)),
        *_models(setup, today),
    )


def asked(standings: Mapping[str, Standing]) -> tuple[Finding, ...]:
    """Returns what gateways said of their accounts as findings."""
    return tuple(
        Finding(f"account {id_}", Grade.GOOD, told)
        if isinstance(told, str)
        else Finding(f"account {id_}", Grade.BAD, str(told))
        for id_, told in standings.items()
    )


def _journal(setup: Setup) -> Iterator[Finding]:
    try:
        journal = SQLiteJournal(setup.settings.home)
    except JournalError as error:
        yield Finding("journal", Grade.BAD, error.message)
        return
    try:
        damage = journal.check()
        uncertain = journal.takes([State.UNCERTAIN], 100)
    finally:
        journal.close()
    if damage:
        yield Finding("journal", Grade.BAD, f"is damaged: {'; '.join(damage)}")
    else:
        yield Finding("journal", Grade.GOOD, f"{setup.settings.home} is sound")
    if uncertain:
        ids = ", ".join(take.id for take in uncertain)
        message = f"money may have moved for {ids}; `shotcaller resume` looks again"
        yield Finding("takes", Grade.NOTE, message)
    version = sqlite3.sqlite_version
    if not wal_is_safe(sqlite3.sqlite_version_info):
        message = f"{version} may lose commits in WAL mode, so the journal avoids it"
        yield Finding("sqlite", Grade.NOTE, message)


def _plugins(setup: Setup) -> Iterator[Finding]:
    rows = setup.registry.plugins
    for row in rows:
        version = f"{row.distribution} {row.version}".strip() or "not a distribution"
        if row.broken:
            yield Finding(f"plugin {row.name}", Grade.BAD, f"{version}: {row.broken}")
        else:
            yield Finding(f"plugin {row.name}", Grade.GOOD, version)
    yield from _unmatched(setup)
    if not any(row.gateways for row in rows):
        message = "no gateway is installed; `pip install shotcaller-animatic` for one"
        yield Finding("plugins", Grade.BAD, message)


def _unmatched(setup: Setup) -> Iterator[Finding]:
    """Yields the names of plugins to load, or not to, that no plugin bears."""
    known = {row.name for row in setup.registry.plugins}
    listed = (
        ("plugins", setup.settings.plugins or ()),
        ("disable", setup.settings.disable),
    )
    for setting, names in listed:
        for name in names:
            if name not in known:
                question = near(name, known)
                message = f"{setting} names {name!r}, which is no installed plugin"
                message += f"; {question}" if question else ""
                yield Finding("settings", Grade.NOTE, message)


def _accounts(setup: Setup) -> Iterator[Finding]:
    for id_, account in setup.accounts.items():
        grade = Grade.GOOD if account.ready else Grade.NOTE
        message = account.missing or f"ready ({'+'.join(account.names) or 'no key'})"
        yield Finding(f"gateway {id_}", grade, message)
        if account.base_url is not None:
            message = f"{os.fspath(account.base_url)} replaces its API hosts"
            yield Finding(f"gateway {id_}", Grade.NOTE, message)
    for id_ in setup.settings.urls:
        if id_ not in setup.accounts:
            message = f"an address is set for {id_}, which no plugin offers"
            yield Finding("settings", Grade.NOTE, message)


def _models(setup: Setup, today: date) -> Iterator[Finding]:
    for model in setup.registry.models:
        life = model.lifecycle
        ends = life.retires_on
        message = life.over(today)
        if not message and ends is not None and ends <= today + SOON:
            after = f"; use {life.successor}" if life.successor else ""
            message = f"retires on {ends}{after}"
        if message:
            yield Finding(f"model {model.id}", Grade.NOTE, message)
