from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from shotcaller import codec
from shotcaller.shot import Brief, Cut, Kind, Media, Shot
from tests.core import strategies as ours
from tests.core.refusals import refused

NOT_SECONDS = "must be more than 0 and at most 3600 seconds."
NOT_A_SEED = "is not a whole number from 0 to 9223372036854775807."
NOT_A_RATIO = "is not a ratio such as 16:9."
NOT_A_RESOLUTION = "is not a resolution such as 720p or 4k."
NO_BUDGET = "is not an amount in USD from 0 to 1000000."
NO_DEADLINE = "is not a number of seconds of 0 or more."
HALF = r"has half a character at position 1; it is not Unicode text."


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("prompt", "", "'' is empty; describe what should be seen."),
        ("prompt", " \n\t", r"' \n\t' is empty; describe what should be seen."),
        ("prompt", None, "None is not text."),
        ("prompt", b"a", "b'a' is not text."),
        ("prompt", 5, "5 is not text."),
        ("prompt", "a\ud800", rf"'a\ud800' {HALF}"),
        (
            "prompt",
            "x" * 100_000,
            f"100000 characters are too many (at most 20000); it begins '{'x' * 40}'.",
        ),
        ("negative", "", "'' is empty; describe what should be seen."),
        ("negative", 5, "5 is not text."),
        ("negative", "a\udfff", rf"'a\udfff' {HALF}"),
        ("seconds", 0, f"0.0 {NOT_SECONDS}"),
        ("seconds", -1, f"-1.0 {NOT_SECONDS}"),
        ("seconds", math.nan, f"nan {NOT_SECONDS}"),
        ("seconds", math.inf, f"inf {NOT_SECONDS}"),
        ("seconds", 3600.1, f"3600.1 {NOT_SECONDS}"),
        ("seconds", "8", "'8' is not a number of seconds."),
        ("seconds", True, "True is not a number of seconds."),
        ("seconds", [8], "[8] is not a number of seconds."),
        ("seconds", Decimal(8), "Decimal('8') is not a number of seconds."),
        ("ratio", "16:09", f"'16:09' {NOT_A_RATIO}"),
        ("ratio", "0:9", f"'0:9' {NOT_A_RATIO}"),
        ("ratio", "16/9", f"'16/9' {NOT_A_RATIO}"),
        ("ratio", "16:9\n", rf"'16:9\n' {NOT_A_RATIO}"),
        ("ratio", "1\uff16:9", f"'1\uff16:9' {NOT_A_RATIO}"),
        ("ratio", "", f"'' {NOT_A_RATIO}"),
        ("ratio", 1.78, f"1.78 {NOT_A_RATIO}"),
        ("resolution", "720", f"'720' {NOT_A_RESOLUTION}"),
        ("resolution", "720P", f"'720P' {NOT_A_RESOLUTION}"),
        ("resolution", "0k", f"'0k' {NOT_A_RESOLUTION}"),
        ("resolution", 720, f"720 {NOT_A_RESOLUTION}"),
        ("sound", 1, "1 is neither true nor false."),
        ("sound", "yes", "'yes' is neither true nor false."),
        ("seed", True, f"True {NOT_A_SEED}"),
        ("seed", -1, f"-1 {NOT_A_SEED}"),
        ("seed", 2**63, f"9223372036854775808 {NOT_A_SEED}"),
        ("seed", 1.0, f"1.0 {NOT_A_SEED}"),
        ("seed", "1", f"'1' {NOT_A_SEED}"),
        ("image", "", "'' is neither a path nor a URL."),
        ("image", " ", "' ' is neither a path nor a URL."),
        ("image", b"a.png", "b'a.png' is neither a path nor a URL."),
        ("image", 5, "5 is neither a path nor a URL."),
        ("image", ["a.png"], "['a.png'] is neither a path nor a URL."),
        ("image", "a\0.png", r"'a\x00.png' holds a NUL, which no path or URL can."),
        ("image", "a\udcff.png", rf"'a\udcff.png' {HALF}"),
        (
            "image",
            Media("a.mp4", Kind.VIDEO),
            "'a.mp4' is of kind video, not image.",
        ),
        ("image", Media("", Kind.IMAGE), "'' is neither a path nor a URL."),
        ("last_image", "z.png", "'z.png' needs a first frame too."),
        ("last_image", 5, "5 is neither a path nor a URL."),
        ("extend", 5, "5 is neither a path nor a URL."),
        (
            "extend",
            Media("a.png", Kind.IMAGE),
            "'a.png' is of kind image, not video.",
        ),
        ("references", "a.png", "'a.png' is not a list."),
        ("references", b"a.png", "b'a.png' is not a list."),
        ("references", None, "None is not a list."),
        ("references", {"a.png": 1}, "{'a.png': 1} is not a list."),
        ("references", [5], "5 is neither a path nor a URL."),
        (
            "references",
            ["notes.txt"],
            "'notes.txt' could be image, video or sound: its name does not tell.",
        ),
        (
            "references",
            ["http://[oops"],
            "'http://[oops' could be image, video or sound: its name does not tell.",
        ),
        ("cuts", "ab", "'ab' is not a list."),
        ("cuts", 5, "5 is not a list."),
        ("cuts", ["ab"], "'ab' is not a Cut."),
        ("options", [], "[] is not a table of options by gateway."),
        ("options", {5: {}}, "5 is not the id of a gateway."),
    ],
)
def test_a_shot_names_the_field_and_the_value_it_refuses(
    field: str, value: object, message: str
) -> None:
    error = refused(Shot, **{"prompt": "A pier", field: value})

    assert error.field == field
    assert error.message == f"{field}: {message}"
    assert error.charged == "no"


def test_a_number_beyond_all_bounds_is_refused_and_not_shown() -> None:
    huge = 10**5_000
    unshown = "a int that cannot be shown"

    error = refused(Shot, prompt="a", seed=huge)
    assert error.message == f"seed: {unshown} {NOT_A_SEED}"
    error = refused(Shot, prompt="a", seconds=huge)
    assert error.message == f"seconds: inf {NOT_SECONDS}"
    error = refused(Shot, prompt="a", options={"fal": {"a": huge}})
    assert error.message == f"options.fal.a: {unshown} cannot be written as JSON."
    error = refused(Brief, budget=huge)
    assert error.message == f"budget: {unshown} is not an amount in USD."
    error = refused(Brief, deadline=huge)
    assert error.message == f"deadline: {unshown} {NO_DEADLINE}"


def test_one_reference_alone_is_no_list() -> None:
    error = refused(Shot, prompt="a", references=Media("a.png", Kind.IMAGE))

    assert error.message.startswith("references: Media(source='a.png', kind=<Kind.IMAG")
    assert error.message.endswith(" is not a list.")
    assert error.next == "Put it in a list."


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"prompt": ""}, "cuts.prompt: '' is empty; describe what should be seen."),
        ({"prompt": "a", "seconds": 0}, f"cuts.seconds: 0.0 {NOT_SECONDS}"),
        (
            {"prompt": "a", "seconds": "5"},
            "cuts.seconds: '5' is not a number of seconds.",
        ),
    ],
)
def test_a_cut_names_the_field_and_the_value_it_refuses(
    fields: dict[str, object], message: str
) -> None:
    assert refused(Cut, **fields).message == message


@pytest.mark.parametrize(
    ("seconds", "parts", "message"),
    [
        (8, [3, 4], "seconds: 8 is not the sum of the cuts, 7."),
        (
            8,
            [9, None],
            "seconds: 8 is no more than the cuts that say their length, 9.",
        ),
        (
            8,
            [8, None],
            "seconds: 8 is no more than the cuts that say their length, 8.",
        ),
    ],
)
def test_a_length_that_the_cuts_contradict_is_refused(
    seconds: float, parts: list[float | None], message: str
) -> None:
    error = refused(
        Shot, prompt="a", seconds=seconds, cuts=[Cut("b", part) for part in parts]
    )

    assert error.message == message
    assert error.next == "Leave seconds out, or change a cut."


@pytest.mark.parametrize(
    ("seconds", "parts", "length"),
    [
        (None, [], None),
        (8, [], 8),
        (None, [3, 4.5], 7.5),
        (7.54, [3, 4.5], 7.54),
        (None, [3, None], None),
        (8, [3, None], 8),
        (8, [None, None], 8),
        (None, [0.1] * 10, 1.0),
    ],
)
def test_the_length_is_said_by_the_shot_or_by_all_of_its_cuts(
    seconds: float | None, parts: list[float | None], length: float | None
) -> None:
    shot = Shot("a", seconds=seconds, cuts=[Cut("b", part) for part in parts])

    assert shot.length == length


def test_a_whole_number_of_seconds_makes_the_same_shot() -> None:
    assert Shot("a", seconds=8) == Shot("a", seconds=8.0)
    assert codec.text(Shot("a", seconds=8)) == codec.text(Shot("a", seconds=8.0))


def test_media_are_listed_in_a_fixed_order() -> None:
    shot = Shot(
        "a", references=["r.mp4"], last_image="z.png", image=Path("dir") / "a.png"
    )

    assert [item.source for item in shot.media] == ["dir/a.png", "z.png", "r.mp4"]
    assert Shot("a").media == ()


def test_media_are_named_by_their_fields() -> None:
    shot = Shot(
        "a", references=["r.mp4", "s.wav"], extend="v.mov", last_image="z", image="a"
    )

    assert [(name, item.source) for name, item in shot.named_media] == [
        ("image", "a"),
        ("last_image", "z"),
        ("extend", "v.mov"),
        ("references", "r.mp4"),
        ("references", "s.wav"),
    ]
    assert shot.media == tuple(item for _, item in shot.named_media)


def test_each_of_a_shots_media_can_be_changed() -> None:
    shot = Shot("a", image="a.png", extend="v.mp4", references=["r.png"])

    moved = shot.with_media(lambda name, item: evolve(item, source=f"{name}/x"))

    assert [item.source for item in moved.media] == [
        "image/x",
        "extend/x",
        "references/x",
    ]
    assert moved.last_image is None
    assert Shot("a").with_media(lambda _, item: item) == Shot("a")


@given(ours.shots())
def test_media_that_stay_as_they_are_leave_the_same_shot(shot: Shot) -> None:
    assert shot.with_media(lambda _, item: item) == shot


def test_a_shot_is_a_value() -> None:
    assert Shot("a", image="x.png") == Shot("a", image=Media("x.png", Kind.IMAGE))
    with pytest.raises(FrozenInstanceError):
        Shot("a").prompt = "b"  # type: ignore[misc]


@given(ours.shots())
def test_a_shot_can_be_made_again_from_its_parts(shot: Shot) -> None:
    assert evolve(shot, prompt=shot.prompt) == shot


@given(st.text() | st.text(st.characters(categories=["Cs", "L"]), max_size=3))
def test_a_prompt_is_refused_aloud_or_can_be_stored(prompt: str) -> None:
    if not prompt.strip() or any("\ud800" <= c <= "\udfff" for c in prompt):
        error = refused(Shot, prompt=prompt)
        assert error.field == "prompt"
        assert str(error).encode()  # the message itself can be printed
        return

    assert codec.text(Shot(prompt)).encode()


@given(st.floats() | st.integers() | st.booleans())
def test_seconds_are_refused_aloud_or_within_the_limits(value: float) -> None:
    if isinstance(value, bool) or not 0 < value <= 3_600:
        assert refused(Shot, prompt="a", seconds=value).field == "seconds"
        return

    assert Shot("a", seconds=value).seconds == value


def test_what_is_long_is_shown_cut_short() -> None:
    error = refused(Shot, prompt="a", ratio="9" * 10_000)

    assert error.message == f"ratio: '{'9' * 499}… {NOT_A_RATIO}"
