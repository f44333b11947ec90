"""A reply is never unpacked beyond its bound, and what paid is kept as it came."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.effects import Lost, Unsent
from shotcaller.plugin import Request, Response
from shotcaller.transport import AsyncTransport, SyncTransport
from shotcaller.transport.unpacking import unpacked
from shotcaller.transport.wording import MOST_REPLY_BYTES
from tests.core.raw_server import RawServer, raw, saying

TOO_MUCH = b"\0" * (MOST_REPLY_BYTES + 1)
PACKED = gzip.compress(TOO_MUCH)
TWICE = gzip.compress(PACKED)


def spent(server: RawServer) -> Response | Unsent | Lost:
    transport = SyncTransport()
    answer = transport.spend(Request("POST", server.url, json={}), None)
    transport.close()
    return answer


def asked(server: RawServer) -> Response | Unsent | Lost:
    async def main() -> Response | Unsent | Lost:
        transport = AsyncTransport()
        answer = await transport.ask(Request("GET", server.url))
        await transport.close()
        return answer

    return anyio.run(main)


Way = Callable[[RawServer], Response | Unsent | Lost]
each_way = pytest.mark.parametrize("way", [spent, asked])


@each_way
def test_a_reply_is_asked_for_as_it_is_and_unpacked_if_it_is_packed(way: Way) -> None:
    reply = saying("200 OK", gzip.compress(b'{"id": 1}'), Content_Encoding="gzip")
    with raw(reply) as server:
        answer = way(server)

    assert isinstance(answer, Response)
    assert answer.json() == {"id": 1}
    assert server.asked[0]["accept-encoding"] == "identity"


@each_way
@pytest.mark.parametrize(
    ("body", "coding"), [(TWICE, "gzip, gzip"), (PACKED, "gzip"), (b"{}", "br")]
)
def test_what_is_packed_too_well_is_kept_as_it_came(
    way: Way, body: bytes, coding: str
) -> None:
    with raw(saying("200 OK", body, Content_Encoding=coding)) as server:
        answer = way(server)

    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (200, body)


def test_what_is_packed_too_well_takes_no_more_memory_than_a_reply_may() -> None:
    bomb = gzip.compress(b"\0" * (16 * MOST_REPLY_BYTES))
    tracemalloc.start()
    assert unpacked(bomb, "gzip", MOST_REPLY_BYTES) == bomb
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3 * MOST_REPLY_BYTES


def test_the_bound_itself_is_not_too_much() -> None:
    packed = gzip.compress(b"a" * 100)
    assert unpacked(packed, "gzip", 100) == b"a" * 100
    assert unpacked(packed, "gzip", 99) == packed


@given(body=st.binary(max_size=2000), cut=st.integers(1, 20))
def test_all_that_is_packed_once_comes_out_and_what_is_cut_stays(
    body: bytes, cut: int
) -> None:
    for packed, coding in (
        (gzip.compress(body), "gzip"),
        (gzip.compress(body), " X-GZip"),
        (zlib.compress(body), "deflate"),
    ):
        assert unpacked(packed, coding, 2000) == body
        assert unpacked(packed[:-1], coding, 2000) == packed[:-1]
        assert unpacked(packed[cut:], coding, 2000) == packed[cut:]
    assert unpacked(body, "", 2000) == body
    assert unpacked(body, "identity", 2000) == body
