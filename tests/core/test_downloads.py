"""A clip comes whole, at a decent speed and unpacked, or it is said why not."""

from __future__ import annotations

import gzip

import pytest

from shotcaller.transport import Begin, Unfetched, downloading
from tests.core.downloads import account, taken, unfetched
from tests.core.mp4 import movie
from tests.core.raw_server import Answer, Say, raw, saying
from tests.core.worlds import WORLDS

CLIP = movie(3)
TAG = '"one"'


def broken(share: bytes, **headers: str) -> Answer:
    """Answers as if with the whole clip, and gives only a share of it."""
    named = {"Content_Length": str(len(CLIP)), "ETag": TAG, **headers}
    return saying("200 OK", share, **named)


def rest(start: int, end: int | None = None, **headers: str) -> Answer:
    """Goes on with the clip."""
    last = len(CLIP) if end is None else end
    named = {"Content_Range": f"bytes {start}-{len(CLIP) - 1}/{len(CLIP)}"}
    named["Content_Length"] = str(len(CLIP) - start)
    return saying("206 Partial Content", CLIP[start:last], **{**named, **headers})


@pytest.mark.parametrize("kind", WORLDS)
def test_a_download_that_breaks_goes_on_where_it_broke(kind: str) -> None:
    with raw(broken(CLIP[:100]), rest(100, 300), rest(300)) as server:
        assert taken(kind, f"{server.url}/c", account(server.url)) == CLIP

    assert [one.get("range") for one in server.asked] == [
        None,
        "bytes=100-",
        "bytes=300-",
    ]
    assert [one.get("if-range") for one in server.asked] == [None, TAG, TAG]


@pytest.mark.parametrize("kind", WORLDS)
def test_a_file_that_has_changed_is_taken_from_the_start(kind: str) -> None:
    other = movie(4)
    with raw(broken(CLIP[:100]), saying("200 OK", other)) as server:
        assert taken(kind, f"{server.url}/c", account(server.url)) == other


@pytest.mark.parametrize(
    "first",
    [
        broken(CLIP[:100], ETag=""),
        broken(CLIP[:100], ETag='W/"one"'),
        broken(CLIP[:100], ETag="one"),
        broken(CLIP[:100], Accept_Ranges="none"),
    ],
)
def test_without_a_strong_validator_nothing_is_put_together(first: Answer) -> None:
    with raw(first, rest(100)) as server:
        found = unfetched("sync", f"{server.url}/c", account(server.url))

    reason = "the connection ended before the reply was whole"
    assert found == ("unreachable", f"{reason} after 100 of {len(CLIP)} bytes")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "second",
    [
        rest(100, Content_Range=f"bytes 0-{len(CLIP) - 1}/{len(CLIP)}"),
        rest(100, Content_Range=f"bytes 100-{len(CLIP) - 1}/*"),
        rest(100, Content_Range=f"bytes 100-{len(CLIP) - 1}/{len(CLIP) + 1}"),
        rest(100, Content_Range=""),
    ],
)
def test_another_part_than_the_missing_one_is_not_put_to_the_first(
    second: Answer,
) -> None:
    with raw(broken(CLIP[:100]), second) as server:
        why, message = unfetched("sync", f"{server.url}/c", account(server.url))

    assert why == "unreachable"
    assert message == "127.0.0.1 did not go on with the clip where it broke off"


def test_a_connection_that_brings_nothing_more_is_given_up() -> None:
    with raw(broken(CLIP[:100]), rest(100, 100)) as server:
        found = unfetched("sync", f"{server.url}/c", account(server.url))

    reason = "the connection ended before the reply was whole"
    assert found == ("unreachable", f"{reason} after 100 of {len(CLIP)} bytes")
    assert len(server.asked) == 2


def test_a_connection_that_breaks_for_ever_is_given_up() -> None:
    pieces = [rest(n, n + 1) for n in range(1, 20)]
    with raw(broken(CLIP[:1]), *pieces) as server:
        why, _ = unfetched("sync", f"{server.url}/c", account(server.url))

    assert why == "unreachable"
    assert len(server.asked) == 1 + downloading.RESUMPTIONS


def test_less_than_the_whole_is_noticed_where_the_part_is_shorter_than_said() -> None:
    short = rest(100, 200, Content_Length="100")
    with raw(broken(CLIP[:100]), short, rest(200)) as server:
        assert taken("sync", f"{server.url}/c", account(server.url)) == CLIP


def test_a_part_that_nobody_asked_for_is_no_clip() -> None:
    with raw(rest(100)) as server:
        found = unfetched("sync", f"{server.url}/c", account(server.url))

    assert found == ("unreachable", "127.0.0.1 answered 206 for the clip")


@pytest.mark.parametrize(
    ("status", "why", "message"),
    [
        ("400 Bad Request", "expired", "the clip's link at 127.0.0.1 answered 400"),
        ("401 No", "expired", "the clip's link at 127.0.0.1 answered 401"),
        ("403 Forbidden", "expired", "the clip's link at 127.0.0.1 answered 403"),
        ("404 Not Found", "expired", "the clip's link at 127.0.0.1 answered 404"),
        ("410 Gone", "expired", "the clip's link at 127.0.0.1 answered 410"),
        ("408 Late", "unreachable", "127.0.0.1 answered 408 for the clip"),
        ("425 Early", "unreachable", "127.0.0.1 answered 425 for the clip"),
        ("429 Often", "unreachable", "127.0.0.1 answered 429 for the clip"),
        ("500 Oops", "unreachable", "127.0.0.1 answered 500 for the clip"),
        ("503 Later", "unreachable", "127.0.0.1 answered 503 for the clip"),
        ("204 Nothing", "unreachable", "127.0.0.1 answered 204 for the clip"),
        ("304 Same", "unreachable", "127.0.0.1 answered 304 for the clip"),
        ("302 Nowhere", "unreachable", "127.0.0.1 answered 302 for the clip"),
    ],
)
def test_what_no_longer_serves_is_told_from_what_may_serve_later(
    status: str, why: str, message: str
) -> None:
    with raw(saying(status)) as server:
        found = unfetched("sync", f"{server.url}/c?sig=s3cret", account(server.url))

    assert found == (why, message)


@pytest.mark.parametrize("kind", WORLDS)
def test_a_bomb_is_not_unpacked(kind: str) -> None:
    bomb = gzip.compress(bytes(20 * 2**20))
    packed = saying("200 OK", bomb, Content_Encoding="gzip")
    with raw(packed, saying("200 OK", bomb)) as server:
        found = unfetched(kind, f"{server.url}/c", account(server.url))
        assert taken(kind, f"{server.url}/c", account(server.url)) == bomb

    assert found == ("expired", "127.0.0.1 sent the clip packed, as gzip")
    assert len(bomb) < 2**16


@pytest.mark.parametrize("kind", WORLDS)
def test_a_download_may_be_left_in_the_middle(kind: str) -> None:
    """Whatever was read already and not yet handed over is let go of."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    def answer(say: Say) -> None:
        say(head + b"1\r\na\r\n1\r\nb\r\n1\r\nc\r\n")
        say(b"1\r\nd\r\n" * 1000)

    def full(_: int) -> None:
        raise OSError("the disk is full")

    with raw(answer) as server, pytest.raises(OSError, match="the disk is full"):
        taken(kind, f"{server.url}/c", account(server.url), full)


def dripping(head: bytes) -> Answer:
    """Says its head, and then one byte after the other, without end."""

    def answer(say: Say) -> None:
        say(head)
        while True:
            say(b"x")

    return answer


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Endless: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["body", "head", "without length"],
)
def test_what_drips_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, kind: str, head: bytes
) -> None:
    monkeypatch.setattr(downloading, "WINDOW", 0.01)
    monkeypatch.setattr(downloading, "LEAST_SPEED", 2**40)
    with raw(dripping(head)) as server:
        why, message = unfetched(kind, f"{server.url}/c", account(server.url))

    assert why == "unreachable"
    assert message.startswith("127.0.0.1 sends the clip at ")
    assert message.endswith(" bytes a second, which is too slow")


@pytest.mark.parametrize("kind", WORLDS)
def test_what_takes_too_long_in_all_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(downloading, "DEADLINE", 0.02)
    endless = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    with raw(endless) as server:
        why, message = unfetched(kind, f"{server.url}/c", account(server.url))

    assert why == "unreachable"
    assert message.startswith(("the clip did not come within 0.0003", "no "))


class Ticking:
    """Tells a time that is set."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def test_a_slow_line_is_given_its_time_and_a_drip_is_not(clock: Ticking) -> None:
    link = "https://cdn.paper.test/c"
    download = downloading.Download(link, account(), clock)
    for second in range(1, 301):
        clock.time = second
        download.arrived(downloading.LEAST_SPEED)
    clock.time = 329.9
    download.arrived(0)
    clock.time = 330
    with pytest.raises(Unfetched) as caught:
        download.arrived(1000)

    assert caught.value.message == (
        "cdn.paper.test sends the clip at 33 bytes a second, which is too slow"
    )


def test_no_step_outlasts_the_deadline(clock: Ticking) -> None:
    download = downloading.Download("https://cdn.paper.test/c", account(), clock)

    assert download.left(60) == 60
    assert download.left(None) == 3600
    clock.time = 3570
    assert download.left(60) == 30
    clock.time = 3600
    with pytest.raises(Unfetched, match="did not come within 60 minutes"):
        download.left(60)


def test_a_length_that_is_no_number_is_unknown() -> None:
    download = downloading.Download("https://cdn.paper.test/c", account())
    said = (b"12", b"", b"-1", "\N{ARABIC-INDIC DIGIT THREE}".encode(), b"1e3")
    found = [download.answered(200, [(b"Content-Length", one)]) for one in said]

    assert found == [Begin(length) for length in (12, None, None, None, None)]
