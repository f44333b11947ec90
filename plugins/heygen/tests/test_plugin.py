"""The plugin as a whole: what it declares, and whatever HeyGen may answer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shotcaller_heygen as plugin
from shotcaller import Brief, Registry, Settings, Shot, Shotcaller
from shotcaller.accounts import Account
from shotcaller.fitting import Offer, reasons, warnings
from shotcaller.plugin import (
    BadReply,
    Done,
    Exchange,
    Failed,
    Model,
    Refused,
    Request,
    Response,
    Running,
    Safety,
    Secret,
    Ticket,
)
from shotcaller.pricing import quote
from shotcaller_heygen.gateway import GATEWAY

TODAY = date(2026, 11, 22)
TICKETS = [
    Ticket("heygen", "m", "id", {"dialect": "workflows"}),
    Ticket("heygen", "m", "id", {"dialect": "v3", "path": "/v3/models/videos"}),
    Ticket("heygen", "m", "id", {"dialect": "agent"}),
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=9,
)
STATUSES = [
    "submitted", "running", "completed", "failed", "error", "not_found", "cancelled",
    "pending",
]  # fmt: skip
likely = st.fixed_dictionaries(
    {"status": st.sampled_from(STATUSES) | anything},
    optional=dict.fromkeys(
        ("output", "error", "error_message", "video_url", "failure_code", "seed",
         "failure_message", "timings", "progress", "video_id", "session_id", "width"),
        st.fixed_dictionaries({"video": anything, "asset_id": anything})
        | st.fixed_dictionaries({"video_url": anything, "message": anything})
        | anything,
    ),
)  # fmt: skip
bodies = (
    anything
    | st.fixed_dictionaries({"data": likely})
    | st.fixed_dictionaries({"error": anything, "data": likely, "code": anything})
).map(lambda body: json.dumps(body).encode()) | st.binary(max_size=20)
replies = st.builds(
    Response, st.sampled_from([200, 202, 204, 302, 400, 404, 409, 410]), body=bodies
)


def outcome(exchange: Exchange[Any], *answers: Response) -> Any:
    """Returns what an exchange ends with, or the error that it raises on purpose."""
    step: Any = None
    left = list(answers)
    try:
        while True:
            exchange.send(step)
            step = left.pop(0)
    except StopIteration as stop:
        return stop.value
    except (BadReply, Refused) as error:
        return error


@given(st.sampled_from(TICKETS), replies, replies)
def test_whatever_is_answered_a_poll_ends_in_a_status_or_says_it_cannot_read_it(
    ticket: Ticket, first: Response, second: Response
) -> None:
    found = outcome(plugin.shotcaller_poll(ticket), first, second)

    assert isinstance(found, Running | Done | Failed | BadReply)


@given(st.sampled_from(plugin.shotcaller_models()), replies)
def test_whatever_is_answered_a_submit_ends_in_a_ticket_or_in_words(
    model: Model, reply: Response
) -> None:
    options = {"heygen": {"avatar_id": ["look"]}}
    shot = Shot("a", options=options if "avatar" in model.id else {})

    found = outcome(plugin.shotcaller_submit(model, shot, "key"), reply)

    if isinstance(found, Ticket):
        assert found.remote_id
        assert reply.status < 300
    else:
        assert isinstance(found, BadReply | Refused)
        assert found.message


def test_its_keyed_submits_are_those_that_bear_the_header() -> None:
    keyed = set()
    for model in plugin.shotcaller_models():
        options = {"heygen": {"avatar_id": ["look"]}} if "avatar" in model.id else {}
        shot = Shot("a", options=options)
        request = next(plugin.shotcaller_submit(model, shot, "k"))
        assert isinstance(request, Request)
        if GATEWAY.key_header in request.headers:
            keyed.add(model.id)

    assert GATEWAY.safety is Safety.IDEMPOTENT
    assert keyed == {"heygen/video-1", "heygen/cinematic-avatar"}


def test_the_key_goes_where_it_belongs() -> None:
    secrets = {"HEYGEN_API_KEY": Secret("s")}
    request = Request("GET", "https://api.heygen.com/v3/users/me")
    now = datetime(2026, 11, 22, tzinfo=UTC)

    signed = plugin.shotcaller_authorize(GATEWAY, request, secrets, now)

    assert signed.headers == {"X-Api-Key": Secret("s")}
    assert plugin.shotcaller_gateways() == (GATEWAY,)


def offered(model: Model) -> Offer:
    return Offer(model, Account(GATEWAY), quote(model, Shot("a")), TODAY)


@pytest.mark.parametrize("model", plugin.shotcaller_models(), ids=lambda m: m.id)
def test_what_is_over_is_left_out_unless_it_is_named(model: Model) -> None:
    over = model.lifecycle.retires_on is not None
    shot = Shot("a")
    given = offered(model)

    agreed = Brief(unknown_price=True)
    name = Brief(model=model.id, unknown_price=True)

    codes = {reason.code for reason in reasons(given, shot, agreed)}
    named = {reason.code for reason in reasons(given, shot, name)}

    assert ("retired" in codes) is over
    assert "retired" not in named
    assert [*warnings(given, Brief())] == (
        [f"{model.id} retired on {model.lifecycle.retires_on}; then use heygen/video-1"]
        if over
        else []
    )


def test_a_cinematic_avatar_without_a_look_is_no_candidate() -> None:
    (model,) = (one for one in plugin.shotcaller_models() if "avatar" in one.id)

    (reason,) = reasons(offered(model), Shot("a"), Brief())

    assert reason.message == "needs the option avatar_id: the ids of one to three looks"


def test_it_is_taken_in_by_a_registry(tmp_path: Any) -> None:
    registry = Registry({"heygen": plugin})
    settings = Settings.load(tmp_path, {"HEYGEN_API_KEY": "k"})
    with Shotcaller(settings=settings, registry=registry) as caller:
        ranking = caller.rank(Shot("a"))

    (row,) = registry.plugins
    assert row.broken == ""
    assert len(row.models) == 15
    assert [one.model for one in ranking.candidates] == ["heygen/video-1"]
    assert len(ranking.refused) == 14
