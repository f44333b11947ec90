"""Takes a job on, once under a key: a repeat gets the answer of the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias
from urllib.parse import urlsplit

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.addresses import is_here
from shotcaller_emulator.films import Film
from shotcaller_emulator.heygen import checking, errors
from shotcaller_emulator.heygen.account import DAY, Account, Record, Stored
from shotcaller_emulator.heygen.asking import SERVERS, Asked
from shotcaller_emulator.heygen.jobs import Dialect, Fate, Job
from shotcaller_emulator.outcomes import Later, Outcome

Wanted: TypeAlias = Callable[[Mapping[str, JSON], int], tuple[Film, Decimal]]
Made: TypeAlias = Callable[[Job], JSON]

KEY = re.compile(r"[A-Za-z0-9_:.-]{1,255}")
NO_JSON = errors.invalid("body", "The body is no JSON object.")
PREFIXES: Mapping[Dialect, str] = {"workflows": "node-gw-"}
"""What ids begin with."""

BLOCKED = "forbidden"
"""A word in a prompt that HeyGen's moderation does not let pass."""


def keyed(
    account: Account,
    asked: Asked,
    now: datetime,
    take: Callable[[], Response],
) -> Outcome:
    """Returns the first answer under the request's key, whatever its body is now.

    A repeat that comes while the first is being answered is told so.
    """
    key = asked.headers.get("idempotency-key")
    if key is None:
        return take()
    if not KEY.fullmatch(key):
        return errors.invalid("Idempotency-Key", "1 to 255 of A-Z a-z 0-9 _ : . -")
    known = account.records.get((asked.path, key))
    if known is not None and now < known.until:
        return known.response if now >= known.ready else errors.IN_PROGRESS
    answering = account.fates[0].answering if account.fates else 0.0
    response = take()
    if response.status == errors.TOO_MANY.status:
        return response  # which comes before anything is taken, or kept
    ready = now + timedelta(seconds=answering)
    account.records[asked.path, key] = Record(response, ready, now + DAY)
    return Later(answering, lambda _: response) if answering else response


def accept(
    account: Account,
    dialect: Dialect,
    given: Mapping[str, JSON],
    wanted: Wanted,
    now: datetime,
) -> Job | Response:
    """Returns the job that was made of an input, or HeyGen's no to it."""
    seed = given.get("seed")
    chance = int.from_bytes(account.chance(4))
    film, usd = wanted(given, seed if isinstance(seed, int) else chance)
    if BLOCKED in film.prompt:
        return _blocked(dialect)
    if not account.affords(usd):
        return errors.NO_CREDIT
    if account.crowded(now):
        return errors.TOO_MANY
    fate = account.fate(Fate())
    pace = account.pace.fated(fate.queued, fate.running)
    starts, ends = pace.planned(now)
    id_ = f"{PREFIXES.get(dialect, '')}{account.chance(16).hex()}"
    file = f"/media/{account.chance(16).hex()}.mp4"
    ending = fate.ending
    job = Job(id_, dialect, given, now, starts, ends, ending, film, file, usd)
    account.files[file] = Stored("video/mp4", film, ends)
    account.render(film)  # so that it is made by the time it is asked for
    account.jobs[id_] = job
    return job


def _blocked(dialect: Dialect) -> Response:
    if dialect == "workflows":
        return errors.legacy(400, 400105, "The prompt has blocked words.")
    message = "The prompt is against the content policy."
    return errors.refuse(400, "content_policy_violation", message)


def missing(account: Account, body: JSON) -> Response | None:
    """Returns HeyGen's no to media that it does not have, or cannot fetch."""
    for asset in checking.assets(body):
        if asset["type"] == "asset_id" and asset["asset_id"] not in account.assets:
            return errors.refuse(400, "asset_not_available", "Asset not available.")
        if asset["type"] == "url" and absent(account, str(asset["url"])):
            return errors.refuse(400, "download_failed", "The file cannot be fetched.")
    return None


def absent(account: Account, url: str) -> bool:
    """Whether a link leads to the media host, where there is no such file."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    ours = SERVERS.hosts.get(host) == "media" or is_here(host)
    return ours and parts.path not in account.files
