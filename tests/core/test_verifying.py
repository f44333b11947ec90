from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from shotcaller.catalog import Quote
from shotcaller.shot import Cut, Shot
from shotcaller.take import Footage
from shotcaller.verifying import differences, overcharged
from tests.core import strategies as ours


def delivered(**facts: Any) -> Footage:
    usual = {
        "path": "/c.mp4",
        "bytes": 1,
        "sha256": "",
        "seconds": 8.0,
        "width": 1280,
        "height": 720,
        "fps": 24.0,
        "sound": True,
    }
    return Footage(**{**usual, **facts})


@pytest.mark.parametrize(
    ("fields", "facts", "sentences"),
    [
        ({}, {}, ()),
        ({"seconds": 8, "ratio": "16:9", "resolution": "720p", "sound": True}, {}, ()),
        ({"seconds": 8}, {"seconds": 8.5}, ()),
        ({"seconds": 8}, {"seconds": 5.04}, ("5.0 s were delivered, 8 s asked for",)),
        (
            {"cuts": [Cut("b", 1), Cut("c", 2.5)]},
            {},
            ("8.0 s were delivered, 3.5 s asked for",),
        ),
        ({"seconds": 8}, {"seconds": None}, ()),
        ({"resolution": "720p"}, {"width": 720, "height": 1280}, ()),
        ({"resolution": "720p"}, {"width": 1264, "height": 704}, ()),
        (
            {"resolution": "1080p"},
            {},
            ("1280x720 was delivered, 1080p asked for",),
        ),
        ({"resolution": "1080p"}, {"width": None}, ()),
        ({"resolution": "1080p"}, {"height": 0}, ()),
        ({"ratio": "16:9"}, {"width": 1264, "height": 704}, ()),
        (
            {"ratio": "9:16"},
            {},
            ("1280x720 was delivered, the ratio 9:16 asked for",),
        ),
        ({"ratio": "9:16"}, {"height": None}, ()),
        ({"ratio": "9:16"}, {"width": 0}, ()),
        ({"sound": True}, {"sound": False}, ("no sound was delivered",)),
        ({"sound": False}, {}, ("sound was delivered unasked",)),
        ({"sound": False}, {"sound": None}, ()),
        (
            {"seconds": 4, "ratio": "1:1", "resolution": "480p", "sound": False},
            {},
            (
                "8.0 s were delivered, 4 s asked for",
                "1280x720 was delivered, 480p asked for",
                "1280x720 was delivered, the ratio 1:1 asked for",
                "sound was delivered unasked",
            ),
        ),
    ],
)
def test_every_difference_is_a_sentence(
    fields: dict[str, Any], facts: dict[str, Any], sentences: tuple[str, ...]
) -> None:
    assert differences(Shot("a", **fields), delivered(**facts)) == sentences


@given(ours.shots(), ours.footage)
def test_any_clip_can_be_compared_with_any_shot(shot: Shot, footage: Footage) -> None:
    found = differences(shot, footage)

    assert len(found) <= 4
    assert all("delivered" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("high", "billed", "sentences"),
    [
        ("0.20", "0.20", ()),
        ("0.20", "0.20000001", ()),
        ("0.20", "300", ("$300.00 was billed, at most $0.20 quoted",)),
        ("0.20", None, ()),
        (None, "300", ()),
    ],
)
def test_a_bill_above_the_quote_is_told(
    high: str | None, billed: str | None, sentences: tuple[str, ...]
) -> None:
    most = None if high is None else Decimal(high)
    quote = Quote(most, most, most)

    found = overcharged(quote, None if billed is None else Decimal(billed))

    assert tuple(found) == sentences
