"""What HeyGen says of the account, in a few words."""

from __future__ import annotations

from typing import Any

import pytest

import shotcaller_heygen as plugin
from shotcaller.plugin import Refused
from shotcaller_heygen.gateway import GATEWAY

UNKNOWN = "HeyGen answered 401 (unauthorized): no"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {
                "billing_type": "wallet",
                "wallet": {"remaining_balance": 12.5, "currency": "usd"},
            },
            "the key is good; 12.5 usd are left in the API wallet",
        ),
        (
            {"billing_type": "subscription", "subscription": {"plan": "pro"}},
            "the key is good; it pays by subscription pro",
        ),
        (
            {"billing_type": "subscription", "subscription": {"credits": 3}},
            "the key is good; it pays by subscription",
        ),
        ({"billing_type": "usage_based"}, "the key is good; it pays for what is used"),
    ],
)
def test_an_account_that_can_pay(
    converse: Any, say: Any, data: Any, words: str
) -> None:
    talk = converse(plugin.shotcaller_check(GATEWAY), say(200, {"data": data}))

    (asked,) = talk.asked
    assert (asked.method, asked.url) == ("GET", "https://api.heygen.com/v3/users/me")
    assert talk.result == words


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (
            401,
            {"error": {"code": "unauthorized", "message": "no"}},
            f"{UNKNOWN} Set HEYGEN_API_KEY to a key of your account.",
        ),
        (
            200,
            {"data": {"billing_type": "wallet", "wallet": {"remaining_balance": 0}}},
            "The API wallet is empty (0 usd). Add funds at HeyGen.",
        ),
    ],
)
def test_an_account_that_cannot(
    converse: Any, say: Any, status: int, body: Any, words: str
) -> None:
    with pytest.raises(Refused) as caught:
        converse(plugin.shotcaller_check(GATEWAY), say(status, body))

    assert str(caught.value) == words
