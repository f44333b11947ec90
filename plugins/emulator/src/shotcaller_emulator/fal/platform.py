"""Is the platform: models, prices, and the list of what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from shotcaller.plugin import JSON, Response
from shotcaller_emulator.fal import errors
from shotcaller_emulator.fal.account import Account
from shotcaller_emulator.fal.asking import Asked
from shotcaller_emulator.fal.billing import unit, unit_usd
from shotcaller_emulator.fal.jobs import Job
from shotcaller_emulator.fal.results import output
from shotcaller_fal.catalogue import Endpoint, endpoints

Answer: TypeAlias = Callable[[Account, Asked, datetime], Response]

NO_KEY = errors.platform(401, "authorization_error", "Authentication is required.")
INVALID = errors.platform(400, "validation_error", "Invalid request parameters")
UNKNOWN = errors.platform(404, "not_found", "Endpoint not found")
NO_ROUTE = errors.platform(404, "not_found", "Not found")
NOT_HERE = errors.platform(501, "not_implemented", "The emulator has no history yet.")

DAY = timedelta(days=1)
LEAST = 1e-6
PAGE = 50
LARGEST_PAGE = 100


def platform(account: Account, asked: Asked, now: datetime) -> Response:
    """Answers any question to the platform."""
    answer = ANSWERS.get((asked.method, "/".join(asked.parts)))
    if answer is None:
        return NO_ROUTE
    if answer not in OPEN and account.refusal(asked) is not None:
        return NO_KEY
    return answer(account, asked, now)


def models(_account: Account, asked: Asked, _now: datetime) -> Response:
    """Lists endpoints: those named, or those in whose id the words occur."""
    named, words = asked.all("endpoint_id"), asked.first("q") or ""
    found = [
        endpoint
        for endpoint in endpoints().values()
        if words in endpoint.id and (not named or endpoint.id in named)
    ]
    return _page(asked, "models", [_model(endpoint) for endpoint in found])


def _model(endpoint: Endpoint) -> JSON:
    kind = endpoint.id.rpartition("/")[2]
    metadata = {
        "display_name": endpoint.id,
        "category": kind if kind.endswith("-to-video") else "text-to-video",
        "status": "active" if endpoint.current else "deprecated",
        "model_url": f"https://fal.run/{endpoint.id}",
    }
    return {"endpoint_id": endpoint.id, "metadata": metadata}


def pricing(_account: Account, asked: Asked, _now: datetime) -> Response:
    """Says what a unit costs, and what it is."""
    named = asked.all("endpoint_id")
    if not 1 <= len(named) <= PAGE:
        return INVALID
    found = [endpoints().get(name) for name in named]
    prices = [_price(endpoint) for endpoint in found if endpoint is not None]
    if len(prices) < len(named):
        return UNKNOWN
    return _page(asked, "prices", prices)


def _price(endpoint: Endpoint) -> JSON:
    return {
        "endpoint_id": endpoint.id,
        "unit_price": float(unit_usd(endpoint)),
        "unit": unit(endpoint),
        "currency": "USD",
    }


def estimate(_account: Account, asked: Asked, _now: datetime) -> Response:
    """Adds up what so many units of each endpoint cost."""
    try:
        wish = asked.json()
    except ValueError:
        return INVALID
    match wish:
        case {"estimate_type": "historical_api_price"}:
            return NOT_HERE
        case {"estimate_type": "unit_price", "endpoints": dict(wanted)}:
            return _total(wanted)
        case _:
            return INVALID


def _total(wanted: Mapping[str, JSON]) -> Response:
    total = Decimal(0)
    for name, each in wanted.items():
        endpoint = endpoints().get(name)
        if endpoint is None:
            return UNKNOWN
        quantity = each.get("unit_quantity") if isinstance(each, dict) else None
        if not isinstance(quantity, int | float) or quantity < LEAST:
            return INVALID
        total += Decimal(float(quantity)) * unit_usd(endpoint)
    told: dict[str, JSON] = {"estimate_type": "unit_price", "currency": "USD"}
    return errors.say(200, {**told, "total_cost": float(total)})


def meta(_account: Account, _asked: Asked, _now: datetime) -> Response:
    """Says from where webhooks come: the emulator sends none."""
    return errors.say(200, {"webhook_ip_ranges": []})


def by_endpoint(account: Account, asked: Asked, now: datetime) -> Response:
    """Lists the jobs of an endpoint that are over, the latest first.

    A job is in the list if it was under way at any time from ``start`` to ``end``. It
    may come late: how fresh the list is, fal does not say.
    """
    named = asked.all("endpoint_id")
    try:
        start, end = _moment(asked, "start", now - DAY), _moment(asked, "end", now)
    except ValueError:
        return INVALID
    if not named:
        return INVALID
    jobs = [
        job
        for job in account.jobs.values()
        if job.endpoint in named
        and job.ends + account.lag <= now
        and job.accepted <= end
        and job.ends >= start
        and _counts(asked.first("status"), job.ending.status)
    ]
    jobs.sort(key=lambda job: job.ends, reverse=True)
    items = [_item(job) for job in jobs]
    if "payloads" in asked.all("expand"):
        items = [
            {**item, **_payloads(account, asked, job, now)}
            for item, job in zip(items, jobs, strict=True)
        ]
    return _page(asked, "items", items)


def _counts(wanted: str | None, status: int) -> bool:
    """Tells whether a job that ended so is among those of a kind."""
    kind = {2: "success", 4: "user_error"}.get(status // 100, "error")
    return wanted in {None, kind}


def _moment(asked: Asked, name: str, usual: datetime) -> datetime:
    said = asked.first(name)
    if said is None:
        return usual
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=usual.tzinfo)


def _item(job: Job) -> Mapping[str, JSON]:
    return {
        "request_id": job.id,
        "endpoint_id": job.endpoint,
        "sent_at": job.accepted.isoformat(),
        "started_at": job.starts.isoformat(),
        "ended_at": job.ends.isoformat(),
        "status_code": job.ending.status,
        "duration": (job.ends - job.starts).total_seconds(),
    }


def _payloads(
    account: Account, asked: Asked, job: Job, now: datetime
) -> Mapping[str, JSON]:
    said = output(account, asked, job, now)
    return {"json_input": job.input, "json_output": said}


def _page(asked: Asked, name: str, items: Sequence[JSON]) -> Response:
    """Answers with a page of a list; the cursor says where it begins."""
    limit, cursor = asked.first("limit") or str(PAGE), asked.first("cursor") or "0"
    if not limit.isdecimal() or not cursor.isdecimal():
        return INVALID
    if not 1 <= int(limit) <= LARGEST_PAGE:
        return INVALID
    end = int(cursor) + int(limit)
    more = end < len(items)
    page: dict[str, JSON] = {name: items[int(cursor) : end], "has_more": more}
    return errors.say(200, {**page, "next_cursor": str(end) if more else None})


ANSWERS: Mapping[tuple[str, str], Answer] = {
    ("GET", "v1/models"): models,
    ("GET", "v1/models/pricing"): pricing,
    ("POST", "v1/models/pricing/estimate"): estimate,
    ("GET", "v1/models/requests/by-endpoint"): by_endpoint,
    ("GET", "v1/meta"): meta,
}
"""Who answers what, by method and path."""

OPEN = {models, meta}
"""What may be asked without a key."""

__all__ = ["platform"]
