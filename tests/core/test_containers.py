from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shotcaller import containers
from shotcaller.containers import Facts, boxes, image_size, movie_facts, sniff, whole
from tests.core import mp4, pictures

PICTURES = {
    "png": pictures.png,
    "gif": pictures.gif,
    "jpeg": pictures.jpeg,
    "webp": pictures.webp_lossy,
}
sizes = st.integers(1, 16_383)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (pictures.png(), "png"),
        (pictures.gif(), "gif"),
        (b"GIF87a", "gif"),
        (pictures.jpeg(), "jpeg"),
        (pictures.webp_lossy(), "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"\0\0\0\x20ftypisom", "mp4"),
        (b"\0\0\0\x20ftypqt  ", "mov"),
        (b"\0\0\0\x20ftypM4A ", "m4a"),
        (b"\0\0\0\x20ftypavif", "avif"),
        (b"\0\0\0\x20ftypavis", "avif"),
        (b"\0\0\0\x20ftypheic", "heic"),
        (b"\0\0\0\x20ftypmif1", "heic"),
        (b"\x1a\x45\xdf\xa3", "webm"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"\xff\xf1\x50", "aac"),
        (b"OggS", "ogg"),
        (b"fLaC", "flac"),
        (b"<!DOCTYPE html>", None),
        (b"", None),
        (b"\x89PNG", None),
    ],
)
def test_the_first_bytes_tell_the_format(head: bytes, form: str | None) -> None:
    assert sniff(head) == form
    assert form is None or form in containers.KINDS


@given(sizes, sizes)
def test_a_pictures_size_is_read_from_its_head(width: int, height: int) -> None:
    for form, make in PICTURES.items():
        assert image_size(form, make(width, height)) == (width, height)
    for make in (pictures.webp_lossless, pictures.webp_extended):
        assert image_size("webp", make(width, height)) == (width, height)


@pytest.mark.parametrize(
    ("form", "head"),
    [
        ("avif", bytes(99)),
        ("png", pictures.png()[:20]),
        ("png", pictures.png(0, 0)),
        ("gif", b"GIF89a"),
        ("webp", b"RIFF\0\0\0\0WEBPVP8L"),
        ("webp", b"RIFF\0\0\0\0WEBPVP8 "),
        ("jpeg", b"\xff\xd8"),
        ("jpeg", b"\xff\xd8" + b"no marker here"),
        ("jpeg", b"\xff\xd8" + pictures.segment(0xE0, bytes(20))),
    ],
)
def test_a_size_that_is_not_told_is_unknown(form: str, head: bytes) -> None:
    assert image_size(form, head) is None


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(10))
def test_a_jpeg_that_lies_on_its_side_is_measured_upright(
    orientation: int, order: str
) -> None:
    data = pictures.jpeg(40, 30, notes=pictures.exif(orientation, order))

    turned = orientation in {5, 6, 7, 8}
    assert image_size("jpeg", data) == ((30, 40) if turned else (40, 30))


@pytest.mark.parametrize(
    "notes",
    [
        b"",
        b"II",
        b"XX" + pictures.exif(6)[2:],
        b"II\x2a\0\xff\xff\xff\xff",
        b"II\x2a\0\x08\0\0\0\0\0",
        b"II\x2a\0\x08\0\0\0\xff\xff",
    ],
)
def test_notes_that_are_damaged_turn_nothing(notes: bytes) -> None:
    assert image_size("jpeg", pictures.jpeg(40, 30, notes=notes)) == (40, 30)


def test_only_exifs_own_notes_tell_how_a_picture_lies() -> None:
    data = pictures.jpeg(40, 30)
    other = pictures.segment(0xE1, b"http\0\0" + pictures.exif(6))

    assert image_size("jpeg", data[:2] + other + data[2:]) == (40, 30)


@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_that_is_cut_short_is_not_whole(form: str) -> None:
    data = PICTURES[form](40, 30)

    assert whole(form, data, data, len(data))
    for end in range(len(data) - 1, 8, -1):
        cut = data[:end]
        assert not whole(form, cut, cut, len(cut)), end


def test_a_large_jpeg_without_its_end_is_not_whole() -> None:
    data = pictures.jpeg() + b"noise" * 30_000
    head, tail = data[: containers.HEAD], data[-containers.HEAD :]

    assert not whole("jpeg", head, tail, len(data))
    assert whole("jpeg", head, tail + b"\xff\xd9", len(data) + 2)


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_picture() -> None:
    data = pictures.jpeg(thumbnail=pictures.jpeg())
    cut = data[:-2]

    assert whole("jpeg", data, data, len(data))
    assert b"\xff\xd9" in cut
    assert not whole("jpeg", cut, cut, len(cut))


def test_a_picture_with_something_after_its_end_is_whole() -> None:
    for form, make in PICTURES.items():
        data = make() + b"\0\0"
        assert whole(form, data, data, len(data))


@pytest.mark.parametrize("form", ["mp4", "mp3", "heic"])
def test_what_has_no_end_mark_is_taken_as_whole(form: str) -> None:
    assert whole(form, b"", b"", 0)


def moov(data: bytes) -> bytes:
    """Returns the contents of the movie box of a file."""
    (span,) = [(start, end) for name, start, end in boxes(data) if name == "moov"]
    return data[slice(*span)]


@given(
    st.integers(1, 60),
    st.integers(16, 4_096),
    st.integers(16, 4_096),
    st.booleans(),
    st.sampled_from([24, 25, 30, 60]),
)
def test_a_movie_tells_its_facts(
    seconds: int, width: int, height: int, sound: bool, fps: int
) -> None:
    data = mp4.movie(seconds, width, height, sound=sound, fps=fps)

    assert movie_facts(moov(data)) == Facts(seconds, width, height, fps, sound)


def test_a_movie_that_a_real_encoder_wrote_tells_its_facts(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "real.mp4"
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(50):
            frame = av.VideoFrame(64, 48, "yuv420p")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())

    data = path.read_bytes()

    assert sniff(data) == "mp4"
    assert movie_facts(moov(data)) == Facts(2.0, 64, 48, 25.0, sound=False)


def test_a_movie_without_pictures_tells_its_length_and_sound() -> None:
    voice = mp4.timed(b"mvhd", 10, 25) + mp4.track(b"soun", 0, 0, 1, 1)

    assert movie_facts(voice) == Facts(2.5, sound=True)
    assert movie_facts(mp4.timed(b"mvhd", 10, 25)) == Facts(2.5, sound=False)


def test_a_movie_without_a_time_scale_has_no_length() -> None:
    assert movie_facts(mp4.timed(b"mvhd", 0, 25)) == Facts(None, sound=False)
    still = mp4.timed(b"mvhd", 0, 0) + mp4.track(b"vide", 64, 48, 0, 0)
    assert movie_facts(still) == Facts(None, 64, 48, None, sound=False)


def test_a_long_movies_header_is_read_too() -> None:
    header = mp4.full(
        b"mvhd", struct.pack(">QQIQ", 0, 0, 1_000, 2**33), bytes(80), version=1
    )

    assert movie_facts(header) == Facts(2**33 / 1_000, sound=False)


def test_boxes_may_be_large_or_reach_to_the_end() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 20) + b"four"
    last = struct.pack(">I4s", 0, b"free") + b"rest"

    assert list(boxes(large + last)) == [("mdat", 16, 20), ("free", 28, 32)]


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I4s", 7, b"free"),
        struct.pack(">I4s", 9, b"free"),
        struct.pack(">I4s", 1, b"free"),
        struct.pack(">I4sQ", 1, b"free", 15),
        struct.pack(">I4sQ", 1, b"free", 2**64 - 1),
        b"1234567",
    ],
)
def test_a_box_that_is_not_whole_is_no_box(data: bytes) -> None:
    assert list(boxes(data)) == []


def told(data: bytes) -> Facts | str:
    """Returns the facts of a movie, or why there are none."""
    try:
        return movie_facts(data)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        mp4.box(b"mvhd"),
        mp4.track(b"vide", 64, 48, 24, 24),
        mp4.timed(b"mvhd", 24, 24) + mp4.box(b"trak"),
        mp4.timed(b"mvhd", 24, 24) + mp4.box(b"trak", mp4.box(b"mdia")),
    ],
)
def test_a_movie_that_is_damaged_says_so(data: bytes) -> None:
    assert told(data) == "the moov box is damaged"


def test_what_is_cut_off_at_the_end_is_not_told() -> None:
    cut = mp4.timed(b"mvhd", 24, 24) + mp4.track(b"vide", 64, 48, 24, 24)[:-4]

    assert told(cut) == Facts(1.0, sound=False)


def harmless(data: bytes) -> None:
    """Reads bytes in every way there is; only a ``ValueError`` may come of it."""
    form = sniff(data)
    assert form is None or form in containers.KINDS
    for name in containers.KINDS:
        size = image_size(name, data)
        assert size is None or min(size) > 0
        assert whole(name, data, data[-99:], len(data)) in {True, False}
    for _, start, end in boxes(data):
        assert 0 < start <= end <= len(data)
    found = told(data)
    assert isinstance(found, Facts) or found == "the moov box is damaged"


@given(st.binary(max_size=200))
def test_random_bytes_do_no_harm(data: bytes) -> None:
    harmless(data)


@given(
    st.sampled_from(
        [make() for make in PICTURES.values()]
        + [pictures.webp_lossless(), pictures.webp_extended(), mp4.movie(1)]
        + [pictures.jpeg(notes=pictures.exif(6, ">"))]
    ),
    st.integers(0, 400),
)
def test_files_cut_short_anywhere_do_no_harm(data: bytes, end: int) -> None:
    harmless(data[:end])


@given(st.integers(0, 500), st.binary(min_size=1, max_size=8))
@example(at=0, noise=b"\0\0\0\0")
def test_movies_damaged_anywhere_do_no_harm(at: int, noise: bytes) -> None:
    inside = moov(mp4.movie(1))
    place = at % len(inside)

    harmless(inside[:place] + noise + inside[place + len(noise) :])


@given(st.integers(2, 200), st.binary(min_size=1, max_size=4))
def test_pictures_damaged_anywhere_do_no_harm(at: int, noise: bytes) -> None:
    for make in PICTURES.values():
        data = make()
        place = at % len(data)
        harmless(data[:place] + noise + data[place + len(noise) :])
