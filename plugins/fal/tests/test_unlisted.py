"""Every endpoint by its name: what is offered, what is sent, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import shotcaller_fal
from shotcaller import Brief, NothingFits, Registry, Settings, Shotcaller
from shotcaller.plugin import (
    Capabilities,
    Kind,
    Lengths,
    Media,
    Model,
    Operation,
    Refused,
    Request,
    Shot,
    Sound,
)
from shotcaller_fal import unlisted
from shotcaller_fal.payloads import payload

Submits = Callable[..., Request]

IMAGE = "https://example.org/a.png"
LAST = "https://example.org/b.png"


def resolved(endpoint: str) -> Model:
    model = shotcaller_fal.shotcaller_resolve(f"fal:{endpoint}")
    assert model is not None
    return model


def test_of_an_unknown_endpoint_only_a_prompt_is_sure(submitted: Submits) -> None:
    model = resolved("owner/app/path")

    assert model.title == "fal owner/app/path (an endpoint that is not listed)"
    assert model.capabilities == Capabilities(
        operations=(Operation.TEXT,), seconds=Lengths(1, 60), prompt=20_000
    )
    assert submitted("owner/app/path", options={"size": "big", "n": None}) == Request(
        "POST",
        "https://queue.fal.run/owner/app/path",
        json={"prompt": "a fox", "size": "big"},
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            {"seconds": 5},
            "seconds cannot be asked of owner/app: it has no word for 5.",
        ),
        (
            {"resolution": "720p"},
            "resolution cannot be asked of owner/app: it has no word for 720p.",
        ),
        (
            {"ratio": "16:9"},
            "ratio cannot be asked of owner/app: it has no such field.",
        ),
        (
            {"image": IMAGE},
            "image cannot be asked of owner/app: it has no such field.",
        ),
        (
            {"sound": True},
            "sound cannot be asked of owner/app: its clips have it never.",
        ),
        (
            {"negative": "rain"},
            "negative cannot be asked of owner/app: it has no such field.",
        ),
        ({"seed": 7}, "seed cannot be asked of owner/app: it has no such field."),
        (
            {"options": {"prompt": "x"}},
            (
                "option prompt cannot be asked of owner/app: it is said by the shot"
                " itself."
            ),
        ),
        (
            {"options": {"sync_mode": True}},
            "option sync_mode cannot be asked of owner/app: the clip would be no file.",
        ),
    ],
)
def test_what_an_unknown_endpoint_may_not_have_is_refused_before_it_is_paid_for(
    wanted: dict[str, Any], message: str
) -> None:
    options = {"fal": wanted.pop("options", {})}
    shot = Shot("a fox", options=options, **wanted)
    found = unlisted._offering("owner/app").routes[Operation.TEXT]

    with pytest.raises(Refused) as refused:
        payload(found, shot)

    assert (refused.value.message, refused.value.reason) == (message, "input")


@pytest.mark.parametrize(
    "endpoint", ["owner/app", "fal-ai/kling-video/v3/turbo/pro/text-to-video"]
)
def test_silence_is_not_promised_where_nobody_said_that_clips_are_silent(
    endpoint: str,
) -> None:
    shot = Shot("a fox", sound=False)

    with pytest.raises(Refused) as refused:
        next(unlisted.submit(resolved(endpoint), shot))

    assert refused.value.reason == "input"
    assert refused.value.message == (
        f"sound cannot be refused of {endpoint}: whether its clips have it is unknown."
    )


def test_of_a_known_endpoint_all_is_known_but_the_price(submitted: Submits) -> None:
    model = resolved("alibaba/wan-3.0/text-to-video")
    can = model.able(Operation.TEXT)

    assert model.price is None
    assert set(model.by_operation) == {Operation.TEXT}
    assert (can.seconds, can.default_seconds) == (Lengths(2, 30, 1), 5)
    assert (can.resolutions, can.default_resolution) == (
        ("480p", "720p", "1080p"),
        "1080p",
    )
    assert (can.sound, can.seed) == (Sound.OPTIONAL, True)
    assert submitted(
        "alibaba/wan-3.0/text-to-video",
        seconds=8,
        ratio="16:9",
        sound=False,
        seed=7,
        options={"enable_thinking": True},
    ).json == {
        "prompt": "a fox",
        "duration": 8,
        "resolution": "1080p",
        "aspect_ratio": "16:9",
        "audio": False,
        "seed": 7,
        "enable_thinking": True,
    }


@pytest.mark.parametrize(
    ("endpoint", "starts"),
    [
        ("fal-ai/veo3.1", {Operation.TEXT}),
        ("fal-ai/veo3.1/image-to-video", {Operation.IMAGE}),
        ("fal-ai/veo3.1/first-last-frame-to-video", {Operation.FRAMES}),
        ("fal-ai/veo3.1/reference-to-video", {Operation.REFERENCES}),
        (
            "fal-ai/kling-video/v3/pro/image-to-video",
            {Operation.IMAGE, Operation.FRAMES},
        ),
        (
            "fal-ai/kling-video/o3/pro/reference-to-video",
            {
                Operation.TEXT,
                Operation.IMAGE,
                Operation.FRAMES,
                Operation.REFERENCES,
            },
        ),
    ],
)
def test_what_an_endpoint_starts_from_follows_from_the_fields_it_must_have(
    endpoint: str, starts: set[Operation]
) -> None:
    assert set(resolved(endpoint).by_operation) == starts


def test_references_are_counted_as_the_catalogue_says(submitted: Submits) -> None:
    model = resolved("bytedance/seedance-2.0/reference-to-video")
    free = resolved("fal-ai/veo3.1/reference-to-video")
    pictures = [Media(f"https://example.org/{n}.png", Kind.IMAGE) for n in range(2)]

    assert model.able(Operation.REFERENCES).references == {
        Kind.IMAGE: 9,
        Kind.VIDEO: 3,
        Kind.SOUND: 3,
    }
    assert free.able(Operation.REFERENCES).references == {Kind.IMAGE: 50}
    sent = submitted("fal-ai/veo3.1/reference-to-video", references=pictures).json
    assert isinstance(sent, dict)
    assert sent["image_urls"] == [one.source for one in pictures]


def test_every_mistake_in_an_input_is_told_at_once(submitted: Submits) -> None:
    with pytest.raises(Refused) as refused:
        submitted(
            "minimax/h3/text-to-video",
            options={"enable_prompt_expansion": "yes", "sede": 7},
        )

    assert refused.value.message.startswith(
        "minimax/h3/text-to-video does not take this: sede: there is no such"
        " field; it has prompt, "
    )
    assert refused.value.message.endswith(
        '; enable_prompt_expansion: "yes" is not of type boolean.'
    )


def test_a_model_of_another_name_is_refused() -> None:
    strange = Model(
        id="fal/veo", title="", maker="", capabilities=resolved("a/b").capabilities
    )

    with pytest.raises(Refused) as refused:
        next(shotcaller_fal.shotcaller_submit(strange, Shot("a fox"), "k"))

    assert (refused.value.message, refused.value.reason) == (
        "fal/veo is not written fal:owner/alias.",
        "endpoint",
    )


def test_a_price_that_is_unknown_must_be_agreed_to(tmp_path: Any) -> None:
    settings = Settings.load(tmp_path / "home", {"FAL_KEY": "x"})
    registry = Registry({"fal": shotcaller_fal})
    brief = Brief(model="fal:alibaba/wan-3.0/text-to-video")
    agreed = Brief(model=brief.model, unknown_price=True)
    with Shotcaller(settings=settings, registry=registry) as caller:
        (candidate,) = caller.rank(Shot("a fox", seconds=8), agreed).candidates
        refused = caller.rank(Shot("a fox", seconds=8), brief).refused
        with pytest.raises(NothingFits):
            caller.generate(Shot("a fox", seconds=31), agreed)

    assert (candidate.model, candidate.quote.known) == (brief.model, False)
    assert [reason.message for one in refused for reason in one.reasons] == [
        "its price is unknown, which is not zero"
    ]
