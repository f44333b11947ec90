"""Whatever HeyGen is asked it answers, and always the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotcaller.plugin import File, Request, Response, Secret
from shotcaller_emulator.faults import Drop
from shotcaller_emulator.heygen import KEY, Fate, HeyGen

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
API = "https://api.heygen.com"
VIDEOS = f"{API}/v3/models/videos"
OLD = f"{API}/v1/workflows/executions"
WISH = {"model": "heygen-video-1", "mode": "text_to_video", "prompt": "a fox"}


def test_what_no_server_knows_is_a_page(ask: Any) -> None:
    assert ask("GET", f"{API}/v4/videos").status == 404
    assert ask("DELETE", f"{VIDEOS}/1").status == 404
    assert ask("GET", "https://example.com/v3/users/me").status == 421
    assert ask("GET", "http://[::1").status == 421
    assert ask("GET", "http://127.0.0.1:8643").status == 404


def test_scripts_are_checked(ask: Any) -> None:
    with pytest.raises(ValueError, match="there is no route 'rain' to script"):
        ask.vendor.script("rain", Drop())
    with pytest.raises(TypeError, match="is nothing for the route 'job'"):
        ask.vendor.script("job", Drop())
    with pytest.raises(TypeError, match="is nothing for the route 'submit'"):
        ask.vendor.script("submit", Fate())


def test_ids_come_from_the_seed(make: Any) -> None:
    ids = [make(seed=seed).data("POST", VIDEOS, WISH) for seed in (1, 1, 2)]

    assert ids[0] == ids[1] != ids[2]


def test_a_secret_is_read_and_a_file_is_not(ask: Any) -> None:
    file = File("a.png", 0, 1, "")
    secret = Request("GET", f"{API}/v3/users/me", headers={"x-api-key": Secret(KEY)})

    assert isinstance(ask.vendor.answer(secret, START), Response)
    with pytest.raises(TypeError, match="reads no files"):
        ask.vendor.answer(Request("PUT", f"{API}/v3/assets", content=file), START)


@given(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.sampled_from([VIDEOS, OLD, f"{API}/v3/videos", f"{API}/v3/assets",
                     f"{API}/v3/assets/direct-uploads", f"{API}/store/a",
                     f"{API}/v3/video-agents/a/stop", "https://resource2.heygen.ai/x"]),
    st.binary(max_size=30) | st.text(max_size=9).map(str.encode),
)  # fmt: skip
def test_whatever_is_asked_there_is_an_answer(
    method: str, url: str, body: bytes
) -> None:
    heygen = HeyGen(lambda film: film.prompt.encode())
    headers = {"x-api-key": KEY, "content-type": "multipart/form-data; boundary=b"}
    request = Request(method, url, headers=headers, content=body)

    assert isinstance(heygen.answer(request, START), Response)
    assert heygen.settled == ()
