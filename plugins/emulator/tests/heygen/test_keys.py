"""What a key is good for at HeyGen, what may be refused, and what is billed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shotcaller.plugin import Response
from shotcaller_emulator.faults import After, Drop, Say
from shotcaller_emulator.heygen import TROUBLES, Fate
from shotcaller_emulator.outcomes import Dropped, Later

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
OLD = f"{API}/v1/workflows/executions"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}
CINEMA = {"type": "cinematic_avatar", "prompt": "she runs", "avatar_id": ["look"]}


def code(said: Response) -> Any:
    told: Any = said.json()
    return told["error"]["code"]


def test_the_same_key_gets_the_first_answer_whatever_it_asks_for(ask: Any) -> None:
    first = ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")
    again = ask("POST", VIDEOS, {**WISH, "prompt": "a hen"}, Idempotency_Key="take-1")
    other = ask("POST", VIDEOS, WISH, Idempotency_Key="take-2")
    ask.pass_(24 * 3_600)
    late = ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")

    assert again == first
    assert len({first.body, other.body, late.body}) == 3
    assert len(ask.vendor.settled) == 3


def test_a_key_belongs_to_its_path(ask: Any) -> None:
    ask("POST", VIDEOS, WISH, Idempotency_Key="take-1")
    ask("POST", f"{API}/v3/videos", CINEMA, Idempotency_Key="take-1")

    assert [line.endpoint for line in ask.vendor.settled] == ["models", "videos"]


def test_a_repeat_is_told_while_the_first_is_answered(ask: Any) -> None:
    ask.vendor.script("job", Fate(answering=20))
    first = ask.outcome("POST", VIDEOS, WISH, Idempotency_Key="k")
    meanwhile = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    ask.pass_(20)
    then = ask("POST", VIDEOS, WISH, Idempotency_Key="k")

    assert isinstance(first, Later)
    assert (first.seconds, first.resume(ask.now)) == (20, then)
    assert (meanwhile.status, code(meanwhile)) == (409, "request_in_progress")
    assert len(ask.vendor.settled) == 1


@pytest.mark.parametrize("key", ["", "a b", "ü", "k" * 256])
def test_a_key_that_is_none_is_refused(ask: Any, key: str) -> None:
    said = ask("POST", VIDEOS, WISH, Idempotency_Key=key)

    assert (said.status, code(said)) == (400, "invalid_parameter")


def test_too_many_jobs_at_once_are_not_kept_under_the_key(ask: Any) -> None:
    for _ in range(10):
        ask.data("POST", VIDEOS, WISH)
    busy = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    ask.pass_(100)

    assert (busy.status, code(busy)) == (429, "resource_limit_exceeded")
    assert busy.headers["retry-after"] == "5"
    assert ask("POST", VIDEOS, WISH, Idempotency_Key="k").status == 202


def test_the_wallet_runs_out(make: Any) -> None:
    ask = make(balance=Decimal("0.15"))
    ask.vendor.script("job", Fate(TROUBLES["failed"].play.ending))  # type: ignore[union-attr]
    ask.data("POST", VIDEOS, WISH)
    ask.data("POST", VIDEOS, WISH)
    poor = ask("POST", VIDEOS, WISH)
    me = ask.data("GET", f"{API}/v3/users/me")

    assert (poor.status, code(poor)) == (402, "insufficient_credit")
    assert me["wallet"]["remaining_balance"] == 0.05
    assert [str(line.billed) for line in ask.vendor.settled] == ["0", "0.10"]


def test_without_a_wallet_use_is_billed(ask: Any) -> None:
    assert ask.data("GET", f"{API}/v3/users/me") == {"billing_type": "usage_based"}


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_a_key_nothing_is_answered(ask: Any, key: str) -> None:
    new = ask("POST", VIDEOS, WISH, key)
    old = ask("POST", OLD, execution(), key)

    assert (new.status, code(new)) == (401, "unauthorized")
    assert (old.status, old.json()) == (
        401,
        {"code": 40009, "data": None, "message": "Invalid credentials."},
    )


def test_what_is_moderated_is_no_job(ask: Any) -> None:
    new = ask("POST", VIDEOS, {**WISH, "prompt": "forbidden"})
    old = ask("POST", OLD, execution(prompt="forbidden"))

    assert (new.status, code(new)) == (400, "content_policy_violation")
    assert old.json() == {
        "code": 400105,
        "data": None,
        "message": "The prompt has blocked words.",
    }
    assert ask.vendor.settled == ()


def execution(**given: Any) -> Any:
    return {
        "workflow_type": "GenerateVideoNode",
        "input": {"prompt": "a fox", **given},
    }


def test_a_fault_after_a_key_leaves_the_record(ask: Any) -> None:
    ask.vendor.script("submit", After(Drop()), Say(429))
    first = ask.outcome("POST", VIDEOS, WISH, Idempotency_Key="k")
    busy = ask("POST", VIDEOS, WISH, Idempotency_Key="k")
    then = ask("POST", VIDEOS, WISH, Idempotency_Key="k")

    assert isinstance(first, Dropped)
    assert (busy.status, then.status) == (429, 202)
    assert len(ask.vendor.ledger) == 1
