"""How a family of models is made of routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import (
    Capabilities,
    Evidence,
    Kind,
    Lengths,
    Lifecycle,
    Operation,
    Option,
    Price,
    Rate,
    Refused,
    Request,
    Response,
    Shot,
    Sound,
    Surcharge,
)
from shotcaller_fal import Family, offering, route
from shotcaller_fal.families import together
from shotcaller_fal.sources import (
    BOARDS,
    GUESS,
    JUDGED,
    KIN,
    LISTED,
    OPINION,
    PAGES,
    TIMES,
    judged,
    missing,
    priced,
)

KLING = "fal-ai/kling-video/v3/pro"
GUIDED = "fal-ai/kling-video/o3/pro/reference-to-video"
IMAGE = "https://example.org/a.png"


def family() -> Family:
    routes = {
        Operation.TEXT: route(f"{KLING}/text-to-video"),
        Operation.IMAGE: route(f"{KLING}/image-to-video"),
        Operation.REFERENCES: route(GUIDED),
    }
    kling = offering("fal/kling", routes, title="Kling", maker="kling")
    other = offering(
        "fal/other",
        {Operation.TEXT: route("fal-ai/veo3.1")},
        title="Other",
        maker="google",
        price=priced(date(2026, 7, 22), Rate("0.20")),
    )
    return Family(kling, other)


def test_a_family_has_its_models_in_order() -> None:
    models = family().models

    assert [(one.id, one.title, one.maker) for one in models] == [
        ("fal/kling", "Kling", "kling"),
        ("fal/other", "Other", "google"),
    ]
    assert models[1].price == Price((Rate("0.20"),), PAGES, date(2026, 7, 22))


def test_a_shot_decides_the_endpoint(
    talk: Callable[..., Any], say: Callable[..., Response]
) -> None:
    kling = family().models[0]
    sent = {}
    for shot in (
        Shot("a fox"),
        Shot("a fox", image=IMAGE),
        Shot("a fox", references=[IMAGE], image=IMAGE),
    ):
        asked, ticket = talk(
            family().submit(kling, shot), say(200, {"request_id": "r1"})
        )
        (request,) = asked
        assert isinstance(request, Request)
        assert ticket.model == "fal/kling"
        sent[request.url] = request.json

    base = "https://queue.fal.run"
    assert sent[f"{base}/{KLING}/text-to-video"] == {
        "prompt": "a fox",
        "duration": "5",
        "generate_audio": True,
    }
    assert sent[f"{base}/{KLING}/image-to-video"] == {
        "prompt": "a fox",
        "start_image_url": IMAGE,
        "duration": "5",
        "generate_audio": True,
    }
    assert list(sent) == [
        f"{base}/{KLING}/text-to-video",
        f"{base}/{KLING}/image-to-video",
        f"{base}/{GUIDED}",
    ]


def test_what_an_endpoint_has_no_word_for_is_refused_before_it_is_sent() -> None:
    kling = family().models[0]

    with pytest.raises(Refused):
        next(family().submit(kling, Shot("a fox", seed=7)))


def test_only_an_endpoint_with_references_takes_frames_beside_them() -> None:
    able = family().models[0].by_operation

    assert able[Operation.TEXT].operations == {Operation.TEXT}
    assert able[Operation.IMAGE].operations == {Operation.IMAGE}
    assert able[Operation.REFERENCES].operations == {
        Operation.REFERENCES,
        Operation.IMAGE,  # and no last frame, from which the model cannot start
    }
    plain = offering(
        "fal/veo",
        {Operation.REFERENCES: route("fal-ai/veo3.1/reference-to-video")},
        title="",
        maker="",
    )
    assert plain.model.capabilities.operations == {Operation.REFERENCES}


def test_all_that_several_abilities_offer_is_told_together() -> None:
    quick, slow = Option("quick", "a"), Option("slow", "b")
    one = Capabilities(
        operations={Operation.TEXT},
        seconds=Lengths(4, 6, 1),
        default_seconds=5,
        ratios=("16:9", "1:1"),
        resolutions=("720p",),
        sound=Sound.NEVER,
        references={Kind.IMAGE: 2},
        media_bytes={Kind.IMAGE: 5, Kind.VIDEO: 9},
        cuts=3,
        options=(quick,),
    )
    other = Capabilities(
        operations={Operation.IMAGE},
        seconds=Lengths.of(5, 8),
        ratios=("16:9", "9:16"),
        resolutions=("720p", "1080p"),
        sound=Sound.ALWAYS,
        references={Kind.IMAGE: 1, Kind.VIDEO: 1},
        media_bytes={Kind.IMAGE: 7},
        negative=True,
        seed=True,
        options=(slow, quick),
    )

    assert together((one, other)) == Capabilities(
        operations={Operation.TEXT, Operation.IMAGE},
        seconds=Lengths.of(4, 5, 6, 8),
        default_seconds=5,
        ratios=("16:9", "1:1", "9:16"),
        resolutions=("720p", "1080p"),
        sound=Sound.OPTIONAL,
        references={Kind.IMAGE: 2, Kind.VIDEO: 1},
        media_bytes={Kind.IMAGE: 7},
        cuts=3,
        negative=True,
        seed=True,
        options=(quick, slow),
    )
    assert together((one,)) == one


LENGTHS = st.builds(
    lambda low, more, step: Lengths(low, low + more, step),
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(1, 3),
) | st.builds(lambda many: Lengths.of(*many), st.sets(st.integers(1, 20), min_size=1))


@given(st.lists(LENGTHS, min_size=1, max_size=3))
def test_a_length_is_offered_by_all_together_if_one_offers_it(
    lengths: list[Lengths],
) -> None:
    able = [Capabilities(operations=(Operation.TEXT,), seconds=one) for one in lengths]

    found = together(able).seconds

    for seconds in range(1, 25):
        assert (seconds in found) is any(seconds in one for one in lengths)


def test_prices_and_evidence_name_their_source_and_day() -> None:
    more = Surcharge("0.05", Kind.IMAGE, 1)

    assert priced(JUDGED, Rate("1"), surcharges=[more]) == Price(
        (Rate(Decimal(1)),), PAGES, JUDGED, (more,)
    )
    assert judged(0.7, 60) == (
        Evidence("quality", 0.7, BOARDS, JUDGED, margin=0.02),
        Evidence("speed", 60, TIMES, JUDGED),
    )
    assert judged(0.5, image=0.6, margin=0.01, votes=OPINION) == (
        Evidence("quality", 0.5, OPINION, JUDGED, margin=0.01, judged=True),
        Evidence("quality-image", 0.6, OPINION, JUDGED, margin=0.01, judged=True),
    )
    assert judged(0.5, 60, votes=KIN, times=GUESS) == (
        Evidence("quality", 0.5, KIN, JUDGED, margin=0.03),
        Evidence("speed", 60, GUESS, JUDGED, judged=True),
    )
    assert missing("fal/veo-3.1") == Lifecycle(
        None,
        "fal/veo-3.1",
        "fal's newest list of types does not have it",
        PAGES,
        LISTED,
    )
