from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from shotcaller.accounts import Account
from shotcaller.catalog import Form, Lengths, Operation, Option, Pictures, Sound
from shotcaller.fitting import reasons
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from tests.core.offers import capable, gateway, model, offer

PICTURE = Media("a.png", Kind.IMAGE, bytes=500, width=1280, height=720)
CLIP = Media("https://a.test/v.mp4", Kind.VIDEO)
OPTIONS = (
    Option("tier", "Which tier", choices=("pro", "std")),
    Option("loop", "Whether it loops", choices=(True, False)),
    Option("note", "Anything"),
    Option("steps", "How many", form=Form.WHOLE, low=1, high=50),
)


def asked(brief: Brief | None = None, **fields: Any) -> tuple[Shot, Brief]:
    return Shot(**{"prompt": "a", **fields}), brief or Brief()


def found(made: Any, shot: Shot, brief: Brief) -> list[tuple[str, str]]:
    return [(reason.code, reason.message) for reason in reasons(made, shot, brief)]


def test_an_offer_that_fits_has_no_reasons() -> None:
    shot, brief = asked(
        seconds=5,
        ratio="9:16",
        resolution="1080p",
        sound=True,
        image=PICTURE,
        references=["https://a.test/r.png"],
        cuts=[Cut("b"), Cut("c")],
        negative="fog",
        seed=1,
    )

    assert found(offer(), shot, brief) == []


CANNOT: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    (
        {"operations": {Operation.TEXT, Operation.FRAMES}},
        {"image": PICTURE},
        "operation",
        "cannot start from image (only from frames, text)",
    ),
    (
        {"operations": {Operation.IMAGE}},
        {},
        "operation",
        "cannot start from text (only from image)",
    ),
    (
        {"operations": {Operation.REFERENCES}},
        {"references": ["https://a.test/r.png"], "image": PICTURE},
        "operation",
        "cannot start from image (only from references)",
    ),
    (
        {"operations": {Operation.IMAGE, Operation.REFERENCES}},
        {
            "references": ["https://a.test/r.png"],
            "image": PICTURE,
            "last_image": PICTURE,
        },
        "operation",
        "cannot start from frames (only from image, references)",
    ),
    (
        {"operations": {Operation.TEXT}},
        {"extend": CLIP},
        "operation",
        "cannot start from extend (only from text)",
    ),
    (
        {},
        {"seconds": 12.5},
        "seconds",
        "cannot make 12.5 s; it makes 1 to 10 s",
    ),
    (
        {"seconds": Lengths.of(4, 8), "default_seconds": 4},
        {"cuts": [Cut("b", 3), Cut("c", 2)]},
        "seconds",
        "cannot make 5 s; it makes 4 or 8 s",
    ),
    (
        {"prompt": 3},
        {"prompt": "abcd"},
        "prompt",
        "the prompt has 4 characters; it takes 3",
    ),
    (
        {"prompt": 3},
        {"cuts": [Cut("b"), Cut("abcd")]},
        "prompt",
        "the prompt of cut 2 has 4 characters; it takes 3",
    ),
    (
        {"prompt": 3},
        {"negative": "abcd"},
        "prompt",
        "the negative prompt has 4 characters; it takes 3",
    ),
    ({"cuts": 0}, {"cuts": [Cut("b")]}, "cuts", "takes no cuts, not 1"),
    (
        {"cuts": 2},
        {"cuts": [Cut("b"), Cut("c"), Cut("d")]},
        "cuts",
        "takes at most 2 cuts, not 3",
    ),
    (
        {"cut_seconds": Lengths(1, 4, 1)},
        {"cuts": [Cut("b", 2), Cut("c", 2.5)]},
        "cuts",
        "cannot make cut 2 of 2.5 s; it makes cuts of 1 to 4 in steps of 1 s",
    ),
    (
        {"cut_seconds": Lengths(3, 5)},
        {"seconds": 5, "cuts": [Cut("b"), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 5 s",
    ),
    (
        {"cut_seconds": Lengths(1, 4)},
        {"seconds": 9, "cuts": [Cut("b"), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 9 s",
    ),
    (
        {"cut_seconds": Lengths(1, 4)},
        {"seconds": 9, "cuts": [Cut("b", 4), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 9 s",
    ),
    (
        {"cut_seconds": Lengths(6, 8)},
        {"cuts": [Cut("b"), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 1 to 10 s",
    ),
    (
        {
            "cut_seconds": Lengths(3, 3.5),
            "seconds": Lengths.of(5, 8),
            "default_seconds": None,
        },
        {"cuts": [Cut("b"), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 5 or 8 s",
    ),
    (
        {},
        {"cuts": [Cut("b", 10), Cut("c")]},
        "cuts",
        "cannot make 2 such cuts add up to 1 to 10 s",
    ),
    ({}, {"ratio": "1:1"}, "ratio", "does not offer 1:1 (only 16:9, 9:16)"),
    (
        {"ratios": ()},
        {"ratio": "1:1"},
        "ratio",
        "takes no ratio: it decides, so 1:1 cannot be asked for",
    ),
    (
        {"ratio_from_image": True},
        {"ratio": "9:16", "image": PICTURE},
        "ratio",
        "takes the ratio of the image, which is not 9:16",
    ),
    (
        {},
        {"resolution": "4k"},
        "resolution",
        "does not offer 4k (only 720p, 1080p)",
    ),
    (
        {"resolutions": ()},
        {"resolution": "4k"},
        "resolution",
        "takes no resolution: it decides, so 4k cannot be asked for",
    ),
    ({"sound": Sound.NEVER}, {"sound": True}, "sound", "makes no sound"),
    ({"sound": Sound.ALWAYS}, {"sound": False}, "sound", "always makes sound"),
    ({"negative": False}, {"negative": "fog"}, "negative", "takes no negative prompt"),
    ({"seed": False}, {"seed": 0}, "seed", "takes no seed"),
    (
        {"seconds": Lengths(4, 8, asked=False), "default_seconds": None},
        {"seconds": 5},
        "seconds",
        "takes no length: it decides, 4 to 8 s",
    ),
    (
        {},
        {"options": {"paper": {"tier": "pro"}}},
        "option",
        "has no option 'tier' (it has none)",
    ),
    (
        {"options": (Option("face", "whose face it is", required=True), *OPTIONS)},
        {"options": {"paper": {"tier": "pro"}}},
        "option",
        "needs the option face: whose face it is",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"teir": "pro"}}},
        "option",
        "has no option 'teir' (it has tier, loop, note, steps)",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"tier": "max"}}},
        "option",
        "option tier: 'max' is not one of 'pro', 'std'",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"loop": 1}}},
        "option",
        "option loop: 1 is not one of True, False",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"tier": ["pro"]}}},
        "option",
        "option tier: ['pro'] is not one of 'pro', 'std'",
    ),
    (
        {"options": OPTIONS},
        {"options": {"paper": {"steps": 51}}},
        "option",
        "option steps: 51 is more than 50",
    ),
    (
        {"references": {}},
        {"references": ["https://a.test/r.png"]},
        "references",
        "takes no image references, not 1",
    ),
    (
        {"references": {Kind.VIDEO: 1}},
        {"references": ["https://a.test/r.mp4", "https://a.test/s.mp4"]},
        "references",
        "takes at most 1 video references, not 2",
    ),
    (
        {"references": {Kind.IMAGE: 3, Kind.VIDEO: 3}, "most_references": 2},
        {
            "references": [
                f"https://a.test/{name}" for name in ("1.png", "2.png", "3.mp4")
            ]
        },
        "references",
        "takes at most 2 references, not 3",
    ),
    (
        {"references": {Kind.SOUND: 1}, "sound_alone": False},
        {"references": ["https://a.test/v.wav"]},
        "references",
        "takes sounds only beside a picture or a video to be guided by",
    ),
    (
        {"urls": False},
        {"image": "https://a.test/a.png"},
        "media",
        "reads files, not addresses: https://a.test/a.png",
    ),
    (
        {"references": {Kind.SOUND: 1}},
        {"references": ["v.wav"]},
        "media",
        "takes no sound files: v.wav",
    ),
    (
        {},
        {"image": evolve(PICTURE, bytes=1_001)},
        "media",
        "a.png has 1001 bytes; it takes 1000",
    ),
    (
        {"media_bytes": {Kind.IMAGE: 499}},
        {"image": PICTURE},
        "media",
        "a.png has 500 bytes; it takes 499",
    ),
    (
        {"media_bytes": {Kind.IMAGE: 2_000}},
        {"last_image": evolve(PICTURE, bytes=1_001), "image": PICTURE},
        "media",
        "a.png has 1001 bytes; it takes 1000",
    ),
    (
        {"media_bytes": {Kind.VIDEO: 9}},
        {"extend": evolve(CLIP, bytes=10)},
        "media",
        "https://a.test/v.mp4 has 10 bytes; it takes 9",
    ),
    (
        {},
        {"extend": "v.mp4"},
        "media",
        "takes no video files: v.mp4",
    ),
    (
        {"pictures": Pictures(types=("image/png",))},
        {"image": evolve(PICTURE, type="image/gif")},
        "media",
        "a.png is image/gif; it takes image/png",
    ),
    (
        {"pictures": Pictures(types=("image/jpeg", "image/png", "image/webp"))},
        {"image": evolve(PICTURE, type="image/gif")},
        "media",
        "a.png is image/gif; it takes image/jpeg, image/png or image/webp",
    ),
    (
        {"pictures": Pictures(shortest=300)},
        {"image": evolve(PICTURE, width=300, height=299)},
        "media",
        "a.png has 300x299 pixels; it takes 300 and more a side",
    ),
    (
        {"pictures": Pictures(narrowest=0.5)},
        {"image": evolve(PICTURE, width=300, height=700)},
        "media",
        "a.png is 0.43 times as wide as high; it takes 0.5 to inf",
    ),
    (
        {"pictures": Pictures(widest=2.5)},
        {"image": evolve(PICTURE, width=900, height=300)},
        "media",
        "a.png is 3 times as wide as high; it takes 0 to 2.5",
    ),
]


@pytest.mark.parametrize(("abilities", "fields", "code", "message"), CANNOT)
def test_what_a_model_cannot_do_is_said(
    abilities: dict[str, Any], fields: dict[str, Any], code: str, message: str
) -> None:
    made = offer(model(capabilities=capable(**abilities)))

    assert found(made, *asked(**fields)) == [(code, message)]


@pytest.mark.parametrize(
    ("abilities", "fields"),
    [
        ({"options": OPTIONS}, {"options": {"paper": {"tier": "pro", "loop": False}}}),
        ({"options": OPTIONS}, {"options": {"paper": {"note": [1, None]}}}),
        (
            {"options": (Option("face", "", required=True),)},
            {"options": {"paper": {"face": "ours"}}},
        ),
        ({"seconds": Lengths(4, 8, asked=False), "default_seconds": None}, {}),
        ({}, {"options": {"other": {"tier": "max"}}}),
        ({"ratio_from_image": True}, {"ratio": "16:9", "image": PICTURE}),
        ({"ratio_from_image": True}, {"ratio": "9:16", "image": "a.png"}),
        ({"ratio_from_image": True}, {"ratio": "9:16"}),
        (
            {"pictures": Pictures(types=("image/png",), shortest=300, widest=1)},
            {"image": evolve(PICTURE, width=None, height=None)},
        ),
        (
            {"pictures": Pictures(types=("image/png",), shortest=300, widest=1)},
            {"image": evolve(PICTURE, width=300, height=300, type="image/png")},
        ),
        ({"ratio_from_image": True}, {"image": PICTURE}),
        ({"sound": Sound.NEVER}, {"sound": False}),
        ({"sound": Sound.ALWAYS}, {"sound": None}),
        ({}, {"image": "a.png"}),
        ({}, {"image": evolve(PICTURE, bytes=1_000)}),
        ({"media_bytes": {Kind.IMAGE: 500}}, {"image": PICTURE}),
        ({}, {"extend": CLIP}),
        ({"options": OPTIONS}, {"options": {"paper": {"steps": 50}}}),
        ({"most_references": 2}, {"references": ["1.png", "2.png"]}),
        (
            {"references": {Kind.SOUND: 1, Kind.IMAGE: 1}, "sound_alone": False},
            {"references": ["https://a.test/v.wav", "1.png"]},
        ),
        ({"references": {Kind.SOUND: 1}}, {"references": ["https://a.test/v.wav"]}),
        ({}, {"cuts": [Cut("b", 9.9), Cut("c")]}),
        ({"cut_seconds": Lengths(1, 4, 1)}, {"cuts": [Cut("b", 2), Cut("c", 4)]}),
        ({"cut_seconds": Lengths(3, 5)}, {"cuts": [Cut("b"), Cut("c")]}),
        ({"cut_seconds": Lengths(3, 5)}, {"seconds": 6, "cuts": [Cut("b"), Cut("c")]}),
        (
            {"cut_seconds": Lengths(3, 5)},
            {"seconds": 8, "cuts": [Cut("b", 3), Cut("c")]},
        ),
        ({"cut_seconds": Lengths(3, 5)}, {"seconds": 10}),
    ],
)
def test_what_a_model_can_do_is_no_reason(
    abilities: dict[str, Any], fields: dict[str, Any]
) -> None:
    made = offer(model(capabilities=capable(**abilities)))

    assert found(made, *asked(**fields)) == []


def test_a_resolved_model_takes_any_option() -> None:
    made = offer(model(listed=False))

    assert found(made, *asked(options={"paper": {"anything": 1}})) == []


def test_a_gateway_on_this_machine_reads_any_file() -> None:
    here = Account(gateway(api_hosts=(), uploads=()))

    assert found(offer(account=here), *asked(image=PICTURE)) == []


def test_sounds_may_not_guide_alone_even_beside_a_first_frame() -> None:
    can = capable(references={Kind.SOUND: 1}, sound_alone=False)
    shot, brief = asked(image=PICTURE, references=["https://a.test/v.wav"])

    assert found(offer(model(capabilities=can)), shot, brief) == [
        ("references", "takes sounds only beside a picture or a video to be guided by")
    ]


IMAGE_ONLY = capable(
    operations={Operation.IMAGE},
    seconds=Lengths.of(5),
    ratios=(),
    sound=Sound.NEVER,
    references={},
    cuts=0,
    options=OPTIONS,
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"seconds": 5, "image": PICTURE}, []),
        ({"seconds": 7}, []),
        (
            {"seconds": 7, "image": PICTURE},
            [("seconds", "cannot make 7 s; it makes 5 s")],
        ),
        (
            {"ratio": "16:9", "image": PICTURE},
            [("ratio", "takes no ratio: it decides, so 16:9 cannot be asked for")],
        ),
        ({"sound": True, "image": PICTURE}, [("sound", "makes no sound")]),
        ({"options": {"paper": {"tier": "pro"}}, "image": PICTURE}, []),
        (
            {"options": {"paper": {"tier": "pro"}}},
            [("option", "has no option 'tier' (it has none)")],
        ),
        (
            {"cuts": [Cut("b")], "image": PICTURE},
            [("cuts", "takes no cuts, not 1")],
        ),
    ],
)
def test_what_a_shot_starts_from_decides_what_a_model_can_do(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    made = offer(model(by_operation={Operation.IMAGE: IMAGE_ONLY}))

    assert found(made, *asked(**fields)) == expected


def test_what_a_model_starts_from_may_not_go_together() -> None:
    guided = capable(operations={Operation.REFERENCES})
    made = offer(model(by_operation={Operation.REFERENCES: guided}))
    shot, brief = asked(references=["https://a.test/r.png"], image=PICTURE)

    assert found(made, shot, brief) == [
        ("operation", "cannot start from references and image at once")
    ]
    extended = evolve(shot, extend=CLIP, image=None)
    assert found(made, extended, brief) == []
