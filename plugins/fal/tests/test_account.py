"""What fal says of the key, in a few words."""

from __future__ import annotations

from typing import Any

import pytest

import shotcaller_fal as plugin
from shotcaller.plugin import BadReply, Refused
from shotcaller_fal.gateway import GATEWAY


@pytest.mark.parametrize("status", [200, 404])
def test_a_key_that_is_told_a_price_is_good(talk: Any, say: Any, status: int) -> None:
    heard = talk(plugin.shotcaller_check(GATEWAY), say(status, {"prices": []}))

    (asked,) = heard.asked
    assert (asked.method, asked.url) == ("GET", "https://api.fal.ai/v1/models/pricing")
    assert asked.params == {"endpoint_id": "fal-ai/veo3.1"}
    assert heard.value == (
        "the key is good; see fal.ai/dashboard/billing for what is left"
    )


def test_a_key_that_is_turned_down(talk: Any, say: Any) -> None:
    with pytest.raises(Refused) as caught:
        talk(plugin.shotcaller_check(GATEWAY), say(401, {"detail": "no"}))

    assert str(caught.value) == (
        "fal answered 401: no. Set FAL_KEY to a key of your account."
    )


def test_an_answer_that_says_nothing_of_the_key(talk: Any, say: Any) -> None:
    with pytest.raises(BadReply):
        talk(plugin.shotcaller_check(GATEWAY), say(502, {}))
