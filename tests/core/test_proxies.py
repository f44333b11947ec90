"""What fails before a proxy is connected to the gateway was never sent to it."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import httpcore
import pytest

from shotcaller.effects import Lost, Unsent
from shotcaller.plugin import Request, Response
from shotcaller.transport import AsyncTransport, SyncTransport
from shotcaller.transport.wording import FirstByte
from tests.core.raw_server import Answer, raw, saying

URL = "https://api.paper.test/jobs"


def spent() -> Response | Unsent | Lost:
    transport = SyncTransport()
    answer = transport.spend(Request("POST", URL, json={}), None)
    transport.close()
    return answer


def asked() -> Response | Unsent | Lost:
    async def main() -> Response | Unsent | Lost:
        transport = AsyncTransport()
        answer = await transport.ask(Request("GET", URL))
        await transport.close()
        return answer

    return anyio.run(main)


REFUSED = "the proxy refused to connect"


@pytest.mark.parametrize("way", [spent, asked])
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (saying("502 Bad Gateway"), REFUSED),
        (saying("407 Proxy Authentication Required"), REFUSED),
        (lambda say: None, "the connection ended before the reply was whole"),
        (saying("200 OK", Content_Length=""), "no connection"),  # and no TLS after it
    ],
)
def test_what_a_proxy_does_not_pass_on_was_not_sent(
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[], Response | Unsent | Lost],
    answer: Answer,
    why: str,
) -> None:
    with raw(answer) as proxy:
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)

        assert way() == Unsent(why)

    assert proxy.asked[0][""] == "CONNECT api.paper.test:443 HTTP/1.1"


def test_what_leaves_through_a_proxy_once_it_stands_may_have_arrived() -> None:
    byte = FirstByte()
    for method, name in (("CONNECT", Unsent), ("POST", Lost)):
        request = httpcore.Request(method, URL)
        byte.trace("http11.send_request_headers.started", {"request": request})
        assert byte.failure(OSError()) == name("OSError")
