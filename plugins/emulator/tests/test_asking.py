"""Requests are read as they are meant, whoever makes them."""

from __future__ import annotations

import pytest

from shotcaller.plugin import File, Multipart, Request
from shotcaller_emulator.addresses import is_here
from shotcaller_emulator.fal.asking import SERVERS


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://queue.fal.run/a/b", "queue"),
        ("https://fal.run/a/b", "run"),
        ("https://rest.fal.ai/a", "rest"),
        ("https://v3.fal.media/a", "media"),
        ("https://v3b.fal.media:443/a", "media"),
        ("https://api.fal.ai/v1/models", "platform"),
        ("http://127.0.0.1:1/fal-ai/veo3.1", "queue"),
        ("http://localhost:1/storage/upload/initiate", "rest"),
        ("http://localhost:1/files/b/0/a", "media"),
        ("http://[::1]:1/v1/models", "platform"),
        ("http://run.localhost:1/fal-ai/veo3.1", "run"),
        ("http://127.0.0.1:1", "queue"),
    ],
)
def test_the_server_is_known_by_host_or_else_by_path(url: str, server: str) -> None:
    seen = SERVERS.read(Request("GET", url))

    assert seen is not None
    assert seen.server == server


def test_parameters_of_the_url_and_beside_it_are_the_same() -> None:
    seen = SERVERS.read(
        Request("GET", "http://localhost/a?x=1,2&y=", params={"x": "3"})
    )

    assert seen is not None
    assert (seen.first("x"), seen.first("y"), seen.first("z")) == ("1,2", "", None)
    assert seen.all("x") == ["1", "2", "3"]


def test_a_file_on_disk_is_not_read() -> None:
    file = File("/tmp/a.png", 0, 1, "0" * 64)

    with pytest.raises(TypeError, match="reads no files: give it the bytes of /tmp/a"):
        SERVERS.read(Request("PUT", "http://localhost/files/b/0/a", content=file))
    form = Multipart("file", file, "a.png", "image/png")
    with pytest.raises(TypeError, match="give it the bytes of the form"):
        SERVERS.read(Request("POST", "http://localhost/files/b/0/a", content=form))


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("run.localhost", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_addresses(host: str, here: bool) -> None:
    assert is_here(host) is here
