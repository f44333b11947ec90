"""A job is known by its id alone, in the dialect of its model."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import shotcaller_heygen as plugin
from shotcaller.catalog import Quote
from shotcaller.plugin import Brief, Shot, Take, Ticket


def uncertain(model: str) -> Take:
    return Take(
        id="t1",
        key="k1",
        digest="d1",
        brief=Brief(),
        asked=Shot("a fox"),
        model=model,
        title="A model",
        gateway="heygen",
        account="heygen:HEYGEN_API_KEY",
        plugin="shotcaller-heygen",
        quote=Quote(None, None, None),
        folder="/clips",
    )


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ("heygen/video-1", {"dialect": "v3", "path": "/v3/models/videos"}),
        ("heygen/cinematic-avatar", {"dialect": "v3", "path": "/v3/videos"}),
        ("heygen:video-agent", {"dialect": "agent"}),
        ("heygen/veo-3.1", {"dialect": "workflows"}),
    ],
)
def test_a_ticket_is_made_of_an_id(model: str, data: Mapping[str, str]) -> None:
    ticket = plugin.shotcaller_ticket(uncertain(model), "job-1")

    assert ticket == Ticket("heygen", model, "job-1", data)
