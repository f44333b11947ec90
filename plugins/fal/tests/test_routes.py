"""What is read off the catalogue, and how a shot is spelled at an endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import (
    Capabilities,
    Cut,
    Form,
    Kind,
    Lengths,
    Media,
    Operation,
    Option,
    Refused,
    Shot,
    Sound,
)
from shotcaller_fal import in_prompt, listed, route
from shotcaller_fal.catalogue import complaints, endpoints
from shotcaller_fal.payloads import payload
from shotcaller_fal.routes import Route, plainly, span

KLING = "fal-ai/kling-video/v3/pro/image-to-video"
IMAGE = "https://example.org/a.png"
LAST = "https://example.org/b.png"


def test_a_route_is_read_off_the_catalogue() -> None:
    found = route(KLING, prompt=2_500, cuts=6, tell=listed)

    words = {float(n): str(n) for n in range(3, 16)}
    assert found == Route(
        endpoint=KLING,
        can=Capabilities(
            operations=(Operation.TEXT,),
            seconds=Lengths(3, 15, 1),
            default_seconds=5,
            sound=Sound.OPTIONAL,
            negative=True,
            ratio_from_image=True,
            prompt=2_500,
            cuts=6,
            options=(
                Option(
                    "cfg_scale",
                    "how closely the prompt is followed, from 0 to 1",
                    form=Form.NUMBER,
                    low=0,
                    high=1,
                ),
                Option(
                    "elements",
                    "characters and things to keep, cited as @Element1",
                    form=Form.LIST,
                ),
                Option(
                    "shot_type",
                    "whether the cuts are given or the model makes its own",
                    ("customize", "intelligent"),
                    form=Form.TEXT,
                ),
            ),
        ),
        tell=listed,
        seconds=words,
        image="start_image_url",
        last_image="end_image_url",
        sound="generate_audio",
        negative="negative_prompt",
    )


def test_sizes_and_references_are_read_with_their_spelling_and_limits() -> None:
    found = route("minimax/h3/reference-to-video")
    guided = route("bytedance/seedance-2.0/reference-to-video")

    assert found.resolutions == {
        "480p": "480P",
        "768p": "768P",
        "2k": "2K",
        "4k": "4K",
    }
    assert (found.can.resolutions, found.can.default_resolution) == (
        ("480p", "768p", "2k", "4k"),
        "2k",
    )
    assert found.references == {
        Kind.IMAGE: "reference_image_urls",
        Kind.VIDEO: "reference_video_urls",
        Kind.SOUND: "reference_audio_urls",
    }
    assert found.can.references == dict.fromkeys(Kind, 1)
    assert guided.can.references == {Kind.IMAGE: 9, Kind.VIDEO: 3, Kind.SOUND: 3}
    assert guided.can.media_bytes == {Kind.IMAGE: 30_000_000, Kind.SOUND: 15_000_000}


@pytest.mark.parametrize(
    ("endpoint", "seconds", "usual"),
    [
        ("lightricks/ltx-2.5/text-to-video/pro", Lengths.of(6, 8, 10), None),
        ("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", Lengths.of(5, 10), 5),
        ("xai/grok-imagine-video/text-to-video", Lengths(1, 60, 1), 6),
        ("google/gemini-omni-flash", Lengths(3, 10, 1), 8),
        ("fal-ai/veo3.1", Lengths.of(4, 6, 8), 8),
        ("bytedance/seedance-2.0/text-to-video", Lengths(4, 15, 1), None),
    ],
)
def test_lengths_are_read_in_each_way_in_which_they_are_written(
    endpoint: str, seconds: Lengths, usual: float | None
) -> None:
    can = route(endpoint).can

    assert (can.seconds, can.default_seconds) == (seconds, usual)


@pytest.mark.parametrize(
    ("values", "lengths"),
    [
        ([5], Lengths.of(5)),
        ([5, 6], Lengths.of(5, 6)),
        ([5, 6, 7], Lengths(5, 7, 1)),
        ([4, 6, 8], Lengths.of(4, 6, 8)),
    ],
)
def test_lengths_in_a_row_are_a_range(values: list[float], lengths: Lengths) -> None:
    assert span(values) == lengths


def test_a_shot_is_spelled_as_the_endpoint_wants_it() -> None:
    shot = Shot(
        "a fox",
        seconds=8,
        image=Media(IMAGE, Kind.IMAGE, width=1600, height=900),
        last_image=LAST,
        ratio="16:9",
        sound=False,
        negative="rain",
        options={"fal": {"cfg_scale": 0.7, "shot_type": None}, "heygen": {"x": 1}},
    )

    assert payload(route(KLING), shot) == {
        "prompt": "a fox",
        "start_image_url": IMAGE,
        "end_image_url": LAST,
        "duration": "8",
        "generate_audio": False,
        "negative_prompt": "rain",
        "cfg_scale": 0.7,
    }


def test_what_decides_the_price_is_sent_even_where_the_shot_is_silent() -> None:
    found = route("alibaba/wan-3.0/text-to-video")

    assert payload(found, Shot("a fox")) == {
        "prompt": "a fox",
        "duration": 5,
        "resolution": "1080p",
        "audio": True,
    }


def test_what_is_always_sent_gives_way_to_an_option_and_to_nothing_else() -> None:
    found = route(KLING, always={"shot_type": "intelligent"})
    own = {"fal": {"shot_type": "customize"}}

    assert payload(found, Shot("a fox"))["shot_type"] == "intelligent"
    assert payload(found, Shot("a fox", options=own))["shot_type"] == "customize"
    with pytest.raises(Refused) as refused:
        payload(found, Shot("a fox", options={"fal": {"duration": "9"}}))
    assert refused.value.message == (
        f"option duration cannot be asked of {KLING}: it is said by the shot itself."
    )


def test_a_video_to_go_on_from_has_its_field() -> None:
    found = route("fal-ai/veo3.1/extend-video", extend="video_url")
    sent = payload(found, Shot("a fox", extend="https://example.org/a.mp4"))

    assert sent["video_url"] == "https://example.org/a.mp4"


def test_an_endpoint_with_one_length_and_one_size_is_told_neither() -> None:
    found = route(
        "fal-ai/minimax/hailuo-2.3/pro/text-to-video",
        seconds=Lengths.of(6),
        default_seconds=6,
        resolutions=("1080p",),
        default_resolution="1080p",
    )

    for shot in (Shot("a fox"), Shot("a fox", seconds=6, resolution="1080p")):
        assert payload(found, shot) == {"prompt": "a fox"}
    with pytest.raises(Refused):
        payload(found, Shot("a fox", seconds=10))


@pytest.mark.parametrize(
    ("sound", "wanted", "good"),
    [
        (Sound.ALWAYS, True, True),
        (Sound.ALWAYS, False, False),
        (Sound.ALWAYS, None, True),
        (Sound.NEVER, False, True),
        (Sound.NEVER, True, False),
    ],
)
def test_sound_that_cannot_be_chosen_is_not_sent(
    sound: Sound, wanted: bool | None, good: bool
) -> None:
    found = Route(
        endpoint="owner/app",
        can=Capabilities(
            operations=(Operation.TEXT,), seconds=Lengths(1, 9), sound=sound
        ),
        tell=plainly,
    )
    shot = Shot("a fox", sound=wanted)

    if good:
        assert payload(found, shot) == {"prompt": "a fox"}
        return
    with pytest.raises(Refused) as refused:
        payload(found, shot)
    assert refused.value.message == (
        f"sound cannot be asked of owner/app: its clips have it {sound}."
    )
    assert refused.value.next == "Leave it out, or choose another model."


def test_references_of_a_kind_without_a_field_are_refused() -> None:
    found = route("fal-ai/veo3.1/reference-to-video")

    with pytest.raises(Refused) as refused:
        payload(found, Shot("a fox", references=["https://example.org/a.mp4"]))

    assert refused.value.message == (
        "video references cannot be asked of fal-ai/veo3.1/reference-to-video:"
        " it has no such field."
    )


CURRENT = sorted(
    id_
    for id_, one in endpoints().items()
    if set(one.input.get("required", ())) <= {"prompt"}
    and {"prompt", "duration"} <= set(one.input["properties"])
)


@given(st.data())
def test_what_fits_a_route_is_an_input_without_a_mistake(data: st.DataObject) -> None:
    found = route(data.draw(st.sampled_from(CURRENT)), seconds=Lengths(1, 60))
    can = found.can
    shot = Shot(
        "a fox",
        seconds=data.draw(st.none() | st.sampled_from(sorted(found.seconds)))
        if found.seconds
        else None,
        ratio=data.draw(st.none() | st.sampled_from(can.ratios or [None])),
        resolution=data.draw(st.none() | st.sampled_from(can.resolutions or [None])),
        sound=data.draw(st.none() | st.booleans())
        if can.sound is Sound.OPTIONAL
        else None,
        negative=data.draw(st.none() | st.just("rain")) if can.negative else None,
        seed=data.draw(st.none() | st.integers(0, 2**31 - 1)) if can.seed else None,
    )

    written: dict[str, Any] = payload(found, shot)

    assert [*complaints(endpoints()[found.endpoint], written)] == []
    assert None not in written.values()
    if shot.seconds is not None:
        assert str(written["duration"]).rstrip("s") == f"{shot.seconds:g}"


CUTS = (Cut("a fox wakes", 3), Cut("it runs"), Cut("it sleeps"))


def test_cuts_are_listed_with_lengths_that_add_up() -> None:
    found = route(KLING, cuts=6)

    assert listed(Shot("Snow.", seconds=10, cuts=CUTS), found) == {
        "multi_prompt": [
            {"prompt": "Snow. a fox wakes", "duration": "3"},
            {"prompt": "Snow. it runs", "duration": "4"},
            {"prompt": "Snow. it sleeps", "duration": "3"},
        ],
        "duration": "10",
    }
    assert listed(Shot("Snow.", cuts=CUTS), found)["duration"] == "13"
    assert listed(Shot("Snow."), found) == {"prompt": "Snow."}


@pytest.mark.parametrize(
    ("seconds", "cuts", "message"),
    [
        (4.5, (Cut("a", 3), Cut("b"), Cut("c")), "4.5 s cannot be shared among 3 cuts"),
        (None, (Cut("a", 2.5), Cut("b")), "7.5 s cannot be shared among 2 cuts"),
    ],
)
def test_cuts_that_cannot_have_whole_seconds_are_refused(
    seconds: float | None, cuts: tuple[Cut, ...], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        listed(Shot("Snow.", seconds=seconds, cuts=cuts), route(KLING, cuts=6))

    assert refused.value.message == f"cuts: {message} in whole seconds."


def test_cuts_are_told_in_the_prompt_with_their_times_where_known() -> None:
    shot = Shot("Snow.", cuts=(Cut("a fox wakes", 3), Cut("it runs", 2.5), Cut("end")))

    assert in_prompt(shot, route(KLING)) == {
        "prompt": "Snow.\n"
        "Shot 1 (0-3 s): a fox wakes\n"
        "Shot 2 (3-5.5 s): it runs\n"
        "Shot 3: end"
    }


@given(
    st.lists(st.none() | st.integers(1, 5), min_size=1, max_size=6),
    st.none() | st.integers(3, 15),
)
def test_listed_cuts_add_up_to_the_shot(
    lengths: list[int | None], seconds: int | None
) -> None:
    given_ = sum(length or 0 for length in lengths)
    silent = lengths.count(None)
    if seconds is not None:
        seconds = max(seconds, given_ + silent) if silent else given_
    shot = Shot(
        "Snow.", seconds=seconds, cuts=tuple(Cut("it moves", n) for n in lengths)
    )
    try:
        told: Any = listed(shot, route(KLING, cuts=6))
    except Refused:
        assert given_ + silent > 15  # more than fits
        return

    shares = [int(one["duration"]) for one in told["multi_prompt"]]
    assert min(shares) >= 1
    assert sum(shares) == int(told["duration"])
    assert seconds in {None, sum(shares)}
    assert [n for n, given_n in zip(shares, lengths, strict=True) if given_n] == [
        n for n in lengths if n
    ]
